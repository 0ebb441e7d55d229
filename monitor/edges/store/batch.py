"""What a batch of polls keeps of items, in few statements whatever their number."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from monitor.edges.store.columns import key_of
from monitor.edges.store.facts import fact_rows
from monitor.edges.store.items import decision_rows, entry_row, tag_rows
from monitor.edges.store.tables import decisions, entries, facts, tags
from monitor.edges.store.texts import save_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Table

    from monitor.edges.store.transaction import Transaction
    from monitor.model import Article, Decision

AT_ONCE = 500
"""Rows of one statement: of all the new items of a hundred feeds they would take tens of megabytes."""


def save_articles(tx: Transaction, articles: Sequence[Article]) -> list[int]:
    """Keep tagged entries without a story, none of which is stored yet, and return their ids in order."""
    if not articles:
        return []
    ids = _next_ids(tx, len(articles))
    pairs = list(zip(ids, articles, strict=True))
    _insert(tx, entries, (entry_row(article, None, key_of(article.entry.ident)) | {"id": n} for n, article in pairs))
    _insert(tx, tags, (row for entry_id, article in pairs for row in tag_rows(entry_id, article, article.seen)))
    _insert(tx, facts, (row for entry_id, article in pairs for row in fact_rows(entry_id, article.facts)))
    for entry_id, article in pairs:
        if article.text:
            save_text(tx, entry_id, article.entry.url, article.text, article.seen)
    return ids


def save_all_decisions(tx: Transaction, said: Iterable[tuple[int, Sequence[Decision]]], at: datetime) -> None:
    """Keep what every rule said about each of these items."""
    _insert(tx, decisions, (row for entry_id, found in said for row in decision_rows(entry_id, found, at)))


def _next_ids(tx: Transaction, count: int) -> list[int]:
    """Return ids for new items, in order: asked for beforehand, they need not be asked back row by row."""
    if tx.on_postgresql:
        drawn = text("SELECT nextval(pg_get_serial_sequence('entries', 'id')) FROM generate_series(1, :count)")
        return sorted(tx.connection.execute(drawn, {"count": count}).scalars())
    last = tx.connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'entries'")).scalar_one_or_none()
    return list(range((last or 0) + 1, (last or 0) + 1 + count))


def _insert(tx: Transaction, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        tx.connection.execute(insert(table), some)
