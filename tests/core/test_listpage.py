"""Pages that list news, read by selectors."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import feed

from monitor.app import extractor
from monitor.core.listpage import MAX_PAGE, read, wrong_selector
from monitor.core.parse import MAX_ENTRIES
from monitor.errors import FeedError
from monitor.model import Page, ParsedFeed, Selectors

MINISTRY = (Path(__file__).parents[1] / "data" / "pages" / "ministry.html").read_bytes()
URL = "https://ministry.example/activities/list"
TAIPEI = ZoneInfo("Asia/Taipei")
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
BULLETINS = Selectors("table tr", date="td:first-child", summary="td:nth-child(3)", zone=TAIPEI)


def listed(body: bytes | str, selectors: Selectors = BULLETINS, **changes: Any) -> ParsedFeed:
    """Read a list page."""
    body = body if isinstance(body, bytes) else body.encode()
    return read(Page(URL, body, "text/html"), feed(selectors=selectors, **changes), NOW)


def test_the_ministrys_bulletins() -> None:
    """Every day its own entry under one title, with its date; menus, headings and scripts are no items."""
    found = listed(MINISTRY)
    assert (found.title, found.lang) == ("即時軍事動態 - 國防部", "zh-Hant")
    assert [entry.url for entry in found.entries] == [
        f"https://ministry.example/activities/bulletin?no={n}" for n in (3104, 3103, 3102, 3101)
    ]
    assert {entry.title for entry in found.entries} == {"臺海周邊海、空域動態"}
    days = [entry.published.astimezone(TAIPEI).date().isoformat() for entry in found.entries if entry.published]
    assert days == ["2026-11-24", "2026-11-23", "2026-11-22", "2026-11-21"]
    assert len({entry.ident for entry in found.entries}) == len({entry.text_hash for entry in found.entries}) == 4


def test_the_ministrys_counts_are_read() -> None:
    """What the list says of a day comes out as facts."""
    first = listed(MINISTRY).entries[0]
    facts = {fact.kind: fact.value for fact in extractor().facts(first.title, first.summary)}
    assert (facts["aircraft"], facts["crossings"], facts["vessels"]) == (45, 28, 7)


def test_tomorrow_the_same_bulletins_are_the_same_entries() -> None:
    """One more row changes nothing of the others, days without a year included."""
    row = "<tr><td>115/11/25</td><td><a href='bulletin?no=3105'>臺海周邊海、空域動態</a></td><td>共機3架次</td></tr>"
    longer = MINISTRY.replace(b"<tbody>", b"<tbody>" + row.encode())
    before, after = listed(MINISTRY).entries, listed(longer).entries
    assert after[1:] == before
    assert after[0].text_hash not in {entry.text_hash for entry in before}


def test_a_page_without_dates_links_or_summaries() -> None:
    """Undated entries have none; entries without a link are known by their text; markup in text stays text."""
    body = "<ul><li>One &lt;b&gt;bold&lt;/b&gt;</li><li>Two</li><li></li></ul>"
    one, two = listed(body, Selectors("li", title="li")).entries
    assert (one.title, one.url, one.published) == ("One <b>bold</b>", "", None)
    assert one.ident != two.ident


@pytest.mark.parametrize(
    ("markup", "selectors", "url"),
    [
        ("<li><a href='/a'>T</a></li>", Selectors("li"), "https://ministry.example/a"),
        ("<a class=n href='/a'>T</a>", Selectors("a.n"), "https://ministry.example/a"),
        ("<div class=n><h2><a href='a'>T</a></h2></div>", Selectors(".n", link="h2"), f"{URL[:-4]}a"),
        ("<base href='/other/'><li><a href='a'>T</a></li>", Selectors("li"), "https://ministry.example/other/a"),
        ("<li><a>T</a><a href='/b'>U</a></li>", Selectors("li", title="a"), "https://ministry.example/b"),
        ("<li><a href='javascript:alert(1)'>T</a></li>", Selectors("li"), ""),
        ("<li><a href='file:///etc/passwd'>T</a></li>", Selectors("li"), ""),
        ("<LI><A HREF='/a'>T</A></LI>", Selectors("LI", link="A"), "https://ministry.example/a"),
    ],
)
def test_where_an_item_leads(markup: str, selectors: Selectors, url: str) -> None:
    """Made absolute and cleaned as in feeds; what is no web address is none."""
    (entry,) = listed(f"<html><body>{markup}</body></html>", selectors).entries
    assert (entry.title, entry.url) == ("T", url)


def test_a_time_element_tells_its_date() -> None:
    """Its attribute is exacter than what it shows."""
    body = "<li><a href='/a'>T</a><time datetime='2026-11-24T01:02:03Z'>yesterday</time></li>"
    (entry,) = listed(body, Selectors("li", date="time")).entries
    assert entry.published == datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)


def test_a_future_date_is_capped() -> None:
    """As in feeds."""
    (entry,) = listed("<li><a href='/a'>T</a><i>2036-01-01</i></li>", Selectors("li", date="i")).entries
    assert entry.published == NOW


def test_an_old_encoding_is_read() -> None:
    """Ministries still write Big5."""
    body = "<meta charset=big5><li><a href='/a'>國防部公布臺海周邊動態</a></li>".encode("big5")
    assert listed(body, Selectors("li")).entries[0].title == "國防部公布臺海周邊動態"


@pytest.mark.parametrize(
    ("body", "selectors", "status", "words"),
    [
        (MINISTRY, Selectors("article"), "no_items", r"'article' matches nothing.*\[\[pages\]\]"),
        (MINISTRY, Selectors("thead tr"), "no_items", "matches 1 places without a title"),
        (b"", BULLETINS, "no_items", "matches nothing"),
        (b" " * (MAX_PAGE + 1), BULLETINS, "too_big", "shorter"),
    ],
)
def test_what_is_wrong_is_said(body: bytes, selectors: Selectors, status: str, words: str) -> None:
    """The source, what is wrong, where to correct it."""
    with pytest.raises(FeedError, match=f"^Ministry: .*{words}") as caught:
        listed(body, selectors, outlet="Ministry")
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("table tr", False),
        ("td:first-child > a[href^='/n']", False),
        ("", True),
        (" ", True),
        ("td[", True),
        ("a::attr(href)", True),
        ("p:unheard-of", True),
        ("a" * 501, True),
        ("é", False),
    ],
)
def test_a_selector_is_judged_before_it_is_used(text: str, *, wrong: bool) -> None:
    """What cannot be read is told in words."""
    assert bool(wrong_selector(text)) is wrong


HOSTILE = {
    "nested": "<div>" * 200_000 + "<a href=/x>x</a>",
    "nested rows": "<table><tr><td>" * 30_000 + "<a href=/x>x</a>",
    "inline": "<p><b><i><span>x" * 100_000,
    "many": "<table>" + "<tr><td><a href=/a>x</a></td></tr>" * 100_000,
    "one long text": "<table><tr><td><a href=/a>" + "x" * 3_900_000,
    "attributes": "<tr " + " ".join(f"a{n}=b" for n in range(200_000)) + "><a href=/a>x</a>",
    "entities": "<table><tr><td><a href=/a>" + "&amp;" * 700_000,
    "doctype": '<!DOCTYPE x [<!ENTITY a "' + "b" * 100_000 + '">]>' + "&a;" * 100_000,
    "nuls": "\0" * 1_000_000 + "<tr><td><a href=/a>x</a>",
    "no end": "<table><tr><td><a href='" + "x" * 2_000_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_pages_come_to_little(body: str) -> None:
    """At most so many short entries, or an error in words."""
    with contextlib.suppress(FeedError):
        found = listed(body, Selectors("tr, div", summary="td", date="td"))
        assert len(found.entries) <= MAX_ENTRIES
        assert all(len(entry.title) <= 500 and len(entry.summary) <= 5000 for entry in found.entries)


@given(st.text(alphabet="<>/ =\"'&;trdahefliu\0\ud800x", max_size=300) | st.binary(max_size=200))
@settings(max_examples=200)
def test_any_page_is_entries_or_an_error(body: str | bytes) -> None:
    """Nothing else is raised."""
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    with contextlib.suppress(FeedError):
        assert listed(raw, Selectors("*", title="*", date="*", summary="*")).entries
