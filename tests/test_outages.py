"""A channel that takes nothing for long is told over another: once an outage, and once when it works again."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsdesk import Clock, Desk, build
from samples import NOON

from monitor import outbox
from monitor.edges.store import Store
from monitor.errors import DeliveryError
from monitor.model import Delivery, Message, Receipt

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.app import App

STEP = 5
"""Minutes between two rounds of the deliverer."""


class Wall(Desk):
    """A channel that takes nothing while it is down."""

    down = True
    final = False

    def send(self, delivery: Delivery) -> Receipt:
        """Take a message or not."""
        if self.down:
            raise DeliveryError(f"{self.name}: answered HTTP 500", retry=not self.final)
        return super().send(delivery)


def two(store: Store, **changes: object) -> tuple[App, Wall, Desk, Clock]:
    """Return an app with a channel that is down and one that is told of it."""
    app, _, _, clock = build(store)
    wall, mail = Wall("desk"), Desk("mail")
    made = replace(app, channels={"desk": wall, "mail": mail}, **{"tell": ("mail",), **changes})  # type: ignore[arg-type]
    return made, wall, mail, clock


def queue(store: Store, key: str, channel: str = "desk", clock: Clock | None = None) -> None:
    """Put a message into the outbox."""
    now = clock.at if clock else NOON
    with store.begin() as work:
        work.queue([Delivery(key, channel, Message(key, key), now, created=now)])


def rounds(app: App, clock: Clock, minutes: int) -> None:
    """Let the deliverer work for a while."""
    for _ in range(0, minutes, STEP):
        outbox.deliver(app)
        clock.go(timedelta(minutes=STEP))


def test_it_is_told_once_and_again_when_it_works(store: Store) -> None:
    """With since when, the error, and what waits; then the waiting messages are there."""
    app, wall, mail, clock = two(store)
    queue(store, "a")
    rounds(app, clock, 30)
    assert mail.subjects == []
    rounds(app, clock, 90)
    assert mail.subjects == ["[high] The channel desk takes no messages"]
    text = mail.got[0].message.text
    for part in ("since 2026-05-04 20:00 (Asia/Taipei)", "desk: answered HTTP 500", "1 waiting", "0 given up"):
        assert part in text
    wall.down = False
    rounds(app, clock, 300)
    assert wall.subjects == ["a"]
    assert mail.subjects[1:] == ["[normal] The channel desk works again"]
    assert mail.got[1].opening
    assert mail.got[1].opening.key == mail.got[0].key


def test_every_outage_has_keys_of_its_own(store: Store) -> None:
    """Down, up, down again: four messages, none taken for another's repeat."""
    app, wall, mail, clock = two(store)
    for name in "ab":
        wall.down = True
        queue(store, name, clock=clock)
        rounds(app, clock, 60)
        wall.down = False
        rounds(app, clock, 300)
    assert len({delivery.key for delivery in mail.got}) == len(mail.got) == 4


def test_a_short_outage_is_not_told(store: Store) -> None:
    """Nor its end."""
    app, wall, mail, clock = two(store)
    queue(store, "a")
    rounds(app, clock, 5)
    wall.down = False
    rounds(app, clock, 60)
    assert (wall.subjects, mail.subjects) == (["a"], [])


def test_a_message_that_was_given_up_at_once_is_told_too(store: Store) -> None:
    """A revoked token leaves nothing to be tried again, and nobody else would notice."""
    app, wall, mail, clock = two(store)
    wall.final = True
    queue(store, "a")
    rounds(app, clock, 45)
    (told,) = mail.got
    assert "1 given up" in told.message.text


def test_the_first_that_works_tells(store: Store) -> None:
    """Where the one that should tell is down too, the next does; of itself a channel never tells."""
    app, _, _, clock = two(store)
    walls, log = (Wall("desk"), Wall("mail")), Desk("log")
    channels = {**{wall.name: wall for wall in walls}, "log": log}
    app = replace(app, channels=channels, tell=("mail", "desk", "log"))
    queue(store, "a")
    queue(store, "b", "mail")
    rounds(app, clock, 45)
    assert sorted(log.subjects) == [f"[high] The channel {name} takes no messages" for name in ("desk", "mail")]


def test_nobody_is_told_where_nobody_is_named_or_works(store: Store) -> None:
    """Once one works it is told."""
    app, _, mail, clock = two(store, tell=())
    queue(store, "a")
    rounds(app, clock, 60)
    assert mail.subjects == []
    alone = replace(app, tell=("desk",))
    rounds(alone, clock, 5)
    rounds(replace(app, tell=("mail",)), clock, 10)
    assert len(mail.subjects) == 1


def test_a_channel_that_is_gone_is_forgotten(store: Store) -> None:
    """Its outage ends with it, untold."""
    app, _, mail, clock = two(store)
    queue(store, "a")
    rounds(app, clock, 5)
    app = replace(app, channels={"mail": mail})
    rounds(app, clock, 60)
    assert mail.subjects == []
    with store.read() as work:
        assert work.outages() == []


def test_messages_of_a_thread_know_its_first(store: Store) -> None:
    """The first one goes on from nothing."""
    app, _, desk, _ = build(store)
    with store.begin() as work:
        work.queue(
            [Delivery(key, "desk", Message(key, key, thread="story/7"), NOON, created=NOON) for key in ("a", "b", "c")]
        )
    outbox.deliver(app)
    assert [d.opening.key if d.opening else None for d in desk.got] == [None, "a", "a"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 90)), min_size=1, max_size=5))
def test_told_and_untold_alternate(migrated_sqlite: Path, weather: list[tuple[bool, int]]) -> None:
    """However a channel comes and goes, its word is down, up, down, up."""
    with TemporaryDirectory() as folder:
        shutil.copy(migrated_sqlite, f"{folder}/strait.db")
        with closing(Store(f"sqlite:///{folder}/strait.db")) as store:
            app, wall, mail, clock = two(store)
            for number, (down, minutes) in enumerate(weather):
                wall.down = down
                queue(store, str(number), clock=clock)
                rounds(app, clock, minutes)
            wall.down = False
            rounds(app, clock, 400)
            with store.read() as work:
                assert work.outages() == []
    events = [delivery.message.data["event"] for delivery in mail.got]
    assert events == ["channel_down", "channel_up"] * (len(events) // 2)
    assert sorted(wall.subjects) == [str(number) for number in range(len(weather))]
