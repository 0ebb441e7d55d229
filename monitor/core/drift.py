"""Whether the probabilities of a theme still look as they did: a week's distribution beside the weeks before.

The measure is the population stability index, the symmetrised Kullback-Leibler divergence of two histograms, with the
bounds that credit scoring gave it (N. Siddiqi, Credit Risk Scorecards, 2006): under 0.1 nothing, over 0.25 a shift.
What shifted, the news or the fit of the model, only a reader can tell; so it is said, and nothing is done about it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BINS = 10
SHIFT = 0.25
WEEKS = 8
"""How many weeks before are compared with."""
LEAST_WEEKS = 4
LEAST_ITEMS = 200
"""Fewer items in a week say nothing about their distribution."""
_SMOOTHING = 0.5
"""Added to each bin, so that an empty one has a logarithm."""

Cell = tuple[str, date, int]
"""A theme, the Monday of a week, and a tenth of the probabilities."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A theme whose probabilities left their band."""

    theme: str
    week: date
    index: float
    before: float
    """The mean probability of the weeks before, and of this week."""
    now: float

    def told(self, names: Mapping[str, str]) -> str:
        """Say it in a sentence for people, with the theme's name."""
        way = "higher" if self.now > self.before else "lower"
        return (
            f"{names.get(self.theme, self.theme)}: the probabilities of the week from {self.week.day} {self.week:%B} "
            f"are {way} than in the weeks before (mean {self.now:.3f}, was {self.before:.3f}; stability index "
            f"{self.index:.2f}, band {SHIFT}). Either the news changed, or the model no longer fits it: strait review "
            "shows what it doubts."
        )


def monday(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def counted(scores: Iterable[Mapping[str, float]], day: date) -> Counter[Cell]:
    """Return how many items' probabilities fall into each tenth, by theme, in the week of a day."""
    week = monday(day)
    return Counter(
        (theme, week, min(BINS - 1, int(chance * BINS))) for item in scores for theme, chance in item.items()
    )


def drifted(cells: Mapping[Cell, int], today: date) -> list[Drift]:
    """Return the themes whose last full week left the band of the weeks before it, the farthest first."""
    week = monday(today) - timedelta(weeks=1)
    found = [_compared(theme, week, cells) for theme in sorted({theme for theme, _, _ in cells})]
    return sorted((drift for drift in found if drift and drift.index > SHIFT), key=lambda d: (-d.index, d.theme))


def _compared(theme: str, week: date, cells: Mapping[Cell, int]) -> Drift | None:
    now = _histogram(theme, [week], cells)
    earlier = [week - timedelta(weeks=n) for n in range(1, WEEKS + 1)]
    known = [w for w in earlier if sum(_histogram(theme, [w], cells)) >= LEAST_ITEMS]
    if sum(now) < LEAST_ITEMS or len(known) < LEAST_WEEKS:
        return None
    before = _histogram(theme, known, cells)
    return Drift(theme, week, stability_index(before, now), _mean(before), _mean(now))


def _histogram(theme: str, weeks: Iterable[date], cells: Mapping[Cell, int]) -> list[int]:
    wanted = list(weeks)
    return [sum(cells.get((theme, week, at), 0) for week in wanted) for at in range(BINS)]


def _mean(histogram: Sequence[int]) -> float:
    return sum(count * (at + 0.5) / BINS for at, count in enumerate(histogram)) / max(1, sum(histogram))


def stability_index(before: Sequence[int], now: Sequence[int]) -> float:
    """Return the population stability index of two histograms with the same bins; 0 when they are alike."""
    shares: list[list[float]] = []
    for histogram in (before, now):
        whole = sum(histogram) + _SMOOTHING * len(histogram)
        shares.append([(count + _SMOOTHING) / whole for count in histogram])
    return float(sum((b - a) * log(b / a) for a, b in zip(*shares, strict=True)))
