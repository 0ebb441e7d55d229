"""What a poll brought, and what that changes of its feed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from samples import HOUR, NOON, feed

from monitor.core.cadence import Cadence
from monitor.core.outcome import Reading, read, state
from monitor.errors import FeedError
from monitor.model import Comparison, Entry, Habits, Page

URL = "https://outlet1.example/feed"
ITEM = "<item><title>{0}</title><guid isPermaLink='false'>{0}</guid></item>"
KNOWN = Habits((1, 2))
RATE = Cadence()


def page(*titles: str, end: str = "</channel></rss>", head: str = "") -> Page:
    """Return an RSS page."""
    items = "".join(ITEM.format(title) for title in titles)
    return Page(URL, f"{head}<rss version='2.0'><channel><title>F</title>{items}{end}".encode())


def seen(reading: Reading, *fresh: str) -> Reading:
    """Return a reading of which these entries are new."""
    entries = reading.parsed.entries if reading.parsed else ()
    new = tuple(entry for entry in entries if entry.title in fresh)
    return replace(reading, found=Comparison(new, (), len(entries) - len(new)))


@pytest.mark.parametrize(
    ("answer", "status", "items"),
    [
        (FeedError("timeout", "t"), "timeout", None),
        (page("a", "b"), "ok", 2),
        (page(), "ok", 0),
        (page("a", "b", end="<item><title>c</ti"), "cut_off", 2),
        (page("a", end=""), "cut_off", 1),
        (page("a", head="<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>"), "entity_bomb", None),
        (page(end="<item><title>c</ti"), "cut_off", None),
        (Page(URL, b"<!doctype html><html><body>N</body></html>"), "html", None),
        (Page(URL, unchanged=True), "unchanged", None),
    ],
)
def test_every_answer_has_a_status(answer: Page | FeedError, status: str, items: int | None) -> None:
    """A page that breaks off is read as far as it is whole, and says so; a failure counts, a broken page does not."""
    reading = read(feed(), answer, NOON)
    after = state(RATE, reading, NOON)
    assert after.status == status
    assert (len(reading.parsed.entries) if reading.parsed else None) == items
    failed = items is None and status != "unchanged"
    assert (after.failures, after.succeeded, bool(after.error)) == (
        int(failed), None if failed else NOON, failed or status == "cut_off",
    )  # fmt: skip


def test_a_broken_page_stays_broken_while_it_is_unchanged() -> None:
    """Its status is not mended by a 304; one that failed otherwise is well again."""
    broken = feed(status="cut_off", error="breaks off")
    (kept,) = [state(RATE, read(broken, Page(URL, unchanged=True), NOON), NOON)]
    assert (kept.status, kept.error) == ("cut_off", "breaks off")
    failing = replace(broken, failures=2)
    assert state(RATE, read(failing, Page(URL, unchanged=True), NOON), NOON).status == "unchanged"


@pytest.mark.parametrize(
    ("changes", "titles", "fresh", "missed"),
    [
        ({"habits": KNOWN}, "abc", "abc", True),
        ({"habits": KNOWN}, "abc", "ab", False),
        ({"habits": KNOWN}, "a", "a", False),
        ({"habits": KNOWN}, "", "", False),
        ({"habits": Habits()}, "abc", "abc", False),
        ({"habits": KNOWN, "last_success": None}, "abc", "abc", False),
        ({"habits": KNOWN}, "abcdefghijkl", "abcdefghijkl", False),
    ],
)
def test_a_page_that_shares_nothing_may_have_lost_items(
    changes: dict[str, Any], titles: str, fresh: str, *, missed: bool
) -> None:
    """Not the first page, not one item alone, and not when the feed has just renamed everything."""
    reading = seen(read(feed(**changes), page(*titles), NOON), *fresh)
    after = state(RATE, reading, NOON)
    assert (reading.missed, after.missed) == (missed, NOON if missed else None)
    if missed:
        assert after.next_poll - NOON <= 1.1 * RATE.least


def test_a_feed_that_may_have_lost_items_is_watched_for_a_while() -> None:
    """Polled as often as may be for some hours, then as usual."""
    unchanged = Page(URL, unchanged=True)
    waits = [
        state(RATE, read(feed(missed=NOON - ago), unchanged, NOON), NOON).next_poll - NOON
        for ago in (HOUR, 5 * HOUR, 7 * HOUR)
    ]
    assert [wait <= 1.1 * RATE.least for wait in waits] == [True, True, False]


def test_a_move_onto_another_feed_retires_the_address() -> None:
    """Unless that other one is retired itself."""
    other = feed(2, outlet="Other")
    moved = read(feed(), replace(page("a"), moved_to="https://user:s3cret@new.example/feed?key=s3cret"), NOON)
    after = state(RATE, moved, NOON, other)
    assert (after.status, after.failures) == ("moved", 0)
    assert "polled as Other" in after.error
    assert "s3cret" not in after.error
    assert state(RATE, moved, NOON, replace(other, status="gone")).status == "ok"
    assert state(RATE, moved, NOON, feed()).url == moved.page.moved_to if moved.page else False


def test_known_items_that_were_not_read_again_count() -> None:
    """A page cut to what is new still shares the rest with what was seen."""
    reading = seen(read(feed(habits=KNOWN), page("a", "b"), NOON), "a", "b")
    assert reading.missed
    assert reading.parsed
    assert not replace(reading, parsed=replace(reading.parsed, known=3)).missed


def test_a_storm_is_silent() -> None:
    """Most of a long page is new without a date of its own."""
    entries = tuple(Entry(str(n), "", "T", "S") for n in range(30))
    reading = read(feed(habits=KNOWN), page(*"abc"), NOON)
    assert reading.parsed
    wide = replace(reading, parsed=replace(reading.parsed, entries=entries), found=Comparison(entries))
    assert (reading.silence, wide.silence) == ("", "storm")
    assert replace(wide, feed=feed(last_success=None)).silence == "first_poll"
