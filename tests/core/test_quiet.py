"""Quiet hours across midnight and across clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from monitor.core.quiet import QuietHours

if TYPE_CHECKING:
    from monitor.model import Severity

TAIPEI, BERLIN, CHATHAM = (ZoneInfo(name) for name in ("Asia/Taipei", "Europe/Berlin", "Pacific/Chatham"))
NIGHT = QuietHours(time(22, 30), time(6, 30), TAIPEI, "critical")
clocks = st.times().map(lambda shown: shown.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def local(zone: ZoneInfo, *parts: int, fold: int = 0) -> datetime:
    """Return a local moment, in UTC: two of different zones compare as moments only there."""
    return datetime(*parts, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("hour", "minute", "until"),
    [
        (22, 29, None),
        (22, 30, (5, 6, 30)),
        (23, 59, (5, 6, 30)),
        (0, 0, (4, 6, 30)),
        (6, 29, (4, 6, 30)),
        (6, 30, None),
        (12, 0, None),
    ],
)
def test_a_night_across_midnight(hour: int, minute: int, until: tuple[int, int, int] | None) -> None:
    """It begins with its first minute and ends before its last; until is the coming morning's."""
    now = local(TAIPEI, 2026, 5, 4, hour, minute)
    assert NIGHT.until(now) == (until and local(TAIPEI, 2026, 5, *until))


def test_a_stretch_within_a_day() -> None:
    """Quiet hours need not cross midnight."""
    siesta = QuietHours(time(13), time(15), TAIPEI)
    shown = {hour: siesta.until(local(TAIPEI, 2026, 5, 4, hour)) for hour in (12, 13, 14, 15)}
    assert shown == dict.fromkeys((12, 15)) | dict.fromkeys((13, 14), local(TAIPEI, 2026, 5, 4, 15))


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        # The night of 29 March 2026 lasts an hour less: 02:00 to 03:00 is skipped.
        (time(22), time(6), local(BERLIN, 2026, 3, 29, 1), local(BERLIN, 2026, 3, 29, 6)),
        (time(22), time(2, 30), local(BERLIN, 2026, 3, 29, 1, 59), local(BERLIN, 2026, 3, 29, 3)),
        (time(22), time(2, 30), local(BERLIN, 2026, 3, 29, 3), None),
        (time(2, 30), time(5), local(BERLIN, 2026, 3, 29, 1, 59), None),
        (time(2, 30), time(5), local(BERLIN, 2026, 3, 29, 3), local(BERLIN, 2026, 3, 29, 5)),
        # That of 25 October an hour more: 02:00 to 03:00 comes twice.
        (time(22), time(2, 30), local(BERLIN, 2026, 10, 25, 2, 45), local(BERLIN, 2026, 10, 25, 2, 30, fold=1)),
        (time(22), time(2, 30), local(BERLIN, 2026, 10, 25, 2, 29, fold=1), local(BERLIN, 2026, 10, 25, 2, 30, fold=1)),
        (time(22), time(2, 30), local(BERLIN, 2026, 10, 25, 2, 30, fold=1), None),
        (time(2, 30), time(5), local(BERLIN, 2026, 10, 25, 2, 29), None),
        (time(2, 30), time(5), local(BERLIN, 2026, 10, 25, 2, 10, fold=1), local(BERLIN, 2026, 10, 25, 5)),
    ],
)
def test_clocks_that_change(start: time, end: time, now: datetime, until: datetime | None) -> None:
    """A skipped time is the moment it is skipped; of one shown twice, quiet covers both."""
    assert QuietHours(start, end, BERLIN).until(now) == until


@given(clocks, clocks, moments, st.sampled_from([TAIPEI, BERLIN, CHATHAM]))
@example(time(2, 30), time(2, 45), datetime(2026, 10, 25, 0, 50, tzinfo=UTC), BERLIN)
def test_quiet_is_what_the_clocks_say(start: time, end: time, now: datetime, zone: ZoneInfo) -> None:
    """Away from changed clocks the moment is quiet just when its time lies in the stretch, and then it ends soon."""
    assume(start != end)
    until = QuietHours(start, end, zone).until(now)
    shown = now.astimezone(zone).time()
    inside = start <= shown < end if start < end else shown >= start or shown < end
    steady = len({(now + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(-26, 27)}) == 1
    if steady:
        assert (until is not None) is inside
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        assert not steady or QuietHours(start, end, zone).until(until) is None


@pytest.mark.parametrize(
    ("through", "severity", "held"),
    [
        ("critical", "critical", False),
        ("critical", "high", True),
        ("high", "critical", False),
        ("high", "normal", True),
        (None, "critical", True),
    ],
)
def test_what_is_urgent_enough_breaks_through(through: Severity | None, severity: Severity, *, held: bool) -> None:
    """The severity named and those above; nothing when none is named."""
    night = QuietHours(NIGHT.start, NIGHT.end, TAIPEI, through)
    now = local(TAIPEI, 2026, 5, 4, 23)
    assert (night.held(severity, now) is not None) is held
    assert night.held(severity, local(TAIPEI, 2026, 5, 4, 12)) is None
