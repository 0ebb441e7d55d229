"""Polling as a whole: edits and corrections, pages that share nothing, waves of news, feeds that end or move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING

import pytest
from newsdesk import DRILLS, Pages, build
from samples import NOON

from monitor import jobs, outbox, pipeline
from monitor.errors import FeedError
from monitor.model import Feed, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.app import App
    from monitor.edges.store import Store
    from monitor.model import Change
    from monitor.pipeline import Polled

ONE, TWO = "https://one.example/feed", "https://two.example/feed"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CORRECTIONS = replace(DRILLS, updates=("corrections",), repeat=timedelta(0))


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


def show(pages: Pages, url: str, items: Iterable[tuple[str, str, str]]) -> None:
    """Let a feed show items, each an id, a title and a date."""
    rows = "".join(
        f"<item><guid isPermaLink='false'>{ident}</guid><title>{escape(title)}</title><pubDate>{date}</pubDate></item>"
        for ident, title, date in items
    )
    body = f"<rss version='2.0'><channel><title>Feed</title>{rows}</channel></rss>"
    pages.answers[url] = Page(url, body.encode(), "application/rss+xml")


def at(moment: object) -> str:
    """Return a moment as RSS writes it."""
    return f"{moment:%a, %d %b %Y %H:%M:%S} GMT"


OLD = ("old", "Harvest", at(NOON - HOUR))


def test_an_edited_report_is_kept_tagged_anew_and_told_only_once(store: Store) -> None:
    """A new wording of what people were told is no news; the item says what is said now."""
    app, pages, desk, clock = build(store, CORRECTIONS)
    follow(store, ONE)
    show(pages, ONE, [OLD])
    round_of(app)
    for title in ("Jets in a drill", "Jets and ships in a drill", "Jets and ships in an arms drill"):
        clock.go(HOUR)
        show(pages, ONE, [("a", title, at(NOON + HOUR)), OLD])
        assert round_of(app).items == (title == "Jets in a drill")
    assert desk.subjects == ["[high] Drills: Jets in a drill"]
    with store.read() as work:
        item = work.items()[0]
        (story,) = work.stories_between(NOON, clock.at + HOUR)
        assert [before.title for before in work.revisions(item.id)] == ["Jets in a drill", "Jets and ships in a drill"]
    assert (item.title, item.themes) == ("Jets and ships in an arms drill", ("arms_sales", "exercises"))
    assert (story.headline, len(story.sources)) == (item.title, 1)


@pytest.mark.parametrize(
    ("updates", "expected"), [(("corrections",), ["corrected", "first"]), ((), ["first"])], ids=["wanted", "not wanted"]
)
def test_a_correction_opens_its_story_again_where_a_rule_wants_it(
    store: Store, updates: tuple[Change, ...], expected: list[str]
) -> None:
    """The second message has a key of its own, and says what the report says now."""
    app, pages, desk, clock = build(store, replace(DRILLS, updates=updates, repeat=HOUR))
    follow(store, ONE)
    show(pages, ONE, [OLD])
    round_of(app)
    for title in ("45 jets in a drill", "25 jets in a drill", "25 jets in a drill off the coast"):
        clock.go(HOUR)
        show(pages, ONE, [("a", title, at(NOON + HOUR)), OLD])
        round_of(app)
    with store.read() as work:
        assert [alert.reason for alert in work.alerts(10)] == expected
        assert [before.correction for before in work.revisions(work.items()[0].id)] == [True, False]
    told = ["[high] Drills: 45 jets in a drill", "[high] Drills: 25 jets in a drill"]
    assert desk.subjects == told[: len(expected)]
    assert len({delivery.key for delivery in desk.got}) == len(expected)


def test_a_report_that_becomes_news_by_an_edit_is_told(store: Store) -> None:
    """It gets a story then; one that was there at the silent first poll stays silent whatever becomes of it."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    show(pages, ONE, [("old", "A harvest", at(NOON)), ("drill", "A drill", at(NOON))])
    round_of(app)
    clock.go(HOUR)
    show(pages, ONE, [("a", "More soon", at(NOON + HOUR)), ("drill", "A drill", at(NOON))])
    round_of(app)
    clock.go(HOUR)
    show(pages, ONE, [("a", "Ships begin a drill", at(NOON + HOUR)), ("drill", "A 2nd drill", at(NOON))])
    assert round_of(app).items == 0
    assert desk.subjects == ["[high] Drills: Ships begin a drill"]
    with store.read() as work:
        item = next(item for item in work.items() if item.title == "Ships begin a drill")
        assert item.story_id is not None
        assert work.decisions_of(item.id)[-1].reason == "first"


def test_a_wave_of_news_is_no_storm(store: Store) -> None:
    """A machine that slept meets a page of new items, each with its own date since: told, and the feed is flagged."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    show(pages, ONE, [(f"o{n}", f"Harvest {n}", at(NOON - n * HOUR)) for n in range(20)])
    round_of(app)
    clock.go(24 * HOUR)
    show(pages, ONE, [(f"n{n}", f"Drill of wave {n}", at(NOON + (n + 1) * HOUR)) for n in range(20)])
    assert round_of(app).alerts == 20
    with store.read() as work:
        (feed,) = work.feeds()
    assert feed.missed == clock.at
    assert feed.next_poll is not None
    assert feed.next_poll <= clock.at + 6 * MINUTE
    assert [delivery.key.split("/")[0] for delivery in desk.got] == ["alert", "bundle"]
    digest = pipeline.digest_of(app, date(2026, 5, 5))
    assert [(found.id, found.status) for found in digest.troubled] == [(feed.id, "missed")]
    clock.go(HOUR)
    show(pages, ONE, [("x", "Rain", at(clock.at)), ("n19", "Drill of wave 19", at(NOON + 20 * HOUR))])
    round_of(app)
    with store.read() as work:
        assert work.feeds()[0].missed == feed.missed


@pytest.mark.parametrize(
    "items",
    [
        [(f"new-{n}", f"Drill {n} as told last year", at(NOON - 300 * 24 * HOUR)) for n in range(30)],
        [(f"new-{n}", f"Drill {n} dated anew", at(NOON + HOUR)) for n in range(30)],
    ],
    ids=["old dates", "one date"],
)
def test_a_feed_that_renames_and_rewords_everything_alerts_nobody(
    store: Store, items: list[tuple[str, str, str]]
) -> None:
    """Its items are kept, with the reason; it is not said that any are missing."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    show(pages, ONE, [(f"old-{n}", f"Drill {n}", at(NOON - HOUR)) for n in range(30)])
    round_of(app)
    clock.go(HOUR)
    show(pages, ONE, items)
    assert round_of(app).items == 30
    assert desk.got == []
    with store.read() as work:
        assert work.feeds()[0].missed is None
        assert work.decisions_of(work.items(limit=1)[0].id)[0].reason in {"storm", "too_old"}


def test_all_edited_at_once_alerts_nobody(store: Store) -> None:
    """A feed that begins to write its summaries otherwise changes all of them."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    show(pages, ONE, [OLD])
    round_of(app)
    clock.go(HOUR)
    show(pages, ONE, [OLD, *((str(n), f"Report {n}", at(NOON + n * MINUTE)) for n in range(20))])
    round_of(app)
    clock.go(HOUR)
    show(pages, ONE, [OLD, *((str(n), f"Report {n} of a drill", at(NOON + n * MINUTE)) for n in range(20))])
    assert round_of(app).held == 20
    assert desk.got == []


def test_a_feed_that_is_gone_says_so_and_is_left_alone(store: Store) -> None:
    """After a 410 it is not due again, and the digest names it."""
    app, pages, _, clock = build(store)
    follow(store, ONE)
    pages.answers[ONE] = FeedError("gone", "one.example: taken down for good (410)")
    round_of(app)
    clock.go(90 * 24 * HOUR)
    assert jobs.poll_round(app, "inline").feeds == 0
    assert jobs.poll_round(app, "inline", force=True).feeds == 0
    (troubled,) = pipeline.digest_of(app, date(2026, 5, 4)).troubled
    assert (troubled.status, troubled.error) == ("gone", "one.example: taken down for good (410)")


def test_a_feed_is_polled_as_it_publishes_and_as_its_server_asks(store: Store) -> None:
    """Habits are learned from the page and kept; an unchanged page is judged by them too."""
    app, pages, _, clock = build(store)
    follow(store, ONE)
    show(pages, ONE, [(str(n), f"Rain {n}", at(NOON - n * 4 * HOUR)) for n in range(8)])
    waits = []
    for fresh_for in (None, 7200.0):
        answer = pages.answers[ONE]
        assert isinstance(answer, Page)
        pages.answers[ONE] = replace(answer, fresh_for=fresh_for)
        round_of(app)
        with store.read() as work:
            (feed,) = work.feeds()
        assert feed.next_poll is not None
        waits.append((feed.next_poll - clock.at) / MINUTE)
        clock.go(MINUTE)
    assert len(feed.habits.recent) == 8
    assert [60 <= wait <= 66 for wait in waits] == [True, True]


def test_undated_and_future_items_count_from_when_they_are_seen(store: Store) -> None:
    """Marked so, and told like others."""
    app, pages, desk, clock = build(store)
    follow(store, ONE)
    show(pages, ONE, [OLD])
    round_of(app)
    clock.go(HOUR)
    show(pages, ONE, [("u", "Undated drill", ""), ("f", "Future drill", at(NOON + 9999 * HOUR)), OLD])
    round_of(app)
    assert len(desk.got) == 2
    with store.read() as work:
        found = {item.title: (item.when, item.dated) for item in work.items()}
    assert found["Undated drill"] == (clock.at, "unknown")
    assert found["Future drill"] == (clock.at, "future")
    assert found["Harvest"] == (NOON - HOUR, "")


def test_what_came_is_told_before_the_slow_feeds_come(store: Store) -> None:
    """A batch commits part by part."""
    app, pages, _, clock = build(store, replace(DRILLS, repeat=HOUR))
    follow(store, ONE, TWO)
    show(pages, ONE, [OLD])
    show(pages, TWO, [OLD])
    round_of(app)
    clock.go(HOUR)
    pages.slow = {ONE}
    show(pages, TWO, [("a", "Ships begin a drill", at(NOON)), OLD])
    pages.answers[ONE] = pages.answers[TWO]
    seen = []

    def parts(feeds: Sequence[Feed], asked: Mapping[str, float]) -> Iterable[Sequence[tuple[Feed, Page | FeedError]]]:
        for part in Pages.fetch_in_parts(pages, feeds, asked):
            yield part
            with store.read() as work:
                seen.append(len(work.alerts(10)))

    pages.fetch_in_parts = parts  # type: ignore[method-assign, assignment]
    assert round_of(app).alerts == 1
    assert seen == [1, 1]


def test_threads_share_the_feeds_of_one_host(store: Store) -> None:
    """A host is one batch's at a time; the round goes on until all of its feeds are polled."""
    app, pages, _, _ = build(store)
    urls = [f"https://one.example/{n}" for n in range(90)]
    follow(store, *urls)
    for url in urls:
        pages.show(url, f"Harvest at {url}")
    assert jobs.poll_round(app, "threads").feeds == 90
    assert jobs.poll_round(app, "threads").feeds == 0


@pytest.mark.parametrize("force", [False, True])
def test_a_round_during_which_the_clock_goes_back_ends(store: Store, force: bool) -> None:
    """What was polled since is not due again, although it is planned for what is the past of the round's beginning."""
    app, pages, _, clock = build(store)
    follow(store, ONE, TWO)
    show(pages, ONE, [OLD])
    show(pages, TWO, [OLD])
    fetched: list[str] = []

    class Jump(Pages):
        def fetch_in_parts(
            self, feeds: Sequence[Feed], asked: Mapping[str, float]
        ) -> list[list[tuple[Feed, Page | FeedError]]]:
            fetched.extend(feed.url for feed in feeds)
            assert len(fetched) < 10, "the round does not end"
            clock.go(timedelta(seconds=1) if len(fetched) > 2 else -48 * HOUR)
            return pages.fetch_in_parts(feeds, asked)

    jobs.poll_round(replace(app, fetcher=Jump()), "inline", force=force)
    assert set(fetched) == {ONE, TWO}


@pytest.mark.parametrize(
    ("answers", "sizes"),
    [("n", [1]), ("nnnnn", [2, 2, 1]), ("uuuuu", [5]), ("nunun", [4, 1]), ("eneue", [5]), ("unn", [3])],
)
def test_many_new_pages_are_worked_on_in_portions(
    answers: str, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the items of so many are in memory; unchanged pages and errors go with those before them."""
    monkeypatch.setattr(pipeline, "PAGES", 2)
    made = {"n": Page(ONE, b"<rss/>"), "u": Page(ONE, unchanged=True), "e": FeedError("timeout", "it is slow")}
    came = [(Feed(n, ONE), made[kind]) for n, kind in enumerate(answers)]
    portions = list(pipeline._portions(came))
    assert [len(some) for some in portions] == sizes
    assert [one for some in portions for one in some] == came


def test_another_worker_hears_when_a_host_was_asked(store: Store) -> None:
    """So that it keeps the gap between two requests, although it has not asked the host itself."""
    app, pages, _, clock = build(store)
    other = "https://one.example/other"
    told: list[Mapping[str, float]] = []

    class Listening(Pages):
        def fetch_in_parts(
            self, feeds: Sequence[Feed], asked: Mapping[str, float]
        ) -> list[list[tuple[Feed, Page | FeedError]]]:
            told.append(asked)
            return pages.fetch_in_parts(feeds, asked)

    show(pages, ONE, [OLD])
    pages.answers[other] = FeedError("timeout", "it is slow")
    follow(store, ONE)
    round_of(app)
    follow(store, other)
    clock.go(timedelta(seconds=1))
    worker = replace(app, fetcher=Listening())
    jobs.poll_round(worker, "inline")
    clock.go(timedelta(seconds=0.5))
    jobs.poll_round(worker, "inline", force=True)
    assert told == [{"one.example": 1.0}, {"one.example": 0.5}]


def test_a_forced_round_polls_what_was_polled_before_the_clock_went_back(store: Store) -> None:
    """It asks nobody to wait until the clock shows that time again."""
    app, pages, _, clock = build(store)
    follow(store, ONE, TWO)
    for url in (ONE, TWO):
        show(pages, url, [OLD])
    assert round_of(app).feeds == 2
    clock.go(-48 * HOUR)
    assert round_of(app).feeds == 2
