"""Which texts are too much alike: Jaccard similarity of character shingles, and runs of shared words.

Exact, where MinHash would estimate: for ten thousand headlines a sparse product of all pairs takes a few seconds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from classifiers.text import fold, is_han, normalise, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LETTERS, HAN = 4, 2
"""How many characters a shingle has: a Chinese one says as much as several letters."""
RUN_WORDS, RUN_HAN = 9, 18
"""From so many words in a row on, two texts share a phrase by copying, not by chance or by office formula."""
_WORD = re.compile(r"\w+")
_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Match:
    """Two texts, by their places in the lists compared, and the share of their shingles that they share."""

    one: int
    other: int
    share: float


def shingles(text: str) -> frozenset[str]:
    """Return the character n-grams of a text in one script and case, without punctuation."""
    words = _WORD.findall(fold(normalise(text)).lower())
    joined = " ".join(words)
    han = sum(map(is_han, joined)) * 2 > len(joined)
    size = HAN if han else LETTERS
    joined = "".join(words) if han else joined
    return frozenset(joined[at : at + size] for at in range(max(1, len(joined) - size + 1))) if joined else frozenset()


def alike(ones: Sequence[str], least: float, others: Sequence[str] | None = None, smallest: int = 1) -> list[Match]:
    """Return the pairs of texts that are at least so much alike, the most alike first.

    Without *others* the texts are compared among themselves, each pair once. Texts of fewer than *smallest* shingles
    are left out.
    """
    left = [shingles(text) for text in ones]
    right = left if others is None else [shingles(text) for text in others]
    columns: dict[str, int] = {}
    first = _matrix(left, columns)
    second = first if others is None else _matrix(right, columns)
    first.resize(len(left), len(columns))
    found = [
        match
        for match in _matches(first, second, least)
        if (others is not None or match.one < match.other)
        and min(len(left[match.one]), len(right[match.other])) >= smallest
    ]
    return sorted(found, key=lambda m: (-m.share, m.one, m.other))


def _matrix(rows: Sequence[frozenset[str]], columns: dict[str, int]) -> csr_matrix:
    """Return one row of ones for each set; new shingles get new columns."""
    indices = np.array([columns.setdefault(s, len(columns)) for row in rows for s in sorted(row)], dtype=np.int32)
    starts = np.cumsum([0, *map(len, rows)])
    return csr_matrix((np.ones(len(indices), dtype=np.int32), indices, starts), (len(rows), len(columns)))


def _matches(first: csr_matrix, second: csr_matrix, least: float) -> Iterator[Match]:
    sizes = np.diff(first.indptr), np.diff(second.indptr)
    turned = second.T.tocsr()
    for at in range(0, first.shape[0], _BLOCK):
        common = (first[at : at + _BLOCK] @ turned).tocoo()
        rows = common.row + at
        shares = common.data / (sizes[0][rows] + sizes[1][common.col] - common.data)
        for n in np.flatnonzero(shares >= least).tolist():
            yield Match(int(rows[n]), int(common.col[n]), float(shares[n]))


def shared_runs(ones: Sequence[str], others: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return the pairs of texts that share a run of words as long as nobody writes twice, with the first such run."""
    index: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for at, text in enumerate(others):
        for run in _runs(text):
            index[run].add(at)
    found: dict[tuple[int, int], str] = {}
    for at, text in enumerate(ones):
        for run in _runs(text):
            for other in index.get(run, ()):
                found.setdefault((at, other), ("" if is_han(run[0]) else " ").join(run))
    return [(one, other, run) for (one, other), run in sorted(found.items())]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    for tokens in sentences(normalise(text)):
        for size, chinese in ((RUN_WORDS, False), (RUN_HAN, True)):
            for at in range(len(tokens) - size + 1):
                run = tuple(tokens[at : at + size])
                # A run counts as Chinese when most of it is: letters and numbers stand among the characters.
                if (sum(map(is_han, run)) * 2 > size) == chinese:
                    yield run
