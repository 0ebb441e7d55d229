"""Questions about alerts: what people were told, when, and who has taken note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, select, update

from monitor.edges.store.outbox import delivery_of
from monitor.edges.store.rows import StoredAlert
from monitor.edges.store.tables import alerts as table
from monitor.edges.store.tables import deliveries, retold
from monitor.edges.store.transaction import portions
from monitor.model import Alert, Delivery, Told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction


def save_alert(tx: Transaction, alert: Alert) -> int:
    """Keep an alert about a stored story and return its id; a rule tells one revision of a story once."""
    values = {
        "rule": alert.rule,
        "severity": alert.severity,
        "story_id": alert.story.id,
        "revision": alert.revision,
        "theme": alert.theme,
        "score": alert.score,
        "reason": alert.reason,
        "words": list(alert.words),
        "at": alert.at,
        "headline": alert.story.headline,
        "url": alert.story.url,
        "publishers": len(alert.story.publishers),
        "figures": {name: list(span) for name, span in alert.figures.items()},
        "themes": list(alert.story.themes),
        "acked_by": "",
        "escalate_at": alert.escalate_at,
    }
    unique = ["rule", "story_id", "revision"]
    added = tx.insert(table).values(values).on_conflict_do_nothing(index_elements=unique).returning(table.c.id)
    alert_id = tx.connection.execute(added).scalar_one_or_none()
    if alert_id is None:
        same = select(table.c.id).where(*(table.c[name] == values[name] for name in unique))
        alert_id = tx.connection.execute(same).scalar_one()
    return int(alert_id)


def told(tx: Transaction, story_ids: Sequence[int]) -> list[Told]:
    """Return the last alert of every rule about each of these stories.

    After a split or a join it is what people count as told since, until there is another alert.
    """
    last: dict[tuple[int, str], Told] = {}
    for ids in portions(story_ids):
        query = select(*_TOLD).where(table.c.story_id.in_(ids)).order_by(table.c.revision, table.c.id)
        for row in tx.connection.execute(query):
            last[row.story_id, row.rule] = _told(row)
        for row in tx.connection.execute(select(*_RETOLD).where(retold.c.story_id.in_(ids))):
            alerted = last.get((row.story_id, row.rule))
            if alerted is None or alerted.revision <= row.revision:
                last[row.story_id, row.rule] = _told(row)
    return [last[key] for key in sorted(last)]


_SAID = ("rule", "story_id", "revision", "publishers", "at", "figures", "themes")
_TOLD, _RETOLD = ([kept.c[name] for name in _SAID] for kept in (table, retold))


def _told(row: Row[Any]) -> Told:
    figures = None if row.figures is None else {name: (low, high) for name, (low, high) in row.figures.items()}
    themes = None if row.themes is None else tuple(row.themes)
    return Told(row.rule, row.story_id, row.revision, row.publishers, row.at, figures, themes)


def alerts(tx: Transaction, limit: int = 50, since: datetime | None = None) -> list[StoredAlert]:
    """Return the latest alerts with their deliveries, newest first."""
    query = select(table).order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)
    return _alerts(tx, query if since is None else query.where(table.c.at >= since))


def alerts_about(tx: Transaction, story_ids: Sequence[int]) -> list[StoredAlert]:
    """Return the alerts about these stories with their deliveries, the oldest first."""
    return alerts_where(tx, table.c.story_id.in_(story_ids))


def alert(tx: Transaction, alert_id: int) -> StoredAlert | None:
    """Return one alert with its deliveries."""
    return next(iter(_alerts(tx, select(table).where(table.c.id == alert_id))), None)


def ack(tx: Transaction, alert_id: int, who: str, now: datetime) -> bool:
    """Record who has taken note of an alert; false when it is not there or somebody had already."""
    unacked = update(table).where(table.c.id == alert_id, table.c.acked_at.is_(None))
    return tx.connection.execute(unacked.values(acked_at=now, acked_by=who)).rowcount > 0


def unheard(tx: Transaction, now: datetime, limit: int = 100) -> list[StoredAlert]:
    """Return the alerts of which nobody took note in time and nobody else was told yet, the longest overdue first.

    Who took note of a later alert of the rule about the story took note of the earlier ones.
    """
    later = table.alias("later")
    same = (later.c.rule == table.c.rule, later.c.story_id == table.c.story_id, later.c.revision >= table.c.revision)
    noted = select(later.c.id).where(*same, later.c.acked_at.is_not(None)).exists()
    overdue = (table.c.escalate_at <= now, table.c.acked_at.is_(None), table.c.escalated_at.is_(None), ~noted)
    return _alerts(tx, select(table).where(*overdue).order_by(table.c.escalate_at, table.c.id).limit(limit))


def escalated(tx: Transaction, alert_id: int, now: datetime) -> bool:
    """Record that others are told of an alert; false when they were, or somebody took note meanwhile."""
    one = update(table).where(table.c.id == alert_id, table.c.acked_at.is_(None), table.c.escalated_at.is_(None))
    return tx.connection.execute(one.values(escalated_at=now)).rowcount > 0


def alerts_where(tx: Transaction, condition: ColumnElement[bool]) -> list[StoredAlert]:
    """Return alerts with their deliveries, the oldest first."""
    return _alerts(tx, select(table).where(condition).order_by(table.c.id))


def _alerts(tx: Transaction, query: Select[Any]) -> list[StoredAlert]:
    rows = [dict(row) for row in tx.connection.execute(query).mappings()]
    sent = _deliveries(tx, [row["id"] for row in rows])
    return [
        StoredAlert(
            **row
            | {
                "words": tuple(row["words"]),
                "themes": tuple(row["themes"] or ()),
                "figures": row["figures"] or {},
                "deliveries": tuple(sent.get(row["id"], ())),
            }
        )
        for row in rows
    ]


def _deliveries(tx: Transaction, alert_ids: Sequence[int]) -> dict[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    for ids in portions(alert_ids):
        query = select(deliveries).where(deliveries.c.alert_id.in_(ids)).order_by(deliveries.c.id)
        for row in tx.connection.execute(query):
            found.setdefault(row.alert_id, []).append(delivery_of(row))
    return found
