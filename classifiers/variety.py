"""How templated is a set of texts? Repeated frames of headlines, and how much each further word is a surprise."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from classifiers.text import TITLE_CHARS, normalise, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifiers.lexicon import Lexicon

SHORTEST_FRAME = 5
"""A frame of fewer words and blanks is a phrase that many share by nature."""
OPENING = 4
SEED = 7
DRAWS = 5
_ORDERS = (1, 2, 3)
_NAME = re.compile(r"(?<=[a-z0-9,] )[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")
_TITLE_CASE = 0.6
"""From this share of capitals on, a headline writes every word like a name."""
BLANK = "_"


@dataclass(frozen=True, slots=True)
class Variety:
    """Measures of a text of so many tokens; they depend on that number, so compare equal ones only."""

    tokens: int
    entropy: tuple[float, ...]
    """Bits of the 1-, 2- and 3-grams, for each token of theirs."""
    distinct: float
    """The share of different 3-grams among all."""


def frame(title: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return a headline with a blank for each number, name and term of the lexicon."""
    text = normalise(title, TITLE_CHARS)
    words = re.findall(r"[^\W\d_]+", text)
    if sum(w[0].isupper() for w in words) < _TITLE_CASE * len(words):
        text = _NAME.sub("0", text)
    result: list[str] = []
    for words in sentences(text):
        covered = {at for hit in lexicon.find(words) for at in range(hit.start, hit.end)}
        for at, token in enumerate(words):
            blank = at in covered or token[0].isdigit()
            if not blank or not result or result[-1] != BLANK:
                result.append(BLANK if blank else token)
    return tuple(result)


def repeated(frames: Iterable[tuple[str, ...]], length: int | None = None) -> dict[tuple[str, ...], list[int]]:
    """Return the frames that occur more than once and where; with *length*, of their first words only."""
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, whole in enumerate(frames):
        shown = whole[:length] if length else whole
        if len(shown) >= (length or SHORTEST_FRAME) and sum(word != BLANK for word in shown) * 2 >= len(shown):
            places[shown].append(at)
    return {key: found for key, found in places.items() if len(found) > 1}


def tokens(text: str) -> list[str]:
    """Return the words and Chinese characters of a text."""
    return [token for sentence in sentences(normalise(text)) for token in sentence]


def variety(texts: Sequence[Sequence[str]], size: int, seed: int = SEED) -> Variety:
    """Measure *size* tokens of tokenised texts, drawn text by text; the mean of a few draws."""
    chance = random.Random(seed)  # noqa: S311 - a fixed draw
    measured = []
    for _ in range(DRAWS):
        drawn: list[Sequence[str]] = []
        left = size
        for text in chance.sample(texts, len(texts)):
            drawn.append(text[:left])
            left -= len(drawn[-1])
            if left <= 0:
                break
        measured.append(_measures(drawn))
    mean = np.mean(measured, axis=0).tolist()
    return Variety(size, tuple(mean[:-1]), mean[-1])


def _measures(texts: Sequence[Sequence[str]]) -> list[float]:
    result: list[float] = []
    for n in _ORDERS:
        counts = Counter(tuple(text[at : at + n]) for text in texts for at in range(len(text) - n + 1))
        shares = np.array(list(counts.values()), dtype=float)
        distinct = len(shares) / max(1.0, shares.sum())
        shares /= max(1.0, shares.sum())
        result.append(float(-(shares * np.log2(shares)).sum()) / n)
    return [*result, distinct]
