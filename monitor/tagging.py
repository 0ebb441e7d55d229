"""What is new of the feeds that were read, as articles: themes with their reasons, facts, language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from classifiers.model import Text
from classifiers.text import language
from monitor import fulltext
from monitor.core import stories
from monitor.core.edits import is_correction
from monitor.model import Article, Edit, Entry, Feed, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from classifiers.model import Scored
    from monitor.app import App
    from monitor.core.outcome import Reading

PORTION = 250
"""Texts that are judged at once: what is found in each takes memory until all are judged."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """An entry that is new or says something new, tagged."""

    reading: Reading
    article: Article
    edit: Edit | None = None
    """What it said before, when it is not new."""

    @property
    def corrected(self) -> bool:
        """Say whether it takes back or changes what was told."""
        entry, edit = self.article.entry, self.edit
        return edit is not None and is_correction(edit.title, edit.summary, entry.title, entry.summary)


def tag(app: App, readings: Sequence[Reading], now: datetime) -> list[Tagged]:
    """Return what is new as articles with probabilities, reasons and facts."""
    new: list[tuple[Reading, Entry, Edit | None]] = []
    for reading in readings:
        new += [(reading, _with_language(reading.feed, entry), None) for entry in reading.found.fresh]
        new += [(reading, _with_language(reading.feed, edit.entry), edit) for edit in reading.found.edits]
    full = fulltext.texts_of(app, [(reading.feed, entry) for reading, entry, _ in new])
    texts = [Text(entry.title, entry.summary, full.get(entry.url, ""), entry.lang) for _, entry, _ in new]
    portions = (texts[at : at + PORTION] for at in range(0, len(texts), PORTION))
    scored = [one for some in portions for one in app.classifier.score(some, thresholds=app.thresholds)]
    return [
        Tagged(reading, _article(app, _Seen(reading.feed, entry, now, full.get(entry.url, "")), result), edit)
        for (reading, entry, edit), result in zip(new, scored, strict=True)
    ]


class _Seen(NamedTuple):
    """An entry, where and when it was seen."""

    feed: Feed
    entry: Entry
    now: datetime
    text: str


def _article(app: App, seen: _Seen, result: Scored) -> Article:
    entry = seen.entry
    article = Article(
        entry,
        seen.feed,
        seen.now,
        result.scores,
        result.themes,
        {theme: tuple(Reason(*word) for word in words) for theme, words in result.reasons.items()},
        app.classifier.version,
        facts=app.facts.facts(entry.title, entry.summary, seen.text),
        text=seen.text,
    )
    return stories.signed(article) if article.themes else article


def _with_language(feed: Feed, entry: Entry) -> Entry:
    """Return an entry with its language: as declared, as known of its feed, else as its text reads."""
    if entry.lang or feed.lang:
        return entry
    guess = language(f"{entry.title} {entry.summary}")
    return entry if guess == "other" else replace(entry, lang=guess)
