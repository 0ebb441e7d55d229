"""Days that a text names, as ISO dates, resolved against the day it was published."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {name: n for n, name in enumerate(_WEEK)}
_HAN_DAYS = {name: n for n, name in enumerate("一二三四五六日")} | {"天": 6}
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1, "今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "明天": 1, "明日": 1}

_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"""(?=[\dA-Za-z星周礼今昨明])(?<![A-Za-z])(?:
    (?<!\d)(?P<iso>{_YEAR}-\d\d?-\d\d?)(?!\d)
    |(?:(?P<year>{_YEAR})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]
    |(?P<name>{_MONTH})[ ](?P<name_day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|,\d|[ ]?[ap]\.?m)
        (?:,?[ ](?P<name_year>{_YEAR})\b)?
    |(?<![\d.,$])(?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<named>{_MONTH})(?![a-z])
        (?:,?[ ](?P<named_year>{_YEAR})\b)?
    |(?:(?P<which>next|last)[ ])?(?P<weekday>{"|".join(_WEEK)})\b(?!s)
    |(?:星期|周|礼拜)(?P<han_weekday>[一二三四五六日天])(?!体|刊)
    |(?P<near>(?:today|yesterday|tomorrow)\b|[今昨明][天日](?!本))
    |(?<![\d月])(?P<of_month>\d{{1,2}})日(?!本|圆|元|币|前|后|内|间|游))""",
    re.VERBOSE | re.IGNORECASE,
)


def dates(plain: str, published: date | None) -> Iterator[date]:
    """Yield the days a plain text names; what needs the day of publication is left out without one."""
    for match in _DATE.finditer(plain):
        day = _day(match, published)
        if day is not None:
            yield day


def _day(match: re.Match[str], published: date | None) -> date | None:
    if match["iso"]:
        return _valid(*(int(part) for part in match["iso"].split("-")))
    if match["month"]:
        return _placed(match["year"], int(match["month"]), int(match["day"]), published)
    if match["name"] or match["named"]:
        day = int(match["name_day"] or match["day_first"])
        return _placed(
            match["name_year"] or match["named_year"], _month(match["name"] or match["named"]), day, published
        )
    return None if published is None else _relative(match, published)


def _relative(match: re.Match[str], published: date) -> date | None:
    """Return a day that is told from the publication: yesterday, Sunday, 7日."""
    if match["near"]:
        return _shifted(published, _NEAR[match["near"].lower()])
    if match["of_month"]:
        return _day_of_month(int(match["of_month"]), published)
    number = _HAN_DAYS[match["han_weekday"]] if match["han_weekday"] else _DAYS[match["weekday"].lower()]
    return _weekday(number, (match["which"] or "").lower(), published)


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _placed(year: str | None, month: int, day: int, published: date | None) -> date | None:
    """Return a day in its year, or in the year that brings it nearest to the publication."""
    if year:
        return _valid(int(year), month, day)
    if published is None:
        return None
    years = (published.year - 1, published.year, published.year + 1)
    near = [d for y in years if (d := _valid(y, month, day)) is not None]
    return min(near, key=lambda d: abs(d - published), default=None)


def _day_of_month(day: int, published: date) -> date | None:
    """Return the last such day of a month, as Chinese reports write it; one day ahead is allowed for time zones."""
    this = _valid(published.year, published.month, day)
    if this is not None and this <= published + timedelta(days=1):
        return this
    year, month = (published.year, published.month - 1) if published.month > 1 else (published.year - 1, 12)
    return _valid(year, month, day)


def _weekday(number: int, which: str, published: date) -> date | None:
    """Return the last such weekday up to the publication; with *next*, the first after it."""
    if which == "next":
        return _shifted(published, (number - published.weekday() - 1) % 7 + 1)
    back = (published.weekday() - number) % 7
    return _shifted(published, -(back or (7 if which == "last" else 0)))


def _shifted(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
