"""A theme of a user's own, learnt from a few labelled lines: one more linear answer beside those of the model.

It reads the same words and findings as the model does but keeps weights of its own: however it is trained, the answers
for the other themes stay what they were.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifiers import lexicon
from classifiers.errors import ModelError
from classifiers.features import BLOCKS, document
from classifiers.keywords import CustomTheme, Keywords, passages
from classifiers.reasons import Reason, explain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sklearn.linear_model import LogisticRegression

    from classifiers.features import Document
    from classifiers.model import Text

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

LEAST_LINES = 20
LEAST_POSITIVE = 5
"""With fewer labelled lines, or fewer that carry the theme, its keywords know more."""
FOLDS = 5
STRENGTH = 10.0
"""The inverse of regularisation (C of scikit-learn)."""
LABELLED_SHARE = 0.3
"""What the labelled lines weigh together beside the background, however few they are: somebody looked at them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as a head sees it."""

    doc: Document
    names: frozenset[str]
    """Every word and finding in it."""
    passages: tuple[str, ...]
    """Where keywords are looked for."""
    raw: str
    """The text as it was written."""


def read(text: Text) -> Reading:
    """Analyse a text's title and summary; its body is looked through for keywords only."""
    known = lexicon.builtin()
    doc = document(text.title, text.summary, known)
    names = frozenset(name for block in BLOCKS.values() for name in block(doc, known))
    return Reading(doc, names, passages(text), f"{text.title}\n{text.summary}")


@dataclass(frozen=True, slots=True)
class Head:
    """What training found for one theme."""

    theme: str
    names: tuple[str, ...]
    """The words and findings that it knows."""
    rarity: tuple[float, ...]
    """How much each counts in a text; *unknown* for all others."""
    unknown: float
    weights: tuple[float, ...]
    """One a name, and a last one for the keywords."""
    intercept: float
    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5
    lines: int = 0
    """How many labelled lines it was trained from, and how many of them carry the theme."""
    positive: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Any) -> Head:
        """Return the head that plain values hold; raises ``ModelError`` when they hold none."""
        try:
            found: dict[str, Any] = {f.name: value[f.name] for f in fields(cls)}
            found |= {name: tuple(found[name]) for name in ("names", "rarity", "weights")}
            head = cls(**found)
            numbers = np.array([*head.rarity, *head.weights, *head._scalars()], dtype=np.float64)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the weights of a custom theme cannot be read ({error!r})") from error
        if not len(head.names) == len(head.rarity) == len(head.weights) - 1 or not np.isfinite(numbers).all():
            raise ModelError(f"the weights of the custom theme {head.theme!r} do not belong together")
        return head

    def _scalars(self) -> tuple[float, ...]:
        return (self.unknown, self.intercept, self.slope, self.offset, self.threshold)


class HeadScorer:
    """A head ready to judge, with its theme's keywords as they are configured now."""

    def __init__(self, head: Head, keywords: Keywords) -> None:
        self.head = head
        self._keywords = keywords
        self._columns = {name: i for i, name in enumerate(head.names)}
        self._rarity = np.array(head.rarity)
        self._weights = np.array(head.weights)

    def encode(self, readings: Sequence[Reading]) -> csr_matrix:
        """Return one row for each text: how rare what it holds is, at length 1, and a mark when it has a keyword."""
        rows: list[tuple[list[int], Floats]] = [self._row(reading) for reading in readings]
        indices = np.array([column for columns, _ in rows for column in columns], dtype=np.int32)
        data = np.concatenate([values for _, values in rows]) if rows else np.zeros(0)
        indptr = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        return csr_matrix((data, indices, indptr), (len(rows), len(self._weights)))

    def _row(self, reading: Reading) -> tuple[list[int], Floats]:
        columns = sorted(self._columns[name] for name in reading.names & self._columns.keys())
        known = self._rarity[columns]
        others = (len(reading.names) - len(columns)) * self.head.unknown**2
        length = np.sqrt((known**2).sum() + others) or 1.0
        marked = bool(self._keywords.find(reading.passages))
        return columns + [len(self._columns)] * marked, np.append(known / length, [1.0] * marked)

    def probabilities(self, readings: Sequence[Reading]) -> Floats:
        """Return how probable the theme is for each text."""
        scores = self.encode(readings) @ self._weights + self.head.intercept
        return chances(np.asarray(scores), self.head.slope, self.head.offset)

    def reasons(self, reading: Reading) -> tuple[Reason, ...]:
        """Return what spoke for the theme, its keywords first, as they were written."""
        columns, values = self._row(reading)
        weights = values * self._weights[columns] * self.head.slope
        spoken = self._keywords.find(reading.passages)
        mark = float(weights[-1]) if spoken else 0.0
        keywords = tuple((f"“{word}”", round(mark / len(spoken), 3)) for word in spoken) if mark > 0 else ()
        known = columns[: len(columns) - bool(spoken)]
        names = [self.head.names[column] for column in known]
        return (*keywords, *explain(reading.doc, names, weights[: len(known)].tolist(), reading.raw))


def chances(scores: Floats, slope: float, offset: float) -> Floats:
    """Return scores as probabilities."""
    result: Floats = 1 / (1 + np.exp(-np.clip(slope * scores + offset, -40, 40)))
    return result


@dataclass(frozen=True, slots=True)
class Lines:
    """What a head is trained from: the labelled lines first, then a background that does not carry the theme."""

    readings: Sequence[Reading]
    truth: Truth
    labelled: int

    @property
    def weights(self) -> Floats:
        """Return how much each line counts."""
        each = LABELLED_SHARE * (len(self.truth) - self.labelled) / max(1, self.labelled)
        return np.where(np.arange(len(self.truth)) < self.labelled, max(1.0, each), 1.0)

    def take(self, rows: NDArray[np.intp]) -> Lines:
        """Return some of the lines, given in ascending order."""
        return Lines([self.readings[i] for i in rows], self.truth[rows], int((rows < self.labelled).sum()))


def missing(lines: int, positive: int) -> str:
    """Say what is missing for a theme to be learnt; empty when nothing is."""
    wants = [(LEAST_LINES - lines, "more labelled lines"), (LEAST_POSITIVE - positive, "more that carry it")]
    return " and ".join(f"{count} {what}" for count, what in wants if count > 0)


def train_head(theme: CustomTheme, lines: Lines, seed: int) -> Head:
    """Fit a head: a logistic regression, calibrated and thresholded on scores of lines that it had not seen."""
    keywords = Keywords(theme.keywords)
    empty = _vocabulary(theme.id, lines)
    matrix = HeadScorer(empty, keywords).encode(lines.readings)
    outside = np.zeros(len(lines.truth))
    for inside, held in folds(lines.truth, seed):
        outside[held] = _fitted(matrix[inside], lines.truth[inside], lines.weights[inside]).decision_function(
            matrix[held]
        )
    whole = _fitted(matrix, lines.truth, lines.weights)
    slope, offset = _platt(outside, lines.truth, lines.weights)
    found = chances(outside, slope, offset)
    return Head(
        theme.id,
        empty.names,
        empty.rarity,
        empty.unknown,
        tuple(whole.coef_[0].tolist()),
        float(whole.intercept_[0]),
        slope,
        offset,
        _threshold(found, lines.truth, lines.weights) if theme.threshold is None else theme.threshold,
        lines.labelled,
        int(lines.truth.sum()),
    )


def folds(truth: Truth, seed: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return which lines to train on and which to hold back, a few times over, each line held back once."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415 - 60 MB, which only learning needs

    count = max(2, min(FOLDS, int(truth.sum())))
    return list(StratifiedKFold(count, shuffle=True, random_state=seed).split(truth, truth))


def _vocabulary(theme: str, lines: Lines) -> Head:
    """Return a head that knows the names of the labelled lines and how rare they are, but no weights yet."""
    counts = Counter(name for reading in lines.readings for name in reading.names)
    ours = {name for reading in lines.readings[: lines.labelled] for name in reading.names}
    names = tuple(sorted(name for name in ours if counts[name] > 1))
    total = len(lines.readings)
    rarity = tuple(float(np.log((1 + total) / (1 + counts[name])) + 1) for name in names)
    return Head(theme, names, rarity, float(np.log((1 + total) / 2) + 1), (0.0,) * (len(names) + 1), 0.0)


def _fitted(matrix: csr_matrix, truth: Truth, weights: Floats) -> LogisticRegression:
    # liblinear visits coordinates in an order drawn from its seed; fixed, it gives the same bits every time.
    model = _regression(C=STRENGTH, solver="liblinear", random_state=0)
    return model.fit(matrix, truth, sample_weight=weights)


def _regression(**settings: Any) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    return LogisticRegression(**settings)


def _platt(scores: Floats, truth: Truth, weights: Floats) -> tuple[float, float]:
    """Return slope and offset that make scores probabilities, with the targets that Platt gives small samples."""
    positive, negative = int(truth.sum()), int((~truth).sum())
    target = np.where(truth, (positive + 1) / (positive + 2), 1 / (negative + 2))
    both, labels = np.concatenate([scores, scores])[:, None], np.repeat([1, 0], len(scores))
    fit = _regression(C=1e6).fit(both, labels, sample_weight=np.concatenate([target * weights, (1 - target) * weights]))
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])


def _threshold(found: Floats, truth: Truth, weights: Floats) -> float:
    """Return the probability from which saying yes gives the best F1, the middle one of equals, at most even odds."""
    grid = np.arange(0.2, 0.51, 0.05)
    said = found[None, :] >= grid[:, None]
    f1 = 2 * (said & truth) @ weights / (said @ weights + truth @ weights)
    best = np.flatnonzero(f1 >= f1.max() - 1e-9)
    return round(float(grid[best[len(best) // 2]]), 2)
