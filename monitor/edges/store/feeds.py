"""Questions about feeds: which there are, which are due, what a poll changed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Unpack
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, exists, func, or_, select, text, update

from monitor.edges.store.columns import key_of
from monitor.edges.store.tables import feeds as table
from monitor.edges.store.tables import page_marks
from monitor.edges.store.transaction import FEEDS_LOCK, portions
from monitor.errors import UsageError
from monitor.model import RETIRED, Feed, FeedState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from monitor.edges.store.rows import FeedChanges, FeedFields
    from monitor.edges.store.transaction import Transaction

_COLUMNS = [table.c[name] for name in Feed.__dataclass_fields__]
LATELY = timedelta(minutes=1)
"""How long it is of interest when a host was asked; longer than any gap between requests that makes sense."""
_AHEAD = 4
"""So many times as many due feeds as are wanted are looked at for those of different hosts."""
_OF_FEED = update(table).where(table.c.id == bindparam("feed_id"))
_NEW = {name: f.default for name, f in Feed.__dataclass_fields__.items() if name not in ("id", "url")}


def _feed(row: Row[Any]) -> Feed:
    return Feed(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


def _address(url: str) -> dict[str, str]:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # an address no poll will reach; it is still the operator's to see and remove
        host = ""
    return {"url": url, "url_key": key_of(url), "host": host}


def add_feed(tx: Transaction, url: str, **fields: Unpack[FeedFields]) -> Feed:
    """Add a feed, due at once, and return it; an address that is there already returns that feed unchanged."""
    values = _NEW | fields | _address(url)
    tx.connection.execute(tx.insert(table).values(values).on_conflict_do_nothing(index_elements=["url_key"]))
    return _feed(tx.connection.execute(select(*_COLUMNS).where(table.c.url_key == key_of(url))).one())


def remove_feed(tx: Transaction, url: str) -> bool:
    """Stop following the feed at *url* and say whether it was there; its items stay, with their outlet's name."""
    return tx.connection.execute(delete(table).where(table.c.url_key == key_of(url))).rowcount > 0


def feeds(tx: Transaction) -> list[Feed]:
    """Return every feed, oldest first."""
    return [_feed(row) for row in tx.connection.execute(select(*_COLUMNS).order_by(table.c.id))]


def feed(tx: Transaction, feed_id: int) -> Feed | None:
    """Return one feed."""
    row = tx.connection.execute(select(*_COLUMNS).where(table.c.id == feed_id)).one_or_none()
    return _feed(row) if row else None


def feed_by_url(tx: Transaction, url: str) -> Feed | None:
    """Return the feed at exactly this address."""
    row = tx.connection.execute(select(*_COLUMNS).where(table.c.url_key == key_of(url))).one_or_none()
    return _feed(row) if row else None


def feeds_of(tx: Transaction, feed_ids: Sequence[int]) -> list[Feed]:
    """Return the feeds with these ids that are still there, oldest first."""
    found = [
        _feed(row)
        for ids in portions(feed_ids)
        for row in tx.connection.execute(select(*_COLUMNS).where(table.c.id.in_(ids)))
    ]
    return sorted(found, key=lambda f: f.id)


def update_feed(tx: Transaction, feed_id: int, **fields: Unpack[FeedChanges]) -> bool:
    """Change what is said and say whether the feed is there; refuse an address that another feed has."""
    values: dict[str, Any] = dict(fields)
    if "url" in fields:
        if _taken(tx, feed_id, fields["url"]):
            raise UsageError(f"another feed already has the address {fields['url']}; remove that one first")
        values |= _address(fields["url"])
    if not values:
        return feed(tx, feed_id) is not None
    return tx.connection.execute(update(table).where(table.c.id == feed_id).values(values)).rowcount > 0


def save_state(tx: Transaction, state: FeedState) -> None:
    """Record what one poll found."""
    save_states(tx, [state])


def save_states(tx: Transaction, states: Iterable[FeedState]) -> None:
    """Record what polls found, in one statement for all that change the same columns.

    A move to an address that another feed has leaves the address as it was. Moves are made at once, so that the next
    one sees them.
    """
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    marks = []
    for state in states:
        values = _changed(state)
        if state.url is None:
            alike.setdefault(tuple(values), []).append(values)
        else:
            values |= {} if _taken(tx, state.feed_id, state.url) else _address(state.url)
            tx.connection.execute(_OF_FEED, values)
        if state.marks is not None:
            marks.append({"feed_id": state.feed_id, "marks": state.marks})
    for rows in alike.values():
        tx.connection.execute(_OF_FEED, rows)
    if marks:
        added = tx.insert(page_marks)
        newest = {"marks": added.excluded.marks}
        tx.connection.execute(added.on_conflict_do_update(index_elements=["feed_id"], set_=newest), marks)


def _changed(state: FeedState) -> dict[str, Any]:
    """Return the columns that a poll changes, with their values, and the feed that it is about."""
    values: dict[str, Any] = {
        "feed_id": state.feed_id,
        "status": state.status,
        "next_poll": state.next_poll,
        "failures": state.failures,
        "error": state.error,
        "busy_until": None,
    }
    optional = ("title", "lang", "etag", "last_modified", "body_hash", "missed", "habits", "asked")
    values |= {name: getattr(state, name) for name in optional if getattr(state, name) is not None}
    if state.succeeded is not None:
        values["last_success"] = state.succeeded
    return values


def asked_lately(tx: Transaction, feed_ids: Iterable[int], now: datetime) -> dict[str, datetime]:
    """Return when the hosts of these feeds were last asked, by whichever worker, as far as it is not long ago."""
    lately = and_(table.c.asked > now - LATELY, table.c.asked <= now)
    last = select(table.c.host, func.max(table.c.asked).label("asked")).where(lately).group_by(table.c.host)
    return {
        row.host: row.asked
        for ids in portions(feed_ids)
        for row in tx.connection.execute(last.where(table.c.host.in_(select(table.c.host).where(table.c.id.in_(ids)))))
    }


def marks_of(tx: Transaction, feed_ids: Iterable[int]) -> dict[int, bytes]:
    """Return by what the items of feeds' pages are known, as far as that was kept."""
    return {
        row.feed_id: row.marks
        for ids in portions(feed_ids)
        for row in tx.connection.execute(select(page_marks).where(page_marks.c.feed_id.in_(ids)))
    }


def last_successes(tx: Transaction, feed_ids: Iterable[int]) -> dict[int, datetime | None]:
    """Return when feeds were last polled with success."""
    return {
        row.id: row.last_success
        for ids in portions(feed_ids)
        for row in tx.connection.execute(select(table.c.id, table.c.last_success).where(table.c.id.in_(ids)))
    }


def _taken(tx: Transaction, feed_id: int, url: str) -> bool:
    other = exists().where(table.c.url_key == key_of(url), table.c.id != feed_id)
    return bool(tx.connection.execute(select(other)).scalar_one())


def due_feeds(  # noqa: PLR0913 - two of them are optional and named
    tx: Transaction,
    now: datetime,
    limit: int,
    lease: timedelta,
    *,
    force: bool = False,
    per_host: int | None = None,
) -> list[Feed]:
    """Take feeds as :func:`due_ids` does, and return them as they are then, in the order in which they were due."""
    ids = due_ids(tx, now, limit, lease, force=force, per_host=per_host)
    taken = {feed.id: feed for feed in feeds_of(tx, ids)}
    return [taken[feed_id] for feed_id in ids]


def due_ids(  # noqa: PLR0913 - likewise
    tx: Transaction,
    now: datetime,
    limit: int,
    lease: timedelta,
    *,
    force: bool = False,
    per_host: int | None = None,
) -> list[int]:
    """Take up to *limit* due feeds, at most *per_host* of one host, and keep them from others for *lease*.

    While one worker holds feeds of a host, no other gets any of that host: until their polls are saved, or the lease
    is over. With *force* every feed is due that was not taken at *now* or later, so asking again with the same *now*
    goes through them all once. Retired feeds are left alone.
    """
    if tx.on_postgresql:  # so that two workers do not take feeds of one host at the same moment
        tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": FEEDS_LOCK})
    busy = select(table.c.host).where(table.c.busy_until > now)
    free = or_(table.c.host == "", table.c.host.not_in(busy))
    waited = table.c.leased if force else table.c.next_poll
    due = select(table.c.id, table.c.host).where(_due(now, lease, force=force), free)
    ids = _first_due(tx, due.order_by(waited.asc().nulls_first(), table.c.id), limit, per_host)
    until = now + lease
    for some in portions(ids):
        lent = update(table).where(table.c.id.in_(some))
        tx.connection.execute(lent.values(next_poll=until, leased=now, busy_until=until))
    return ids


def end_leases(tx: Transaction) -> None:
    """Free the hosts that a process held which is no more; only for one that knows itself to be alone."""
    tx.connection.execute(update(table).where(table.c.busy_until.is_not(None)).values(busy_until=None))


def _due(now: datetime, lease: timedelta, *, force: bool) -> ColumnElement[bool]:
    # What was taken in the future was so before the clock went back.
    taken = or_(table.c.leased < now, table.c.leased > now + lease)
    moment = taken if force else table.c.next_poll <= now
    never = table.c.leased.is_(None) if force else table.c.next_poll.is_(None)
    return and_(table.c.status.not_in(RETIRED), or_(never, moment))


def _first_due(tx: Transaction, due: Select[tuple[int, str]], limit: int, per_host: int | None) -> list[int]:
    """Return the feeds that are due first, so many of a host at most.

    Mostly they are found among the first few; only where few hosts have many feeds are all looked through.
    """
    ahead = limit if per_host is None else limit * _AHEAD
    # The lock is PostgreSQL's; SQLite has one writer, and SQLAlchemy leaves the words out there.
    first = tx.connection.execute(due.limit(ahead).with_for_update(skip_locked=True)).all()
    found = _few_of_each(first, limit, per_host)
    if len(found) == limit or len(first) < ahead:
        return found
    return _few_of_each(tx.connection.execute(due), limit, per_host)


def _few_of_each(rows: Iterable[Row[tuple[int, str]]], limit: int, per_host: int | None) -> list[int]:
    shown: Counter[str] = Counter()
    found: list[int] = []
    for feed_id, host in rows:
        shown[host] += 1
        if per_host is None or shown[host] <= per_host:
            found.append(feed_id)
        if len(found) == limit:
            break
    return found
