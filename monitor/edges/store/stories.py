"""Questions about stories: which may be the one an article belongs to, and which moved in a window."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, exists, func, insert, select, text, update

from monitor.edges.store.columns import Utc
from monitor.edges.store.items import reasons_in, reasons_out
from monitor.edges.store.tables import entries, joined_stories, story_bands, tags
from monitor.edges.store.tables import stories as table
from monitor.edges.store.transaction import portions
from monitor.errors import StoreError
from monitor.model import Signature, Source, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.edges.store.transaction import Transaction


REACH = 32
"""How many stories a key leads to, the latest: what more of them share tells nothing."""
KEYS_KEPT = timedelta(days=7)
"""So long a story is found by its keys; nothing is placed into older ones."""
_SUBQUERIES = 100
_JOINED = exists().where(joined_stories.c.story_id == table.c.id)
"""A story that was joined to another is none of its own any more."""
# Written out: each key is looked up in the index on its own and ends at its limit, however many stories hold it.
_LATEST = (
    "SELECT band, story_id FROM (SELECT band, story_id FROM story_bands"
    " WHERE band = :key? AND seen >= :since ORDER BY seen DESC LIMIT :reach) AS latest?"
)


def reached(tx: Transaction, keys: Sequence[str], since: datetime, reach: int = REACH) -> dict[str, list[int]]:
    """Return for each key that leads anywhere the ids of the latest stories seen since then that it leads to."""
    found: dict[str, list[int]] = {}
    for some in portions(keys, _SUBQUERIES):
        union = " UNION ALL ".join(_LATEST.replace("?", str(n)) for n in range(len(some)))
        query = text(union).bindparams(bindparam("since", since, Utc), bindparam("reach", reach))
        for key, story_id in tx.connection.execute(query, {f"key{n}": key for n, key in enumerate(some)}):
            found.setdefault(key, []).append(story_id)
    return found


def stories_of(tx: Transaction, story_ids: Iterable[int]) -> list[Story]:
    """Return these stories as far as they are stored, oldest first."""
    return _stories(tx, story_ids)


def crowd(tx: Transaction, since: datetime) -> int:
    """Return how many stories were seen since then."""
    return tx.connection.execute(select(func.count()).where(table.c.last_seen >= since, ~_JOINED)).scalar_one()


def save_story(tx: Transaction, story: Story, keys: Sequence[str]) -> Story:
    """Keep a story, new when its id is 0, findable by *keys* besides those it had; return it with its id."""
    values = _row(story)
    if story.id:
        changed = tx.connection.execute(_OF_STORY, values | {"story_id": story.id}).rowcount
        if not changed:
            raise StoreError(f"story {story.id} is no longer stored; place its articles again")
        of_story = story_bands.c.story_id == story.id
        tx.connection.execute(update(story_bands).where(of_story).values(seen=story.last_seen))
    story_id = story.id or tx.connection.execute(_NEW_STORY, values).scalar_one()
    rows = [{"band": band, "story_id": story_id, "seen": story.last_seen} for band in dict.fromkeys(keys)]
    if rows:
        # That of a dialect is compiled anew each time, so a new story, whose keys are new too, does without.
        added = tx.insert(story_bands).on_conflict_do_nothing() if story.id else insert(story_bands)
        tx.connection.execute(added, rows)
    return replace(story, id=int(story_id))


def story(tx: Transaction, story_id: int) -> Story | None:
    """Return one story."""
    return next(iter(_stories(tx, [story_id])), None)


def stories_since(tx: Transaction, since: datetime, limit: int = 50) -> list[Story]:
    """Return the stories reported since then, those reported last first."""
    query = (
        select(table).where(table.c.last_seen >= since, ~_JOINED).order_by(table.c.last_seen.desc(), table.c.id.desc())
    )
    return [_story(row) for row in tx.connection.execute(query.limit(limit))]


def stories_between(tx: Transaction, start: datetime, end: datetime) -> list[Story]:
    """Return the stories of which a report with a decided theme was first seen in the window, oldest first."""
    within = (tags.c.seen >= start, tags.c.seen < end, tags.c.decided)
    # The tags alone choose the entries: they carry the time, so that a day is read from one index.
    reports = select(entries.c.story_id).where(entries.c.id.in_(select(tags.c.entry_id).where(*within)))
    found = tx.connection.execute(reports.where(entries.c.story_id.is_not(None)).distinct()).scalars()
    return _stories(tx, [story_id for story_id in found if story_id is not None])


def _stories(tx: Transaction, story_ids: Iterable[int]) -> list[Story]:
    found = [
        _story(row)
        for ids in portions(story_ids)
        for row in tx.connection.execute(select(table).where(table.c.id.in_(ids)))
    ]
    return sorted(found, key=lambda s: s.id)


_NEW_STORY = insert(table).returning(table.c.id)
_OF_STORY = update(table).where(table.c.id == bindparam("story_id"))
_PLAIN = ("headline", "url", "lang", "summary", "first_seen", "last_seen", "fingerprint", "corrected")


def _row(story: Story) -> dict[str, Any]:
    sources = [
        {
            "outlet": s.outlet,
            "publisher": s.publisher,
            "kind": s.kind,
            "url": s.url,
            "title": s.title,
            "seen": s.seen.isoformat(),
            "origin": s.origin,
        }
        for s in story.sources
    ]
    return {name: getattr(story, name) for name in _PLAIN} | {
        "scores": dict(story.scores),
        "themes": list(story.themes),
        "sources": sources,
        "reasons": reasons_out(story.reasons),
        "signatures": [_signature_out(signature) for signature in story.signatures],
        "apart": list(story.apart) or None,
    }


def _story(row: Row[Any]) -> Story:
    return Story(
        id=row.id,
        **{name: getattr(row, name) for name in _PLAIN},
        scores=row.scores,
        themes=tuple(row.themes),
        sources=tuple(Source(**s | {"seen": datetime.fromisoformat(s["seen"])}) for s in row.sources),
        reasons=reasons_in(row.reasons),
        signatures=tuple(_signature_in(kept) for kept in row.signatures or ()),
        apart=tuple(row.apart or ()),
    )


_PARTS = tuple(part for part in fields(Signature) if part.name != "when")


def _signature_out(signature: Signature) -> dict[str, Any]:
    """Return a signature as JSON, without what it does not have."""
    told = {part.name: getattr(signature, part.name) for part in _PARTS}
    kept = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in told.items() if value}
    return {"when": signature.when.isoformat(), **kept}


def _signature_in(kept: dict[str, Any]) -> Signature:
    told: dict[str, Any] = {n: frozenset(value) if isinstance(value, list) else value for n, value in kept.items()}
    return Signature(**told | {"when": datetime.fromisoformat(kept["when"])})
