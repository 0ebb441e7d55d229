"""The deliverer: claims what is due, sends, and records what became of it. Alerts and digests share this path."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from monitor import outages
from monitor.alerting import follow_up
from monitor.core import policy
from monitor.core.bundles import MINUTE
from monitor.errors import DeliveryError
from monitor.escalation import escalate
from monitor.gathering import take

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.app import App
    from monitor.model import Delivery

LEASE = timedelta(minutes=10)
"""How long a claim keeps others away; longer than sending one message may take."""
ROUNDS = 500
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round of deliveries came to."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(self.sent + other.sent, self.put_off + other.put_off, self.dead + other.dead)


def deliver(app: App, ending: Callable[[], bool] = lambda: False) -> Delivered:
    """Send all that is due, each channel on its own: one that is down delays only itself.

    When *ending* says so, a channel stops after the message in hand; the rest stays due.
    """
    lost = look_through(app)
    if not app.channels:
        return Delivered(dead=lost)
    with ThreadPoolExecutor(len(app.channels), thread_name_prefix="channel") as pool:
        return sum(pool.map(lambda name: empty(app, name, ending), app.channels), Delivered(dead=lost))


def look_through(app: App) -> int:
    """Give up what waits for a channel that is not there any more, and queue what is due by time alone.

    That is what channels take nothing, what changed too soon to be told then, and what nobody took note of. Returns how
    many messages were given up.
    """
    with app.store.begin() as work:
        lost = work.abandon(set(app.channels), app.now(), "the channel is not configured any more")
        work.forget_outages(set(app.channels))
    outages.tell(app)
    follow_up(app)
    escalate(app)
    return lost


def empty(app: App, channel: str, ending: Callable[[], bool] = lambda: False) -> Delivered:
    """Send what is due on one channel until nothing is left or the channel fails in passing."""
    total = Delivered()
    for _ in range(ROUNDS):
        delivery = take(app, channel, LEASE)
        if delivery is None:
            return total
        done = _send(app, delivery)
        total += done
        if done.put_off or ending():
            return total
    return total


def crowded(app: App) -> list[str]:
    """Return the channels on which messages wait for nothing but the channel's limit of messages a minute."""
    now = app.now()
    with app.store.read() as work:
        return [
            name
            for name, most in app.per_minute.items()
            if most
            and work.tried_since(name, now - MINUTE) >= most
            and any(one.held != "quiet" for one in work.waiting(name, now))
        ]


def _send(app: App, delivery: Delivery) -> Delivered:
    """Send one message and record the outcome."""
    try:
        receipt = app.channels[delivery.channel].send(_with_opening(app, delivery))
    except DeliveryError as error:
        return _failed(app, delivery, error)
    with app.store.begin() as work:
        work.sent(delivery.id, app.now(), receipt.note)
        if delivery.message.thread:
            work.open_thread(delivery, receipt.mark, app.now())
        outages.worked(app, work, delivery.channel)
    log.info("sent", delivery=delivery.key, channel=delivery.channel, attempt=delivery.attempts, note=receipt.note)
    return Delivered(sent=1)


def _with_opening(app: App, delivery: Delivery) -> Delivery:
    """Return a delivery with the first message of its thread."""
    if not delivery.message.thread:
        return delivery
    with app.store.read() as work:
        return replace(delivery, opening=work.opening(delivery))


def _failed(app: App, delivery: Delivery, error: DeliveryError) -> Delivered:
    now = app.now()
    due = policy.again(delivery.key, delivery.attempts, now, error.retry_after) if error.retry else None
    with app.store.begin() as work:
        work.channel_failed(delivery.channel, now, str(error))
        if due is None:
            work.dead(delivery.id, now, str(error))
        else:
            work.retry(delivery.id, due, str(error))
    log.warning(
        "not sent",
        delivery=delivery.key,
        channel=delivery.channel,
        error=str(error),
        attempt=delivery.attempts,
        again=str(due),
    )
    return Delivered(dead=1) if due is None else Delivered(put_off=1)
