"""What is remembered of channels: the first message of each thread, and since when one takes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from monitor.edges.store.tables import openings
from monitor.edges.store.tables import outages as table
from monitor.model import Opening, Outage

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction
    from monitor.model import Delivery

_COLUMNS = [table.c[name] for name in Outage.__dataclass_fields__]


def opening(tx: Transaction, delivery: Delivery) -> Opening | None:
    """Return the first message of a delivery's thread on its channel, unless that is the delivery itself."""
    here = (openings.c.channel == delivery.channel, openings.c.thread == delivery.message.thread)
    row = tx.connection.execute(select(openings.c.key, openings.c.mark).where(*here)).one_or_none()
    return Opening(row.key, row.mark) if row and row.key != delivery.key else None


def open_thread(tx: Transaction, delivery: Delivery, mark: str, now: datetime) -> None:
    """Remember a message that was taken as the first of its thread on its channel, unless there is one."""
    values = {"channel": delivery.channel, "thread": delivery.message.thread, "key": delivery.key, "mark": mark}
    tx.connection.execute(tx.insert(openings).values(values | {"at": now}).on_conflict_do_nothing())


def channel_failed(tx: Transaction, channel: str, now: datetime, error: str) -> None:
    """Remember since when a channel takes nothing, and its latest error."""
    values = {"channel": channel, "since": now, "error": error, "over": ""}
    added = tx.insert(table).values(values)
    tx.connection.execute(added.on_conflict_do_update(index_elements=["channel"], set_={"error": error}))


def channel_worked(tx: Transaction, channel: str) -> Outage | None:
    """Forget a channel's outage, and return it where there was one."""
    row = tx.connection.execute(delete(table).where(table.c.channel == channel).returning(*_COLUMNS)).one_or_none()
    return Outage(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


def outages(tx: Transaction) -> list[Outage]:
    """Return the channels that take nothing, the longest first."""
    rows = tx.connection.execute(select(*_COLUMNS).order_by(table.c.since, table.c.channel))
    return [Outage(**row._mapping) for row in rows]  # noqa: SLF001 - as above


def tell_outage(tx: Transaction, outage: Outage, over: str, now: datetime) -> bool:
    """Record that people are told of an outage; false when they were, or when it is over."""
    untold = (table.c.channel == outage.channel, table.c.since == outage.since, table.c.told.is_(None))
    return tx.connection.execute(update(table).where(*untold).values(told=now, over=over)).rowcount > 0


def forget_outages(tx: Transaction, channels: Collection[str]) -> None:
    """Forget outages of any channel but these: they are not configured any more."""
    tx.connection.execute(delete(table).where(table.c.channel.not_in(sorted(channels))))
