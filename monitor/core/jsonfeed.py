"""JSON Feed 1.0 and 1.1, read into items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from monitor.model import Habits


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as its feed declares it, whatever the format: markup, addresses and dates not cleaned yet."""

    ident: str
    url: str
    title: str
    summary: str
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    lang: str = ""
    mark: str = ""
    """What tells it from another of the same words, such as the day of a bulletin that has one title every day."""


@dataclass(frozen=True, slots=True)
class Items:
    """A page as it declares itself."""

    title: str
    lang: str
    items: tuple[Item, ...]
    habits: Habits = field(default_factory=Habits)
    """What it says of when to come."""
    marks: tuple[bytes, ...] = ()
    """Of each item the digest by which it is known next time, empty for none; or nothing at all."""
    known: Mapping[bytes, bytes] = field(default_factory=dict)
    """The digests of items left out, which were read before, each with that of its id."""


def read_json_feed(text: str) -> Items | None:
    """Return what a JSON Feed declares, None when the text is JSON but no JSON Feed.

    Raises ValueError when it is no JSON at all, a cut-off one included.
    """
    try:
        feed = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(feed, Mapping) or "jsonfeed.org/version/1" not in _text(feed, "version"):
        return None
    items = feed.get("items")
    read = tuple(_item(item) for item in items if isinstance(item, Mapping)) if isinstance(items, list) else ()
    return Items(_text(feed, "title"), _text(feed, "language"), read)


def _item(item: Mapping[str, Any]) -> Item:
    return Item(
        ident=_text(item, "id"),
        url=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        summary=_text(item, "summary") or _text(item, "content_html") or _text(item, "content_text"),
        author=_author(item),
        published=_date(_text(item, "date_published")),
        updated=_date(_text(item, "date_modified")),
        lang=_text(item, "language"),
    )


def _text(item: Mapping[str, Any], key: str) -> str:
    """Return a value as text; ids are numbers in some feeds."""
    value = item.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _author(item: Mapping[str, Any]) -> str:
    authors = item.get("authors") or [item.get("author")]
    named = authors if isinstance(authors, list) else []
    return ", ".join(name for a in named if isinstance(a, Mapping) and (name := _text(a, "name")))


def _date(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text.strip())
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
