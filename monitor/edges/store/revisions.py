"""Questions about edited items: what they say now, and what they said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from monitor.edges.store.facts import save_facts
from monitor.edges.store.items import reasons_out, save_tags
from monitor.edges.store.rows import Revision
from monitor.edges.store.tables import entries, facts, tags
from monitor.edges.store.tables import revisions as table

if TYPE_CHECKING:
    from monitor.edges.store.transaction import Transaction
    from monitor.model import Article, Edit

KEPT = 20
"""Revisions kept of one item, the last ones: some feeds count their comments in the text."""


def save_edit(tx: Transaction, edit: Edit, article: Article, story_id: int | None, *, correction: bool) -> bool:
    """Let an item say what it says now, and keep what it said before; false when another worker was first.

    *article* is the edited entry, tagged anew, seen when the edit was found. The item keeps the moment when it was
    first seen; only one that gets its first theme counts from the edit.
    """
    same = (entries.c.id == edit.entry_id, entries.c.text_hash == edit.text_hash)
    known = select(entries.c.seen, entries.c.tagged, entries.c.updated).where(*same)
    before = tx.connection.execute(known).one_or_none()
    if before is None:
        return False
    tx.connection.execute(update(entries).where(*same).values(_now(article, story_id)))
    old = {"title": edit.title, "summary": edit.summary, "text_hash": edit.text_hash, "updated": before.updated}
    tx.connection.execute(insert(table).values(entry_id=edit.entry_id, at=article.seen, correction=correction, **old))
    _forget(tx, edit.entry_id)
    for kind in (tags, facts):
        tx.connection.execute(delete(kind).where(kind.c.entry_id == edit.entry_id))
    save_tags(tx, edit.entry_id, article, before.seen if before.tagged else article.seen)
    save_facts(tx, edit.entry_id, article.facts)
    return True


def _now(article: Article, story_id: int | None) -> dict[str, object]:
    entry = article.entry
    return {
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "updated": entry.updated,
        "text_hash": entry.text_hash,
        "model": article.model,
        "scores": dict(article.scores),
        "reasons": reasons_out(article.reasons),
        "tagged": bool(article.themes),
        "story_id": story_id,
    }


def _forget(tx: Transaction, entry_id: int) -> None:
    of_entry = table.c.entry_id == entry_id
    old = select(table.c.id).where(of_entry).order_by(table.c.id.desc()).offset(KEPT).limit(1)
    last = tx.connection.execute(old).scalar_one_or_none()
    if last is not None:
        tx.connection.execute(delete(table).where(of_entry, table.c.id <= last))


def revisions(tx: Transaction, entry_id: int) -> list[Revision]:
    """Return what an item said before its edits, the oldest first."""
    columns = [table.c[name] for name in Revision.__dataclass_fields__]
    query = select(*columns).where(table.c.entry_id == entry_id).order_by(table.c.id)
    return [Revision(*row) for row in tx.connection.execute(query)]
