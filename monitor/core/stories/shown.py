"""Which report of a story people are shown: the one in place, unless another is clearly better."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from classifiers.text import TITLE_CHARS, is_han, normalise, sentences
from monitor.core.edits import takes_back
from monitor.core.stories.headline import asks
from monitor.core.stories.lexicon import NOUNS, SAYING, find, kind
from monitor.core.stories.signature import APART
from monitor.core.stories.words import numbers

if TYPE_CHECKING:
    from monitor.model import Article, Story

_STANDING = {"official": 1.5, "wire": 1.5, "press": 1.0, "trade_press": 1.0}
"""What the kind of source counts; state media and think tanks count nothing."""
_DEED = 1.0
_FIGURES = 0.5
_APART = -4.0
"""What a question, an opinion, an analysis or a live blog loses."""
_LENGTH = -1.0
_LOUD = -0.5
_CLEARLY = 1.0
"""By so much another headline must be better, so that a story does not change its name with every report."""
_ACROSS = 1.0
"""And by so much more in another language."""
_WORDS = range(5, 19)
_CHARACTERS = range(8, 41)
"""How long a headline is best, in English words and in Chinese characters."""
_SHOUTS = re.compile(r"[!！]|^\W*(?:breaking|just in|watch|video|快讯|快訊|速报|速報|重磅|视频|影)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class _Read:
    """What counts of a headline."""

    han: bool
    apart: bool
    deed: bool
    numbers: frozenset[str]
    fits: bool
    """It is neither too short to tell the event nor too long to be read at a glance."""
    loud: bool


@lru_cache(maxsize=4096)
def _read(title: str) -> _Read:
    plain = normalise(title, TITLE_CHARS)
    cut = sentences(plain)
    hits = [find(sentence) for sentence in cut]
    concepts = {hit.concept for some in hits for hit in some}
    tokens = [token for sentence in cut for token in sentence]
    han = any(map(is_han, tokens))
    return _Read(
        han=han,
        apart=any(c.partition(":")[2] in APART for c in concepts if kind(c) == "form") or asks(plain),
        deed=any(kind(c) == "act" and c not in SAYING | NOUNS for c in concepts),
        numbers=frozenset().union(*map(numbers, cut)),
        fits=len(title.strip()) in _CHARACTERS if han else len(tokens) in _WORDS,
        loud=bool(_SHOUTS.search(title)) or (title.isupper() and len(_LETTERS.findall(title)) > 2),
    )


def worth(title: str, source: str) -> float:
    """Return how well a headline of a kind of source tells people what happened."""
    read = _read(title)
    return (
        _STANDING.get(source, 0.0)
        + _DEED * read.deed
        + _FIGURES * bool(read.numbers)
        + _APART * read.apart
        + _LENGTH * (not read.fits)
        + _LOUD * read.loud
    )


def better(shown: tuple[str, str], other: tuple[str, str], *, corrects: bool = False) -> bool:
    """Say whether a headline is clearly better than the one shown, both with the kind of their source.

    One that *corrects* the figures that are shown is, unless it is no report of one event.
    """
    before, now = _read(shown[0]), _read(other[0])
    if corrects and not now.apart and now.numbers and now.numbers != before.numbers:
        return True
    return worth(*other) - worth(*shown) >= _CLEARLY + _ACROSS * (before.han != now.han)


def shown_best(story: Story, article: Article, *, corrects: bool = False) -> Story:
    """Return a story that shows an article, one of its reports, if that has the clearly better headline."""
    title = article.entry.title
    kinds = (s.kind for s in story.sources if (s.url, s.title) == (story.url, story.headline))
    corrects = corrects or takes_back(title)
    if better((story.headline, next(kinds, "")), (title, article.feed.kind), corrects=corrects):
        return showing(story, article)
    return story


def showing(story: Story, article: Article) -> Story:
    """Return a story that shows an article: its headline, address, language and summary."""
    entry = article.entry
    return replace(
        story, headline=entry.title, url=entry.url, lang=entry.lang or article.feed.lang, summary=entry.summary
    )
