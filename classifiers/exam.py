"""Is a new model better than the one before? The same questions to both, and what chance alone would explain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from classifiers import figures
from classifiers.figures import Answers
from classifiers.themes import CORE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from classifiers.figures import Floats
    from classifiers.model import Scored

CORE_MEAN = "core mean"
LEAST_GOLD = 5
"""With fewer items that carry a theme, an exam says nothing about it."""
LEAST_FALL = 0.005
"""A smaller fall is no harm to anybody."""
CORE_SURE, THEME_SURE = 0.95, 0.99
"""Which share of the resamples must show a fall. One theme of seven falls by chance more often than their mean does."""
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """The F1 of one theme before and after, with the bounds that hold 95 % of the resamples."""

    theme: str
    gold: int
    """How many items carry the theme."""
    before: float
    before_span: Span
    after: float
    after_span: Span
    worse: bool
    """It fell by more than chance explains."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an exam found."""

    name: str
    items: int
    changes: tuple[Change, ...]
    core: Change | None
    """The mean over the core themes, when all of them can be judged."""

    @property
    def worse(self) -> tuple[str, ...]:
        """Name what fell by more than chance explains."""
        return tuple(c.theme for c in ((self.core,) if self.core else ()) + self.changes if c.worse)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An exam: what is true of each item, and what each model said."""

    name: str
    truth: Sequence[Collection[str]]
    before: Sequence[Scored]
    after: Sequence[Scored]
    spoken: Sequence[Collection[str]] = ()
    """The themes of which it is known whether they hold, item by item; all of them when it is empty."""


def judge(sheet: Sheet, themes: Sequence[str]) -> Result:
    """Compare two models on the same items, resampled together, so that what is hard for both cancels out."""
    said = (_answers(sheet, scored, themes) for scored in (sheet.before, sheet.after))
    both = [(figures.sums(answers).f1, figures.resampled(answers).f1) for answers in said]
    gold = _answers(sheet, sheet.before, themes).truth.sum(axis=0)
    changes = tuple(
        _change(theme, int(gold[j]), [(float(f1[j]), draws[:, j]) for f1, draws in both], THEME_SURE)
        for j, theme in enumerate(themes)
    )
    core = [j for j, theme in enumerate(themes) if theme in CORE]
    known = bool(core) and all(gold[j] >= LEAST_GOLD for j in core)
    return Result(sheet.name, len(sheet.truth), changes, _core(gold, core, both) if known else None)


def _answers(sheet: Sheet, scored: Sequence[Scored], themes: Sequence[str]) -> Answers:
    known = np.array([[theme in one for theme in themes] for one in sheet.spoken or [themes] * len(sheet.truth)])
    right = known & np.array([[theme in one for theme in themes] for one in sheet.truth])
    said = known & np.array([[theme in one.themes for theme in themes] for one in scored])
    chances = np.array([[one.scores.get(theme, 0.0) for theme in themes] for one in scored])
    return Answers(right, chances, said, said)


def _core(gold: Floats, core: Sequence[int], both: Sequence[tuple[Floats, Floats]]) -> Change:
    means = [(float(f1[core].mean()), draws[:, core].mean(axis=1)) for f1, draws in both]
    return _change(CORE_MEAN, int(gold[core].sum()), means, CORE_SURE)


def _change(theme: str, gold: int, both: Sequence[tuple[float, Floats]], sure: float) -> Change:
    (old, old_draws), (new, new_draws) = both
    # All but a few of the resamples show a fall when the best of the rest still does.
    fell = old - new >= LEAST_FALL and float(np.quantile(new_draws - old_draws, sure)) < 0
    spans = _span(old_draws), _span(new_draws)
    return Change(theme, gold, round(old, 4), spans[0], round(new, 4), spans[1], worse=gold >= LEAST_GOLD and fell)


def _span(draws: Floats) -> Span:
    low, high = figures.interval(draws).tolist()
    return round(low, 4), round(high, 4)
