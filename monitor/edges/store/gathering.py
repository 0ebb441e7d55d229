"""Questions about a channel's part of the outbox: what waits, what it carried lately, and what is to go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, text, update

from monitor.edges.store.alerts import alerts_where
from monitor.edges.store.outbox import LOOSE, ORDER, WAITING, delivery_row
from monitor.edges.store.rows import QueueRow
from monitor.edges.store.tables import alerts
from monitor.edges.store.tables import deliveries as table
from monitor.edges.store.transaction import CHANNELS_LOCK, portions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.edges.store.rows import StoredAlert
    from monitor.edges.store.transaction import Transaction
    from monitor.model import Delivery

MOST = 1000
"""So many waiting messages of a channel are looked at together."""


def lock_channel(tx: Transaction, channel: str) -> None:
    """Wait until no other worker decides what goes next on a channel, and keep others out until the commit.

    SQLite has one writer at a time, so there the transaction itself is the lock.
    """
    if tx.on_postgresql:
        lock = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:channel))")
        tx.connection.execute(lock, {"kind": CHANNELS_LOCK, "channel": channel})


def waiting(tx: Transaction, channel: str, now: datetime) -> list[QueueRow]:
    """Return what may leave on a channel by now, and what was put aside, in the order in which it leaves."""
    columns = (table.c[name] for name in ("id", "key", "urgency", "due", "attempts", "held"))
    query = select(*columns, func.coalesce(alerts.c.rule, "").label("rule"))
    query = query.join(alerts, alerts.c.id == table.c.alert_id, isouter=True)
    query = query.where(*WAITING, LOOSE, table.c.channel == channel, or_(table.c.due <= now, table.c.held != ""))
    return [QueueRow(**row) for row in tx.connection.execute(query.order_by(*ORDER).limit(MOST)).mappings()]


def tried_since(tx: Transaction, channel: str, since: datetime) -> int:
    """Return how many messages a channel was given since then."""
    query = select(func.count()).where(table.c.channel == channel, table.c.tried > since)
    return tx.connection.execute(query).scalar_one()


def alone_since(tx: Transaction, channel: str, since: datetime) -> dict[str, tuple[int, datetime]]:
    """Return for each rule how many of its alerts left on their own since then, and when the first did."""
    query = select(alerts.c.rule, func.count(), func.min(table.c.tried))
    query = query.join(alerts, alerts.c.id == table.c.alert_id)
    query = query.where(table.c.channel == channel, table.c.tried > since, LOOSE).group_by(alerts.c.rule)
    return {rule: (count, first) for rule, count, first in tx.connection.execute(query)}


def bundled_since(tx: Transaction, channel: str, since: datetime) -> datetime | None:
    """Return when the last burst of a channel was put together, if since then."""
    made = and_(table.c.channel == channel, table.c.created > since, table.c.key.startswith("bundle/"))
    last: datetime | None = tx.connection.execute(select(func.max(table.c.created)).where(made)).scalar_one()
    return last


def put_aside(tx: Transaction, delivery_ids: Sequence[int], why: str, until: datetime) -> None:
    """Let messages wait until a moment, and say why."""
    for ids in portions(delivery_ids):
        tx.connection.execute(update(table).where(table.c.id.in_(ids), *WAITING, LOOSE).values(held=why, due=until))


def release(tx: Transaction, delivery_ids: Sequence[int], now: datetime) -> None:
    """Let messages that were put aside leave as they are."""
    put_aside(tx, delivery_ids, "", now)


def pack(tx: Transaction, delivery: Delivery, delivery_ids: Sequence[int]) -> bool:
    """Queue one message in the place of several; false, with nothing changed, when its key was queued before."""
    added = tx.insert(table).values(delivery_row(delivery, None)).on_conflict_do_nothing(index_elements=["key"])
    bundle = tx.connection.execute(added.returning(table.c.id)).scalar_one_or_none()
    if bundle is None:
        return False
    for ids in portions(delivery_ids):
        parts = update(table).where(table.c.id.in_(ids), *WAITING, LOOSE)
        tx.connection.execute(parts.values(bundle=bundle, held=""))
    return True


def carried(tx: Transaction, delivery_ids: Sequence[int]) -> dict[int, StoredAlert]:
    """Return the alerts that messages carry, by the messages' ids."""
    pairs: dict[int, int] = {}
    for ids in portions(delivery_ids):
        query = select(table.c.id, table.c.alert_id).where(table.c.id.in_(ids), table.c.alert_id.is_not(None))
        pairs |= {row.id: row.alert_id for row in tx.connection.execute(query)}
    found: dict[int, StoredAlert] = {}
    for ids in portions(pairs.values()):
        found |= {alert.id: alert for alert in alerts_where(tx, alerts.c.id.in_(ids))}
    return {delivery_id: found[alert_id] for delivery_id, alert_id in pairs.items()}
