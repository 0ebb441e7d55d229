"""Questions about silences: what is muted, until when, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from monitor.edges.store.tables import silences as table
from monitor.model import Silence

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction

_GIVEN = ("theme", "rule", "source", "keyword", "story", "until", "comment", "author")
_COLUMNS = tuple(table.c[name] for name in Silence.__dataclass_fields__)


def add_silence(tx: Transaction, silence: Silence, now: datetime) -> int:
    """Keep a silence that begins now, and return its id."""
    values = {name: getattr(silence, name) for name in _GIVEN} | {"created": now}
    return int(tx.connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def silences(tx: Transaction, now: datetime | None = None) -> list[Silence]:
    """Return the silences in force at a moment, or all there were, the oldest first."""
    query = select(*_COLUMNS).order_by(table.c.id)
    if now is not None:
        query = query.where(table.c.until > now, table.c.ended.is_(None))
    return [Silence(**row) for row in tx.connection.execute(query).mappings()]


def end_silence(tx: Transaction, silence_id: int, now: datetime) -> bool:
    """End a silence before its time; false when there is none in force by that id."""
    in_force = update(table).where(table.c.id == silence_id, table.c.until > now, table.c.ended.is_(None))
    return tx.connection.execute(in_force.values(ended=now)).rowcount > 0
