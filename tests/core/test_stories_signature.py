"""What is kept of a report to be compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.lexicon import read_concepts
from classifiers.text import sentences
from monitor.core.stories.fingerprint import (
    BANDS,
    agreement,
    bands,
    fingerprint,
    length,
    similarity,
    sketch,
)
from monitor.core.stories.index import TERM_KEYS, term_keys, term_of
from monitor.core.stories.lexicon import find, lexicon
from monitor.core.stories.signature import signature
from monitor.core.stories.words import counts, numbers, stem

WHEN = datetime(2026, 5, 4, tzinfo=UTC)
KINDS = {"act", "thing", "system", "person", "body", "state", "place", "phase", "form"}


@pytest.mark.parametrize(
    ("english", "chinese", "shared"),
    [
        ("Eastern Theater Command ends drills around Taiwan", "東部戰區宣布環台軍演結束", {"act:drill", "body:etc"}),
        ("China bans mangoes from Taiwan", "中國禁止進口台灣芒果", {"act:ban"}),
        ("Honduras cuts ties with Taiwan", "宏都拉斯宣布與台灣斷交", {"state:honduras", "act:ties"}),
        ("HIMARS rolled through Taichung", "海馬士現蹤台中", {"system:himars", "place:taichung"}),
        (
            "Coast guard boards tourist boat off Kinmen",
            "海警在金门登检观光船",
            {"place:kinmen", "act:inspect", "thing:ferry"},
        ),
    ],
)
def test_both_languages_meet_in_concepts(english: str, chinese: str, shared: set[str]) -> None:
    """A report in Chinese, in either script, has the concepts that one in English has."""
    one, other = (signature(title, "", WHEN, ()) for title in (english, chinese))
    assert shared <= one.terms & other.terms
    assert (one.han, other.han) == (False, True)


def test_a_deed_stands_with_its_thing() -> None:
    """Firing missiles and launching them are one; launching a drill begins it; what is said makes no pair."""
    fired, launched = (signature(t, "", WHEN, ()) for t in ("China fires missiles", "China launches missiles"))
    assert "act:fire+thing:missile" in fired.terms & launched.terms
    drill = signature("China launches drills around Penghu", "", WHEN, ())
    assert "begin" in drill.phases
    assert "act:drill+place:penghu" in drill.terms
    assert not any(term.startswith("act:condemn+") for term in signature("Japan condemns missiles", "", WHEN, ()).terms)


def test_circumstances_stand_aside() -> None:
    """What follows as, after or amid is kept apart, and what only the lead has."""
    found = signature("China bans mangoes after speaker visits Taipei", "Growers in Tainan fear losses.", WHEN, ())
    assert {"act:visit", "body:house_speaker"} & found.aside
    assert "act:ban" not in found.aside
    assert "place:tainan" in found.more


@pytest.mark.parametrize(
    ("text", "every", "counted"),
    [
        ("45 aircraft and 13 ships in 2026", {"45", "13"}, {"aircraft=45", "ship=13"}),
        ("forty-three warplanes, eleven vessels", {"43", "11"}, {"aircraft=43", "ship=11"}),
        ("共機45架次、共艦8艘", {"45", "8"}, {"aircraft=45", "ship=8"}),
        ("發射9枚飛彈", {"9"}, {"missile=9"}),
        ("two days, twenty hours, ninety", {"20", "90"}, set()),
        ("1,200 troops", {"1200"}, set()),
    ],
)
def test_numbers_and_what_they_count(text: str, every: set[str], counted: set[str]) -> None:
    """In digits, in words, by measure words; years and the smallest words count for nothing."""
    (sentence,) = sentences(text)
    assert numbers(sentence) == every
    assert counts(sentence, find(sentence)) == counted


@pytest.mark.parametrize(
    ("one", "other"),
    [("drills", "drill"), ("parties", "party"), ("landed", "landing"), ("ties", "ties"), ("us_", "us_")],
)
def test_forms_of_a_word_agree(one: str, other: str) -> None:
    """The commonest endings go."""
    assert stem(one) == stem(other)


def test_items_that_report_no_event_are_known() -> None:
    """By what they call themselves, by who speaks, or because they ask."""
    for title in ("Opinion: hold the line", "Roundup: the week", "Expert says so", "Why it matters", "社評：勿玩火"):
        assert signature(title, "", WHEN, ()).apart
    assert not signature("China fires missiles off Hualien", "", WHEN, ()).apart


def test_terms_lead_to_stories_the_rarest_first() -> None:
    """Names that every report holds lead nowhere; the keys are few, and tell their term."""
    found = signature(
        "US senators in Taipei push bill on undersea cable repair ships for Matsu and Penghu", "", WHEN, ()
    )
    keys = term_keys(found)
    assert 0 < len(keys) <= TERM_KEYS
    assert not {"t:state:taiwan", "t:state:us"} & set(keys)
    assert {term_of(key) for key in keys} <= found.terms
    assert term_of("3:abcdef") == ""


def test_every_term_can_be_found() -> None:
    """Each is of a known kind, stands in one file, and the lexicon finds it."""
    folder = files("monitor.core.stories") / "terms"
    concepts = list(chain.from_iterable(read_concepts(f.name, f.read_text(encoding="utf-8")) for f in folder.iterdir()))
    names = [concept.name for concept in concepts]
    assert len(names) == len(set(names))
    assert {name.partition(":")[0] for name in names} == KINDS
    for concept in concepts:
        for term in concept.terms:
            tokens = [token for sentence in sentences(term.rstrip("*")) for token in sentence]
            assert concept.name in {hit.concept for hit in lexicon().find(tokens)}, (concept.name, term)


@given(st.text(), st.text())
def test_every_text_has_a_fingerprint_or_none(title: str, summary: str) -> None:
    """It is the same each time, like itself, and has its bands."""
    print_ = fingerprint(title, summary)
    assert print_ == fingerprint(title, summary)
    if print_:
        assert similarity(print_, print_) == 1.0
        assert len(set(bands(print_))) == BANDS
        assert agreement(sketch(print_), sketch(print_)) == 1.0


@given(st.text(), st.text())
def test_every_report_has_a_signature(title: str, summary: str) -> None:
    """Whatever it says, nothing is raised; what it holds can be written as JSON."""
    found = signature(title, summary, WHEN, fingerprint(title, summary))
    assert found == signature(title, summary, WHEN, fingerprint(title, summary))
    json.dumps([sorted(found.terms), sorted(found.more), sorted(found.counts), found.sketch])


def test_texts_without_words_are_like_nothing() -> None:
    """No bands, no similarity, no length."""
    assert bands(fingerprint("!!!", "…")) == ()
    assert similarity((), ()) == 0.0
    assert agreement("", "") == 0.0
    assert length("!!! …") == 0
    assert length("eleven ships 十一艘船") == 4
