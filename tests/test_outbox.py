"""An alert decided is an alert delivered."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from newsdesk import Desk, build
from samples import NOON
from test_gathering import News, drills

from monitor import outbox
from monitor.core.policy import MAX_ATTEMPTS
from monitor.core.quiet import QuietHours
from monitor.errors import DeliveryError
from monitor.model import Delivery, Message
from monitor.outbox import Delivered

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.edges.store import Store


def queue(store: Store, *keys: str, channel: str = "desk") -> None:
    """Put messages into the outbox."""
    with store.begin() as work:
        work.queue([Delivery(key, channel, Message(key, key), NOON, created=NOON) for key in keys])


def test_a_failure_in_passing_is_tried_again_later(store: Store) -> None:
    """The rest of that channel waits with it, in order, and all arrive."""
    app, _, desk, clock = build(store)
    queue(store, "a", "b", "c")
    desk.failures = [DeliveryError("desk: answered HTTP 429", retry_after=30)]
    assert outbox.deliver(app) == Delivered(put_off=1)
    clock.go(timedelta(seconds=29))
    assert outbox.deliver(app) == Delivered(sent=2)
    clock.go(timedelta(seconds=10))
    assert outbox.deliver(app) == Delivered(sent=1)
    assert sorted(desk.subjects) == ["a", "b", "c"]


def test_a_dead_channel_delays_only_itself(store: Store) -> None:
    """The other one's messages leave in the same round."""
    down, up = Desk("down", failures=[DeliveryError("down: cannot be reached")] * 9), Desk("up")
    app = replace(build(store)[0], channels={"down": down, "up": up})
    queue(store, "a", channel="down")
    queue(store, "b", channel="up")
    assert outbox.deliver(app) == Delivered(sent=1, put_off=1)
    assert up.subjects == ["b"]


def test_a_final_refusal_is_a_dead_letter_that_can_be_replayed(store: Store) -> None:
    """It is kept with its error until the operator puts it back."""
    app, _, desk, clock = build(store)
    queue(store, "a")
    desk.failures = [DeliveryError("desk: answered HTTP 404", retry=False)]
    assert outbox.deliver(app) == Delivered(dead=1)
    with store.begin() as work:
        (letter,) = work.dead_letters()
        assert letter.error == "desk: answered HTTP 404"
        assert work.replay_delivery(letter.id, clock.at) == 1
    assert outbox.deliver(app) == Delivered(sent=1)


def test_what_never_gets_through_is_given_up_at_last(store: Store) -> None:
    """After the last try it is a dead letter, not silence."""
    app, _, desk, clock = build(store)
    queue(store, "a")
    desk.failures = [DeliveryError("desk: cannot be reached")] * MAX_ATTEMPTS
    total = Delivered()
    for _ in range(MAX_ATTEMPTS):
        total += outbox.deliver(app)
        clock.go(timedelta(days=1))
    assert total == Delivered(put_off=MAX_ATTEMPTS - 1, dead=1)


def test_messages_for_a_channel_that_is_gone_are_given_up(store: Store) -> None:
    """They are seen among the dead letters instead of waiting for ever."""
    app, _, _, _ = build(store)
    queue(store, "a", channel="removed")
    assert outbox.deliver(app) == Delivered(dead=1)
    assert outbox.deliver(replace(app, channels={})) == Delivered()


def test_a_crash_between_send_and_record_repeats_under_the_same_key(store: Store) -> None:
    """The claim's lease runs out and the message is sent again: never lost, known by its key."""
    app, _, desk, clock = build(store)
    queue(store, "a")
    with store.begin() as work:
        desk.send(work.claim(clock.at, 1, outbox.LEASE)[0])
    assert outbox.deliver(app) == Delivered()
    clock.go(outbox.LEASE)
    assert outbox.deliver(app) == Delivered(sent=1)
    assert [d.key for d in desk.got] == ["a", "a"]


def test_an_ending_program_finishes_the_message_in_hand(store: Store) -> None:
    """What is left stays due for the next start."""
    app, _, desk, _ = build(store)
    queue(store, "a", "b")
    assert outbox.deliver(app, lambda: True) == Delivered(sent=1)
    assert outbox.deliver(app) == Delivered(sent=1)
    assert sorted(desk.subjects) == ["a", "b"]


def test_two_deliverers_send_each_message_once(store: Store) -> None:
    """Claims do not overlap, whoever runs at the same time."""
    app, _, desk, _ = build(store)
    queue(store, *(f"k{n}" for n in range(30)))
    threads = [threading.Thread(target=outbox.deliver, args=(app,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(desk.subjects) == sorted(f"k{n}" for n in range(30))


def test_what_is_put_together_leaves_in_the_same_round(store: Store) -> None:
    """Though the clock goes on while it is put together: `run --once` may not come again for an hour."""
    news = News(store)
    news.app = replace(news.app, quiet=QuietHours(time(19), time(21), news.app.zone))
    news.poll(*drills(4), after=timedelta(minutes=1))
    assert news.deliver() == []

    def ticking() -> datetime:
        news.clock.go(timedelta(milliseconds=1))
        return news.clock.at

    news.app = replace(news.app, now=ticking)
    assert news.deliver(timedelta(hours=1)) == ["[high] 4 alerts from quiet hours"]
