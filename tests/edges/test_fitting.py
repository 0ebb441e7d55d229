"""Texts made to fit: short enough, with a link, and with nothing in them that a chat would obey."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.edges.channels.fitting import flat, harmless, sendable, shorten, units

LINK = "https://outlet.example/story"
anything = st.text(st.characters(), max_size=300)


@given(anything, st.integers(2, 400), st.sampled_from(["", LINK, "https://a.example/" + "x" * 300]))
def test_a_shortened_text_is_short_enough(text: str, limit: int, link: str) -> None:
    """Counted as phones count, whatever stands in it; one that fits is left alone."""
    short = shorten(text, limit, link)
    assert units(short) <= limit
    assert (short == text) == (units(text) <= limit)


@given(st.integers(80, 400))
def test_what_is_cut_ends_in_the_link(limit: int) -> None:
    """Unless it stands in what is left already, or would take most of the room."""
    assert shorten("word " * 200, limit, LINK).endswith(f"…\n{LINK}")
    assert shorten(f"Drill\n{LINK}\n" + "word " * 200, limit, LINK).count(LINK) == 1
    assert "…" in shorten("word " * 200, limit, "https://a.example/" + "x" * 300)


@given(st.integers(20, 200))
def test_no_address_is_cut_in_two(limit: int) -> None:
    """A half one would lead somewhere else."""
    found = re.findall(r"https?://[^\s…]+", shorten(f"See {LINK} and {LINK} and {LINK} " * 5, limit))
    assert set(found) <= {LINK}


def test_words_are_kept_whole_where_one_ends_near() -> None:
    """Chinese has no blanks and is cut between characters; a sign of two units is not halved."""
    assert shorten("eleven aircraft crossed the line", 20) == "eleven aircraft…"
    assert shorten("共軍機艦越過海峽中線" * 3, 8) == "共軍機艦越過海…"
    assert shorten("🚀" * 9, 6) == "🚀🚀…"


@pytest.mark.parametrize(
    "text",
    [
        "@everyone look",
        "to @channel and @here",
        "<@U123> <!channel> <#C1> <@&77>",
        "a@everyone",
        "[click](https://evil.example)",
        "https://evil.example/@everyone",
        "<users/all>",
        "<script>",
    ],
)
def test_markup_is_disarmed(text: str) -> None:
    """It looks as before, and mentions and hides nothing."""
    out = harmless(text)
    assert not re.search(r"@\w|<[@!#/\w]|\]\(", out)
    assert out.replace("\u200b", "").replace("%40", "@") == text


def test_addresses_stay_as_they_are() -> None:
    """Also those with an at sign that names nobody."""
    text = "See https://social.example/@user/1?a=b and https://b.example/x_(y)"
    assert harmless(text) == text


@given(anything)
def test_what_is_sent_can_be_sent(text: str) -> None:
    """No control characters but line ends and tabs, no marks of direction, no halves of pairs."""
    out = sendable(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", out)
    out.encode()
    assert not re.search(r"\s", flat(text).replace(" ", ""))
