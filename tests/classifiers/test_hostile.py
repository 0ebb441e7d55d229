"""Text from anyone: whatever stands in a feed is answered with probabilities, low ones where Taiwan is not named."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from classifiers import THEMES, Classifier, Scored, Text

LOW = 0.3
"""Over it nothing is, that names neither Taiwan nor its Strait; what little a word of war may raise stays under."""
PATIENT = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

PARTS = "🎈🚢🇹🇼🇨🇳🇺🇸💥👨👧🏴"
JOINERS = "\ufe0f\u200d\U000e0067\U000e007f"
EMOJI = st.text(st.sampled_from(PARTS + JOINERS), max_size=60)
RIGHT_TO_LEFT = st.text(st.sampled_from("مناورات בצבא תרגיל \u202e\u202d\u2066\u2069\u200f\u061c"), max_size=80)
BINARY = st.binary(max_size=300).map(lambda raw: raw.decode("latin-1"))
BROKEN = st.binary(max_size=300).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
TAGS = st.sampled_from(
    ["<p>", "</p>", "<", ">", "<script>", "<a href='", "&", "&#x1F;", "&lt;", "<!--", "]]>", "<b", "\x00"]
)
MARKUP = st.lists(TAGS | st.text("abc \n", max_size=4), max_size=60).map("".join)
FOREIGN = st.sampled_from(
    [
        "Die Feuerwehr löschte gestern einen Brand im alten Rathaus",
        "Les pêcheurs bretons attendent la fin de la tempête",
        "Поезд опоздал на три часа из-за снега",
        "สภาพอากาศวันนี้มีฝนตกหนัก",
        "नगर निगम ने नई सड़क का उद्घाटन किया",
        "今日の天気は晴れのち曇り",
        "오늘 서울에는 비가 내리겠습니다",
        "Ο καιρός αύριο θα είναι αίθριος",
        "Bunge lajadili bajeti ya elimu",
        "Կառավարությունը հաստատեց բյուջեն",
    ]
)
UNNAMED = EMOJI | RIGHT_TO_LEFT | BINARY | BROKEN | MARKUP | FOREIGN
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=200) | UNNAMED


def sound(answer: Scored) -> bool:
    """Say whether an answer is one: a probability for every theme, and only known themes decided."""
    fair = all(math.isfinite(p) and 0 <= p <= 1 for p in answer.scores.values())
    return fair and tuple(answer.scores) == THEMES and set(answer.themes) <= set(THEMES)


@PATIENT
@given(title=ANYTHING, summary=ANYTHING, body=ANYTHING, lang=st.sampled_from(["", "en", "zh-Hant", "xx", "\x00"]))
@example(title="", summary="", body="", lang="")
@example(title="\ud800", summary="\udfff" * 50, body="\x00", lang="en")
def test_anything_is_answered(builtin: Classifier, title: str, summary: str, body: str, lang: str) -> None:
    """Any text in any place and any language tag, half characters included."""
    (answer,) = builtin.score([Text(title, summary, body, lang)])
    assert sound(answer)


@PATIENT
@given(title=UNNAMED, summary=UNNAMED, body=UNNAMED)
def test_what_does_not_name_taiwan_is_low(builtin: Classifier, title: str, summary: str, body: str) -> None:
    """Noise of every kind decides nothing."""
    (answer,) = builtin.score([Text(title, summary, body)])
    assert sound(answer)
    assert answer.themes == ()
    assert max(answer.scores.values()) < LOW


ENORMOUS = {
    "one letter": "x" * 3_000_000,
    "one word": "drill " * 500_000,
    "open tags": "<div>" * 400_000,
    "half a tag": "<" * 1_000_000,
    "entities": "&amp;" * 400_000,
    "half an entity": "&#" * 500_000,
    "addresses": "http://" * 300_000,
    "stops": "." * 1_000_000,
    "lines": "\n" * 1_000_000,
    "digits": "7" * 1_000_000,
    "commas in digits": "1,1" * 300_000,
    "Chinese": "演" * 1_000_000,
    "combining marks": "a" + "\u0301" * 500_000,
    "expanding ligatures": "\ufdfa" * 200_000,
    "joiners": "👨\u200d" * 300_000,
    "apostrophes": "'s" * 500_000,
    "U.S.": "U.S. " * 300_000,
}


@pytest.mark.parametrize("name", ENORMOUS)
@pytest.mark.parametrize("place", ["title", "summary", "text"])
def test_the_enormous_is_answered(builtin: Classifier, name: str, place: str) -> None:
    """Megabytes of one thing, in each place, give an answer that decides nothing; the time is that of a long text."""
    (answer,) = builtin.score([Text(**{"title": "", place: ENORMOUS[name]})])
    assert sound(answer)
    assert answer.themes == ()


@pytest.mark.parametrize(
    "noise", ["", "\x00" * 50, "🎈" * 80, "<p>" * 60, "\u202e", "&#0;&#xD800;&#x110000;", "\ufeff"]
)
def test_noise_around_a_headline_does_not_hide_it(builtin: Classifier, noise: str) -> None:
    """A plain headline is read through what stands around it."""
    title = "Taiwan reports 30 Chinese warplanes crossing the median line"
    (answer,) = builtin.score([Text(f"{noise} {title} {noise}")])
    assert "exercises" in answer.themes


def test_a_hostile_neighbour_changes_nothing(builtin: Classifier) -> None:
    """An answer does not depend on what else is in the batch."""
    plain = Text("US approves $2 billion arms sale of Harpoon missiles to Taiwan")
    (alone,) = builtin.score([plain])
    crowd = builtin.score([Text("\ud800" * 100, "<" * 10_000), plain, Text("", "", "演" * 100_000)])
    assert crowd[1].themes == alone.themes
    for theme, chance in alone.scores.items():
        assert crowd[1].scores[theme] == pytest.approx(chance, abs=1e-6)
