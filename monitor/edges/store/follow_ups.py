"""Questions about changes of stories that came too soon after people were told, to be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, delete, or_, select

from monitor.edges.store.rows import FollowUp
from monitor.edges.store.tables import follow_ups as table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction

_COLUMNS = [table.c[name] for name in FollowUp.__dataclass_fields__]


def look_again(tx: Transaction, change: FollowUp) -> None:
    """Remember a change of a story for a rule; of several the latest item counts, unless an earlier one corrected."""
    added = tx.insert(table).values({column.name: getattr(change, column.name) for column in _COLUMNS})
    new = added.excluded
    kept = case((table.c.corrected & ~new.corrected, table.c.entry_id), else_=new.entry_id)
    now = {"entry_id": kept, "due": new.due, "corrected": or_(table.c.corrected, new.corrected)}
    tx.connection.execute(added.on_conflict_do_update(index_elements=["rule", "story_id"], set_=now))


def follow_ups(tx: Transaction, now: datetime, limit: int = 100) -> list[FollowUp]:
    """Return the changes that may be told by now, the longest due first."""
    query = select(*_COLUMNS).where(table.c.due <= now).order_by(table.c.due, table.c.story_id, table.c.rule)
    return [FollowUp(**row) for row in tx.connection.execute(query.limit(limit)).mappings()]


def follow_ups_of(tx: Transaction, story_ids: Sequence[int]) -> list[FollowUp]:
    """Return the changes of these stories that wait."""
    query = select(*_COLUMNS).where(table.c.story_id.in_(story_ids)).order_by(table.c.story_id, table.c.rule)
    return [FollowUp(**row) for row in tx.connection.execute(query).mappings()]


def drop_follow_up(tx: Transaction, rule: str, story_id: int) -> None:
    """Forget what was to be looked at again, if anything was."""
    tx.connection.execute(delete(table).where(table.c.rule == rule, table.c.story_id == story_id))
