"""Questions about the texts of articles: of which pages they are kept already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from monitor.edges.store.columns import key_of
from monitor.edges.store.tables import texts as table
from monitor.edges.store.transaction import portions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction


def save_text(tx: Transaction, entry_id: int, url: str, text: str, at: datetime) -> None:
    """Keep the text of an item's page for as long as the item; a newer one takes the place of an older one."""
    values = {"entry_id": entry_id, "url_key": key_of(url), "text": text, "at": at}
    added = tx.insert(table).values(values)
    tx.connection.execute(added.on_conflict_do_update(index_elements=["entry_id"], set_=values))


def text_of(tx: Transaction, entry_id: int) -> str:
    """Return the text of an item's page, empty when none is kept."""
    found = tx.connection.execute(select(table.c.text).where(table.c.entry_id == entry_id)).scalar_one_or_none()
    return found or ""


def texts_at(tx: Transaction, urls: Iterable[str]) -> dict[str, str]:
    """Return the texts that are kept of pages, by their addresses, whichever item they were fetched for."""
    keys = {key_of(url): url for url in urls}
    query = select(table.c.url_key, table.c.text)
    return {
        keys[row.url_key]: row.text
        for some in portions(keys)
        for row in tx.connection.execute(query.where(table.c.url_key.in_(some)).order_by(table.c.at))
    }
