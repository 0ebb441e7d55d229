"""Questions about how feeds do: what they brought lately, how late, and how much of it others brought too."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Row, Select, func, select

from monitor.edges.store.tables import entries as table
from monitor.model import Numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction

LATEST = 200
"""How many of a feed's latest items its numbers are of."""


def feed_numbers(tx: Transaction, since: datetime) -> dict[int, Numbers]:
    """Return the numbers of each feed that showed something new since a moment, by its latest 200 items.

    What a feed showed at its first poll had been there for a while, so it does not count for the lag.
    """
    firsts = select(table.c.feed_id, func.min(table.c.seen)).group_by(table.c.feed_id)
    began: dict[int, datetime] = dict(tx.connection.execute(firsts).tuples().all())
    again = _again(tx, since, table.c.url_key, table.c.url) | _again(tx, since, table.c.text_hash, table.c.text_hash)
    found: dict[int, list[Row[Any]]] = {}
    for row in tx.connection.execute(_latest(since)):
        found.setdefault(row.feed_id, []).append(row)
    return {feed_id: _numbers(rows, began[feed_id], again) for feed_id, rows in found.items()}


def _again(tx: Transaction, since: datetime, key: Column[Any], shown: Column[Any]) -> set[int]:
    """Return the items since a moment that show what another had shown before, by a key; *shown* is not empty."""
    recent = (table.c.seen >= since, shown != "")
    first = func.min(table.c.id).label("first")
    twice = select(key.label("key"), first).where(*recent).group_by(key).having(func.count() > 1).subquery()
    query = select(table.c.id).join(twice, (twice.c.key == key) & (table.c.id > twice.c.first)).where(*recent)
    return set(tx.connection.execute(query).scalars())


def _latest(since: datetime) -> Select[Any]:
    place = func.row_number().over(partition_by=table.c.feed_id, order_by=table.c.id.desc()).label("place")
    columns = (table.c.id, table.c.feed_id, table.c.seen, table.c.published, table.c.tagged)
    rows = select(*columns, place).where(table.c.seen >= since, table.c.feed_id.is_not(None)).subquery()
    return select(rows).where(rows.c.place <= LATEST)


def _numbers(rows: Sequence[Row[Any]], began: datetime, again: set[int]) -> Numbers:
    lags = [max(0.0, (row.seen - row.published).total_seconds()) for row in rows if row.published and row.seen != began]
    return Numbers(
        items=len(rows),
        tagged=sum(row.tagged for row in rows),
        duplicates=sum(row.id in again for row in rows),
        lag=median(lags) if lags else None,
        newest=max(row.seen for row in rows),
    )
