"""Which items are worth a reader's answer: those that the model doubts most, and no two that ask the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from classifiers.text import SUMMARY_CHARS, TITLE_CHARS, fold, is_han, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scipy.sparse import csr_matrix

    from classifiers.model import Scored, Text

LEAST = 0.02
"""What is doubted less than this, or says no more than what was chosen before, is not worth an answer."""
CONSIDERED = 1_000
"""How many of the most doubted items diversity is looked for among."""
_WIDTH = 2**18


@dataclass(frozen=True, slots=True)
class Doubt:
    """An item worth an answer."""

    row: int
    """Its place among the texts given."""
    doubt: float
    """1 when a theme's probability lies at its threshold, 0 when the model is sure of all themes."""
    themes: tuple[str, ...]
    """The themes that are doubted, the most doubted first."""


def choose(texts: Sequence[Text], scored: Sequence[Scored], thresholds: Mapping[str, float], limit: int) -> list[Doubt]:
    """Return at most *limit* items, the most telling first.

    Greedy: each next one is that with the largest product of its doubt and of what sets it apart from those chosen.
    Of equals the earlier one is taken, so the same items always give the same answer.
    """
    doubts = [_doubt(row, answer, thresholds) for row, answer in enumerate(scored)]
    pool = sorted((d for d in doubts if d.doubt >= LEAST), key=lambda d: (-d.doubt, d.row))[:CONSIDERED]
    if not pool:
        return []
    matrix = _vectors([texts[d.row] for d in pool])
    doubt, apart = np.array([d.doubt for d in pool]), np.ones(len(pool))
    chosen: list[Doubt] = []
    while len(chosen) < limit:
        worth = doubt * apart
        best = int(worth.argmax())
        if worth[best] < LEAST:
            break
        chosen.append(pool[best])
        likeness = (matrix @ matrix[best].T).toarray().ravel()
        apart = np.minimum(apart, 1 - np.clip(likeness, 0, 1))
        apart[best] = 0.0
    return chosen


def doubt_of(chance: float, threshold: float) -> float:
    """Return how near a probability is to its threshold: 1 at it, 0 at certainty either way."""
    room = 1 - threshold if chance >= threshold else threshold
    return max(0.0, 1 - abs(chance - threshold) / room) if room > 0 else 0.0


def _doubt(row: int, answer: Scored, thresholds: Mapping[str, float]) -> Doubt:
    each = {t: doubt_of(answer.scores.get(t, 0.0), limit) ** 2 for t, limit in thresholds.items()}
    # Two doubted themes are worth more than one, and many that are nearly sure are worth nothing: hence the square.
    total = 1 - float(np.prod([1 - d for d in each.values()]))
    named = sorted((t for t, d in each.items() if d >= LEAST), key=lambda t: -each[t])
    return Doubt(row, round(total, 6), tuple(named))


def _vectors(texts: Sequence[Text]) -> csr_matrix:
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - 60 MB, which only reviews need

    hashing = HashingVectorizer(analyzer=lambda text: list(_shingles(text)), n_features=_WIDTH, alternate_sign=False)
    return hashing.transform(texts)


def _shingles(text: Text) -> Iterator[str]:
    """Yield words and pairs of Chinese characters."""
    read = fold(f"{normalise(text.title, TITLE_CHARS)} {normalise(text.summary, SUMMARY_CHARS)}").casefold()
    for word in read.split():
        han = [c for c in word if is_han(c)]
        yield from (a + b for a, b in pairwise(han)) if han else (word.strip(".,;:!?\"'()"),)
