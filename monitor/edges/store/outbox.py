"""The outbox: every message that is to leave, until it has left or was given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select, update

from monitor.edges.store.tables import alerts
from monitor.edges.store.tables import deliveries as table
from monitor.edges.store.transaction import portions
from monitor.model import SEVERITIES, Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from monitor.edges.store.transaction import Transaction

_STORED = [name for name in Delivery.__dataclass_fields__ if name != "opening"]
_COLUMNS = [table.c[name] for name in _STORED]
ORDER = (table.c.urgency.desc(), table.c.due, table.c.id)
LOOSE = table.c.bundle.is_(None)
"""Not part of another message."""
WAITING = (table.c.sent.is_(None), table.c.dead.is_(None))


def queue(tx: Transaction, deliveries: Sequence[Delivery], alert_id: int | None = None) -> int:
    """Put messages into the outbox and return how many were not there yet: a key is queued once for ever."""
    added = tx.insert(table).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)
    return sum(len(tx.connection.execute(added.values(delivery_row(d, alert_id))).all()) for d in deliveries)


def delivery_row(delivery: Delivery, alert_id: int | None) -> dict[str, Any]:
    """Return a delivery as it is kept."""
    message = delivery.message
    return {
        "key": delivery.key,
        "channel": delivery.channel,
        "message": {
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "blocks": [dict(block) for block in message.blocks],
            "data": dict(message.data),
            "severity": message.severity,
            "link": message.link,
            "thread": message.thread,
        },
        "due": delivery.due,
        "created": delivery.created or delivery.due,
        "attempts": delivery.attempts,
        "sent": delivery.sent,
        "dead": delivery.dead,
        "error": delivery.error,
        "note": "",
        "urgency": SEVERITIES.index(message.severity),
        "held": delivery.held,
        "bundle": delivery.bundle,
        "alert_id": alert_id,
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """Return a row as the delivery that was queued."""
    stored = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    message = stored["message"]
    values = {name: stored[name] for name in _STORED}
    return Delivery(**values | {"message": Message(**message | {"blocks": tuple(message["blocks"])})})


def claim(
    tx: Transaction, now: datetime, limit: int, lease: timedelta, *, channel: str | None = None
) -> list[Delivery]:
    """Take up to *limit* due messages, the most urgent first, then the longest due, and count the attempt.

    They come back when *lease* has passed and nobody said what became of them; no other worker gets them before.
    With *channel* only that channel's are taken, so that none waits for another. On its channel a story is told in
    order: what follows an alert that has not left waits with it, unless it is more urgent. What is put aside, or part
    of another message, is not taken.
    """
    query = select(table.c.id).where(*WAITING, LOOSE, table.c.held == "", table.c.due <= now, ~_behind())
    if channel is not None:
        query = query.where(table.c.channel == channel)
    # The lock is PostgreSQL's; SQLite has one writer, and SQLAlchemy leaves the words out there.
    query = query.order_by(*ORDER).limit(limit).with_for_update(skip_locked=True)
    ids = list(tx.connection.execute(query).scalars())
    taken: dict[int, Delivery] = {}
    for some in portions(ids):
        lent = {"due": now + lease, "attempts": table.c.attempts + 1, "tried": now}
        took = update(table).where(table.c.id.in_(some)).values(lent).returning(*_COLUMNS)
        taken |= {row.id: delivery_of(row) for row in tx.connection.execute(took)}
    return [taken[delivery_id] for delivery_id in ids]


def _behind() -> ColumnElement[bool]:
    """Say that an earlier alert about the same story waits for the same channel."""
    mine, theirs, earlier = alerts.alias("mine"), alerts.alias("theirs"), table.alias("earlier")
    return (
        select(earlier.c.id)
        .join(theirs, theirs.c.id == earlier.c.alert_id)
        .join(mine, mine.c.story_id == theirs.c.story_id)
        .where(mine.c.id == table.c.alert_id, earlier.c.channel == table.c.channel, theirs.c.id < mine.c.id)
        .where(earlier.c.sent.is_(None), earlier.c.dead.is_(None), earlier.c.urgency >= table.c.urgency)
        .exists()
    )


def sent(tx: Transaction, delivery_id: int, now: datetime, note: str = "") -> None:
    """Record that a message was taken, even when another worker gave it up meanwhile, and what the channel noted."""
    _change(tx, _with_parts(delivery_id), sent=now, dead=None, error="")
    _change(tx, table.c.id == delivery_id, note=note)


def retry(tx: Transaction, delivery_id: int, due: datetime, error: str) -> None:
    """Record that a message was not taken and is to be tried again at *due*."""
    _change(tx, table.c.id == delivery_id, *WAITING, due=due, error=error)


def dead(tx: Transaction, delivery_id: int, now: datetime, error: str) -> None:
    """Record that a message was given up; it stays as a dead letter until it is replayed."""
    _change(tx, _with_parts(delivery_id), *WAITING, dead=now, error=error)


def abandon(tx: Transaction, channels: Collection[str], now: datetime, error: str) -> int:
    """Give up what waits for any channel but these, and return how many messages that were."""
    return _change(tx, *WAITING, table.c.channel.not_in(sorted(channels)), dead=now, error=error)


def replay(tx: Transaction, alert_id: int, now: datetime) -> int:
    """Put the dead letters of an alert back, due at once, and return how many there were."""
    return sum(_revive(tx, *found, now) for found in _dead(tx, table.c.alert_id == alert_id))


def replay_delivery(tx: Transaction, delivery_id: int, now: datetime) -> int:
    """Put one dead letter back, due at once, and return how many there were: 1, or 0 when it is not dead."""
    return sum(_revive(tx, *found, now) for found in _dead(tx, table.c.id == delivery_id))


def _dead(tx: Transaction, which: ColumnElement[bool]) -> list[tuple[int, int | None]]:
    query = select(table.c.id, table.c.bundle).where(which, table.c.dead.is_not(None)).order_by(table.c.id)
    return [(row.id, row.bundle) for row in tx.connection.execute(query)]


def _revive(tx: Transaction, delivery_id: int, bundle: int | None, now: datetime) -> int:
    """Put a message back, and with it all that it is made of, or that it is part of; say whether it was dead."""
    whole = _with_parts(bundle or delivery_id)
    return min(1, _change(tx, whole, table.c.dead.is_not(None), dead=None, due=now, attempts=0, error=""))


def _with_parts(delivery_id: int) -> ColumnElement[bool]:
    """Return a message and those that it is made of."""
    return or_(table.c.id == delivery_id, table.c.bundle == delivery_id)


def _change(tx: Transaction, *where: ColumnElement[bool], **values: Any) -> int:
    return tx.connection.execute(update(table).where(*where).values(values)).rowcount


def delivery(tx: Transaction, delivery_id: int) -> Delivery | None:
    """Return one delivery."""
    row = tx.connection.execute(select(*_COLUMNS).where(table.c.id == delivery_id)).one_or_none()
    return delivery_of(row) if row else None


def dead_letters(tx: Transaction, limit: int = 100) -> list[Delivery]:
    """Return what was given up, the latest first; what was part of another message is not told apart."""
    query = select(*_COLUMNS).where(table.c.dead.is_not(None), LOOSE).order_by(table.c.dead.desc(), table.c.id.desc())
    return [delivery_of(row) for row in tx.connection.execute(query.limit(limit))]


def outbox_counts(tx: Transaction, now: datetime) -> dict[str, dict[str, int]]:
    """Return for every channel how many messages are ``waiting``, of these ``due``, ``sent`` and ``dead``.

    Alerts that go together in one message count as one.
    """
    waiting = table.c.sent.is_(None) & table.c.dead.is_(None)
    counted = {
        "waiting": waiting,
        "due": waiting & (table.c.due <= now) & (table.c.held == ""),
        "sent": table.c.sent.is_not(None),
        "dead": table.c.dead.is_not(None),
    }
    sums = [func.sum(case((condition, 1), else_=0)) for condition in counted.values()]
    query = select(table.c.channel, *sums).where(LOOSE).group_by(table.c.channel)
    rows = tx.connection.execute(query.order_by(table.c.channel))
    return {channel: dict(zip(counted, map(int, numbers), strict=True)) for channel, *numbers in rows}
