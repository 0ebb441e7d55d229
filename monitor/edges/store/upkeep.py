"""What the calendar asks: whether a digest went out, and what is old enough to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select

from monitor.edges.store.stories import KEYS_KEPT
from monitor.edges.store.tables import (
    alerts,
    deliveries,
    digests,
    entries,
    feedback,
    joined_stories,
    marks,
    openings,
    regroupings,
    silences,
    stories,
    story_bands,
)
from monitor.edges.store.transaction import portions

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from monitor.edges.store.transaction import Transaction


def has_digest(tx: Transaction, edition: str, day: date) -> bool:
    """Say whether an edition's digest of that day is made."""
    query = select(digests.c.at).where(digests.c.edition == edition, digests.c.date == day.isoformat())
    return tx.connection.execute(query).one_or_none() is not None


def save_digest(tx: Transaction, edition: str, day: date, at: datetime) -> bool:
    """Record that a digest is made; false when another worker was first, whose messages are queued already."""
    added = tx.insert(digests).values(edition=edition, date=day.isoformat(), at=at).on_conflict_do_nothing()
    return len(tx.connection.execute(added.returning(digests.c.date)).all()) > 0


def beat(tx: Transaction, now: datetime) -> None:
    """Record that the daemon is alive."""
    added = tx.insert(marks).values(name="beat", at=now)
    tx.connection.execute(added.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def last_beat(tx: Transaction) -> datetime | None:
    """Return when a daemon was last alive."""
    return tx.connection.execute(select(marks.c.at).where(marks.c.name == "beat")).scalar_one_or_none()


def prune(
    tx: Transaction, now: datetime, items: timedelta, untagged: timedelta, *, batch: int = 1000
) -> dict[str, int]:
    """Delete what is past its keeping, at most *batch* rows of a kind, and count it; repeat until all counts are 0.

    Items readers have labelled stay, as does whatever waits to be sent, with its alert. A story goes with its last
    report, and those joined to it after it. Keys of stories that are long over, first messages of old threads and notes
    of who split or joined what go without being counted.
    """
    old = now - items
    tx.connection.execute(delete(story_bands).where(story_bands.c.seen < now - KEYS_KEPT))
    tx.connection.execute(delete(regroupings).where(regroupings.c.at < old))
    tx.connection.execute(delete(openings).where(openings.c.at < old))
    labelled = exists().where(feedback.c.entry_id == entries.c.id)
    reported = exists().where(entries.c.story_id == stories.c.id)
    joined = exists().where(joined_stories.c.story_id == stories.c.id)
    over = ~reported & ~joined & (stories.c.last_seen < now - min(items, untagged))
    waiting = deliveries.c.sent.is_(None) & deliveries.c.dead.is_(None)
    wanted = exists().where(deliveries.c.alert_id == alerts.c.id)
    tagged = entries.c.tagged & (entries.c.seen < old)
    rest = ~entries.c.tagged & (entries.c.seen < now - untagged)
    return {
        "items": _delete(tx, entries, ~labelled & or_(tagged, rest), batch),
        "stories": _delete(tx, stories, over, batch),
        "deliveries": _delete(tx, deliveries, ~waiting & (deliveries.c.created < old), batch),
        "alerts": _delete(tx, alerts, ~wanted & (alerts.c.at < old), batch),
        "silences": _delete(tx, silences, silences.c.until < old, batch),
    }


def _delete(tx: Transaction, table: Table, old: ColumnElement[bool], batch: int) -> int:
    ids = tx.connection.execute(select(table.c.id).where(old).order_by(table.c.id).limit(batch)).scalars().all()
    return sum(tx.connection.execute(delete(table).where(table.c.id.in_(some))).rowcount for some in portions(ids))
