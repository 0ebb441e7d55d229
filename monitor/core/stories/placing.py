"""Articles into stories, one by one in the order of time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import log
from typing import TYPE_CHECKING

from monitor.core.stories.fingerprint import bands, fingerprint
from monitor.core.stories.growing import begin, grow, signatures_of
from monitor.core.stories.index import REACH, Index, term_keys, term_of
from monitor.core.stories.likeness import repeats, score
from monitor.core.stories.rarity import Beyond, Rarity, Times
from monitor.core.stories.signature import signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.model import Article, Signature, Source, Story

WINDOW = timedelta(days=3)
"""A story that nobody reported for so long is over."""
DAY = timedelta(days=1)
_LEAST_SCORE = -2.5
"""No single report of a story speaks against another by more."""
_BEST_COUNTS = 0.25
"""What the likeness to a story's most similar report counts; the rest is the average over all."""
_SWEEP = 1024


@dataclass(frozen=True, slots=True)
class Placed:
    """An article and its story, the article's report already among the story's sources."""

    article: Article
    """The very article that was given."""
    story: int
    """The place of its story in :attr:`Placing.stories`."""
    source: Source
    """Its report as a source of the story."""
    part: int = 0
    """The part of a joined story that it fits, by the id of the story that this was."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a batch of articles went."""

    stories: tuple[Story, ...]
    """The stories that are new (id 0) or grew."""
    placed: tuple[Placed, ...]
    """In the order of the articles."""
    comparisons: int = 0
    """How many pairs of reports were compared."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is stored beside the known stories."""

    window: int = 0
    """How many stories, the known ones among them, were seen in the window."""
    day: int = 0
    """How many within a day."""
    reached: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """The ids of the stories that a key leads to, known or not."""


def signed(article: Article) -> Article:
    """Return an article with fingerprint and signature: the work of placing that needs no other article."""
    print_ = article.fingerprint or fingerprint(article.entry.title, article.entry.summary)
    article = replace(article, fingerprint=print_)
    return replace(article, signature=_sign(article))


def _sign(article: Article) -> Signature:
    return signature(article.entry.title, article.entry.summary, article.when, article.fingerprint)


def article_keys(article: Article) -> tuple[str, ...]:
    """Return what the stories that an article may belong to are found by."""
    return (*bands(article.fingerprint), *term_keys(_signature(article)))


def story_keys(story: Story) -> tuple[str, ...]:
    """Return what a story is found by."""
    return (*bands(story.fingerprint), *(key for report in signatures_of(story) for key in term_keys(report)))


def all_keys(story: Story, articles: Iterable[Article]) -> tuple[str, ...]:
    """Return what a story is found by that was made anew of these articles."""
    return (*bands(story.fingerprint), *(key for article in articles for key in term_keys(_signature(article))))


def likely(articles: Iterable[Article], reached: Mapping[str, Sequence[int]]) -> set[int]:
    """Return the ids of those stories, a few for each article, that share its rarest keys."""
    found: set[int] = set()
    for article in articles:
        index = Index()
        for key in article_keys(article):
            for story_id in reached.get(key, ()):
                index.add(story_id, (key,))
        found.update(index.nearest(article_keys(article), lambda key: _scarcity(len(reached[key])), lambda _: True))
    return found


def _scarcity(stories: int) -> float:
    """Return what a key tells that leads to so many stories, none when it leads to as many as are looked at."""
    return log((REACH + 1) / (stories + 1))


def place(articles: Iterable[Article], known: Iterable[Story], around: Around | None = None) -> Placing:
    """Put each article into the story that tells of its event, or into a story of its own."""
    given = list(articles)
    batch = [article if article.signature else signed(article) for article in given]
    at_work = _AtWork(batch, list(known), around or Around())
    where = {n: at_work.put(batch[n]) for n in sorted(range(len(batch)), key=lambda n: (batch[n].when, n))}
    touched = list(dict.fromkeys(where[n][0] for n in range(len(batch))))
    order = {at: n for n, at in enumerate(touched)}
    return Placing(
        tuple(at_work.stories[at] for at in touched),
        tuple(Placed(article, order[where[n][0]], *where[n][1:]) for n, article in enumerate(given)),
        at_work.comparisons,
    )


class _AtWork:
    """The stories while articles are placed."""

    def __init__(self, batch: Sequence[Article], known: list[Story], around: Around) -> None:
        self.stories = sorted(known, key=lambda story: story.last_seen)
        self.comparisons = 0
        self._put = 0
        self._reports = [signatures_of(story) for story in self.stories]
        self._ends = [max(report.when for report in reports) for reports in self._reports]
        stored = [(end, _terms(reports)) for end, reports in zip(self._ends, self._reports, strict=True)]
        told = [(report.when, report.terms | report.more) for report in map(_signature, batch)]
        self._times = Times([*stored, *told], WINDOW, _beyond(around, known))
        self._beyond_day = max(0, around.day - len(known))
        self._index = Index()
        self._find(around)

    def _find(self, around: Around) -> None:
        """Let the known stories be found: those that were reached by what reached them."""
        keys: dict[int, list[str]] = {}
        for key, ids in around.reached.items():
            for story_id in ids:
                keys.setdefault(story_id, []).append(key)
        for at, story in enumerate(self.stories):
            self._index.add(at, keys.get(story.id) or story_keys(story))

    def put(self, article: Article) -> tuple[int, Source, int]:
        """Place one article, not earlier than those before; return the place of its story, it as a source, its part."""
        report = _signature(article)
        keys = article_keys(article)
        at, part = self._best(keys, report)
        if at < 0:
            at = len(self.stories)
            self.stories.append(begin(article))
            self._reports.append(())
            self._ends.append(report.when)
        else:
            self.stories[at] = grow(self.stories[at], article, part)
        self._reports[at] = self.stories[at].signatures
        self._ends[at] = max(self._ends[at], report.when)
        self._index.add(at, keys)
        self._put += 1
        if self._put % _SWEEP == 0:
            self._index.keep(lambda at: abs(report.when - self._ends[at]) <= WINDOW)
        return at, self.stories[at].sources[-1], part

    def _best(self, keys: Sequence[str], report: Signature) -> tuple[int, int]:
        """Return the story that a report fits best, the earliest of equals, and the part of it; -1 if it fits none."""
        rarity = self._times.rarity(report.when)
        crowd = self._times.crowd(report.when, DAY) + self._beyond_day
        near = self._index.nearest(keys, _key_weight(rarity), lambda at: abs(report.when - self._ends[at]) <= WINDOW)
        fits = [
            (fit, -at, -part)
            for at in near
            for part, fit in self._fit(at, lambda other: score(report, other, rarity, crowd)).items()
        ]
        fit, at, part = max(fits, default=(0.0, 0, 0))
        return self._of_kin(report, fits, (-at, -part)) if fit > 0 else (-1, 0)

    def _of_kin(
        self, report: Signature, fits: Iterable[tuple[float, int, int]], best: tuple[int, int]
    ) -> tuple[int, int]:
        """Return the best story, or of those that people split from it the one that holds a copy of the report.

        They are much alike, so that it often only tells which was reported last how well a report fits each.
        """
        apart = self.stories[best[0]].apart
        kin = [
            (fit, at, part)
            for fit, at, part in fits
            if apart and fit > 0 and (-at == best[0] or self.stories[-at].id in apart)
            if any(other.part == -part and repeats(report, other) for other in self._reports[-at])
        ]
        _, at, part = max(kin, default=(0.0, -best[0], -best[1]))
        return -at, -part

    def _fit(self, at: int, likeness: Callable[[Signature], float]) -> dict[int, float]:
        """Return how well a report fits each part of a story: mostly on average, so that no single one leads it astray.

        A story that people joined is never so much alike: what fits what was one story goes into what it became.
        """
        self.comparisons += len(self._reports[at])
        parts: dict[int, list[float]] = {}
        for other in self._reports[at]:
            parts.setdefault(other.part, []).append(max(likeness(other), _LEAST_SCORE))
        return {
            part: _BEST_COUNTS * max(found) + (1 - _BEST_COUNTS) * sum(found) / len(found)
            for part, found in parts.items()
        }


def _beyond(around: Around, known: Iterable[Story]) -> Beyond:
    """Return how many stories that are not known hold the terms by which stories were reached."""
    ids = {story.id for story in known}
    held = {term_of(key): len(set(found) - ids) for key, found in around.reached.items() if term_of(key)}
    return Beyond(max(0, around.window - len(ids)), held)


def _key_weight(rarity: Rarity) -> Callable[[str], float]:
    def weight(key: str) -> float:
        term = term_of(key)
        return rarity(term) if term else 1.0

    return weight


def _signature(article: Article) -> Signature:
    return article.signature or _sign(article)


def _terms(reports: Iterable[Signature]) -> frozenset[str]:
    return frozenset().union(*(report.terms | report.more for report in reports))
