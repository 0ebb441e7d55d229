"""Dates as lists of news write them, Chinese and Republic years among them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

REPUBLIC = 1911
"""The Republic of China counts its years from the one after this."""
AHEAD = timedelta(days=2)
"""A day without a year may lie so far ahead of now, by time zones and clocks; beyond that it is last year's."""
_LONGEST = 100
_TIME = (
    r"(?:\D{0,4}?(?P<half>上午|下午|am|pm)?\s*(?P<hour>[01]?\d|2[0-3])[:時点點](?P<minute>[0-5]\d)"
    r"(?::[0-5]\d)?\s*(?P<tail>am|pm)?)?"
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SHAPES = tuple(
    re.compile(shape + _TIME, re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<year>\d{4}|\d{2,3})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日號号]?",
        r"(?<!\d)(?P<year>\d{4}|\d{3})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\s+" + _MONTH + r",?\s+(?P<year>\d{4})(?!\d)",
        _MONTH + r"\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日號号]",
    )
)  # fmt: skip


def read_date(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    """Return the first date in a text, in UTC; without a time the day's beginning in *zone*, None when there is none.

    ``115/11/24`` and ``115年11月24日`` are of a Republic year, ``11月24日`` is the latest such day.
    """
    flat = " ".join(unicodedata.normalize("NFKC", text[: _LONGEST * 2]).split())[:_LONGEST]
    try:
        found = _machine(flat, zone) or _written(flat, zone, now)
        return found.astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None


def _machine(text: str, zone: tzinfo) -> datetime | None:
    """Read what programs write: ISO 8601, or as mail has it."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return None


def _written(text: str, zone: tzinfo, now: datetime) -> datetime | None:
    for shape in _SHAPES:
        if match := shape.search(text):
            return _moment(match.groupdict(), zone, now)
    return None


def _moment(parts: dict[str, str | None], zone: tzinfo, now: datetime) -> datetime:
    month = _MONTHS.index((parts.get("name") or "")[:3].lower()) + 1 if parts.get("name") else int(parts["month"] or 0)
    hour, minute = _clock(parts)
    year = parts.get("year")
    if year:
        western = int(year) + (REPUBLIC if len(year) < 4 else 0)
        return datetime(western, month, int(parts["day"] or 0), hour, minute, tzinfo=zone)
    local = now.astimezone(zone)
    # 29 February is not in every year: the last that had it.
    for back in range(9):
        try:
            found = datetime(local.year + 1 - back, month, int(parts["day"] or 0), hour, minute, tzinfo=zone)
        except ValueError:
            continue
        if found <= now + AHEAD:
            return found
    raise ValueError("no such day")


def _clock(parts: dict[str, str | None]) -> tuple[int, int]:
    if not parts["hour"]:
        return 0, 0
    hour, half = int(parts["hour"]), (parts["half"] or parts["tail"] or "").lower()
    if half in {"下午", "pm"} and hour < 12:
        hour += 12
    elif half in {"上午", "am"} and hour == 12:
        hour = 0
    return hour, int(parts["minute"] or 0)
