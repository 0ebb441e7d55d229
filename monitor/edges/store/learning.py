"""What the readers and the trainer left: labels, and versions of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, false, select, text, update

from monitor.edges.store.rows import StoredFeedback, StoredModel
from monitor.edges.store.tables import entries, model_versions, tags
from monitor.edges.store.tables import feedback as table
from monitor.edges.store.transaction import MODELS_LOCK, portions
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
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


def withdraw_feedback(tx: Transaction, entry_id: int, author: str) -> None:
    """Take back all that a reader said of an item."""
    tx.connection.execute(delete(table).where(table.c.entry_id == entry_id, table.c.author == author))


def lock_models(tx: Transaction) -> None:
    """Wait until nobody else changes which model is active, and keep others out until the commit.

    SQLite has one writer at a time, so there the transaction itself is the lock.
    """
    if tx.on_postgresql:
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MODELS_LOCK})


def guesses(tx: Transaction) -> dict[int, tuple[str, ...]]:
    """Return the themes that were decided of each item that a reader labelled."""
    labelled = select(table.c.entry_id).distinct()
    query = select(tags.c.entry_id, tags.c.theme).where(tags.c.decided, tags.c.entry_id.in_(labelled))
    found: dict[int, tuple[str, ...]] = {}
    for entry_id, theme in tx.connection.execute(query.order_by(tags.c.entry_id, tags.c.theme)):
        found[entry_id] = (*found.get(entry_id, ()), theme)
    return found


def labelled(tx: Transaction) -> set[int]:
    """Return the items of which a reader has said something."""
    return set(tx.connection.execute(select(table.c.entry_id).distinct()).scalars())


def entries_titled(tx: Transaction, titles: Iterable[str]) -> list[tuple[int, str, str]]:
    """Return id, title and summary of the items with one of these titles, oldest first."""
    found = [
        (row.id, row.title, row.summary)
        for some in portions(titles)
        for row in tx.connection.execute(
            select(entries.c.id, entries.c.title, entries.c.summary).where(entries.c.title.in_(some))
        )
    ]
    return sorted(found)


def add_model(tx: Transaction, model: StoredModel) -> None:
    """Keep a version of the model; a new one is not active yet, one that is there already is written anew."""
    values = {"created": model.created, "metrics": dict(model.metrics), "arrays": model.arrays}
    added = tx.insert(model_versions).values(version=model.version, active=False, **values)
    tx.connection.execute(added.on_conflict_do_update(index_elements=["version"], set_=values))


def activate(tx: Transaction, version: str | None) -> None:
    """Make a kept version the one that every worker loads, None the built-in one; refuse one that is not kept."""
    lock_models(tx)
    known = select(model_versions.c.version).where(model_versions.c.version == version)
    if version is not None and tx.connection.execute(known).one_or_none() is None:
        raise UsageError(f"there is no model version {version!r}; train one, or name one that is kept")
    chosen = (model_versions.c.version == version) if version is not None else false()
    tx.connection.execute(update(model_versions).values(active=chosen))


def active_version(tx: Transaction) -> str | None:
    """Return which version is active without reading it; None for the built-in one."""
    found: str | None = tx.connection.execute(select(model_versions.c.version).where(model_versions.c.active)).scalar()
    return found


def active_model(tx: Transaction) -> StoredModel | None:
    """Return the active version; None while the built-in model is."""
    columns = [model_versions.c[name] for name in StoredModel.__dataclass_fields__]
    row = tx.connection.execute(select(*columns).where(model_versions.c.active)).first()
    return StoredModel(*row) if row else None


def models(tx: Transaction) -> list[StoredModel]:
    """Return the kept versions without their arrays, newest first."""
    columns = [model_versions.c[name] for name in StoredModel.__dataclass_fields__ if name != "arrays"]
    query = select(*columns).order_by(model_versions.c.created.desc(), model_versions.c.version)
    return [StoredModel(**row) for row in tx.connection.execute(query).mappings()]


def forget_models(tx: Transaction, keep: int) -> None:
    """Delete all but the newest versions and the active one."""
    for old in models(tx)[keep:]:
        if not old.active:
            tx.connection.execute(delete(model_versions).where(model_versions.c.version == old.version))
