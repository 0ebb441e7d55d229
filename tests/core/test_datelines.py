"""Dates as lists of news write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.datelines import AHEAD, read_date

TAIPEI = ZoneInfo("Asia/Taipei")
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def taipei(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment on Taipei's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", taipei(2026, 11, 24)),
        ("2026/11/24", taipei(2026, 11, 24)),
        ("2026.11.24", taipei(2026, 11, 24)),
        ("20261124", taipei(2026, 11, 24)),
        ("2026-11-24T08:30:00+00:00", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("2026-11-24T08:30:00Z", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("2026-11-24 08:30", taipei(2026, 11, 24, 8, 30)),
        ("Tue, 24 Nov 2026 08:30:00 +0000", datetime(2026, 11, 24, 8, 30, tzinfo=UTC)),
        ("115/11/24", taipei(2026, 11, 24)),
        ("115-11-24", taipei(2026, 11, 24)),
        ("115.1.4", taipei(2026, 1, 4)),
        ("115年11月24日", taipei(2026, 11, 24)),
        ("中華民國115年11月24日", taipei(2026, 11, 24)),
        ("民國 99 年 1 月 2 日", taipei(2010, 1, 2)),
        ("115/11/24 下午 3:05", taipei(2026, 11, 24, 15, 5)),
        ("115/11/24 上午12:10", taipei(2026, 11, 24, 0, 10)),
        ("2026年11月24日 09:15", taipei(2026, 11, 24, 9, 15)),
        ("發布日期：２０２６／１１／２４", taipei(2026, 11, 24)),
        ("更新於 2026/11/24（二）14:20", taipei(2026, 11, 24, 14, 20)),
        ("11月24日", taipei(2026, 11, 24)),
        ("11月26日", taipei(2026, 11, 26)),
        ("12月24日", taipei(2025, 12, 24)),
        ("2月29日", taipei(2024, 2, 29)),
        ("24 November 2026", taipei(2026, 11, 24)),
        ("Nov. 24, 2026 9:05 PM", taipei(2026, 11, 24, 21, 5)),
        ("Posted: November 24, 2026", taipei(2026, 11, 24)),
        ("2026-13-40", None),
        ("2026/02/30", None),
        ("13月1日", None),
        ("第115號公告", None),
        ("45架次", None),
        ("", None),
    ],
)
def test_how_a_date_may_stand(text: str, expected: datetime | None) -> None:
    """ISO, slashes, Republic years, days without a year, English; nothing where there is no such day."""
    assert read_date(text, TAIPEI, NOW) == expected


@given(st.dates(datetime(1912, 1, 1).date(), datetime(2910, 12, 31).date()))
def test_a_republic_year_is_its_western_one(day: datetime) -> None:
    """From 1912 on, written with characters; with slashes from its hundredth year."""
    republic = day.year - 1911
    expected = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if republic >= 10:
        assert read_date(f"{republic}年{day.month}月{day.day}日", UTC, NOW) == expected
    if republic >= 100:
        assert read_date(f"{republic}/{day.month:02}/{day.day:02}", UTC, NOW) == expected


@given(st.dates(datetime(2020, 1, 1).date(), datetime(2030, 12, 31).date()), st.integers(0, 8))
def test_a_day_without_a_year_is_never_far_ahead(day: datetime, months: int) -> None:
    """It is the latest such day."""
    now = datetime(2026, 1 + months, 15, tzinfo=UTC)
    found = read_date(f"{day.month}月{day.day}日", UTC, now)
    assert found is not None
    assert found <= now + AHEAD
    assert found > now - timedelta(days=366 * 8)


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Nothing is raised."""
    found = read_date(text, TAIPEI, NOW)
    assert found is None or found.tzinfo is UTC
