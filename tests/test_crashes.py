"""The program dies at drawn steps while alerts wait, are put together and are sent: nothing is lost, little repeats."""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest
from newsdesk import DRILLS
from newsdesk import Desk as Newsdesk
from test_gathering import ARMS, EVENTS, News

from monitor import outbox
from monitor.core.bundles import Burst
from monitor.core.quiet import QuietHours
from monitor.errors import DeliveryError
from monitor.model import Escalation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.edges.store import Store, Work
    from monitor.model import Delivery, Receipt

MINUTE = timedelta(minutes=1)
LEASE = outbox.LEASE + MINUTE
STEPS = 25
"""So many steps a life of the program has at most: about those of a round with a few messages."""


class Death(BaseException):
    """The process is gone; nothing catches that."""


@dataclass
class Life:
    """Counts the steps of a process until it dies, with all its threads."""

    left: int = 10**9
    deaths: int = 0
    lock: Lock = field(default_factory=Lock)

    def step(self) -> None:
        """Live on, or die."""
        with self.lock:
            self.left -= 1
            self.deaths += self.left == 0
            if self.left <= 0:
                raise Death


@dataclass
class Mortal:
    """A store whose process may die before a commit, which undoes the transaction, or right after it."""

    store: Store
    life: Life

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """Begin a transaction."""
        with self.store.begin() as work:
            yield work
            self.life.step()
        self.life.step()

    def __getattr__(self, name: str) -> Any:
        """Be the store in all else."""
        return getattr(self.store, name)


@dataclass
class Desk(Newsdesk):
    """A channel whose process may die before a message is taken or before that is noted; now and then it fails."""

    life: Life = field(default_factory=Life)

    def send(self, delivery: Delivery) -> Receipt:
        """Take a message."""
        self.life.step()
        receipt = super().send(delivery)
        self.life.step()
        return receipt


class Crashing(News):
    """A desk and a phone under quiet hours, bursts, a limit and escalation, told of news by a mortal program."""

    def __init__(self, store: Store) -> None:
        self.life = Life()
        others = Escalation(20 * MINUTE, ("phone",))
        rules = [replace(rule, escalate=others, updates=()) for rule in (DRILLS, ARMS)]
        super().__init__(store, *rules)
        self.desk, self.phone = Desk("desk", life=self.life), Desk("phone", life=self.life)
        self.app = replace(
            self.app,
            store=Mortal(store, self.life),  # type: ignore[arg-type] # it is one in all that matters
            channels={"desk": self.desk, "phone": self.phone},
            burst=Burst(2, 10 * MINUTE),
            per_minute={"desk": 3},
            quiet=QuietHours(time(22, 30), time(6, 30), self.app.zone, "critical"),
        )

    def round(self, *titles: str) -> None:
        """Poll, deliver, and perhaps die of it."""
        try:
            self.poll(*titles)
            self.deliver()
        except Death:
            self.life.left = 10**9
            self.clock.go(LEASE)

    def end(self) -> None:
        """Live on until nothing waits."""
        self.poll()
        for _ in range(20):
            self.deliver(45 * MINUTE)


def said(desk: Desk, headlines: list[str]) -> dict[str, set[str]]:
    """Return for each alert's headline the keys of the messages that told it."""
    told: dict[str, set[str]] = {}
    for delivery in desk.got:
        for line in delivery.message.text.splitlines():
            if line in headlines:
                told.setdefault(line, set()).add(delivery.key)
    return told


@pytest.mark.parametrize("seed", range(6))
def test_a_process_that_dies_loses_nothing_and_repeats_what_was_in_flight(store: Store, seed: int) -> None:
    """Each alert in one message a channel, alone or with others, and each message twice at most for a death."""
    chance = random.Random(seed)
    news = Crashing(store)
    titles = [event.format(chance.choice(("drill", "sale of arms"))) for event in EVENTS]
    while titles:
        some = [titles.pop() for _ in range(min(len(titles), chance.randint(0, 4)))]
        news.desk.failures = [DeliveryError("desk: cannot be reached")] * chance.randint(0, 1)
        news.life.left = chance.randint(1, STEPS)
        news.round(*some)
        news.clock.go(chance.choice((MINUTE, 5 * MINUTE, 45 * MINUTE, 300 * MINUTE)))
    news.life.left = 10**9
    news.end()
    decided = news.decided()
    assert len(decided) >= len(EVENTS) / 2
    assert news.life.deaths > 0
    for desk in (news.desk, news.phone):
        told = said(desk, decided)
        assert told.keys() == set(decided), f"{desk.name}: lost"
        assert {headline: keys for headline, keys in told.items() if len(keys) > 1} == {}
        keys = [delivery.key for delivery in desk.got]
        assert len(keys) - len(set(keys)) <= news.life.deaths
    kinds = {delivery.key.split("/")[0] for desk in (news.desk, news.phone) for delivery in desk.got}
    assert kinds & {"bundle", "catchup"}, "nothing was put together"
    with store.read() as work:
        assert all(d.sent and not d.dead for alert in work.alerts(100) for d in alert.deliveries)
