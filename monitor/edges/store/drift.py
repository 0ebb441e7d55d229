"""How the probabilities of each theme were distributed, week by week and model by model."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from monitor.edges.store.tables import score_weeks as table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.edges.store.transaction import Transaction


def count_scores(tx: Transaction, model: str, cells: Mapping[tuple[str, date, int], int]) -> None:
    """Add to the counts of a model's probabilities by theme, week and tenth."""
    for (theme, week, tenth), count in sorted(cells.items()):
        row = tx.insert(table).values(model=model, theme=theme, week=week.isoformat(), tenth=tenth, texts=count)
        keys = ["model", "theme", "week", "tenth"]
        tx.connection.execute(row.on_conflict_do_update(index_elements=keys, set_={"texts": table.c.texts + count}))


def score_weeks(tx: Transaction, model: str, since: date) -> dict[tuple[str, date, int], int]:
    """Return a model's counts of the weeks from *since* on."""
    query = select(table).where(table.c.model == model, table.c.week >= since.isoformat())
    return {(row.theme, date.fromisoformat(row.week), row.tenth): row.texts for row in tx.connection.execute(query)}
