from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.drift import BINS, LEAST_ITEMS, SHIFT, counted, drifted, monday, stability_index

if TYPE_CHECKING:
    from monitor.core.drift import Cell

TODAY = date(2026, 11, 25)
LAST = date(2026, 11, 16)


def weeks(count: int, items: int, share: float, seed: int = 1) -> Counter[Cell]:
    """Return the counts of weeks that end with the last full one; a share of the items is probable."""
    drawn = random.Random(seed)
    cells: Counter[Cell] = Counter()
    for n in range(count):
        scores = [{"exercises": 0.9 if drawn.random() < share else 0.01} for _ in range(items)]
        cells.update(counted(scores, LAST - timedelta(weeks=n)))
    return cells


def last_week(share: float, items: int = 2000, before: float = 0.05) -> Counter[Cell]:
    """Return steady weeks before a last one with another share."""
    steady = weeks(9, 2000, before)
    return Counter({cell: n for cell, n in steady.items() if cell[1] != LAST}) + weeks(1, items, share, seed=2)


def test_a_week_that_looks_like_the_others_says_nothing() -> None:
    """Chance alone does not leave the band."""
    assert drifted(weeks(9, 400, 0.05), TODAY) == []


@pytest.mark.parametrize(("before", "share", "way"), [(0.05, 0.4, "higher"), (0.5, 0.0, "lower")])
def test_a_shift_is_told_with_its_way(before: float, share: float, way: str) -> None:
    """A theme that is suddenly everywhere, or gone where it was common, is told with both means."""
    (drift,) = drifted(last_week(share, before=before), TODAY)
    assert drift.index > SHIFT
    assert drift.week == LAST
    assert drift.told({"exercises": "Drills"}).startswith("Drills: the probabilities of the week from 16 November")
    assert f"are {way} than" in drift.told({})


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (Counter(), "nothing was counted"),
        (last_week(0.9, items=LEAST_ITEMS - 1), "the week is too small"),
        (weeks(1, 2000, 0.9) + weeks(4, 2000, 0.9), "there are too few weeks before"),
    ],
)
def test_too_little_says_nothing(cells: Counter[Cell], why: str) -> None:
    """Small numbers are no evidence."""
    assert drifted(cells, TODAY) == [], why


def test_the_week_that_is_not_over_is_left_alone() -> None:
    """Only full weeks are compared."""
    running = counted([{"exercises": 0.9}] * 2000, TODAY)
    assert drifted(weeks(9, 400, 0.05) + running, TODAY) == []


def test_a_week_begins_on_monday_and_a_certain_item_has_a_bin() -> None:
    """Probability 1 falls into the last tenth."""
    assert monday(TODAY) == date(2026, 11, 23)
    assert counted([{"coercion": 1.0}, {"coercion": 0.0}], TODAY) == {
        ("coercion", date(2026, 11, 23), BINS - 1): 1,
        ("coercion", date(2026, 11, 23), 0): 1,
    }


@given(*[st.lists(st.integers(0, 10_000), min_size=BINS, max_size=BINS) for _ in range(2)])
def test_the_index_is_symmetric_and_never_negative(before: list[int], now: list[int]) -> None:
    """Two histograms are as far apart one way as the other; one is not apart from itself."""
    assert stability_index(before, now) >= 0
    assert stability_index(before, now) == pytest.approx(stability_index(now, before))
    assert stability_index(before, before) == pytest.approx(0)
