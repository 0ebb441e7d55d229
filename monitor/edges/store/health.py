"""Questions about how feeds do: what they brought lately, how late, and how much of it others brought too."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select

from monitor.edges.store.tables import entries as table
from monitor.model import Numbers

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction

LATEST = 200
"""How many of a feed's latest items its numbers are of."""


def feed_numbers(tx: Transaction, since: datetime) -> dict[int, Numbers]:
    """Return the numbers of each feed that showed something new since a moment, by its latest 200 items.

    What a feed showed at its first poll had been there for a while, so it does not count for the lag.
    """
    found: dict[int, list[tuple[bool, bool, float | None, datetime]]] = {}
    for row in tx.connection.execute(_latest(since)):
        first = row.seen == row.first
        lag = None if first or row.published is None else max(0.0, (row.seen - row.published).total_seconds())
        found.setdefault(row.feed_id, []).append((row.tagged, row.again, lag, row.seen))
    return {feed_id: _numbers(rows) for feed_id, rows in found.items()}


def _latest(since: datetime) -> Select[Any]:
    """Return the query for each feed's latest items, with what the lag and the duplicates are told by."""
    first = select(table.c.feed_id, func.min(table.c.seen).label("first")).group_by(table.c.feed_id).subquery()
    # Windows over the addresses and the words of the time asked for: the second to show one shows it again.
    address = func.row_number().over(partition_by=table.c.url_key, order_by=table.c.id)
    words = func.row_number().over(partition_by=table.c.text_hash, order_by=table.c.id)
    place = func.row_number().over(partition_by=table.c.feed_id, order_by=table.c.id.desc())
    again = or_((table.c.url != "") & (address > 1), (table.c.text_hash != "") & (words > 1))
    columns = (table.c.feed_id, table.c.seen, table.c.published, table.c.tagged)
    recent = select(*columns, again.label("again"), place.label("place"))
    recent = recent.where(table.c.seen >= since, table.c.feed_id.is_not(None))
    rows = recent.subquery()
    query = select(rows, first.c.first).join(first, first.c.feed_id == rows.c.feed_id)
    return query.where(rows.c.place <= LATEST)


def _numbers(rows: list[tuple[bool, bool, float | None, datetime]]) -> Numbers:
    lags = [lag for _, _, lag, _ in rows if lag is not None]
    return Numbers(
        items=len(rows),
        tagged=sum(tagged for tagged, _, _, _ in rows),
        duplicates=sum(again for _, again, _, _ in rows),
        lag=median(lags) if lags else None,
        newest=max(seen for _, _, _, seen in rows),
    )
