"""A page of any kind to entries, as far as it can be read; a process that does nothing else loads no more than this."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.broken import is_bomb, whole_part
from monitor.core.listpage import read as read_page
from monitor.errors import FeedError

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.model import Feed, Page, ParsedFeed

CUT_OFF = "its page breaks off"


def whole(page: Page, feed: Feed, now: datetime, seen: bytes = b"") -> tuple[ParsedFeed, bool]:
    """Return what can be read of a page, and whether it breaks off; *seen* as for :func:`monitor.core.parse.parse`."""
    if feed.selectors:
        return read_page(page, feed, now), False
    if is_bomb(page.body):
        raise FeedError("entity_bomb", f"{feed.name}: declares entities that can grow without end; tell the outlet")
    body, broken = whole_part(page.body)
    parsed = read_page(replace(page, body=body) if broken else page, feed, now, seen)
    if broken and not parsed.entries and not parsed.known:
        raise FeedError("cut_off", f"{feed.name}: {CUT_OFF} before its first item; it is tried again")
    return parsed, broken
