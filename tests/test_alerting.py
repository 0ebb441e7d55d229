"""Alerts on a whole day of news: what figures a rule asks for, what is told again, what is muted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from newsdesk import DRILLS, Clock, Desk, Pages, build

from monitor import jobs, outbox
from monitor.model import Bound, Silence

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.edges.store import Store
    from monitor.model import Rule

HOUR = timedelta(hours=1)
FEEDS = tuple(f"https://outlet{n}.example/feed" for n in range(4))
TOLD = "Taiwan counts {} Chinese warplanes in a drill near the island"


class Day:
    """A desk with four outlets, each of a publisher of its own, on an ordinary day."""

    def __init__(self, store: Store, *rules: Rule) -> None:
        self.app: App
        self.pages: Pages
        self.desk: Desk
        self.clock: Clock
        self.app, self.pages, self.desk, self.clock = build(store, *rules)
        self.shown: dict[str, list[str]] = {url: [] for url in FEEDS}
        with store.begin() as work:
            for url in FEEDS:
                work.add_feed(url, outlet=url.split("/")[2], publisher=url.split("/")[2])
        self.round()

    def round(self, after: timedelta = timedelta(0)) -> None:
        """Poll all and deliver."""
        self.clock.go(after)
        for url, titles in self.shown.items():
            self.pages.show(url, *titles, published=self.clock.at)
        self.poll()

    def poll(self) -> None:
        """Poll what the outlets show, and deliver."""
        jobs.poll_round(self.app, "inline", force=True)
        outbox.deliver(self.app)

    def report(self, outlet: int, title: str, after: timedelta = HOUR) -> None:
        """Let an outlet report something, and poll."""
        self.shown[FEEDS[outlet]].insert(0, title)
        self.round(after)

    @property
    def reasons(self) -> list[str]:
        """Return why alerts were sent, the first first."""
        with self.app.store.read() as work:
            return [alert.reason for alert in reversed(work.alerts())]

    def decision(self, title: str) -> tuple[str, dict[str, object]]:
        """Return the last decision of the first rule about the latest item with a title."""
        with self.app.store.read() as work:
            item = next(item for item in work.items() if item.title == title)
            found = work.decisions_of(item.id)[-1]
        return found.reason, dict(found.compared)


def test_a_rule_that_asks_for_figures(store: Store) -> None:
    """It alerts when a report of the story tells enough, and says what was too few."""
    day = Day(store, replace(DRILLS, facts=(Bound("aircraft", ">=", 20),)))
    day.report(0, TOLD.format(12))
    assert day.decision(TOLD.format(12)) == ("facts_short", {"aircraft": [12, 12], "wants": ["aircraft >= 20"]})
    day.report(1, "Ships begin a drill off the coast")
    assert day.decision("Ships begin a drill off the coast") == ("facts_unknown", {"unknown": ["aircraft"]})
    day.report(2, TOLD.format(45))
    assert day.reasons == ["first"]


def test_updates_are_named_and_wait_for_their_time(store: Store) -> None:
    """What is told again is what changed since it was last told, not since the last report."""
    day = Day(store, replace(DRILLS, repeat=2 * HOUR))
    story = TOLD.format(20)
    day.report(0, story)
    day.report(1, story)
    assert day.decision(story)[0] == "too_soon"
    day.report(2, story)
    assert day.reasons == ["first", "confirmed"]
    day.report(3, story, after=timedelta(minutes=5))
    assert day.decision(story)[0] == "too_soon"
    with store.read() as work:
        assert [alert.publishers for alert in reversed(work.alerts())] == [1, 3]


def test_a_silence_is_recorded_and_ends(store: Store) -> None:
    """What it mutes is not sent and says so; after it the story is told by its next report, as its first alert."""
    day = Day(store)
    with store.begin() as work:
        work.add_silence(Silence(day.clock.at + 90 * timedelta(minutes=1), rule="Drills", author="lin"), day.clock.at)
    story = TOLD.format(20)
    day.report(0, story)
    reason, compared = day.decision(story)
    assert (reason, compared["by"], day.desk.got) == ("silenced", "lin", [])
    day.report(1, story)
    assert day.reasons == ["first"]
    assert len(day.desk.got) == 1


@pytest.mark.parametrize("ended", [False, True])
def test_a_silence_can_be_ended_before_its_time(store: Store, *, ended: bool) -> None:
    """From then on it mutes nothing."""
    day = Day(store)
    with store.begin() as work:
        silence = work.add_silence(Silence(day.clock.at + 9 * HOUR, keyword="warplanes"), day.clock.at)
        assert not ended or work.end_silence(silence, day.clock.at)
    day.report(0, TOLD.format(20))
    assert len(day.desk.got) == ended
