"""Alerts on their way: bursts, a channel's limit, quiet hours; whatever waits arrives, once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newsdesk import DRILLS, Desk, build
from samples import NOON

from config.settings import defaults
from monitor import jobs, outbox, pipeline
from monitor.cli.running import one_round
from monitor.core.bundles import Burst
from monitor.core.quiet import QuietHours
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    import pytest
    from newsdesk import Clock, Pages

    from monitor.app import App
    from monitor.edges.store import Store
    from monitor.model import Rule

FEED = "https://one.example/feed"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ARMS = replace(DRILLS, name="Arms", themes=("arms_sales",), severity="critical")
DAWN = 10 * HOUR + 30 * MINUTE  # after NOON, which is 20:00 in Taipei


class News:
    """A desk on which news arrives as told."""

    def __init__(self, store: Store, *rules: Rule, **changes: object) -> None:
        self.app: App
        self.pages: Pages
        self.desk: Desk
        self.clock: Clock
        self.app, self.pages, self.desk, self.clock = build(store, *rules)
        self.app = replace(self.app, **changes)  # type: ignore[arg-type] # as each test names them
        self.shown: list[str] = []
        with store.begin() as work:
            work.add_feed(FEED, outlet="One", publisher="One")
        self.poll()

    def poll(self, *titles: str, after: timedelta = timedelta(0)) -> None:
        """Let items appear and poll them."""
        self.clock.go(after)
        self.shown += titles
        self.pages.show(FEED, *self.shown, published=self.clock.at)
        jobs.poll_round(self.app, "inline", force=True)

    def deliver(self, after: timedelta = timedelta(0)) -> list[str]:
        """Deliver, and return what arrived."""
        self.clock.go(after)
        before = len(self.desk.got)
        outbox.deliver(self.app)
        return self.desk.subjects[before:]

    def decided(self) -> list[str]:
        """Return the headlines of all alerts decided."""
        with self.app.store.read() as work:
            return sorted(alert.headline for alert in work.alerts(1000))

    def told(self) -> list[str]:
        """Return the headlines that arrived, alone or with others."""
        lines = [line for delivery in self.desk.got for line in delivery.message.text.splitlines()]
        return sorted(line for line in lines if line in self.decided())


EVENTS = (
    "Marines storm a beach in a {} near Pingtung",
    "Reservists in Tainan learn first aid in a {}",
    "A {} closes the port of Keelung for a day",
    "Fighter pilots land on a motorway in a {}",
    "Hospitals of Hualien test their power in a {}",
    "Submarine rescue {} begins off Zuoying",
    "Air raid {} empties the streets of Taipei",
    "Coast guard boards a ferry in a {} at Matsu",
    "Snipers hold a winter {} in the mountains",
    "Engineers lay a floating bridge in a {}",
    "Cyber {} takes a bank offline for an hour",
    "Cooks feed a brigade in a logistics {}",
    "Paratroopers miss their field in a {}",
    "Minesweepers clear a channel in a {}",
    "Drone school opens with a swarm {}",
    "Rocket battery fires into the sea in a {}",
    "Tank crews race through a village in a {}",
    "Medics fly the wounded to Penghu in a {}",
    "Radar station hides its signals in a {}",
    "Students build barricades in a {} at night",
)
"""No two of these are one story."""


def drills(count: int, word: str = "drill", *, after: int = 0) -> list[str]:
    """Return headlines that are stories of their own."""
    return [event.format(word) for event in EVENTS[after : after + count]]


def keys(desk: Desk) -> list[str]:
    """Return the kinds of keys that arrived."""
    return [delivery.key.split("/")[0] for delivery in desk.got]


def test_a_storm_is_one_alert_and_one_message_with_the_rest(store: Store) -> None:
    """The first at once, the rest together with counts, and each is sent as far as its alert knows."""
    news = News(store)
    news.poll(*drills(12), after=HOUR)
    _, rest = news.deliver()
    assert rest == "[high] 11 more alerts"
    assert keys(news.desk) == ["alert", "bundle"]
    assert news.told() == news.decided()
    assert len(news.decided()) == 12
    with store.read() as work:
        alerts = work.alerts(20)
    assert all(delivery.sent for alert in alerts for delivery in alert.deliveries)
    first = min(alert.id for alert in alerts if alert.deliveries[0].bundle)
    assert news.desk.got[1].key == f"bundle/desk/{first}"
    assert "Drills 11" in news.desk.got[1].message.text


def test_a_burst_that_goes_on_is_told_every_ten_minutes(store: Store) -> None:
    """A message each until there are too many, then one when the time is over."""
    news = News(store, burst=Burst(2, 10 * MINUTE))
    arrived = []
    for number, title in enumerate(drills(20)):
        news.poll(title, after=MINUTE)
        arrived += [number] * len(news.deliver())
    news.deliver(10 * MINUTE)
    assert arrived == [0, 1, 10, 10, 11]
    assert keys(news.desk) == ["alert", "alert", "alert", "bundle", "alert", "bundle"]
    assert news.told() == news.decided()


def test_the_most_urgent_leave_first(store: Store) -> None:
    """Whatever the order in which they were decided."""
    news = News(store, DRILLS, ARMS)
    news.poll(*drills(2), *drills(2, "sale of arms", after=5), after=HOUR)
    assert [subject.split()[0] for subject in news.deliver()] == ["[critical]"] * 2 + ["[high]"] * 2


def test_a_limit_delays_and_bundles_and_drops_nothing(store: Store) -> None:
    """Never more than its number of messages in any minute."""
    news = News(store, burst=Burst(0), per_minute={"desk": 3})
    news.poll(*drills(10), after=HOUR)
    assert len(news.deliver()) == 3
    assert keys(news.desk) == ["alert", "alert", "bundle"]
    news.poll(*drills(10, after=10), after=timedelta(seconds=1))
    assert news.deliver() == []
    assert news.deliver(timedelta(seconds=58)) == []
    assert len(news.deliver(timedelta(seconds=1))) == 3
    assert news.told() == news.decided()
    assert len(news.decided()) == 20


def test_a_limit_makes_the_digest_wait_its_turn(store: Store) -> None:
    """It is delayed, and stays a message of its own."""
    news = News(store, burst=Burst(0), per_minute={"desk": 1}, digest_at=time(6))
    news.poll(*drills(3), after=HOUR)
    pipeline.send_digest(news.app, date(2026, 5, 4))
    assert len(news.deliver()) == 1
    assert len(news.deliver(MINUTE)) == 1
    assert sorted(keys(news.desk)) == ["bundle", "digest"]


def night(news: News, **changes: object) -> QuietHours:
    """Return quiet hours from 22:30 to 06:30."""
    return QuietHours(time(22, 30), time(6, 30), news.app.zone, **changes)  # type: ignore[arg-type] # as in each test


def test_a_night_comes_in_one_message(store: Store) -> None:
    """What is held is told in the morning, the most urgent first; what is critical comes at once."""
    news = News(store, DRILLS, ARMS)
    news.app = replace(news.app, quiet=night(news, breaks_through="critical"))
    for number, title in enumerate([*drills(4), *drills(2, "sale of arms", after=5)]):
        news.poll(title, after=2 * HOUR + 30 * MINUTE if not number else HOUR)
        assert len(news.deliver()) == (number > 3)
    with store.read() as work:
        assert {d.held for alert in work.alerts() for d in alert.deliveries if not d.sent} == {"quiet"}
    assert news.deliver(NOON + DAWN - news.clock.at - MINUTE) == []
    assert news.deliver(MINUTE) == ["[high] 4 alerts from quiet hours"]
    assert news.desk.got[-1].key == "catchup/desk/2026-05-05"
    assert news.told() == news.decided()
    assert news.deliver(HOUR) == []


def test_what_cannot_be_sent_before_the_night_waits_for_the_morning(store: Store) -> None:
    """A channel that fails at 22:29 does not ring at 23:00; what was tried keeps its key."""
    news = News(store)
    news.app = replace(news.app, quiet=night(news))
    news.desk.failures = [DeliveryError("desk: cannot be reached", retry_after=1800)]
    news.poll(*drills(1), after=2 * HOUR + 29 * MINUTE)
    assert news.deliver() == []
    assert news.deliver(HOUR) == []
    assert len(news.deliver(8 * HOUR)) == 1
    assert keys(news.desk) == ["alert"]


def test_a_burst_in_the_evening_ends_in_the_morning(store: Store) -> None:
    """What waits for its burst's end when quiet hours begin comes with the catch-up."""
    news = News(store, burst=Burst(1, 10 * MINUTE))
    news.app = replace(news.app, quiet=night(news))
    for title in drills(3):
        news.poll(title, after=2 * HOUR + 24 * MINUTE if not news.shown else MINUTE)
        news.deliver()
    assert keys(news.desk) == ["alert"]
    assert news.deliver(10 * MINUTE) == []
    assert news.deliver(10 * HOUR) == ["[high] 2 alerts from quiet hours"]


def test_quiet_hours_that_change_lose_nothing(store: Store) -> None:
    """Turned off, what was held comes at once; a second stretch on a day has a second message."""
    news = News(store)
    for hours in (QuietHours(time(21), time(22), news.app.zone), QuietHours(time(23), time(23, 30), news.app.zone)):
        news.app = replace(news.app, quiet=hours)
        news.poll(EVENTS[len(news.shown)].format("drill"), after=HOUR if len(news.shown) < 1 else 2 * HOUR)
        assert news.deliver() == []
        news.app = replace(news.app, quiet=None)
        assert len(news.deliver()) == 1
    with store.read() as work:
        second = work.alerts()[0].id
    assert [d.key for d in news.desk.got] == ["catchup/desk/2026-05-04", f"catchup/desk/2026-05-04/{second}"]


def test_a_crash_while_a_burst_is_under_way_repeats_one_message(store: Store) -> None:
    """Under the same key, when its lease is over; its alerts are sent when it is."""
    news = News(store)
    news.poll(*drills(8), after=HOUR)
    news.desk.failures = [DeliveryError("desk: broke off")]
    news.deliver()
    news.deliver(MINUTE)
    assert sorted(keys(news.desk)) == ["alert", "bundle"]
    assert len({delivery.key for delivery in news.desk.got}) == 2
    assert news.told() == news.decided()


def test_two_deliverers_bundle_once(store: Store) -> None:
    """Whoever comes first decides; nothing is told twice."""
    news = News(store)
    news.poll(*drills(20), after=HOUR)
    threads = [threading.Thread(target=outbox.deliver, args=(news.app,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(keys(news.desk)) == ["alert", "bundle"]
    assert news.told() == news.decided()


def test_a_story_that_is_gone_is_told_all_the_same(store: Store) -> None:
    """One that was pruned leaves its headline; only the figures are missing."""
    news = News(store)
    news.poll(*drills(8), after=HOUR)
    with store.begin() as work:
        work.connection.exec_driver_sql("UPDATE alerts SET story_id = NULL")
    assert len(news.deliver()) == 2
    assert news.told() == news.decided()


def test_who_runs_one_round_leaves_nothing_behind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A burst goes together in the round that makes it, and a channel's limit is waited for."""
    news = News(store, burst=Burst(2, 10 * MINUTE), per_minute={"desk": 3})
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        news.clock.go(timedelta(seconds=seconds))

    monkeypatch.setattr("monitor.cli.running.time.sleep", sleep)
    loaded = defaults(Path())
    for number in range(2):
        news.clock.go(MINUTE)
        news.shown += [event.format(f"drill {number}") for event in EVENTS]
        news.pages.show(FEED, *news.shown, published=news.clock.at)
        assert one_round(news.app, loaded, force=True) == 0
        assert news.told() == news.decided() != []
    assert outbox.crowded(news.app) == []
    assert sum(slept) < 61
