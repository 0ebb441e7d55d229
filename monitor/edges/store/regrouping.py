"""Questions about stories that people split and joined: who did what, and what people count as told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from monitor.edges.store.follow_ups import look_again
from monitor.edges.store.rows import FollowUp, Regrouping
from monitor.edges.store.stories import save_story
from monitor.edges.store.tables import (
    entries,
    follow_ups,
    joined_stories,
    regrouped,
    regroupings,
    retold,
    revisions,
    story_bands,
    story_parts,
    tags,
)
from monitor.edges.store.transaction import portions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction
    from monitor.model import Story, Told


def replace_story(tx: Transaction, story: Story, keys: Sequence[str]) -> Story:
    """Keep a story that was made anew, findable by *keys* alone; return it with its id."""
    tx.connection.execute(delete(story_bands).where(story_bands.c.story_id == story.id))
    return save_story(tx, story, keys)


def move_reports(tx: Transaction, parts: Mapping[int, int], story_id: int) -> None:
    """Let reports, by their ids, be those of a story, each of a part of it, and what is to be looked at of them."""
    for ids in portions(parts):
        tx.connection.execute(update(entries).where(entries.c.id.in_(ids)).values(story_id=story_id))
        tx.connection.execute(delete(story_parts).where(story_parts.c.entry_id.in_(ids)))
        _move_follow_ups(tx, follow_ups.c.entry_id.in_(ids), story_id)
    for entry_id, part in parts.items():
        if part:
            save_part(tx, entry_id, part)


def _move_follow_ups(tx: Transaction, which: ColumnElement[bool], story_id: int) -> None:
    columns = [follow_ups.c[name] for name in FollowUp.__dataclass_fields__]
    found = [dict(row) for row in tx.connection.execute(select(*columns).where(which)).mappings()]
    tx.connection.execute(delete(follow_ups).where(which))
    for row in found:
        look_again(tx, FollowUp(**row | {"story_id": story_id}))


def save_part(tx: Transaction, entry_id: int, part: int) -> None:
    """Remember to which part of a joined story a report belongs."""
    added = tx.insert(story_parts).values(entry_id=entry_id, part=part)
    tx.connection.execute(added.on_conflict_do_update(index_elements=["entry_id"], set_={"part": part}))


def parts_of(tx: Transaction, story_id: int) -> dict[int, int]:
    """Return the parts of a joined story that its reports belong to, by their ids; its own reports are left out."""
    query = select(story_parts.c.entry_id, story_parts.c.part).join(entries, entries.c.id == story_parts.c.entry_id)
    return dict(tx.connection.execute(query.where(entries.c.story_id == story_id)).tuples().all())


def last_correction(tx: Transaction, story_id: int) -> datetime | None:
    """Return when a report of a story was last corrected while people could have been told of it."""
    query = select(func.max(revisions.c.at)).join(entries, entries.c.id == revisions.c.entry_id)
    query = query.join(tags, (tags.c.entry_id == entries.c.id) & tags.c.decided & (tags.c.seen < revisions.c.at))
    found: datetime | None = tx.connection.execute(
        query.where(entries.c.story_id == story_id, revisions.c.correction)
    ).scalar_one()
    return found


def mark_joined(tx: Transaction, story_id: int, into: int) -> None:
    """Let a story, and those joined to it before, be joined to another."""
    tx.connection.execute(update(joined_stories).where(joined_stories.c.into_id == story_id).values(into_id=into))
    tx.connection.execute(insert(joined_stories).values(story_id=story_id, into_id=into))
    tx.connection.execute(delete(story_bands).where(story_bands.c.story_id == story_id))


def joined_into(tx: Transaction, story_id: int) -> int | None:
    """Return the story that a story was joined to."""
    query = select(joined_stories.c.into_id).where(joined_stories.c.story_id == story_id)
    return tx.connection.execute(query).scalar_one_or_none()


def joined_to(tx: Transaction, story_id: int) -> list[int]:
    """Return the stories that were joined to a story."""
    query = select(joined_stories.c.story_id).where(joined_stories.c.into_id == story_id)
    return list(tx.connection.execute(query.order_by(joined_stories.c.story_id)).scalars())


def save_retold(tx: Transaction, told: Iterable[Told]) -> None:
    """Let people count as told of stories so, until there is another alert."""
    for one in told:
        values: dict[str, Any] = {
            "revision": one.revision,
            "publishers": one.publishers,
            "at": one.at,
            "figures": None if one.figures is None else {name: list(span) for name, span in one.figures.items()},
            "themes": None if one.themes is None else list(one.themes),
        }
        added = tx.insert(retold).values(rule=one.rule, story_id=one.story, **values)
        tx.connection.execute(added.on_conflict_do_update(index_elements=["rule", "story_id"], set_=values))


def save_regrouping(tx: Transaction, done: Regrouping) -> int:
    """Keep who split or joined which stories, and which reports went where; return its id."""
    values = {name: getattr(done, name) for name in ("at", "author", "deed", "story_id", "other_id")}
    made = tx.connection.execute(insert(regroupings).values(values).returning(regroupings.c.id)).scalar_one()
    rows = [{"regrouping_id": made, "entry_id": entry_id} for entry_id in done.items]
    if rows:
        tx.connection.execute(insert(regrouped), rows)
    return int(made)


def regroupings_of(tx: Transaction, story_id: int) -> list[Regrouping]:
    """Return what people did to a story, the oldest first."""
    return _regroupings(tx, or_(regroupings.c.story_id == story_id, regroupings.c.other_id == story_id))


def regroupings_with(tx: Transaction, entry_id: int) -> list[Regrouping]:
    """Return by what an item went from one story to another, the oldest first."""
    moved = select(regrouped.c.regrouping_id).where(regrouped.c.entry_id == entry_id)
    return _regroupings(tx, regroupings.c.id.in_(moved))


def _regroupings(tx: Transaction, which: ColumnElement[bool]) -> list[Regrouping]:
    rows = tx.connection.execute(select(regroupings).where(which).order_by(regroupings.c.id)).mappings().all()
    items: dict[int, list[int]] = {}
    for ids in portions(row["id"] for row in rows):
        query = select(regrouped.c.regrouping_id, regrouped.c.entry_id).where(regrouped.c.regrouping_id.in_(ids))
        for done, entry_id in tx.connection.execute(query.order_by(regrouped.c.entry_id)):
            items.setdefault(done, []).append(entry_id)
    return [Regrouping(**{**row, "items": tuple(items.get(row["id"], ()))}) for row in rows]
