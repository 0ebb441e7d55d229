"""Bytes to entries: what feedparser reads, and JSON Feed beside it; both end as the same entries."""

from __future__ import annotations

import calendar
import hashlib
import re
import unicodedata
import xml.sax
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.core import cut as cutting
from monitor.core import feedxml
from monitor.core.habits import asks
from monitor.core.html import cut, one_line, text_of
from monitor.core.jsonfeed import Item, Items, read_json_feed
from monitor.core.urls import bare_url, clean_url
from monitor.errors import FeedError
from monitor.model import Entry, ParsedFeed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.model import Feed, Page

MAX_ENTRIES = 1000
"""Entries taken of one page: the first, which are the newest in nearly every feed."""
MAX_TITLE = 500
MAX_SUMMARY = 5000
MAX_IDENT = 500
CLOCK_SLACK = timedelta(minutes=5)
_HEAD = 2000
_DECLARED = re.compile(rb"""(<\?xml[^>]{0,200}?encoding\s*=\s*)(["'])([\w.:-]{1,40})\2""")
_CHINESE = ("big5", "gb18030")
"""What Chinese pages that call themselves UTF-8 are mostly in."""
_FEED = re.compile(rb"<\s*(?:[\w-]+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|body)\b", re.IGNORECASE)

_CRASHES = (
    xml.sax.SAXException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What feedparser and its parsers are known to raise on broken input instead of marking it as such."""


def parse(page: Page, feed: Feed, now: datetime, seen: bytes = b"") -> ParsedFeed:
    """Return the entries of a page, in its order, each once.

    *seen* are the marks that the feed's page had last time: what stands there unchanged is counted, not read again.
    Dates in the future are capped at *now*, naive ones are taken as UTC. Raises FeedError with the status ``empty``,
    ``html``, ``not_a_feed`` or ``cut_off``. A feed that is cut off after whole entries is read as far as it goes.
    """
    body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not body:
        raise FeedError("empty", f"{_shown(feed)}: the answer is empty; open the address in a browser")
    found = _json(body, feed) if body[:1] in {b"{", b"["} else _xml(replace(page, body=body), feed, seen)
    return settled(found, page.url or feed.url, now)


def settled(found: Items, base: str, now: datetime) -> ParsedFeed:
    """Return declared items as entries, each once: with an identity, cleaned addresses, text for markup, sane dates."""
    items = found.items[:MAX_ENTRIES]
    digests = [cutting.ident_digest(item.ident) for item in items]
    # An id that several items declare identifies none of them: a new one would hide behind an old one.
    repeated = Counter([*digests, *found.known.values()])
    context = _Context(base, found.lang, now)
    unique: dict[str, Entry] = {}
    for item, digest in zip(items, digests, strict=True):
        entry = _entry(replace(item, ident="") if repeated[digest] > 1 else item, context)
        if entry.title:
            unique.setdefault(entry.ident, entry)
    marks = {mark: digest for mark, digest in zip(found.marks, digests, strict=False) if mark}
    return ParsedFeed(
        one_line(text_of(found.title, 300)),
        _language(found.lang),
        tuple(unique.values()),
        found.habits,
        len(found.known),
        cutting.packed({**found.known, **marks}),
    )


def _shown(feed: Feed) -> str:
    """Return what to call a feed in an error: its address may hold a password."""
    return feed.outlet or feed.title or bare_url(feed.url)


def _json(body: bytes, feed: Feed) -> Items:
    try:
        found = read_json_feed(body.decode("utf-8", errors="replace"))
    except ValueError as error:
        raise FeedError("cut_off", f"{_shown(feed)}: the JSON is broken or cut off; it is tried again") from error
    if found is None:
        raise FeedError("not_a_feed", f"{_shown(feed)}: this is JSON, but no JSON Feed; look for the feed's address")
    return found


def _xml(page: Page, feed: Feed, seen: bytes) -> Items:
    """Read RSS, Atom or RDF, leniently as feedparser is; say what it is when it is none of them."""
    head = page.body[:_HEAD]
    if _PAGE.search(head) and not _FEED.search(head):
        raise FeedError(
            "html", f"{_shown(feed)}: answered with a web page instead of a feed; look for the feed's address"
        )
    body = _in_its_encoding(page.body, feed.lang)
    headers = {"content-type": page.content_type, "content-location": page.url or feed.url}
    known = cutting.unpacked(seen)
    try:
        read, part = _read(body, headers, known)
    except _CRASHES as error:
        raise FeedError(
            "cut_off", f"{_shown(feed)}: the feed is broken and cannot be read; it is tried again"
        ) from error
    if not read.entries and not read.version:
        if _FEED.search(head):
            raise FeedError(
                "cut_off", f"{_shown(feed)}: the feed is broken or cut off before its first item; it is tried again"
            )
        raise FeedError("not_a_feed", f"{_shown(feed)}: this is no feed; look for the feed's address")
    return Items(
        _plain(read.feed.get("title")),
        _plain(read.feed.get("language")),
        tuple(_item(dict(entry)) for entry in read.entries[:MAX_ENTRIES]),
        asks(read.feed, body),
        part.marks if part else (),
        {mark: known[mark] for mark in part.known} if part else {},
    )


def _read(body: bytes, headers: Mapping[str, str], known: Mapping[bytes, bytes]) -> tuple[Any, cutting.Cut | None]:
    """Return what feedparser makes of a page cut to what is new, with how it was cut; or of the whole, with None."""
    based = headers["content-location"].startswith("http")  # else an item's own base would outlast it
    part = cutting.cut(body, headers["content-type"], known, MAX_ENTRIES, slim=True) if based else None
    if part:
        read = feedxml.read(part.body, headers)
        if len(read.entries) == len(part.marks):
            return read, part
    return feedxml.read(body, headers), None


def _in_its_encoding(body: bytes, lang: str) -> bytes:
    """Return Chinese bytes that wrongly call themselves UTF-8 with the encoding that they are in."""
    declared = _DECLARED.search(body[:_HEAD])
    if declared and declared[3].lower() not in {b"utf-8", b"utf8"}:
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(body) - 4:
            return body  # cut off within a character
    else:
        return body
    order = _CHINESE[::-1] if lang == "zh-Hans" else _CHINESE
    for encoding in order:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_chinese(text):
            text = re.sub(r"^<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
            return b'<?xml version="1.0" encoding="utf-8"?>' + text.encode()
    return body


def _reads_chinese(text: str) -> bool:
    """Say whether what is not ASCII is mostly common Chinese."""
    foreign = [c for c in text if not c.isascii()]
    return bool(foreign) and sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" for c in foreign) >= 0.8 * len(
        foreign
    )


def _item(entry: Mapping[str, Any]) -> Item:
    """Take what we keep of an entry, as a plain dict: feedparser's own answers some missing keys from others."""
    content = next((c.get("value", "") for c in entry.get("content", ()) if c.get("value")), "")
    return Item(
        ident=_plain(entry.get("id")),
        url=_plain(entry.get("link")),
        title=_plain(entry.get("title")),
        summary=_plain(entry.get("summary")) or content,
        author=_plain(entry.get("author")),
        published=_date(entry.get("published_parsed")) or _date(entry.get("created_parsed")),
        updated=_date(entry.get("updated_parsed")),
        lang=_plain(entry.get("language") or (entry.get("title_detail") or {}).get("language")),
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""


def _date(parsed: Any) -> datetime | None:
    """Return feedparser's UTC tuple as a moment; None for what no calendar knows."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class _Context:
    """What an entry takes over from its page."""

    base: str
    lang: str
    now: datetime


def _entry(item: Item, context: _Context) -> Entry:
    title = one_line(text_of(item.title, MAX_TITLE))
    summary = text_of(item.summary, MAX_SUMMARY)
    url = clean_url(item.url, context.base) if item.url else ""
    told = bool(title or summary)
    text_hash = (
        _digest(_folded(f"{title}\n{summary}\n{item.mark}" if item.mark else f"{title}\n{summary}")) if told else ""
    )
    published = item.published or item.updated
    return Entry(
        ident=_ident(item.ident) or url or f"text:{text_hash}",
        url=url,
        title=title or cut(one_line(summary), 120) or url or one_line(text_of(item.ident, MAX_TITLE)),
        summary=summary,
        author=one_line(text_of(item.author, 200)),
        published=min(published, context.now) if published else None,
        updated=min(item.updated, context.now) if item.updated else None,
        lang=_language(item.lang or context.lang),
        text_hash=text_hash,
        dated=_dated(published, context.now),
    )


def _dated(published: datetime | None, now: datetime) -> str:
    """Return the mark of a date that is not the item's own; clocks that go a little fast are forgiven."""
    if published is None:
        return "unknown"
    return "future" if published > now + CLOCK_SLACK else ""


def _ident(declared: str) -> str:
    """Return a declared id, shortened where it is too long for a key."""
    flat = one_line(declared)
    return flat if len(flat) <= MAX_IDENT else f"id:{_digest(flat)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", errors="replace"), digest_size=16).hexdigest()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _language(tag: str) -> str:
    """Return a language tag in our spelling: the two Chinese scripts by name, others by their first part."""
    low = tag.strip().lower().replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", low):
        return ""
    if not low.startswith("zh"):
        return low.split("-")[0]
    return "zh-Hant" if re.search(r"hant|tw|hk|mo", low) else "zh-Hans" if re.search(r"hans|cn|sg", low) else "zh"
