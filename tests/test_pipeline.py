"""The program as a whole, on both databases: pages in, messages out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from newsdesk import DRILLS, build
from samples import NOON

from monitor import jobs, outbox, pipeline
from monitor.edges.store import Store
from monitor.errors import FeedError, StoreError
from monitor.model import Rule
from monitor.pipeline import Polled

if TYPE_CHECKING:
    from monitor.app import App

ONE, TWO = "https://one.example/feed", "https://two.example/feed"
HOUR = timedelta(hours=1)


def follow(store: Store, *urls: str) -> None:
    """Follow feeds, each of a publisher of its own."""
    with store.begin() as work:
        for url in urls:
            work.add_feed(url, outlet=url.split("/")[2], publisher=url.split("/")[2])


def round_of(app: App) -> Polled:
    """Poll everything once and deliver."""
    polled = jobs.poll_round(app, "inline", force=True)
    outbox.deliver(app)
    return polled


def test_the_first_poll_is_silent_and_the_next_alerts(store: Store) -> None:
    """What was there before stays quiet but is counted; what comes later is told once."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    pages.show(ONE, "Old drill", "Old harvest")
    assert round_of(app) == Polled(feeds=1, items=2, tagged=1, held=1)
    assert desk.got == []
    for _ in range(2):
        clock.go(HOUR)
        pages.show(ONE, "New drill", "Old drill", "Old harvest")
        round_of(app)
    assert desk.subjects == ["[high] Drills: New drill"]


def test_five_outlets_one_alert(store: Store) -> None:
    """The same report from more outlets joins the story; people hear of it once."""
    app, pages, desk, clock = build(store)
    urls = [f"https://outlet{n}.example/feed" for n in range(5)]
    follow(store, *urls)
    for url in urls:
        pages.show(url)
    round_of(app)
    for url in urls:
        clock.go(HOUR)
        pages.show(url, "Ships begin a live-fire drill east of the island, says the wire")
        round_of(app)
    assert len(desk.got) == 1
    with store.read() as work:
        (story,) = work.stories_between(NOON, NOON + 24 * HOUR)
    assert len(story.publishers) == 5


def test_a_growing_story_is_told_again_after_repeat(store: Store) -> None:
    """The second message has a key of its own and says that the story is confirmed."""
    app, pages, desk, clock = build(store, replace(DRILLS, repeat=2 * HOUR))
    follow(store, ONE, TWO)
    pages.show(ONE)
    pages.show(TWO)
    round_of(app)
    clock.go(HOUR)
    pages.show(ONE, "Ships begin a live-fire drill east of the island")
    round_of(app)
    clock.go(3 * HOUR)
    pages.show(TWO, "Ships begin a live-fire drill east of the island")
    round_of(app)
    assert [d.key.rsplit("/", 2)[1:] for d in desk.got] == [["1", "desk"], ["2", "desk"]]
    with store.read() as work:
        assert [alert.reason for alert in work.alerts(10)] == ["confirmed", "first"]


def test_a_rule_that_waits_for_two_publishers(store: Store) -> None:
    """One report is kept with its reason; the second one alerts."""
    app, pages, desk, clock = build(store, replace(DRILLS, min_publishers=2))
    follow(store, ONE, TWO)
    pages.show(ONE)
    pages.show(TWO)
    round_of(app)
    clock.go(HOUR)
    pages.show(ONE, "Ships begin a live-fire drill east of the island")
    round_of(app)
    with store.read() as work:
        assert work.decisions_of(work.items()[0].id)[0].reason == "unconfirmed"
    clock.go(HOUR)
    pages.show(TWO, "Ships begin a live-fire drill east of the island")
    round_of(app)
    assert len(desk.got) == 1


def test_a_feed_that_renames_everything_makes_no_storm(store: Store) -> None:
    """When a known feed is all new at once, items are kept and nobody is called."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    pages.show(ONE, "Harvest")
    round_of(app)
    clock.go(HOUR)
    pages.show(ONE, *(f"Drill number {'abcdefghijklmno'[n]}" for n in range(15)))
    assert round_of(app) == Polled(feeds=1, items=15, tagged=15, held=15)
    assert desk.got == []


def test_one_bad_feed_stops_no_other(store: Store) -> None:
    """Its status, error and next poll are kept; success clears them."""
    app, pages, desk, clock = build(store)
    follow(store, ONE, TWO)
    pages.answers[ONE] = FeedError("http_503", "one.example answered 503", retry_after=3600)
    pages.show(TWO, "Harvest")
    assert round_of(app).failed == 1
    with store.read() as work:
        one, two = work.feeds()
    assert (one.status, one.failures, one.error, one.last_success) == ("http_503", 1, "one.example answered 503", None)
    assert one.next_poll is not None
    assert one.next_poll >= NOON + HOUR
    assert (two.status, two.failures) == ("ok", 0)
    pages.show(ONE, "A drill that was there before")
    clock.go(2 * HOUR)
    round_of(app)
    with store.read() as work:
        assert (work.feeds()[0].status, work.feeds()[0].failures, work.feeds()[0].error) == ("ok", 0, "")
    assert desk.got == []


def test_a_page_that_cannot_be_read_is_a_failure_with_a_name(store: Store) -> None:
    """HTML where a feed was expected is no success."""
    app, pages, _, _ = build(store)
    follow(store, ONE)
    pages.show(ONE)
    pages.answers[ONE] = replace(pages.answers[ONE], body=b"<!doctype html><html><body>Hello</body></html>")  # type: ignore[type-var]
    assert round_of(app).failed == 1
    with store.read() as work:
        assert work.feeds()[0].last_success is None


def test_a_permanent_redirect_moves_the_feed(store: Store) -> None:
    """The new address is kept; one that is followed already retires the old."""
    app, pages, _, _ = build(store)
    follow(store, ONE, TWO)
    pages.show(ONE, "Harvest", moved_to="https://new.example/feed")
    pages.show(TWO, "Rain", moved_to="https://new.example/feed")
    round_of(app)
    with store.read() as work:
        one, two = work.feeds()
    assert one.url == "https://new.example/feed"
    assert (two.url, two.status) == (TWO, "moved")
    assert "polled as one.example" in two.error


def test_an_unchanged_page_costs_no_reading(store: Store) -> None:
    """The same bytes, or a 304, leave the feed healthy and bring nothing."""
    app, pages, _, clock = build(store)
    follow(store, ONE)
    pages.show(ONE, "Harvest")
    round_of(app)
    clock.go(HOUR)
    assert round_of(app) == Polled(feeds=1)
    pages.answers[ONE] = replace(pages.answers[ONE], body=b"", unchanged=True)  # type: ignore[type-var]
    clock.go(HOUR)
    assert round_of(app) == Polled(feeds=1)
    with store.read() as work:
        assert (work.feeds()[0].status, work.feeds()[0].last_success) == ("unchanged", clock.at)


def test_items_alerts_and_deliveries_commit_together(sqlite_url: str) -> None:
    """When the commit fails, nothing of the batch is there, and the next round brings it all."""
    store = Store(sqlite_url)
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    pages.show(ONE)
    round_of(app)
    clock.go(HOUR)
    pages.show(ONE, "New drill")
    broken = replace(app, rules=(replace(DRILLS, channels=("desk", "missing")),))
    with pytest.raises(KeyError):
        jobs.poll_round(broken, "inline", force=True)
    with store.read() as work:
        assert work.items() == []
        assert work.alerts(10) == []
    clock.go(HOUR)
    round_of(app)
    assert desk.subjects == ["[high] Drills: New drill"]
    store.close()


def test_an_ending_program_begins_no_further_batch(store: Store) -> None:
    """Feeds that were not begun stay due."""
    app, pages, _, _ = build(store)
    follow(store, ONE)
    pages.show(ONE, "Harvest")
    assert jobs.poll_round(app, "inline", ending=lambda: True) == Polled()
    assert jobs.poll_round(app, "inline") == Polled(feeds=1, items=1)


def test_a_language_that_nobody_declares_is_read_from_the_text(store: Store) -> None:
    """So that a rule for Chinese holds for feeds that say nothing of their language."""
    app, pages, desk, clock = build(store, replace(DRILLS, languages=("zh",)))
    follow(store, ONE)
    pages.show(ONE)
    round_of(app)
    clock.go(HOUR)
    pages.show(ONE, "drill：解放军在台岛周边组织联合演训", "A drill in the strait, told in English for the world")
    round_of(app)
    assert [subject[-4:] for subject in desk.subjects] == ["联合演训"]


def test_threads_poll_every_feed_once(store: Store) -> None:
    """Two workers share the feeds without doing one twice."""
    app, pages, _, _ = build(store)
    urls = [f"https://outlet{n}.example/feed" for n in range(130)]
    follow(store, *urls)
    for url in urls:
        pages.show(url, f"Harvest at {url}")
    assert jobs.poll_round(app, "threads") == Polled(feeds=130, items=130)
    assert jobs.poll_round(app, "threads") == Polled()


def test_the_digest_goes_out_once_a_day(store: Store) -> None:
    """In the morning, for the day before, and not again after a restart; another may be asked for."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    pages.show(ONE, "A drill in the strait")
    round_of(app)
    assert not pipeline.send_digest(app)
    clock.at = datetime(2026, 5, 5, 0, 30, tzinfo=UTC)  # 08:30 in Taipei
    assert pipeline.send_digest(app)
    assert not pipeline.send_digest(app)
    assert not pipeline.send_digest(build(store)[0])
    outbox.deliver(app)
    assert desk.subjects == ["Taiwan Strait digest, 2026-05-04"]
    assert "A drill in the strait" in desk.got[0].message.text
    assert pipeline.send_digest(app, date(2026, 5, 4), again=True)


def test_nothing_is_sent_of_days_before_the_program_watched(store: Store) -> None:
    """A fresh installation does not begin with an empty digest of yesterday."""
    app, pages, _, clock = build(store)
    clock.at = datetime(2026, 5, 5, 0, 30, tzinfo=UTC)
    follow(store, ONE)
    pages.show(ONE, "A drill in the strait", published=clock.at)
    round_of(app)
    assert not pipeline.send_digest(app)


def test_clock_changes_bring_each_day_once(store: Store) -> None:
    """Through both changes of a zone with summer time, hour by hour: one digest a local day."""
    app, pages, desk, clock = build(store, zone="Europe/Berlin")
    follow(store, ONE)
    for start in (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)):
        clock.at = start
        pages.show(ONE, f"A drill of {start:%B}", published=start)
        round_of(app)
        for _ in range(24 * 5):
            clock.go(HOUR)
            pipeline.send_digest(app)
    outbox.deliver(app)
    days = [subject[-10:] for subject in desk.subjects if "digest" in subject]
    assert days == sorted(set(days))
    assert {"2026-03-29", "2026-03-28", "2026-10-25", "2026-10-24"} <= set(days)


def test_prune_keeps_what_is_young(store: Store) -> None:
    """Untagged items go first, tagged ones later."""
    app, pages, _, clock = build(store)
    follow(store, ONE)
    pages.show(ONE, "A drill", "A harvest")
    round_of(app)
    later = clock.at + timedelta(days=61)
    assert pipeline.prune(store, later, timedelta(days=400), timedelta(days=60))["items"] == 1
    assert pipeline.prune(store, later + timedelta(days=400), timedelta(days=400), timedelta(days=60))["items"] == 1


def test_a_store_that_refuses_is_an_error_of_ours(store: Store) -> None:
    """The pipeline passes it on; the daemon logs it and tries again."""
    app, _, _, _ = build(store, Rule("x", channels=("desk",)))
    with pytest.raises(StoreError), store.read() as work:
        work.beat(NOON)
    assert pipeline.tick(app) == []
