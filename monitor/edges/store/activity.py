"""Questions about a span of time: how much was reported, what was told, and whether a source showed anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, distinct, func, select

from monitor.edges.store.tables import deliveries as table
from monitor.edges.store.tables import entries, facts, tags
from monitor.edges.store.transaction import portions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from monitor.edges.store.transaction import Transaction

STALE = timedelta(days=1)
"""What was published so long before the window is no news of it: the first poll of a feed brings weeks at once."""
Telling = tuple[str, int, str, float, str, bool]
"""Theme, story, kind of fact, its value, publisher, and whether that is an official source."""
_WHO = case((entries.c.publisher != "", entries.c.publisher), else_=entries.c.outlet)
_STORY = func.coalesce(entries.c.story_id, -entries.c.id)
"""An item without a story is one by itself."""


def theme_counts(tx: Transaction, start: datetime, end: datetime) -> dict[str, tuple[int, int]]:
    """Return per theme how many stories had a report that was first seen in the window, and of how many publishers."""
    counted = select(tags.c.theme, func.count(distinct(_STORY)), func.count(distinct(_WHO)))
    query = counted.join(entries, entries.c.id == tags.c.entry_id).where(*_within(start, end)).group_by(tags.c.theme)
    return {theme: (stories, publishers) for theme, stories, publishers in tx.connection.execute(query)}


def tellings(tx: Transaction, start: datetime, end: datetime, kinds: Collection[str]) -> list[Telling]:
    """Return the numbers of some kinds of facts in reports first seen in the window, with who says so."""
    columns = select(tags.c.theme, _STORY, facts.c.kind, facts.c.value, _WHO, entries.c.kind == "official")
    joined = columns.join(entries, entries.c.id == tags.c.entry_id).join(facts, facts.c.entry_id == entries.c.id)
    query = joined.where(*_within(start, end), facts.c.kind.in_(sorted(kinds)), facts.c.value.is_not(None))
    return [(t, s, k, value, who, bool(by)) for t, s, k, value, who, by in tx.connection.execute(query)]


def _within(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return (tags.c.seen >= start, tags.c.seen < end, tags.c.decided, entries.c.when_ >= start - STALE)


def watched(tx: Transaction, start: datetime, end: datetime) -> bool:
    """Say whether any item came in in the window."""
    query = select(entries.c.id).where(entries.c.seen >= start, entries.c.seen < end).limit(1)
    return tx.connection.execute(query).first() is not None


def first_from(tx: Transaction, outlet: str, start: datetime, end: datetime) -> datetime | None:
    """Return when the first new item of an outlet was seen in the window."""
    query = select(entries.c.seen).where(entries.c.outlet == outlet, entries.c.seen >= start, entries.c.seen < end)
    return tx.connection.execute(query.order_by(entries.c.seen).limit(1)).scalar_one_or_none()


def queued(tx: Transaction, keys: Collection[str]) -> set[str]:
    """Return which of these keys the outbox has, sent or not."""
    found: set[str] = set()
    for some in portions(sorted(keys)):
        found.update(tx.connection.execute(select(table.c.key).where(table.c.key.in_(some))).scalars())
    return found
