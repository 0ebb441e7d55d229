"""How much a term tells: the fewer reports of the time hold it, the more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

from monitor.core.stories.background import SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

PRIOR = 400.0
"""How many reports of long ago count beside those of the time, so that a quiet day does not make every word rare."""
_SMOOTHING = 8.0
_RARE = 0.5


class Rarity:
    """Weights of terms from 0 to about 1, among *total* reports of which ``held[term]`` hold a term."""

    def __init__(self, held: Counter[str], total: int) -> None:
        self._held = held
        self._all = total + PRIOR + _SMOOTHING
        self._scale = log(self._all)
        self._known: dict[str, float] = {}

    def __call__(self, term: str) -> float:
        """Return the weight of a term."""
        weight = self._known.get(term)
        if weight is None:
            held = self._held[term] + PRIOR * SHARE.get(term, 0.0) + _RARE
            weight = self._known[term] = max(0.0, log(self._all / held) / self._scale)
        return weight


@dataclass(frozen=True, slots=True)
class Beyond:
    """Reports that are not at hand: how many, and how many of them hold a term, as far as that is known."""

    total: int = 0
    held: Mapping[str, int] = field(default_factory=dict)


class Times:
    """Reports in order of time, each with its terms: what a window holds, and how crowded a day was."""

    def __init__(
        self, reports: Iterable[tuple[datetime, frozenset[str]]], window: timedelta, beyond: Beyond | None = None
    ) -> None:
        self._reports = sorted(reports, key=lambda report: report[0])
        self._moments = [when for when, _ in self._reports]
        self._window = window
        self._start = self._end = 0
        self._beyond = beyond or Beyond()
        self._held: Counter[str] = Counter(self._beyond.held)

    def rarity(self, when: datetime) -> Rarity:
        """Return the rarity of terms around a moment, later each time."""
        self._end = self._move(self._end, bisect_right(self._moments, when + self._window), 1)
        self._start = self._move(self._start, bisect_left(self._moments, when - self._window), -1)
        return Rarity(self._held, self._end - self._start + self._beyond.total)

    def _move(self, at: int, to: int, step: int) -> int:
        for _, terms in self._reports[at:to]:
            for term in terms:
                self._held[term] += step
        return max(at, to)

    def crowd(self, when: datetime, span: timedelta) -> int:
        """Return how many reports lie within a span of a moment."""
        return bisect_right(self._moments, when + span) - bisect_left(self._moments, when - span)
