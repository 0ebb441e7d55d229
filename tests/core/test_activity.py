"""The index of a day, its chart, and days that stand out: by tables, and on simulated news with a known change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import simulated
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import activity
from monitor.core.activity import BARS, LEARNING, Count, Tally, Telling, causes, confirmed, index, judge, sparkline

TODAY = date(2026, 5, 4)


def past(*stories: int) -> list[Tally]:
    """Return the days before today with so many stories each, the latest last."""
    first = TODAY - timedelta(days=len(stories))
    return [Tally(first + timedelta(days=at), {"t": Count(n, n)}) for at, n in enumerate(stories)]


def today(stories: int, publishers: int = 9) -> Tally:
    """Return today."""
    return Tally(TODAY, {"t": Count(stories, publishers)})


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (Count(), 0),
        (Count(1), 15),
        (Count(9), 50),
        (Count(100), 100),
        (Count(9, 5, {"aircraft": 45, "crossings": 28, "vessels": 7}), 72),
        (Count(0, 0, {"balloons": 2, "money": 9e9}), 15),
        (Count(400), 130),
    ],
)
def test_the_scale_is_frozen(count: Count, expected: int) -> None:
    """Version 1 gives these figures for ever; a change of them is a new version."""
    assert (activity.SCALE, index(count)) == (1, expected)


@given(st.integers(0, 10_000), st.floats(0, 1e6))
def test_more_is_never_less(stories: int, aircraft: float) -> None:
    """Another story, and another aircraft, leave the index where it is or raise it."""
    here = index(Count(stories, 0, {"aircraft": aircraft}))
    assert here <= index(Count(stories + 1, 0, {"aircraft": aircraft}))
    assert here <= index(Count(stories, 0, {"aircraft": aircraft + 1}))


def test_a_number_counts_when_two_tell_it_or_an_official() -> None:
    """Not when one outlet does, or two give different ones; of several stories the largest counts."""
    told = [
        Telling("t", 1, "aircraft", 45, "a"),
        Telling("t", 1, "aircraft", 45, "b"),
        Telling("t", 2, "aircraft", 12, "ministry", official=True),
        Telling("t", 3, "aircraft", 90, "a"),
        Telling("t", 3, "aircraft", 91, "b"),
        Telling("t", 4, "vessels", 7, "a"),
        Telling("t", 5, "vessels", 7, "b"),
        Telling("u", 6, "money", 7, "ministry", official=True),
    ]
    assert confirmed(told) == {"t": {"aircraft": 45}}


@pytest.mark.parametrize(
    ("now", "before", "state"),
    [
        (today(40), past(*[5] * (LEARNING - 1)), "learning"),
        (today(40), past(*[5] * LEARNING), "surge"),
        (today(6), past(*[5] * 56), "usual"),
        (today(40, publishers=2), past(*[5] * 56), "usual"),
        (today(4), past(*[0] * 56), "usual"),
        (today(9), past(*[0] * 56), "surge"),
        (today(40), past(*[5] * 49, *[40] * 7), "usual"),
        (today(40), past(*[5] * 55, 900), "surge"),
        (today(0), past(*[40] * 56), "usual"),
    ],
)
def test_a_day_beside_those_before(now: Tally, before: list[Tally], state: str) -> None:
    """It takes known days, volume and publishers; a level of a week is the usual, and one odd day changes nothing."""
    assert judge("t", now, before).state == state


def test_a_busy_monday_is_no_surge() -> None:
    """Where every Monday is busy; a Tuesday like that is one."""
    weeks = past(*([30, 5, 5, 5, 5, 5, 5] * 8))
    assert judge("t", today(32), weeks).state == "usual"
    tuesday = Tally(TODAY + timedelta(days=1), {"t": Count(32, 9)})
    assert judge("t", tuesday, [*weeks[1:], today(30)]).state == "surge"


def test_days_without_watch_and_days_far_back_say_nothing() -> None:
    """A month of standing still is no month of silence."""
    asleep = [Tally(tally.day, watched=False) for tally in past(*[0] * 56)]
    old = [Tally(tally.day - timedelta(days=100), tally.themes) for tally in past(*[5] * 56)]
    assert judge("t", today(40), [*old, *asleep]).state == "learning"


def test_the_usual_number_is_told_in_stories() -> None:
    """The expected number is that of the series when it is even."""
    assert judge("t", today(40), past(*[5] * 56)).expected == pytest.approx(5)


def test_what_a_surge_is_about() -> None:
    """Terms that the day has more often than those before; neither what is always there nor what one story has."""
    before = [frozenset({"state:taiwan", "jets"})] * 40
    now = [frozenset({"state:taiwan", "act:ban", "act:ban+thing:fruit"})] * 5 + [frozenset({"state:taiwan", "odd"})]
    assert causes(now, before) == ["ban", "ban fruit"]
    assert causes([], before) == []


def test_a_chart() -> None:
    """From nothing to the highest; what was not watched is a dot."""
    assert sparkline([0, 50, 100, None]) == "▁▅█·"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""


@given(st.lists(st.none() | st.integers(0, 300), max_size=40))
def test_a_chart_has_a_sign_a_day(values: list[int | None]) -> None:
    """Whatever the figures; the highest is the full bar."""
    chart = sparkline(values)
    assert len(chart) == len(values)
    if any(values):
        assert BARS[-1] in chart


@pytest.mark.parametrize("world", simulated.WORLDS, ids=lambda world: world.name)
def test_surges_where_nothing_changes_are_rare(world: simulated.World) -> None:
    """At most one false alarm a theme in four months, also where news is less even than chance."""
    assert simulated.false_alarms(world, months=60) <= 0.25


@pytest.mark.parametrize(
    ("at", "factor", "first", "soon"),
    [(0, 5.0, 0.2, 0.5), (1, 5.0, 0.75, 0.95), (2, 2.0, 0.3, 0.65), (2, 3.0, 0.7, 0.95), (5, 3.0, 0.7, 0.95)],
)
def test_a_change_is_found_soon(at: int, factor: float, first: float, soon: float) -> None:
    """So large a share on the day it begins, and within three days."""
    found = simulated.found_after(simulated.WORLDS[at], factor, runs=100)
    assert sum(day == 1 for day in found) >= first * len(found)
    assert sum(0 < day <= 3 for day in found) >= soon * len(found)


def test_a_change_that_stays_becomes_the_usual() -> None:
    """It is told for about half a week, not for the eight weeks until all days before are new ones."""
    assert simulated.told_days(simulated.WORLDS[2], 3.0, runs=30) <= 7
