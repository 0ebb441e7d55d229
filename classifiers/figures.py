"""The figures themselves: sums over items, so that the same lines give an estimate and its bootstrap.

Every figure here is a ratio of sums over items. One matrix holds what each item adds to each sum; its column sums give
the estimate, and its products with drawn weights give the figures of resampled items (Efron 1979).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

BINS = 10
CALIBRATION_FLOOR = 0.1
"""Below it nearly everything is rightly near zero, and would hide the error of the rest."""
DRAWS = 1_000
SEED = 7
_TRUE, _SAID, _HITS, _ALERTED, _ALERT_HITS, _SQUARES = range(6)
_COUNTS, _CHANCES, _TRUES = (slice(6 + BINS * n, 6 + BINS * (n + 1)) for n in range(3))
_CHUNK = 2_000_000
"""How many weights are drawn at once, so that memory stays small however many items there are."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is true and what was said, each an array of items by themes."""

    truth: Truth
    chances: Floats
    said: Truth
    alerted: Truth
    """Whether the probability reaches the threshold of an alert."""

    def take(self, rows: Truth) -> Answers:
        """Return the answers about some of the items."""
        return Answers(self.truth[rows], self.chances[rows], self.said[rows], self.alerted[rows])


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over items, for each theme; a leading axis, if there is one, counts resamples."""

    values: Floats
    items: int

    @property
    def gold(self) -> Floats:
        """Return how often the theme is true."""
        return self.values[..., _TRUE]

    @property
    def predicted(self) -> Floats:
        """Return how often the theme was said."""
        return self.values[..., _SAID]

    @property
    def alerts(self) -> Floats:
        """Return how often the theme reached the threshold of an alert."""
        return self.values[..., _ALERTED]

    @property
    def precision(self) -> Floats:
        """Return which share of what was said is true; 0 when nothing was said."""
        return _ratio(self.values[..., _HITS], self.predicted)

    @property
    def recall(self) -> Floats:
        """Return which share of what is true was said; 0 when nothing is true."""
        return _ratio(self.values[..., _HITS], self.gold)

    @property
    def f1(self) -> Floats:
        """Return the harmonic mean of precision and recall."""
        return _ratio(2 * self.values[..., _HITS], self.predicted + self.gold)

    @property
    def alert_precision(self) -> Floats:
        """Return the precision of alerts."""
        return _ratio(self.values[..., _ALERT_HITS], self.alerts)

    @property
    def alert_recall(self) -> Floats:
        """Return the recall of alerts."""
        return _ratio(self.values[..., _ALERT_HITS], self.gold)

    @property
    def skill(self) -> Floats:
        """Return how much better than the base rate the probabilities are; 0 when nothing varies."""
        rate = self.gold / self.items
        naive = self.items * rate * (1 - rate)
        return np.where(naive > 0, 1 - _ratio(self.values[..., _SQUARES], naive), 0.0)

    @property
    def counts(self) -> Floats:
        """Return how many probabilities lie in each bin."""
        return self.values[..., _COUNTS]

    @property
    def chances(self) -> Floats:
        """Return the sum of the probabilities in each bin."""
        return self.values[..., _CHANCES]

    @property
    def trues(self) -> Floats:
        """Return how many answers in each bin are true."""
        return self.values[..., _TRUES]

    @property
    def ece(self) -> Floats:
        """Return the calibration error of each theme over probabilities above 0.1."""
        return _calibration_error(self.counts, self.chances, self.trues)

    @property
    def pooled_ece(self) -> Floats:
        """Return the calibration error over all themes together, bin by bin."""
        return _calibration_error(self.counts.sum(axis=-2), self.chances.sum(axis=-2), self.trues.sum(axis=-2))


def _ratio(upper: Floats, lower: Floats) -> Floats:
    return np.divide(upper, lower, out=np.zeros_like(upper), where=lower > 0)


def _calibration_error(counts: Floats, chances: Floats, trues: Floats) -> Floats:
    gaps = np.abs(chances - trues)[..., 1:].sum(axis=-1)
    return _ratio(gaps, counts[..., 1:].sum(axis=-1))


def sums(answers: Answers) -> Sums:
    """Add up over all items."""
    return Sums(_columns(answers).sum(axis=0), len(answers.truth))


def resampled(answers: Answers, draws: int = DRAWS, seed: int = SEED) -> Sums:
    """Add up over *draws* samples of as many items, drawn with replacement."""
    columns = _columns(answers)
    items, themes, width = columns.shape
    flat = columns.reshape(items, themes * width)
    chance = np.random.default_rng(seed)
    step = max(1, _CHUNK // items)
    parts = [
        chance.multinomial(items, np.full(items, 1 / items), size=min(step, draws - at)).astype(np.float64) @ flat
        for at in range(0, draws, step)
    ]
    return Sums(np.concatenate(parts).reshape(draws, themes, width), items)


def interval(values: Floats) -> Floats:
    """Return the bounds that hold 95 % of the resamples, on a first axis of two."""
    return np.quantile(values, [0.025, 0.975], axis=0)


def _columns(answers: Answers) -> Floats:
    """Return what each item adds to each sum of each theme."""
    truth, chances = answers.truth, answers.chances
    plain = [
        truth,
        answers.said,
        truth & answers.said,
        answers.alerted,
        truth & answers.alerted,
        (chances - truth) ** 2,
    ]
    # The first bin is "at most 0.1" to the letter; above it lie nine, of which the last holds 1.
    bins = np.clip((chances * BINS).astype(int), 1, BINS - 1)
    bins[chances <= CALIBRATION_FLOOR] = 0
    inside = bins[..., None] == np.arange(BINS)
    return np.concatenate(
        [np.stack(plain, axis=-1), inside, inside * chances[..., None], inside & truth[..., None]], axis=-1
    ).astype(np.float64)
