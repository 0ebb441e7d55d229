"""Markup becomes the text a reader would see, quickly whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.html import cut, one_line, text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain words", "plain words"),
        ("<p>One</p><p>Two<br>three <b>bo</b>ld</p>", "One\nTwo\nthree bold"),
        ("a<script>alert(1)</script>b<style>x{}</style>c", "abc"),
        ("<svg><text>no</text></svg>yes<noscript>no</noscript>", "yes"),
        ("Q&amp;A &#20849;&#36557; R&D", "Q&A 共軍 R&D"),
        ("fewer < 5 planes", "fewer < 5 planes"),
        ("<!-- hidden -->seen<?php hidden ?>", "seen"),
        ("<p>wrapped\nin the source</p>", "wrapped in the source"),
        ("line\r\nline", "line\nline"),
        ("nul\0<b>more</b>", "nul more"),
        ("half a pair \ud800 <b>x</b>", "half a pair ? x"),
        ("<p></p>", ""),
        ("", ""),
        ('<a href="javascript:alert(1)" onclick="x()">link</a>', "link"),
    ],
)
def test_text_of_markup(markup: str, text: str) -> None:
    """Text is what is visible: a line for each block, entities decoded, script and style gone."""
    assert text_of(markup, 100) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\r\nBcc: x@example.org", "two Bcc: x@example.org"),
        ("tab\tand\x07bell", "tab and bell"),
        ("turned \u202earound\u202c", "turned around"),
        ("\ufeffmarked\u200b", "marked"),
        ("plain", "plain"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    """A line holds no breaks, no control characters and nothing that turns its direction."""
    assert one_line(text) == line


def test_text_is_cut_with_an_ellipsis() -> None:
    """Text over the limit ends in an ellipsis and is no longer than the limit."""
    assert text_of("<p>" + "word " * 100 + "</p>", 10) == "word word…"
    assert cut("exact", 5) == "exact"


@pytest.mark.parametrize(
    "unit", ["<div>", "<b>", "<a><i>", "<table><tr><td>", "<", "<!--", "&", "</b>", "<b><p>", "<svg><g>", "<script>"]
)
def test_hostile_markup_is_read(unit: str) -> None:
    """Markup nested or repeated without end is no trap, and what is shown stays within the limit."""
    assert len(text_of(unit * (200_000 // len(unit)), 5000)) <= 5000


@given(st.text(st.characters(), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """No text breaks the reader, and one line is one line."""
    assert len(text_of(text, 50)) <= 50
    assert len(one_line(text).splitlines()) <= 1
