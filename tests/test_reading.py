"""From answers to what is new: what did not change costs nothing, what changed costs what is new of it."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

from newsdesk import build

from monitor import jobs
from monitor.model import Job, Page
from monitor.parsing import Parsers
from monitor.reading import read_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.edges.store import Store
    from monitor.parser import Answer, Asked

URL = "https://outlet.test/feed"
OTHER = "https://other.test/feed"


class Watched(Parsers):
    """Parsers that remember what they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []

    def read(self, pages: Sequence[Asked], now: datetime) -> list[Answer]:
        """Read as ever."""
        self.asked += pages
        return super().read(pages, now)


def test_an_unchanged_page_is_not_read(store: Store) -> None:
    """Neither when the server says so, nor when it sends the same bytes again."""
    app, pages, _, clock = build(store)
    app = replace(app, parsers=(parsers := Watched()))
    pages.show(URL, "One", "Two")
    with store.begin() as work:
        work.add_feed(URL)
    jobs.poll_round(app, "inline", force=True)
    assert len(parsers.asked) == 1
    for answer in (pages.answers[URL], Page(URL, unchanged=True)):
        pages.answers[URL] = answer
        clock.go(app.cadence.most)
        assert jobs.poll_round(app, "inline", force=True).items == 0
    assert len(parsers.asked) == 1
    with store.read() as work:
        (feed,) = work.feeds()
    assert (feed.status, feed.failures, feed.last_success) == ("unchanged", 0, clock())


def test_only_what_is_new_of_a_page_is_read(store: Store) -> None:
    """The items of the last poll are known by their marks, and still count as shown."""
    app, pages, _, clock = build(store)
    with store.begin() as work:
        feed = work.add_feed(URL)
    pages.show(URL, *(f"Item {n}" for n in range(20)))
    jobs.poll_round(app, "inline", force=True)
    pages.show(URL, "News", *(f"Item {n}" for n in range(19)))
    clock.go(app.cadence.most)
    with store.read() as work:
        (feed,) = work.feeds()
    (reading,) = read_all(app, [(feed, pages.answers[URL])], clock())
    assert reading.parsed is not None
    assert ([e.title for e in reading.parsed.entries], reading.parsed.known) == (["News"], 19)
    assert ([e.title for e in reading.found.fresh], reading.found.known) == (["News"], 19)
    assert (reading.silence, reading.missed) == ("", False)
    assert jobs.poll_round(app, "inline", force=True).items == 1
    pages.show(URL, "Item 19", "News")
    assert jobs.poll_round(app, "inline", force=True).items == 0


def test_answers_keep_their_order(store: Store) -> None:
    """Changed pages among unchanged ones stay with their feeds."""
    app, pages, _, clock = build(store)
    with store.begin() as work:
        feeds = [work.add_feed(url) for url in (URL, OTHER, "https://third.test/")]
    pages.show(OTHER, "One")
    answers = [(f, pages.answers.get(f.url, Page(f.url, unchanged=True))) for f in feeds]
    readings = read_all(app, answers, clock())
    assert [reading.feed for reading in readings] == feeds
    assert [bool(reading.parsed) for reading in readings] == [False, True, False]


def test_a_batch_that_another_worker_has_stored_is_not_stored_again(store: Store) -> None:
    """Two workers that read the same new feed at once keep each item once."""
    app, pages, _, _ = build(store)
    pages.show(URL, "One", "Two")
    with store.begin() as work:
        feed = work.add_feed(URL)

    class Late(Watched):
        def read(self, asked: Sequence[Asked], now: datetime) -> list[Answer]:
            told = super().read(asked, now)
            if not self.asked[1:]:
                jobs.run(replace(app, parsers=self), [Job("poll", (feed.id,))])
            return told

    late = replace(app, parsers=Late())
    assert jobs.run(late, [Job("poll", (feed.id,))]).items == 0
    with store.read() as work:
        assert sorted(item.title for item in work.items()) == ["One", "Two"]


def test_what_was_loaded_to_stay_is_not_collected_again() -> None:
    """The collector looks through what came afterwards only."""
    try:
        jobs.settle()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < 10_000
    finally:
        gc.unfreeze()
