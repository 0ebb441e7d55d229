"""Pages that break off or are made to grow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.broken import is_bomb, whole_part

RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>"
ITEM = b"<item><title>A</title></item>"
END = b"</channel></rss>"


@pytest.mark.parametrize(
    ("body", "whole", "broken"),
    [
        (RSS + ITEM + END, RSS + ITEM + END, False),
        (RSS + ITEM + END + b"<!-- served in 3 ms -->", RSS + ITEM + END + b"<!-- served in 3 ms -->", False),
        (RSS + ITEM + END + b" " * 9000, RSS + ITEM + END + b" " * 9000, False),
        (RSS + ITEM + b"<item><title>B</tit", RSS + ITEM, True),
        (RSS + ITEM + b"</channel>", RSS + ITEM + b"</channel>", True),
        (RSS + ITEM + ITEM, RSS + ITEM + ITEM, True),
        (RSS, RSS, True),
        (RSS + b"<item><title>A", RSS, True),
        (b"<feed xmlns='a'><entry><id>1</id></entry><entry>", b"<feed xmlns='a'><entry><id>1</id></entry>", True),
        (b"<rdf:RDF xmlns:rdf='r'><item>A</item></rdf:RDF>", b"<rdf:RDF xmlns:rdf='r'><item>A</item></rdf:RDF>", False),
        (b"<html><body>", b"<html><body>", False),
        (b"", b"", False),
    ],
)
def test_a_page_that_breaks_off_is_cut_to_what_is_whole(body: bytes, whole: bytes, *, broken: bool) -> None:
    """An item that has no end is left out; what stands behind the end of a page breaks nothing."""
    assert whole_part(body) == (whole, broken)


@given(st.binary() | st.binary().map(lambda tail: RSS + ITEM + tail))
def test_nothing_is_added(body: bytes) -> None:
    """What is left is how the page begins."""
    whole, broken = whole_part(body)
    assert body.startswith(whole)
    assert broken or whole == body


def declared(entities: str) -> bytes:
    """Return a page with these entities."""
    return f"<?xml version='1.0'?><!DOCTYPE r [{entities}]><rss><channel/></rss>".encode()


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        ("", False),
        ("<!ENTITY nbsp '&#160;'>", False),
        ("<!ENTITY lt '&#38;#60;'> <!ENTITY both 'a &amp; b'>", False),
        ("<!ENTITY x SYSTEM 'file:///etc/passwd'>", False),
        ("<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>", True),
        ('<!ENTITY a "lol"><!ENTITY b "&a;&a;">', True),
        ("<!ENTITY % a 'x'><!ENTITY % b '%a;%a;'>", True),
        ("<!ENTITY loop '&loop;'>", True),
    ],
)
def test_entities_made_of_others_are_a_bomb(entities: str, *, expected: bool) -> None:
    """Plain ones, characters, and external ones, which are never fetched, are none."""
    assert is_bomb(declared(entities)) is expected
