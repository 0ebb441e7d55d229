"""Which entries of a page were seen before, under whatever id, address, title or date they come now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select

from monitor.edges.store.columns import key_of
from monitor.edges.store.tables import entries as table
from monitor.edges.store.transaction import portions
from monitor.model import Comparison, Edit, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.edges.store.transaction import Transaction

SHARED = 3
"""How many entries under one address make it that of a list, which tells none of them from another."""
EDITION = timedelta(hours=12)
"""Entries of one text so far apart are two, such as the bulletin that has one title every day."""
RENAMED = 3
"""On a page of which no id and no address is known, so many known texts mean that the feed has renamed everything."""
_COLUMNS = (table.c.id, table.c.ident_key, table.c.url_key, table.c.text_hash, table.c.published)


@dataclass(slots=True)
class _Stored:
    """What is stored of a feed that a page's entries may be, by each mark of identity."""

    idents: dict[str, Row[Any]] = field(default_factory=dict)
    urls: dict[str, list[Row[Any]]] = field(default_factory=dict)
    texts: dict[str, list[Row[Any]]] = field(default_factory=dict)


def compare(
    tx: Transaction, feed_id: int, entries: Sequence[Entry], left_out: int = 0, *, new: bool = False
) -> Comparison:
    """Return what of a page is new to its feed, each once, what was edited, and how much was known.

    *left_out* says how many items of the page were not even read, since they stood there last time as they do now. Of
    a *new* feed nothing is stored.

    An entry is known by its id, else by its address, else by its text. The last two catch feeds that make up new ids;
    they do not count where they say nothing: an address that a list of entries shares, a text that comes again on
    another day under another id and address.
    """
    if new or not entries:
        return Comparison(_each_once(entries), known=left_out)
    keys = {entry.ident: key_of(entry.ident) for entry in entries}
    stored = _Stored(idents={row.ident_key: row for row in _rows(tx, feed_id, "ident_key", keys.values())})
    rest = [entry for entry in entries if keys[entry.ident] not in stored.idents]  # on most pages two of fifty
    if rest:
        stored.urls = _grouped(_rows(tx, feed_id, "url_key", [key_of(e.url) for e in rest if e.url]), "url_key")
        texts = [e.text_hash for e in rest if e.text_hash]
        stored.texts = _grouped(_rows(tx, feed_id, "text_hash", texts), "text_hash")
    known = [(entry, row) for entry in entries if (row := stored.idents.get(keys[entry.ident]))]
    told = Counter(entry.url for entry in rest)
    known += [(entry, row) for entry in rest if (row := _by_address(entry, stored, told[entry.url]))]
    addressed = {entry.ident for entry, _ in known}
    worded = [entry for entry in rest if entry.ident not in addressed and entry.text_hash in stored.texts]
    renamed = not known and not left_out and len(worded) >= RENAMED
    same = {entry.ident for entry in worded if renamed or _one_edition(entry, stored.texts[entry.text_hash])}
    fresh = [entry for entry in rest if entry.ident not in addressed and entry.ident not in same]
    return Comparison(_each_once(fresh), _edits(tx, known), left_out + len(known) + len(same))


def unseen(tx: Transaction, feed_id: int, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries this feed has not shown before, each once."""
    return list(compare(tx, feed_id, entries).fresh)


def stored_idents(tx: Transaction, feed_id: int, idents: Iterable[str]) -> set[str]:
    """Return which of these ids stored entries of a feed have."""
    keys = {key_of(ident): ident for ident in idents}
    query = select(table.c.ident_key).where(table.c.feed_id == feed_id)
    return {
        keys[key]
        for some in portions(keys)
        for key in tx.connection.execute(query.where(table.c.ident_key.in_(some))).scalars()
    }


def standing(tx: Transaction, edits: Iterable[Edit]) -> dict[int, int | None]:
    """Return the items of these edits that still say what they said before, each with its story as it is now."""
    before = {edit.entry_id: edit.text_hash for edit in edits}
    query = select(table.c.id, table.c.text_hash, table.c.story_id)
    return {
        row.id: row.story_id
        for some in portions(before)
        for row in tx.connection.execute(query.where(table.c.id.in_(some)))
        if row.text_hash == before[row.id]
    }


def _rows(tx: Transaction, feed_id: int, column: str, values: Iterable[str]) -> list[Row[Any]]:
    return [
        row
        for some in portions(values)
        for row in tx.connection.execute(
            select(*_COLUMNS).where(table.c.feed_id == feed_id, table.c[column].in_(some)).order_by(table.c.id)
        )
    ]


def _grouped(rows: Iterable[Row[Any]], column: str) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(getattr(row, column), []).append(row)
    return found


def _by_address(entry: Entry, stored: _Stored, on_page: int) -> Row[Any] | None:
    """Return the stored entry of the same address, where the address is one entry's alone."""
    rows = stored.urls.get(key_of(entry.url), []) if entry.url else []
    return rows[0] if rows and _telling(entry.url, max(on_page, len(rows))) else None


def _telling(url: str, holders: int) -> bool:
    """Say whether an address belongs to one entry: few have it, and it is not just that of a site."""
    parts = urlsplit(url)
    return holders < SHARED and bool(parts.path.strip("/") or parts.query or parts.fragment)


def _one_edition(entry: Entry, rows: Iterable[Row[Any]]) -> bool:
    """Say whether an entry is one of those stored with the same text, and not the same words of another day."""
    return any(_near(entry.published, row.published) for row in rows)


def _near(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or abs(one - other) < EDITION


def _edits(tx: Transaction, known: Iterable[tuple[Entry, Row[Any]]]) -> tuple[Edit, ...]:
    """Return what known entries say otherwise now; of two that are one stored entry, the surer one speaks."""
    first: dict[int, tuple[Entry, Row[Any]]] = {}
    for entry, row in known:
        first.setdefault(row.id, (entry, row))
    changed = {row.id: entry for entry, row in first.values() if _differs(entry, row)}
    columns = (table.c.id, table.c.story_id, table.c.title, table.c.summary, table.c.text_hash)
    return tuple(
        Edit(row.id, row.story_id, changed[row.id], row.title, row.summary, row.text_hash)
        for some in portions(changed)
        for row in tx.connection.execute(select(*columns).where(table.c.id.in_(some)).order_by(table.c.id))
    )


def _differs(entry: Entry, row: Row[Any]) -> bool:
    return bool(entry.text_hash) and bool(row.text_hash) and entry.text_hash != row.text_hash


def _each_once(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return entries without those that repeat an earlier one of the same page."""
    shown = Counter(entry.url for entry in entries)
    idents: set[str] = set()
    urls: set[str] = set()
    texts: dict[str, list[datetime | None]] = {}
    kept = []
    for entry in entries:
        editions = texts.get(entry.text_hash, []) if entry.text_hash else []
        again = entry.ident in idents or entry.url in urls or any(_near(entry.published, e) for e in editions)
        if again:
            continue
        kept.append(entry)
        idents.add(entry.ident)
        texts.setdefault(entry.text_hash, []).append(entry.published)
        if entry.url and _telling(entry.url, shown[entry.url]):
            urls.add(entry.url)
    return tuple(kept)
