"""A page cut to what is new says of it what the whole page says."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from feedpages import Made, pages
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from samples import NOON
from test_feedxml import FILES, HEADERS, told

from monitor.core import feedxml
from monitor.core.cut import IDENT, MARK, Cut, cut, ident_digest, packed, unpacked
from monitor.core.parse import parse
from monitor.errors import FeedError
from monitor.model import Feed, Page, ParsedFeed

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

XML = "application/xml"
MOST = 1000
RSS = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>C</title>{}</channel></rss>'
TWO = "<item><title>A</title><guid>1</guid></item>\n<item><title>B</title><guid>2</guid></item>"
REAL = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cut_to(body: bytes, seen: Collection[bytes] = (), kind: str = XML) -> Cut | None:
    """Return a page cut."""
    return cut(body, kind, dict.fromkeys(seen), MOST)


def entries(body: bytes) -> list[Any]:
    """Return feedparser's entries of a page."""
    return told(feedxml.read(body, HEADERS).entries)  # type: ignore[no-any-return]


def of_those_left(whole: list[Any], marks: tuple[bytes, ...], known: tuple[bytes, ...]) -> list[Any]:
    """Return the entries whose items were not left out."""
    out = list(known)
    left = []
    for entry, mark in zip(whole, marks, strict=True):
        if out and mark == out[0]:
            out.pop(0)
        else:
            left.append(entry)
    assert not out
    return left


def check(body: bytes, share: float, chance: Any) -> str:
    """Hold a page, cut to a share of its items, against the whole page; say what became of it."""
    first = cut_to(body)
    if first is None:
        return "read whole"
    try:
        whole = feedxml.read(body, HEADERS)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return "feedparser breaks"
    if len(whole.entries) != len(first.marks):
        return "items that are no entries"
    seen = {mark for mark in first.marks if mark and chance.random() < share}
    second = cut_to(body, seen)
    assert second is not None
    read = feedxml.read(second.body, HEADERS)
    assert told(read.entries) == of_those_left(told(whole.entries), first.marks, second.known)
    assert read.feed.get("title") == whole.feed.get("title")
    assert read.feed.get("language") == whole.feed.get("language")
    return "cut" if second.known else "nothing to cut"


@settings(deadline=None, max_examples=300)
@given(pages(), st.sampled_from([0.3, 0.7, 1.0]), st.randoms(use_true_random=False))
def test_what_is_left_reads_as_on_the_whole_page(page: Made, share: float, chance: Any) -> None:
    """Whatever the items hold, and whichever of them are known."""
    event(check(page.body, share, chance))


@pytest.mark.skipif(not FILES, reason="no folder of real feeds; name one in STRAIT_FEED_FILES")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@given(share=st.sampled_from([0.3, 0.7, 1.0]), chance=st.randoms(use_true_random=False))
@REAL
def test_real_files_read_as_whole(path: Path, share: float, chance: Any) -> None:
    """Feeds as they are found in the wild."""
    event(check(path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n\0"), share, chance))


def test_known_items_are_left_out() -> None:
    """The second time a page is shown, only its new item is left in it."""
    first = cut_to(RSS.format(TWO).encode())
    assert first is not None
    assert [len(mark) for mark in first.marks] == [MARK, MARK]
    grown = RSS.format("<item><title>New</title></item>" + TWO).encode()
    second = cut_to(grown, first.marks)
    assert second is not None
    assert second.known == first.marks
    assert [entry["title"] for entry in entries(second.body)] == ["New"]
    assert b"<title>A</title>" not in second.body


def test_an_edited_item_is_new() -> None:
    """One byte makes another item."""
    first = cut_to(RSS.format(TWO).encode())
    assert first is not None
    second = cut_to(RSS.format(TWO.replace(">A<", ">Ä<")).encode(), first.marks)
    assert second is not None
    assert second.known == first.marks[1:]


def test_other_surroundings_make_other_items() -> None:
    """An item says something else where the base or the namespaces of the page are others."""
    first = cut_to(RSS.format(TWO).encode())
    assert first is not None
    elsewhere = RSS.format(TWO).replace("<channel>", '<channel xml:base="https://b.example/">').encode()
    second = cut_to(elsewhere, first.marks)
    assert second is not None
    assert second.known == ()


def test_no_more_than_asked_for() -> None:
    """Items after so many are left out, and are not known by it."""
    short = cut(RSS.format(TWO).encode(), XML, {}, 1)
    assert short is not None
    assert len(short.marks) == 1
    assert len(entries(short.body)) == 1


@pytest.mark.parametrize(
    ("item", "is_plain"),
    [
        ("<title>T</title>", True),
        ("<title><b>T</b></title>", True),
        ('<content type="xhtml"><div><p>T</p></div></content>', True),
        ("<author><name>N</name></author>", True),
        ("<media:group><media:content><media:title>T</media:title></media:content></media:group>", True),
        ('<x:y xmlns:x="urn:x">T</x:y>', False),
        ('<p:title xmlns:p="http://purl.org/dc/elements/1.1/">T</p:title>', False),
        ("<description><div>T</div></description>", False),
        ('<content type="xhtml"><div><source/></div></content>', False),
        ('<content type="xhtml"><svg/></content>', False),
        ('<content type="application/xml"><p>T</p></content>', False),
        ("<channel/>", False),
        ("<own><title>T</title></own>", False),
    ],
)
def test_items_that_leave_a_trace_are_read_each_time(item: str, is_plain: bool) -> None:
    """An item that feedparser stumbles over is never left out."""
    made = cut_to(RSS.format(f"<item>{item}</item>").encode())
    assert made is not None
    assert bool(made.marks[0]) is is_plain


def test_nothing_is_left_out_after_a_stumble() -> None:
    """Items after one that leaves a trace may read otherwise, so they stay."""
    odd = "<item><content type='xhtml'><div><title>T</title></div></content></item>"
    marks = cut_to(RSS.format(TWO).encode())
    assert marks is not None
    before, after = (
        cut_to(RSS.format(TWO + odd).encode(), marks.marks),
        cut_to(RSS.format(odd + TWO).encode(), marks.marks),
    )
    assert before is not None
    assert after is not None
    assert (len(before.known), len(after.known)) == (2, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b'{"version": "https://jsonfeed.org/version/1.1"}',
        RSS.format("").encode(),
        RSS.format(TWO).encode()[:-20],
        RSS.format(TWO.replace("<title>A", "<title>&nbsp;")).encode(),
        RSS.format(TWO.replace("<title>A", "<x:title>A").replace("A</title>", "A</x:title>")).encode(),
        RSS.format("<!-- " + TWO + " -->").encode(),
        RSS.format("<description><![CDATA[" + TWO + "]]></description>").encode(),
        RSS.format("<item><description><![CDATA[</item>]]></description></item>" + TWO).encode(),
        RSS.format("<item/>" + TWO).encode(),
        RSS.format("<Item>" + TWO + "</Item>").encode(),
        RSS.format("<image>" + TWO + "</image>").encode(),
        RSS.format(TWO + "<title>Late</title>").encode(),
        RSS.format(TWO + "<?php echo 1 ?>").encode(),
        RSS.format("<content>T</content>" + TWO).encode(),
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + RSS.format(TWO).encode(),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + RSS.format(TWO).encode(),
        RSS.format(TWO.replace("A", "é")).encode("latin-1"),
        f"<own>{TWO}</own>".encode(),
        f'<r:RDF xmlns:r="urn:r">{TWO}</r:RDF>'.encode(),
    ],
)
def test_what_is_not_cleanly_cut_is_read_whole(body: bytes) -> None:
    """Broken, empty, in another encoding, with items where none should be: nothing is cut there."""
    assert cut_to(body) is None


def test_an_encoding_in_the_header_counts() -> None:
    """A header that contradicts the page leaves it whole."""
    assert cut_to(RSS.format(TWO).encode(), kind="text/xml; charset=UTF-8") is not None
    assert cut_to(RSS.format(TWO).encode(), kind="text/xml; charset=big5") is None


def test_ten_thousand_items_take_little_time() -> None:
    """Of a page without end the first are taken, and the rest costs next to nothing."""
    body = RSS.format("<item><title>T</title></item>" * 10_000).encode()
    start = time.process_time()
    made = cut_to(body)
    assert made is not None
    assert len(made.marks) == MOST
    assert time.process_time() - start < 5


URL = "https://outlet.example/feed"


def parsed(body: bytes, seen: bytes = b"") -> ParsedFeed:
    """Return a page parsed, as the pipeline does it."""
    return parse(Page(URL, body, XML), Feed(1, URL), NOON, seen)


def test_parsing_counts_what_it_leaves_out() -> None:
    """What stood on the page last time is known the next time, and stays known."""
    first = parsed(RSS.format(TWO).encode())
    assert (len(first.entries), first.known, len(first.marks)) == (2, 0, 2 * (MARK + IDENT))
    grown = RSS.format("<item><title>New</title><guid>3</guid></item>" + TWO).encode()
    second = parsed(grown, first.marks)
    assert ([entry.title for entry in second.entries], second.known) == (["New"], 2)
    third = parsed(grown, second.marks)
    assert (third.entries, third.known, third.title) == ((), 3, "C")


def test_an_id_shared_with_a_known_item_identifies_nothing() -> None:
    """A new item under an old one's id is told from it, though the old one is not read again."""
    old = "<item><title>A</title><link>/a</link><guid isPermaLink='false'>1</guid></item>"
    first = parsed(RSS.format(old).encode())
    both = RSS.format(old.replace("A<", "B<").replace("/a", "/b") + old).encode()
    (whole, _), (part,) = parsed(both).entries, parsed(both, first.marks).entries
    assert part == whole
    assert part.ident == "https://outlet.example/b"


SHARED = (
    b"<item><title>drill</title><guid>1</guid></item>",
    b"<item><title>drill</title><link>/a</link><guid>1</guid></item>",
)


@settings(deadline=None)
@given(pages())
@example(Made(RSS.format(b"".join(SHARED).decode()).encode(), SHARED))
def test_a_new_item_parses_as_on_the_whole_page(page: Made) -> None:
    """The first item of a page says the same whether the others are known or not.

    A known item whose id the new one shares would be identified anew on the whole page; it stays what it was.
    """
    if not page.items or page.items[0] in page.items[1:]:  # the very same bytes again are the same item
        return
    new = page.items[0]
    before = page.body.replace(new, b"", 1)
    try:
        first, whole = parsed(before), parsed(page.body)
    except FeedError:
        return
    part = parsed(page.body, first.marks)
    event(f"{bool(part.known)}")
    assert (part.title, part.lang, part.habits) == (whole.title, whole.lang, whole.habits)
    assert part.known + len(part.entries) >= len(whole.entries)
    old = {entry.ident for entry in first.entries} | {replace(entry, ident="") for entry in first.entries}
    new_part, new_whole = (
        [entry for entry in found if entry.ident not in old and replace(entry, ident="") not in old]
        for found in (part.entries, whole.entries)
    )
    assert new_part == new_whole


@given(st.dictionaries(st.binary(min_size=MARK, max_size=MARK), st.text().map(ident_digest)), st.integers(0, 15))
def test_marks_are_kept(marks: dict[bytes, bytes], lost: int) -> None:
    """What is packed comes out again; of what is cut short, nothing but whole marks does."""
    assert unpacked(packed(marks)) == marks
    short = unpacked(packed(marks)[: -lost or None])
    assert short.items() <= marks.items()
