"""Simulated days of news with a known change, and how surges are found in them.

``python -m tests.simulated`` prints the table of docs/activity.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from monitor.core.activity import WINDOW, Count, Tally, judge

SEED = 20260504
WEEK = (1.15, 1.2, 1.2, 1.15, 1.1, 0.65, 0.55)
"""How busy the days of a week are, Monday first."""
FIRST = date(2026, 1, 5)
MONTH = 30


@dataclass(frozen=True)
class World:
    """News of one theme: stories a day, how uneven beyond chance, and whether weeks have their rhythm."""

    name: str
    mean: float
    uneven: float = 0.0
    """The variance is mean + uneven * mean²: 0 is Poisson."""
    weekly: bool = True

    def days(self, rng: np.random.Generator, factors: list[float]) -> list[Tally]:
        """Return consecutive days, each busier by its factor."""
        return [self._day(rng, FIRST + timedelta(days=at), factor) for at, factor in enumerate(factors)]

    def _day(self, rng: np.random.Generator, day: date, factor: float) -> Tally:
        rate = self.mean * factor * (WEEK[day.weekday()] if self.weekly else 1.0)
        if self.uneven:
            rate = rng.gamma(1 / self.uneven, rate * self.uneven)
        stories = int(rng.poisson(rate))
        return Tally(day, {"t": Count(stories, stories)})


WORLDS = (
    World("2 a day, Poisson", 2),
    World("5 a day, Poisson", 5),
    World("20 a day, Poisson", 20),
    World("20 a day, Poisson, no weekly season", 20, weekly=False),
    World("20 a day, overdispersed (0.05)", 20, 0.05),
    World("60 a day, overdispersed (0.05)", 60, 0.05),
)


def false_alarms(world: World, months: int = 200) -> float:
    """Return how many surges a month are found where nothing changes."""
    rng = np.random.default_rng(SEED)
    days = world.days(rng, [1.0] * (WINDOW + months * MONTH))
    found = [judge("t", days[at], days[at - WINDOW : at]).state == "surge" for at in range(WINDOW, len(days))]
    return sum(found) / months


def found_after(world: World, factor: float, runs: int = 300, patience: int = 7) -> list[int]:
    """Return of each run on which day of a lasting change it was found, from 1; 0 when not within *patience*."""
    rng = np.random.default_rng(SEED)
    delays = []
    for run in range(runs):
        start = WINDOW + run % 7  # the change begins on every weekday alike
        days = world.days(rng, [1.0] * start + [factor] * patience)
        states = [judge("t", days[at], days[at - WINDOW : at]).state for at in range(start, len(days))]
        delays.append(states.index("surge") + 1 if "surge" in states else 0)
    return delays


def told_days(world: World, factor: float, runs: int = 100, lasting: int = 42) -> float:
    """Return on how many days, in the mean, a change that stays is told before it is the usual."""
    rng = np.random.default_rng(SEED)
    told = 0
    for _ in range(runs):
        days = world.days(rng, [1.0] * WINDOW + [factor] * lasting)
        told += sum(judge("t", days[at], days[at - WINDOW : at]).state == "surge" for at in range(WINDOW, len(days)))
    return told / runs


def _table() -> str:
    lines = ["| Stories | False a month | ×2: day 1 / within 3 | ×3 | ×5 | Days told of a lasting ×3 |"]
    lines.append("|---|---|---|---|---|---|")
    for world in WORLDS:
        cells = [world.name, f"{false_alarms(world):.3f}"]
        for factor in (2.0, 3.0, 5.0):
            found = found_after(world, factor)
            first, soon = (sum(0 < at <= day for at in found) / len(found) for day in (1, 3))
            cells.append(f"{first:.0%} / {soon:.0%}")
        lines.append("| " + " | ".join([*cells, f"{told_days(world, 3.0):.1f}"]) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(_table())
