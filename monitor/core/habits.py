"""When a feed is worth asking, as it says itself and as its entries show."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor.model import Habits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from monitor.model import Entry, ParsedFeed

KEPT = 40
"""Moments of entries that are remembered."""
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HEAD = 20_000
# feedparser keeps only the last of each list.
_SKIPPED = re.compile(rb"<skip(hours|days)\s*>(.{0,2000}?)</skip\1\s*>", re.IGNORECASE | re.DOTALL)
_PART = re.compile(rb"<(?:hour|day)\s*>\s*(\w{1,9})\s*</", re.IGNORECASE)


def asks(channel: Mapping[str, Any], body: bytes) -> Habits:
    """Return what a feed says of when to come: ``ttl``, ``sy:updatePeriod``, ``skipHours`` and ``skipDays``."""
    skipped = {kind.lower(): _PART.findall(parts) for kind, parts in _SKIPPED.findall(body[:_HEAD])}
    hours = {int(hour) % 24 for hour in skipped.get(b"hours", ()) if hour.isdigit() and int(hour) <= 24}
    names = (day.decode("ascii", "replace").lower() for day in skipped.get(b"days", ()))
    days = {_DAYS.index(name) for name in names if name in _DAYS}
    every = max(60 * _number(channel.get("ttl")), _period(channel))
    return Habits(every=every, skip_hours=tuple(sorted(hours)), skip_days=tuple(sorted(days)))


def _number(value: object) -> float:
    """Return a small number that was written plainly, else nothing."""
    text = value.strip() if isinstance(value, str) else ""
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0.0


def _period(channel: Mapping[str, Any]) -> float:
    seconds = _PERIODS.get(str(channel.get("sy_updateperiod", "")).strip().lower(), 0)
    return seconds / max(1.0, _number(channel.get("sy_updatefrequency")))


def learned(before: Habits, page: ParsedFeed, fresh: Iterable[Entry], now: datetime) -> Habits:
    """Return a feed's habits after a page: what it says of itself now, and the moments of its entries.

    An entry without a date of its own counts at the moment when it was first seen.
    """
    dated = {int(entry.published.timestamp()) for entry in page.entries if entry.published and not entry.dated}
    seen = {int(now.timestamp())} if any(entry.dated for entry in fresh) else set()
    moments = sorted({*before.recent, *dated, *seen})
    return replace(page.habits, recent=tuple(moments[-KEPT:]))
