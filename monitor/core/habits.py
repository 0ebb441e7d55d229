"""When a feed is worth asking, as it says itself and as its entries show."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from monitor.model import Habits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from monitor.model import Entry, ParsedFeed

KEPT = 40
"""Moments of entries that are remembered."""
GAPS = 20
"""The last gaps between them that tell a feed's rhythm."""
TOGETHER = 60
"""Seconds within which entries count as published at once."""
BUSY_SHARE = 2.0
"""How many times an even share of the entries makes an hour of the day a busy one."""
BUSY_LEAST = 3
"""The fewest entries that make one."""
ENOUGH = 3 * 86_400
"""Seconds of entries that tell anything about hours."""
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
    recent = tuple(sorted({*before.recent, *dated, *seen})[-KEPT:])
    return replace(page.habits, recent=recent, gap=typical_gap(recent), busy_hours=busy_hours(recent))


def typical_gap(recent: Sequence[int]) -> float:
    """Return the median of the last gaps between moments, those together counted once; 0 for too few."""
    apart: list[int] = []
    for moment in recent:
        if not apart or moment - apart[-1] >= TOGETHER:
            apart.append(moment)
    return float(median(later - earlier for earlier, later in pairwise(apart[-GAPS - 1 :]))) if len(apart) > 2 else 0.0


def busy_hours(recent: Sequence[int]) -> tuple[int, ...]:
    """Return the hours of the day, in UTC, in which a feed mostly publishes; none while too little is known."""
    if not recent or recent[-1] - recent[0] < ENOUGH:
        return ()
    hours = Counter(moment // 3600 % 24 for moment in recent)
    least = max(float(BUSY_LEAST), BUSY_SHARE * len(recent) / 24)
    return tuple(sorted(hour for hour, count in hours.items() if count >= least))
