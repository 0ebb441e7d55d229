"""How good are the answers? Figures per theme and language, with what small numbers leave open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from classifiers import figures
from classifiers.figures import BINS, Answers, Sums
from classifiers.themes import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifiers.figures import Floats
    from classifiers.model import Scored

ALL = "all"
NEVER = 2.0
"""A threshold that no probability reaches: of a theme for which none is known."""
Interval = tuple[float, float]
_FIGURES = ("precision", "recall", "f1", "alert_precision", "alert_recall", "skill")


class Labelled(Protocol):
    """An item with a language and its true themes."""

    @property
    def lang(self) -> str:
        """Return ``en``, ``zh-Hant`` or ``zh-Hans``."""

    @property
    def themes(self) -> Sequence[str]:
        """Return the themes that apply."""


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one theme in one slice of the items."""

    theme: str
    items: int
    gold: int
    predicted: int
    precision: float
    recall: float
    f1: float
    skill: float
    """1 - Brier score / that of always saying the base rate: 0 knows no more than the rate."""
    ece: float
    """Mean gap between probability and frequency over answers above 0.1."""
    alerts: int
    """How many items reach the threshold of an alert."""
    alert_precision: float
    alert_recall: float
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    """By the name of a figure, the bounds that hold 95 % of the resamples. Not of ``ece``: resampling inflates it."""

    @property
    def rate(self) -> float:
        """Return the theme's base rate: what skill and calibration error hold for."""
        return self.gold / self.items


@dataclass(frozen=True, slots=True)
class Total:
    """The figures of one slice over several themes."""

    items: int
    tagged: int
    """How many items carry a theme at all."""
    core_f1: float
    core_skill: float
    ece: float
    """The calibration error over the answers for all themes together, above 0.1."""
    intervals: Mapping[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same probability."""

    low: float
    high: float
    answers: int
    chance: float
    """Their mean probability."""
    share: float
    """How many of them are true."""


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by slice (``all``, ``en``, ``zh``)."""

    slices: Mapping[str, tuple[Row, ...]]
    totals: Mapping[str, Total]
    reliability: Mapping[str, tuple[Bin, ...]]

    def f1(self, where: str = ALL, themes: Sequence[str] = CORE) -> float:
        """Return the mean F1 of *themes* in one slice."""
        return float(np.mean([row.f1 for row in self.slices[where] if row.theme in themes]))


def evaluate(
    items: Sequence[Labelled],
    scored: Sequence[Scored],
    *,
    alert_thresholds: Mapping[str, float] | None = None,
    draws: int = 0,
) -> Report:
    """Compare answers with the truth, for the themes that the answers have probabilities of.

    *draws* resamples of the items give the intervals; none by default.
    """
    if len(items) != len(scored) or not items:
        raise ValueError(f"{len(items)} items and {len(scored)} answers: wants one for each, and at least one")
    themes = tuple(scored[0].scores)
    answers = _answers(items, scored, [(alert_thresholds or {}).get(t, NEVER) for t in themes])
    slices = {
        ALL: np.ones(len(items), dtype=bool),
        "en": np.array([item.lang == "en" for item in items]),
        "zh": np.array([item.lang.startswith("zh") for item in items]),
    }
    parts = {name: answers.take(rows) for name, rows in slices.items() if rows.any()}
    measured = {name: _measured(part, themes, draws) for name, part in parts.items()}
    return Report(
        {name: rows for name, (rows, _, _) in measured.items()},
        {name: total for name, (_, total, _) in measured.items()},
        {name: bins for name, (_, _, bins) in measured.items()},
    )


def _answers(items: Sequence[Labelled], scored: Sequence[Scored], limits: Sequence[float]) -> Answers:
    themes = tuple(scored[0].scores)
    chances = np.array([[answer.scores[t] for t in themes] for answer in scored], dtype=np.float64)
    truth, said = (np.array([[t in one.themes for t in themes] for one in named]) for named in (items, scored))
    return Answers(truth, chances, said, chances >= np.array(limits))


def _measured(answers: Answers, themes: Sequence[str], draws: int) -> tuple[tuple[Row, ...], Total, tuple[Bin, ...]]:
    total = figures.sums(answers)
    drawn = figures.resampled(answers, draws) if draws else None
    core = [j for j, theme in enumerate(themes) if theme in CORE] or list(range(len(themes)))
    wholes = [_over_themes(of, core) if of else {} for of in (total, drawn)]
    values, spans = ({k: float(v) for k, v in wholes[0].items()}, {k: _interval(v) for k, v in wholes[1].items()})
    tagged = int(answers.truth.any(axis=1).sum())
    whole = Total(items=total.items, tagged=tagged, ece=float(total.pooled_ece), intervals=spans, **values)
    return tuple(_row(theme, j, total, drawn) for j, theme in enumerate(themes)), whole, _bins(total)


def _row(theme: str, j: int, total: Sums, drawn: Sums | None) -> Row:
    values = {name: float(getattr(total, name)[j]) for name in _FIGURES}
    spans = {name: _interval(getattr(drawn, name)[:, j]) for name in _FIGURES} if drawn else {}
    gold, predicted, alerts = (int(part[j]) for part in (total.gold, total.predicted, total.alerts))
    return Row(
        theme=theme,
        items=total.items,
        gold=gold,
        predicted=predicted,
        alerts=alerts,
        ece=float(total.ece[j]),
        intervals=spans,
        **values,
    )


def _over_themes(of: Sums, core: Sequence[int]) -> dict[str, Floats]:
    return {"core_f1": of.f1[..., core].mean(axis=-1), "core_skill": of.skill[..., core].mean(axis=-1)}


def _interval(values: Floats) -> Interval:
    low, high = figures.interval(values).tolist()
    return low, high


def _bins(total: Sums) -> tuple[Bin, ...]:
    """Return the bins over all themes together; empty ones count nothing."""
    result = []
    for b in range(BINS):
        count, chances, trues = (float(part[:, b].sum()) for part in (total.counts, total.chances, total.trues))
        n = max(1.0, count)
        result.append(Bin(b / BINS, (b + 1) / BINS, int(count), chances / n, trues / n))
    return tuple(result)
