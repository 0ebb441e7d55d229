"""Questions about facts: what an item tells, and who tells what in a story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, insert, select

from monitor.edges.store.tables import entries
from monitor.edges.store.tables import facts as table
from monitor.edges.store.transaction import portions
from monitor.model import Fact, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.edges.store.transaction import Transaction

MOST = 500
"""So many facts of a story are looked at, those of its first reports."""
_PLAIN = ("kind", "value", "low", "high", "approx", "about", "unit", "system", "currency", "sentence")


def save_facts(tx: Transaction, entry_id: int, facts: Sequence[Fact]) -> None:
    """Keep what an item tells."""
    if rows := fact_rows(entry_id, facts):
        tx.connection.execute(insert(table), rows)


def fact_rows(entry_id: int, facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return what an item tells as it is kept."""
    return [
        {name: getattr(fact, name) for name in _PLAIN}
        | {"entry_id": entry_id, "start": fact.span[0], "end": fact.span[1]}
        for fact in facts
    ]


def facts_of(tx: Transaction, entry_ids: Sequence[int]) -> dict[int, list[Fact]]:
    """Return the facts of items by their ids, in the order they are told."""
    found: dict[int, list[Fact]] = {}
    for ids in portions(entry_ids):
        for row in tx.connection.execute(select(table).where(table.c.entry_id.in_(ids)).order_by(table.c.id)):
            found.setdefault(row.entry_id, []).append(_fact(row))
    return found


def story_facts(tx: Transaction, story_id: int) -> list[Said]:
    """Return what the reports of a story tell, with who says so, the first report first."""
    query = select(table, entries.c.outlet).join(entries, entries.c.id == table.c.entry_id)
    query = query.where(entries.c.story_id == story_id).order_by(table.c.entry_id, table.c.id).limit(MOST)
    return [Said(row.outlet, _fact(row)) for row in tx.connection.execute(query)]


def facts_of_stories(tx: Transaction, story_ids: Sequence[int]) -> dict[int, list[Said]]:
    """Return the same for several stories, by their ids; those of which nothing is told are left out."""
    query = select(table, entries.c.outlet, entries.c.story_id).join(entries, entries.c.id == table.c.entry_id)
    found: dict[int, list[Said]] = {}
    for ids in portions(story_ids):
        asked = query.where(entries.c.story_id.in_(ids)).order_by(table.c.entry_id, table.c.id)
        for row in tx.connection.execute(asked):
            said = found.setdefault(row.story_id, [])
            if len(said) < MOST:
                said.append(Said(row.outlet, _fact(row)))
    return found


def _fact(row: Row[Any]) -> Fact:
    return Fact(**{name: getattr(row, name) for name in _PLAIN} | _numbers(row), span=(row.start, row.end))


def _numbers(row: Row[Any]) -> dict[str, float | None]:
    """Return the numbers, whole ones without a fraction."""
    numbers = {name: getattr(row, name) for name in ("value", "low", "high")}
    return {name: int(n) if n is not None and n == int(n) else n for name, n in numbers.items()}
