"""Near-verbatim copies: MinHash of a text, and the bands by which similar texts are found.

MinHash after Broder (1997): the share of equal minima of two sets estimates their Jaccard similarity.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from operator import eq
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

PERMUTATIONS = 64
BANDS, ROWS = 8, 4
"""Half of the values serve to find copies: at 0.8 alike, 98 in 100 share a band, and copies share terms as well."""
SIMILAR = 0.6
"""The least estimated similarity of two copies of one text: edited wire copy passes."""
SAME = 0.9
"""That of two headlines without much text, where one word may make the difference."""
COPY_LENGTH = 20
"""From so many words on a text is more than a headline."""
_PRIME = (1 << 31) - 1
_RNG = np.random.default_rng(20_240_523)
_A = _RNG.integers(1, _PRIME, PERMUTATIONS, dtype=np.int64)
_B = _RNG.integers(0, _PRIME, PERMUTATIONS, dtype=np.int64)
_WORD = re.compile(r"[㐀-鿿]|[^\W_]+")


def fingerprint(title: str, summary: str) -> tuple[int, ...]:
    """Return the MinHash of a report's text, empty when it has no words."""
    words = _words(f"{title} {summary}")
    if not words:
        return ()
    shingles = {" ".join(words[i : i + 2]) for i in range(max(1, len(words) - 1))}
    hashes = np.fromiter((_hash(s) for s in shingles), dtype=np.int64, count=len(shingles))
    minima = ((hashes[:, None] * _A + _B) % _PRIME).min(axis=0)
    return tuple(int(m) for m in minima)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())[:400]


@lru_cache(maxsize=10_000)
def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(errors="replace"), digest_size=8).digest()) % _PRIME


def bands(print_: Sequence[int]) -> tuple[str, ...]:
    """Return the band keys of a fingerprint; similar texts share at least one with high probability."""
    if len(print_) != PERMUTATIONS:
        return ()
    rows = (print_[i : i + ROWS] for i in range(0, BANDS * ROWS, ROWS))
    return tuple(
        f"{n}:{hashlib.blake2b(repr(tuple(row)).encode(), digest_size=6).hexdigest()}" for n, row in enumerate(rows)
    )


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the estimated Jaccard similarity of two fingerprinted texts."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def sketch(print_: Sequence[int]) -> str:
    """Return the last byte of each minimum in hexadecimal digits: an eighth of the size, nearly as good."""
    return bytes(minimum & 0xFF for minimum in print_).hex()


def agreement(one: str, other: str) -> float:
    """Return the estimated Jaccard similarity of two sketched texts."""
    if not one or len(one) != len(other):
        return 0.0
    equal: int = sum(map(eq, _bytes(one), _bytes(other)))
    return equal / PERMUTATIONS


@lru_cache(maxsize=4096)
def _bytes(digits: str) -> bytes:
    return bytes.fromhex(digits)


def length(text: str) -> int:
    """Return how many words a text has, two Chinese characters counted as one."""
    words = _words(text)
    han = sum(word >= "㐀" for word in words)
    return len(words) - han + han // 2
