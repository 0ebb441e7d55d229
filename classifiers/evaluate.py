"""How good are the answers? Figures per theme and language, as values and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from classifiers.themes import CORE, THEMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from classifiers.model import Scored

ALL = "all"
CALIBRATION_FLOOR = 0.1
"""Below it nearly everything is rightly near zero, and would hide the error of the rest."""


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


@dataclass(frozen=True, slots=True)
class Report:
    """Rows by slice (``all``, ``en``, ``zh``) and theme."""

    slices: Mapping[str, tuple[Row, ...]]

    def f1(self, where: str = ALL, themes: Sequence[str] = CORE) -> float:
        """Return the mean F1 of *themes* in one slice."""
        return float(np.mean([row.f1 for row in self.slices[where] if row.theme in themes]))

    def table(self) -> str:
        """Return the figures as text."""
        lines = []
        for where, rows in self.slices.items():
            lines.append(f"{where}: {rows[0].items} items, core F1 {self.f1(where):.3f}")
            lines += [
                f"  {r.theme:14} P {r.precision:.3f}  R {r.recall:.3f}  F1 {r.f1:.3f}  "
                f"skill {r.skill:6.3f}  ECE {r.ece:.3f}  gold {r.gold} predicted {r.predicted}"
                for r in rows
            ]
        return "\n".join(lines)


def evaluate(items: Sequence[Labelled], scored: Sequence[Scored]) -> Report:
    """Compare answers with the truth, item by item."""
    pairs = list(zip(items, scored, strict=True))
    slices = {
        ALL: pairs,
        "en": [p for p in pairs if p[0].lang == "en"],
        "zh": [p for p in pairs if p[0].lang.startswith("zh")],
    }
    return Report({name: tuple(_row(t, part) for t in THEMES) for name, part in slices.items() if part})


def _row(theme: str, pairs: Sequence[tuple[Labelled, Scored]]) -> Row:
    truth = np.array([theme in item.themes for item, _ in pairs])
    said = np.array([theme in answer.themes for _, answer in pairs])
    chances = np.array([answer.scores.get(theme, 0.0) for _, answer in pairs])
    precision, recall, f1 = precision_recall_f1(truth, said)
    return Row(
        theme,
        len(pairs),
        int(truth.sum()),
        int(said.sum()),
        precision,
        recall,
        f1,
        brier_skill(truth, chances),
        calibration_error(truth, chances),
    )


def precision_recall_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return the three figures; 0 where they are not defined."""
    hits = int((truth & said).sum())
    precision = hits / int(said.sum()) if said.any() else 0.0
    recall = hits / int(truth.sum()) if truth.any() else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def brier_skill(truth: NDArray[np.bool_], chances: NDArray[np.float64]) -> float:
    """Return how much better than the base rate the probabilities are; 0 when nothing varies."""
    rate = float(truth.mean())
    if rate in {0.0, 1.0}:
        return 0.0
    return 1 - float(((chances - truth) ** 2).mean()) / (rate * (1 - rate))


def calibration_error(truth: NDArray[np.bool_], chances: NDArray[np.float64]) -> float:
    """Return the expected calibration error over probabilities above 0.1, in ten bins of equal width."""
    high = chances > CALIBRATION_FLOOR
    if not high.any():
        return 0.0
    bins = np.minimum(9, (chances[high] * 10).astype(int))
    gaps = [abs(float((chances[high][bins == b] - truth[high][bins == b]).sum())) for b in range(10)]
    return sum(gaps) / int(high.sum())
