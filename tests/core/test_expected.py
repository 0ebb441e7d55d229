"""Sources that are expected by a time of day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import feed

from monitor.core.expected import Watch, due, is_late, line, message

if TYPE_CHECKING:
    from monitor.model import Feed

TAIPEI, BERLIN = ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 4)
BULLETIN = Watch("Ministry bulletin", "Ministry", time(10, 30), ("desk",))


def at(hour: int, minute: int = 0) -> datetime:
    """Return a moment of the day in Taipei."""
    return datetime.combine(DAY, time(hour, minute), TAIPEI)


@pytest.mark.parametrize(
    ("now", "first", "late"),
    [
        (at(10, 29), None, False),
        (at(10, 30), None, True),
        (at(23, 59), None, True),
        (at(10, 30), at(10, 10), False),
        (at(12), at(11, 50), False),
    ],
)
def test_a_source_is_late_from_its_time_until_it_comes(now: datetime, first: datetime | None, late: bool) -> None:
    """Not before, and not after something new was seen on the day."""
    assert is_late(BULLETIN, first, now, TAIPEI) is late


def test_only_on_its_days() -> None:
    """A bulletin of weekends is not missed on a Monday."""
    assert not is_late(Watch("W", "S", time(1), (), frozenset({5, 6})), None, at(12), TAIPEI)


@pytest.mark.parametrize(
    ("day", "by", "expected"),
    [
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(10, 30), datetime(2026, 3, 29, 8, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(10, 30), datetime(2026, 10, 25, 9, 30, tzinfo=UTC)),
    ],
)
def test_clock_changes(day: date, by: time, expected: datetime) -> None:
    """A time that is skipped or comes twice is the later moment."""
    assert due(Watch("W", "S", by, ()), day, BERLIN) == expected


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.times(), st.sampled_from([TAIPEI, BERLIN]))
def test_every_day_has_its_time(day: date, by: time, zone: ZoneInfo) -> None:
    """On that local day, whatever the clocks do."""
    limit = due(Watch("W", "S", by.replace(tzinfo=None), ()), day, zone)
    assert limit
    assert limit.astimezone(zone).date() == day


@pytest.mark.parametrize(
    ("feeds", "says"),
    [
        ([], "No feed has the outlet name Ministry"),
        ([feed(failures=3, error="timed out")], "cannot be read: timed out"),
        ([feed()], "the source itself is silent"),
    ],
)
def test_the_message_tells_what_is_known(feeds: list[Feed], says: str) -> None:
    """Which source, until when it was expected, and whether its feed works."""
    told = message(BULLETIN, DAY, TAIPEI, feeds)
    assert told.subject == "[high] Late: Ministry bulletin"
    assert "Ministry was expected by 10:30 (Asia/Taipei)" in told.text
    assert says in told.text
    assert told.data["date"] == "2026-05-04"


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (at(10, 30), ""),
        (at(11, 42), "Ministry bulletin (Ministry) came at 11:42; it was expected by 10:30."),
        (None, "Ministry bulletin (Ministry) did not come; it was expected by 10:30."),
    ],
)
def test_the_digest_says_when_it_came(first: datetime | None, expected: str) -> None:
    """Or that it did not; nothing of one that was in time."""
    assert line(BULLETIN, DAY, first, TAIPEI) == expected
    assert line(Watch("W", "S", time(1), (), frozenset()), DAY + timedelta(days=1), first, TAIPEI) == ""
