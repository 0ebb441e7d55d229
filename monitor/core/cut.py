"""Cut a page to the items that were not on it last time, so that reading it costs what is new.

Most changed pages hold two new items among fifty. Known items are told by a digest of their bytes and left out; the
rest, with the channel's head around it, is read as ever and says of each item exactly what the whole page would say.
That holds because an item is left out only when it is *plain*: when it leaves no trace in feedparser that a later item
could feel. What cannot be cut by these rules is read whole.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from monitor.core.plain import Head, look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARK = 8
"""Bytes of a digest; one that collides hides one item of one feed, with a chance of one in 10^17 for each page."""
IDENT = 8
"""Bytes of the digest of an item's id; zeros stand for none."""
_TAG = re.compile(rb"<(/?)(item|entry)(?=[\s>/])[^<]*?>")
_ITEMLIKE = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_LATE_TITLE = re.compile(rb"<[^\s>]*title", re.IGNORECASE)
_ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_ENCODING = re.compile(rb"""encoding\s*=\s*["']?([^"'\s?>]*)""", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]*)", re.IGNORECASE)
_UTF8 = frozenset({"utf-8", "utf8"})


@dataclass(frozen=True, slots=True)
class Cut:
    """A page without what is known."""

    body: bytes
    marks: tuple[bytes, ...]
    """Of each item left in, in order, its digest; empty for one that must be read every time."""
    known: tuple[bytes, ...]
    """The digests of the items left out."""


def packed(marks: Mapping[bytes, bytes]) -> bytes:
    """Return items' digests, each with that of the item's id, in few bytes."""
    return b"".join(mark + ident for mark, ident in marks.items())


def unpacked(packed_: bytes) -> dict[bytes, bytes]:
    """Return what was packed; of bytes that were cut short, what is whole."""
    size = MARK + IDENT
    rows = (packed_[at : at + size] for at in range(0, len(packed_) - size + 1, size))
    return {row[:MARK]: row[MARK:] for row in rows}


def ident_digest(ident: str) -> bytes:
    """Return the digest of an id that an item declares."""
    return hashlib.blake2b(ident.encode("utf-8", "replace"), digest_size=IDENT).digest() if ident else bytes(IDENT)


def cut(body: bytes, content_type: str, seen: Mapping[bytes, object], most: int, *, slim: bool = False) -> Cut | None:
    """Return a page without the items whose digests are in *seen* and without those after the first *most*.

    A *slim* one also lacks what nobody reads of the items left in. None when the page has no items that could be told
    apart, or is not cleanly cut.
    """
    items = _items(body)
    if not items or not _is_utf8(body, content_type, items[0][0]) or not _well_formed(body):
        return None
    gaps = _gaps(body, items)
    head = Head.of(gaps) if _self_contained(gaps) else None
    if head is None:
        return None
    return _without(gaps, [body[start:end] for start, end in items], _Known(head, seen, most, slim))


def _items(body: bytes) -> list[tuple[int, int]]:
    """Return where items begin and end, nothing when their tags do not alternate."""
    found: list[tuple[int, int]] = []
    start, name = -1, b""
    for tag in _TAG.finditer(body):
        closes, named = tag.groups()
        if (start >= 0) is not bool(closes) or (name and named != name):
            return []
        name = named
        if closes:
            found.append((start, tag.end()))
        start = -1 if closes else tag.start()
    return found if start < 0 else []


def _is_utf8(body: bytes, content_type: str, head: int) -> bool:
    """Say whether a page is UTF-8 by all accounts, so that no guess about it depends on what is left out."""
    names = [name.decode("ascii", "replace") for name in _ENCODING.findall(body, 0, head)]
    names += _CHARSET.findall(content_type)
    if any(name.lower() not in _UTF8 for name in names) or body.find(b"?>", head) >= 0 or b"<!DOCTYPE" in body:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _well_formed(body: bytes) -> bool:
    """Say whether the whole page is, namespaces included; what is not is read leniently, and then whole."""
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError:
        return False
    return True


def _gaps(body: bytes, items: Sequence[tuple[int, int]]) -> list[bytes]:
    """Return what stands before, between and after items."""
    ends = [0, *(end for _, end in items)]
    starts = [*(start for start, _ in items), len(body)]
    return [body[end:start] for end, start in zip(ends, starts, strict=True)]


def _self_contained(gaps: Sequence[bytes]) -> bool:
    """Say whether no comment, CDATA or instruction reaches over an item, and no item hides in another spelling.

    A title after the items is not taken for the channel's when an item's title was there before.
    """
    for at, gap in enumerate(gaps):
        if gap.isspace() or not gap:
            continue
        bare = _ASIDE.sub(b"", gap)
        if b"<!" in bare or b"<?" in bare or _ITEMLIKE.search(bare) or (at and _LATE_TITLE.search(bare)):
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known when items are sorted."""

    head: Head
    seen: Mapping[bytes, object]
    most: int
    slim: bool


def _without(gaps: Sequence[bytes], items: Sequence[bytes], known: _Known) -> Cut | None:
    """Leave out what is known, as long as all that stays before it is plain too."""
    parts, marks, left_out = [gaps[0]], [], []
    clean = True
    for at, item in enumerate(items):
        mark = hashlib.blake2b(item, digest_size=MARK, key=known.head.digest).digest()
        if at < known.most:
            if clean and mark in known.seen:
                left_out.append(mark)
            else:
                seen = look(item, known.head)
                if seen is None:
                    return None
                clean = clean and seen.plain
                marks.append(mark if seen.plain else b"")
                parts.append(seen.lean if known.slim else item)
        parts.append(gaps[at + 1])
    return Cut(b"".join(parts), tuple(marks), tuple(left_out))
