"""Which reports tell the same: near-identical texts become one story, found by MinHash bands.

MinHash after Broder (1997): the share of equal minima of two sets estimates their Jaccard similarity.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from monitor.model import Article, Source, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PERMUTATIONS = 64
BANDS = 16
ROWS = PERMUTATIONS // BANDS
SIMILAR = 0.6
"""The least estimated similarity of two reports of one story: edited wire copy passes, another day's count does not."""
WINDOW = timedelta(days=3)
"""A story that nobody reported for so long is over."""
_PRIME = (1 << 31) - 1
_RNG = np.random.default_rng(20_240_523)
_A = _RNG.integers(1, _PRIME, PERMUTATIONS, dtype=np.int64)
_B = _RNG.integers(0, _PRIME, PERMUTATIONS, dtype=np.int64)
_WORD = re.compile(r"[㐀-鿿]|[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def fingerprint(title: str, summary: str) -> tuple[int, ...]:
    """Return the MinHash of a report's text, empty when it has no words."""
    words = _WORD.findall(unicodedata.normalize("NFKC", f"{title} {summary}").casefold())[:400]
    if not words:
        return ()
    shingles = {" ".join(words[i : i + 2]) for i in range(max(1, len(words) - 1))}
    hashes = np.fromiter((_hash(s) for s in shingles), dtype=np.int64, count=len(shingles))
    minima = ((hashes[:, None] * _A + _B) % _PRIME).min(axis=0)
    return tuple(int(m) for m in minima)


@lru_cache(maxsize=100_000)
def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(errors="replace"), digest_size=8).digest()) % _PRIME


def bands(print_: Sequence[int]) -> tuple[str, ...]:
    """Return the band keys of a fingerprint; similar texts share at least one with high probability."""
    if len(print_) != PERMUTATIONS:
        return ()
    rows = (print_[i : i + ROWS] for i in range(0, PERMUTATIONS, ROWS))
    return tuple(
        f"{n}:{hashlib.blake2b(repr(tuple(row)).encode(), digest_size=6).hexdigest()}" for n, row in enumerate(rows)
    )


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the estimated Jaccard similarity of two fingerprinted texts."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


@dataclass(frozen=True, slots=True)
class Placed:
    """An article and its story, the article's report already among the story's sources."""

    article: Article
    story: int
    """The place of its story in :attr:`Placing.stories`."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a batch of articles went."""

    stories: tuple[Story, ...]
    """The stories that are new (id 0) or grew."""
    placed: tuple[Placed, ...]


def place(articles: Iterable[Article], known: Iterable[Story]) -> Placing:
    """Put each article into the story that tells the same, or into a story of its own."""
    stories = list(known)
    touched: dict[int, None] = {}
    placed: list[tuple[Article, int]] = []
    index = _Index()
    for at, story in enumerate(stories):
        index.add(at, story)
    for article in articles:
        found = index.find(article, stories)
        at = len(stories) if found is None else found
        if found is None:
            stories.append(_begin(article))
            index.add(at, stories[at])
        else:
            stories[at] = _grow(stories[at], article)
        touched[at] = None
        placed.append((article, at))
    order = {at: n for n, at in enumerate(touched)}
    return Placing(tuple(stories[at] for at in touched), tuple(Placed(article, order[at]) for article, at in placed))


class _Index:
    """Stories by band key."""

    def __init__(self) -> None:
        self._by_band: dict[str, list[int]] = {}

    def add(self, at: int, story: Story) -> None:
        for band in bands(story.fingerprint):
            self._by_band.setdefault(band, []).append(at)

    def find(self, article: Article, stories: Sequence[Story]) -> int | None:
        """Return the most similar story that may hold the article, the earliest of equals."""
        near = {at for band in bands(article.fingerprint) for at in self._by_band.get(band, ())}
        scored = [
            (similarity(article.fingerprint, stories[at].fingerprint), -at)
            for at in near
            if _may_join(article, stories[at])
        ]
        best = max(scored, default=(0.0, 0))
        return -best[1] if best[0] >= SIMILAR else None


def _may_join(article: Article, story: Story) -> bool:
    """Say whether time and numbers allow an article in a story: another count is another day's report."""
    if abs(article.when - story.last_seen) > WINDOW and abs(article.when - story.first_seen) > WINDOW:
        return False
    return _numbers(article.entry.title) == _numbers(story.headline)


def _numbers(title: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(unicodedata.normalize("NFKC", title)))


def _source(article: Article) -> Source:
    feed, entry = article.feed, article.entry
    return Source(feed.name, feed.publisher or feed.name, feed.kind, entry.url, entry.title, article.seen)


def _begin(article: Article) -> Story:
    entry = article.entry
    return Story(
        id=0,
        headline=entry.title,
        url=entry.url,
        lang=entry.lang or article.feed.lang,
        summary=entry.summary,
        first_seen=article.seen,
        last_seen=article.seen,
        scores=article.scores,
        themes=article.themes,
        sources=(_source(article),),
        fingerprint=article.fingerprint,
        reasons=article.reasons,
    )


def _grow(story: Story, article: Article) -> Story:
    """Return the story with one more report; its headline and address stay those of the first."""
    themes = story.themes + tuple(t for t in article.themes if t not in story.themes)
    scores = {t: max(story.scores.get(t, 0.0), article.scores.get(t, 0.0)) for t in {**story.scores, **article.scores}}
    return replace(
        story,
        last_seen=max(story.last_seen, article.seen),
        themes=themes,
        scores=scores,
        sources=(*story.sources, _source(article)),
        reasons={**article.reasons, **story.reasons},
    )
