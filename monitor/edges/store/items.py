"""Questions about items: what was decided about them, and which to show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, bindparam, func, insert, or_, select

from monitor.edges.store.columns import key_of
from monitor.edges.store.facts import facts_of, save_facts
from monitor.edges.store.rows import StoredItem
from monitor.edges.store.tables import decisions as decision_table
from monitor.edges.store.tables import entries as table
from monitor.edges.store.tables import tags
from monitor.edges.store.texts import save_text
from monitor.edges.store.transaction import portions
from monitor.model import Article, Decision, Fact, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction

TAG_FLOOR = 0.05
"""Scores under this are kept with the item but not as rows to search by."""

DOUBT = 0.25
"""How far from even a probability may be for its item to be worth a reader's look."""
_SAME = select(table.c.id).where(table.c.feed_id == bindparam("feed"), table.c.ident_key == bindparam("ident"))
_NEW = insert(table).returning(table.c.id)


_CAME = (
    select(table.c.id, func.max(tags.c.seen))
    .join(tags, and_(tags.c.entry_id == table.c.id, tags.c.decided))
    .group_by(table.c.id)
)


def reasons_out(reasons: Mapping[str, Sequence[Reason]]) -> dict[str, list[list[Any]]]:
    """Return reasons as JSON."""
    return {theme: [[r.text, r.weight] for r in found] for theme, found in reasons.items()}


def reasons_in(stored: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, tuple[Reason, ...]]:
    """Return reasons from JSON."""
    return {theme: tuple(Reason(text, weight) for text, weight in found) for theme, found in stored.items()}


def save_article(tx: Transaction, article: Article, story_id: int | None) -> int:
    """Keep a tagged entry and return its id; one that its feed has shown already is left as it was."""
    # Asked first rather than by ON CONFLICT: a statement of a dialect is compiled anew each time.
    feed_id, ident_key = article.feed.id, key_of(article.entry.ident)
    stored = tx.connection.execute(_SAME, {"feed": feed_id, "ident": ident_key}).scalar_one_or_none()
    if stored is not None:
        return int(stored)
    entry_id = tx.connection.execute(_NEW, entry_row(article, story_id, ident_key)).scalar_one()
    save_tags(tx, entry_id, article, article.seen)
    save_facts(tx, entry_id, article.facts)
    if article.text:
        save_text(tx, entry_id, article.entry.url, article.text, article.seen)
    return int(entry_id)


def entry_row(article: Article, story_id: int | None, ident_key: str) -> dict[str, Any]:
    """Return a tagged entry as it is kept."""
    entry, feed = article.entry, article.feed
    return {
        "feed_id": feed.id,
        "outlet": feed.name,
        "publisher": feed.publisher,
        "kind": feed.kind,
        "ident": entry.ident,
        "ident_key": ident_key,
        "url": entry.url,
        "url_key": key_of(entry.url),
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "published": entry.published,
        "updated": entry.updated,
        "lang": entry.lang,
        "text_hash": entry.text_hash,
        "seen": article.seen,
        "when_": article.when,
        "model": article.model,
        "scores": dict(article.scores),
        "reasons": reasons_out(article.reasons),
        "tagged": bool(article.themes),
        "story_id": story_id,
        "dated": entry.dated,
    }


def save_tags(tx: Transaction, entry_id: int, article: Article, seen: datetime) -> None:
    """Keep the themes of an item to search by, the decided ones and those that are not unlikely."""
    if rows := tag_rows(entry_id, article, seen):
        tx.connection.execute(insert(tags), rows)


def tag_rows(entry_id: int, article: Article, seen: datetime) -> list[dict[str, Any]]:
    """Return the themes of an item as they are kept."""
    likely = [theme for theme, score in article.scores.items() if score >= TAG_FLOOR]
    return [
        {
            "entry_id": entry_id,
            "theme": theme,
            "score": article.scores.get(theme, 0.0),
            "decided": theme in article.themes,
            "seen": seen,
        }
        for theme in dict.fromkeys([*article.themes, *likely])
    ]


def save_decisions(tx: Transaction, entry_id: int, decisions: Sequence[Decision], at: datetime) -> None:
    """Keep what every rule said about an item."""
    if rows := decision_rows(entry_id, decisions, at):
        tx.connection.execute(insert(decision_table), rows)


def decision_rows(entry_id: int, decisions: Sequence[Decision], at: datetime) -> list[dict[str, Any]]:
    """Return what every rule said about an item as it is kept."""
    return [
        {
            "entry_id": entry_id,
            "rule": d.rule,
            "alert": d.alert,
            "reason": d.reason,
            "theme": d.theme,
            "score": d.score,
            "revision": d.revision,
            "compared": dict(d.compared),
            "at": at,
        }
        for d in decisions
    ]


def decisions_of(tx: Transaction, entry_id: int) -> list[Decision]:
    """Return what the rules said about an item, in the order they said it."""
    columns = [decision_table.c[name] for name in Decision.__dataclass_fields__]
    query = select(*columns).where(decision_table.c.entry_id == entry_id).order_by(decision_table.c.id)
    found = tx.connection.execute(query).mappings()
    return [Decision(**{**row, "compared": row["compared"] or {}}) for row in found]


def items(  # noqa: PLR0913 - every filter is optional and named
    tx: Transaction,
    *,
    theme: str | None = None,
    feed: int | None = None,
    source: str | None = None,
    since: datetime | None = None,
    text: str | None = None,
    limit: int = 50,
) -> list[StoredItem]:
    """Return the items first seen last, newest first.

    *theme* must be decided, *source* is an outlet's name, and every word of *text* must stand in title or summary.
    """
    query = select(table)
    seen, newest = table.c.seen, table.c.id
    if theme is not None:
        query = query.join(tags, and_(tags.c.entry_id == table.c.id, tags.c.theme == theme, tags.c.decided))
        seen, newest = tags.c.seen, tags.c.entry_id
    if feed is not None:
        query = query.where(table.c.feed_id == feed)
    if source is not None:
        query = query.where(table.c.outlet == source)
    if since is not None:
        query = query.where(seen >= since)
    for word in (text or "").split():
        query = query.where(
            or_(table.c.title.icontains(word, autoescape=True), table.c.summary.icontains(word, autoescape=True))
        )
    return _items(tx, query.order_by(seen.desc(), newest.desc()).limit(limit))


def item(tx: Transaction, entry_id: int) -> StoredItem | None:
    """Return one item."""
    return next(iter(_items(tx, select(table).where(table.c.id == entry_id))), None)


def reports_of(tx: Transaction, story_id: int) -> list[StoredItem]:
    """Return the reports of a story in the order in which they came into it, each as seen at that moment.

    One that got its first theme by an edit came then.
    """
    came = dict(tx.connection.execute(_CAME.where(table.c.story_id == story_id)).tuples().all())
    found = _items(tx, select(table).where(table.c.story_id == story_id))
    reports = [replace(item, seen=came.get(item.id) or item.seen) for item in found]
    return sorted(reports, key=lambda item: (item.seen, item.when, item.id))


def first_seen(tx: Transaction) -> datetime | None:
    """Return when the oldest kept item was first seen."""
    first: datetime | None = tx.connection.execute(select(func.min(table.c.seen))).scalar_one()
    return first


def doubtful(tx: Transaction, since: datetime, until: datetime, limit: int) -> list[StoredItem]:
    """Return the items first seen in the window whose best probability is nearest to even, the nearest first."""
    best = func.max(tags.c.score).label("best")
    window = select(tags.c.entry_id, best).where(tags.c.seen >= since, tags.c.seen < until).group_by(tags.c.entry_id)
    scored = window.subquery()
    doubt = func.abs(scored.c.best - 0.5)
    query = select(table).join(scored, scored.c.entry_id == table.c.id).where(doubt <= DOUBT)
    return _items(tx, query.order_by(doubt, table.c.id).limit(limit))


def _items(tx: Transaction, query: Select[Any]) -> list[StoredItem]:
    rows = tx.connection.execute(query).all()
    ids = [row.id for row in rows]
    themes, facts = _themes(tx, ids), facts_of(tx, ids)
    return [_item(row, tuple(themes.get(row.id, ())), tuple(facts.get(row.id, ()))) for row in rows]


def _themes(tx: Transaction, entry_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for ids in portions(entry_ids):
        query = select(tags.c.entry_id, tags.c.theme).where(tags.c.entry_id.in_(ids), tags.c.decided)
        for entry_id, theme in tx.connection.execute(query.order_by(tags.c.score.desc(), tags.c.theme)):
            found.setdefault(entry_id, []).append(theme)
    return found


def _item(row: Row[Any], themes: tuple[str, ...], facts: tuple[Fact, ...]) -> StoredItem:
    return StoredItem(
        id=row.id,
        feed_id=row.feed_id,
        title=row.title,
        summary=row.summary,
        url=row.url,
        outlet=row.outlet,
        publisher=row.publisher,
        kind=row.kind,
        lang=row.lang,
        author=row.author,
        when=row.when_,
        seen=row.seen,
        scores=row.scores,
        themes=themes,
        reasons=reasons_in(row.reasons),
        story_id=row.story_id,
        model=row.model,
        facts=facts,
        dated=row.dated,
    )
