"""What readers say of items, as something to learn from: who said what is settled, and a fifth is kept for the exam."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.corpus import LANGUAGES, Item
from classifiers.keywords import plain
from classifiers.text import language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

EXAM = 5
"""One item in so many is never trained on."""


@dataclass(frozen=True, slots=True)
class Label:
    """A reader's word on whether an item belongs to a theme."""

    item: str
    theme: str
    label: bool
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lesson:
    """An item that readers labelled."""

    id: str
    title: str
    summary: str
    labels: Mapping[str, bool]
    """Per theme that somebody spoke of, what holds."""
    guessed: tuple[str, ...]
    """The themes that the classifier had decided; they hold where nobody spoke."""
    since: datetime
    """When the last word on it was said."""

    @property
    def exam(self) -> bool:
        """Say whether it is kept for the exam: by its text, so that the same item never changes sides."""
        mark = hashlib.blake2b(plain(f"{self.title} {self.summary}").encode(), digest_size=8).digest()
        return int.from_bytes(mark) % EXAM == 0

    def truth(self, themes: Collection[str]) -> tuple[str, ...]:
        """Return which of *themes* hold."""
        return tuple(t for t in themes if self.labels.get(t, t in self.guessed))

    def item(self, themes: Collection[str]) -> Item:
        """Return it as a line of a corpus."""
        lang = corpus_language(self.title, self.summary)
        return Item(f"item-{self.id}", lang, self.title, self.summary, self.truth(themes), "labelled by readers")


def corpus_language(title: str, summary: str) -> str:
    """Return the language of a text as a corpus names it; English for those that no corpus is written in."""
    guess = language(f"{title} {summary}")
    return guess if guess in LANGUAGES else "en"


def settled(labels: Iterable[Label]) -> dict[str, dict[str, bool]]:
    """Return per item and theme what most readers say; of a tie, what was said last."""
    votes: defaultdict[tuple[str, str], list[Label]] = defaultdict(list)
    for label in labels:
        votes[label.item, label.theme].append(label)
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for (item, theme), said in votes.items():
        found[item][theme] = _majority(said)
    return dict(found)


def _majority(said: Sequence[Label]) -> bool:
    balance = sum(1 if label.label else -1 for label in said)
    return balance > 0 if balance else max(said, key=lambda label: (label.at, label.author, label.label)).label


def repeated(items: Iterable[Item], times: int) -> list[Item]:
    """Return each item *times* times, so that it counts as much."""
    return [
        Item(f"{item.id}#{n}", item.lang, item.title, item.summary, item.themes, item.note)
        for item in items
        for n in range(times)
    ]
