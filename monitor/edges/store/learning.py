"""What the readers and the trainer left: labels, and versions of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from monitor.edges.store.rows import StoredFeedback, StoredModel
from monitor.edges.store.tables import entries, model_versions
from monitor.edges.store.tables import feedback as table
from monitor.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction


def add_feedback(  # noqa: PLR0913 - a label is these five, three of them named
    tx: Transaction, entry_id: int, theme: str, *, label: bool, author: str, at: datetime
) -> None:
    """Record whether a reader finds that an item belongs to a theme; the same reader's later word replaces it."""
    added = tx.insert(table).values(entry_id=entry_id, theme=theme, author=author, label=label, at=at)
    tx.connection.execute(
        added.on_conflict_do_update(index_elements=["entry_id", "theme", "author"], set_={"label": label, "at": at})
    )


def feedback(tx: Transaction) -> list[StoredFeedback]:
    """Return every label with its item's text, oldest first."""
    texts = (table.c.entry_id, entries.c.title, entries.c.summary, entries.c.lang)
    query = select(*texts, table.c.theme, table.c.label, table.c.author, table.c.at).join(entries)
    ordered = query.order_by(table.c.at, table.c.entry_id, table.c.theme, table.c.author)
    return [StoredFeedback(*row) for row in tx.connection.execute(ordered)]


def add_model(tx: Transaction, model: StoredModel) -> None:
    """Keep a version of the model, not active yet; a version that is there already stays as it is."""
    values = {
        "version": model.version,
        "active": False,
        "created": model.created,
        "metrics": dict(model.metrics),
        "arrays": model.arrays,
    }
    tx.connection.execute(tx.insert(model_versions).values(values).on_conflict_do_nothing())


def activate(tx: Transaction, version: str) -> None:
    """Make a kept version the one that every worker loads; refuse one that is not kept."""
    known = select(model_versions.c.version).where(model_versions.c.version == version)
    if tx.connection.execute(known).one_or_none() is None:
        raise UsageError(f"there is no model version {version!r}; train one, or name one that is kept")
    tx.connection.execute(update(model_versions).values(active=model_versions.c.version == version))


def active_model(tx: Transaction) -> StoredModel | None:
    """Return the active version; None while the built-in model was never replaced."""
    columns = [model_versions.c[name] for name in StoredModel.__dataclass_fields__]
    row = tx.connection.execute(select(*columns).where(model_versions.c.active)).one_or_none()
    return StoredModel(*row) if row else None
