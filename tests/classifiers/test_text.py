from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.text import BODY_CHARS, fold, is_han, language, lead, normalise, sentences, windows


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>Drills <b>near</b> Taiwan</p>", "Drills near Taiwan"),
        ("F&#45;16 &amp; Harpoon", "F-16 & Harpoon"),
        ("Ｆ－１６", "F-16"),
        ("Taiwan’s", "Taiwan's"),
        ("more at https://taiwan.example/news now", "more at now"),
        ("3 < 5 stays", "3 < 5 stays"),
    ],
)
def test_normalise_makes_text_readable(raw: str, clean: str) -> None:
    """Markup, addresses, entities and wide forms become plain text."""
    assert " ".join(normalise(raw).split()) == clean


def test_fold_writes_both_chinese_scripts_alike() -> None:
    """Traditional and simplified spellings of one name meet."""
    assert fold("臺灣國防部") == fold("台湾国防部")
    assert fold("plain") == "plain"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Taiwan tracks 14 aircraft and a balloon", "en"),
        ("國防部：偵獲共機14架次", "zh-Hant"),
        ("国防部：侦获军机14架次", "zh-Hans"),
        ("F-16V 交機延宕 國防部說明", "zh-Hant"),
        ("台湾で地震がありました", "other"),
        ("Los aviones de la isla y el ejército de los demás", "other"),
        ("أخبار اليوم", "other"),
        ("🎈🎈🎈", "other"),
        ("", "other"),
    ],
)
def test_language_is_guessed_from_the_letters(text: str, lang: str) -> None:
    """English, both Chinese scripts and everything else are told apart."""
    assert language(text) == lang


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("F-16V, F16V and F 16 V", [["f", "16", "v", "f", "16", "v", "and", "f", "16", "v"]]),
        ("The U.S. tells us", [["the", "us_", "tells", "us"]]),
        ("The USA and US-made arms", [["the", "us_", "and", "us_", "made", "arms"]]),
        ("WHO said who", [["who_", "said", "who"]]),
        ("Taiwan's navy won't wait", [["taiwan", "navy", "wont", "wait"]]),
        ("Up 1.5 percent. Then down!", [["up", "1.5", "percent"], ["then", "down"]]),
        ("共機來了。國軍應對", [["共", "机", "来", "了"], ["国", "军", "应", "对"]]),
        ("...", []),
    ],
)
def test_sentences_are_lists_of_comparable_tokens(text: str, tokens: list[list[str]]) -> None:
    """Spellings of one thing become one sequence of tokens, sentence by sentence."""
    assert sentences(text) == tokens


def test_windows_keep_whole_sentences_together() -> None:
    """A long text is cut between sentences, and nothing is lost."""
    body = " ".join(f"Sentence number {n} is about the Strait." for n in range(60))
    parts = windows(body)
    assert len(parts) > 3
    assert all(p.endswith(".") for p in parts)
    assert " ".join(parts) == body


def test_windows_of_nothing_are_none() -> None:
    """An empty body has no window."""
    assert windows("") == []


@given(st.text(max_size=400) | st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
def test_no_text_is_refused(raw: str) -> None:
    """Whatever the characters, cleaning, guessing and cutting give an answer."""
    clean = normalise(raw)
    assert language(raw) in {"en", "zh-Hant", "zh-Hans", "other"}
    assert all(token for sentence in sentences(clean) for token in sentence)
    assert all(isinstance(is_han(t), bool) for sentence in sentences(clean) for t in sentence)
    assert isinstance(windows(raw), list)


def test_an_enormous_text_is_cut() -> None:
    """Limits hold for a text far longer than any article."""
    assert len(normalise("海" * 1_000_000)) <= 3_000
    assert sum(map(len, windows("drill. " * 1_000_000))) <= BODY_CHARS


@pytest.mark.parametrize(
    ("summary", "kept"),
    [
        ("A frigate fires a missile off Suao on July 3. (Lin Mei/AFP via Getty Images)", ""),
        ("The minister in Taipei. (Chen Bo/Reuters)", ""),
        ("Fourteen aircraft (six of them bombers)", "Fourteen aircraft (six of them bombers)"),
        ("Chips get dearer. | Photo by A. Name via Getty Images Prices rise.", "Chips get dearer.   Prices rise."),
        ("The budget passed. The post Budget passes appeared first on The Strait Daily.", "The budget passed.  "),
        ("Article URL: Comments URL: Points: 12 # Comments: 3", "       "),
    ],
)
def test_a_lead_has_no_furniture(summary: str, kept: str) -> None:
    """Captions of photographs and the lines of aggregators say nothing of the headline."""
    assert lead(summary).split() == kept.split()
