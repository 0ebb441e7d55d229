"""Reads an item: its facts that concern Taiwan, the places and the days that it names."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from classifiers.text import language
from monitor.core.facts import counts, crossings, scope
from monitor.core.facts.dates import dates
from monitor.core.facts.durations import duration
from monitor.core.facts.money import money
from monitor.core.facts.passage import Passage
from monitor.core.facts.places import Places
from monitor.core.facts.sentences import MOST, plain, split
from monitor.core.facts.settle import settle
from monitor.core.facts.shares import percent_gdp
from monitor.core.facts.weapons import Weapons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from monitor.model import Fact

KINDS = (
    "aircraft",
    "crossings",
    "vessels",
    "official_ships",
    "drones",
    "balloons",
    "missiles",
    "money",
    "weapon",
    "percent_gdp",
    "personnel",
    "duration",
)
"""Every kind of fact."""
CONTEXT = 3_000
"""How much of an item is looked at to understand a sentence of it."""
MOST_FACTS = 100
"""No honest report tells more; what does is cut here, since facts are compared with each other."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells."""

    facts: tuple[Fact, ...]
    places: tuple[str, ...]
    dates: tuple[date, ...]


class Extractor:
    """Reads texts with the tables ``weapons.toml`` and ``places.toml``, handed in by name."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._weapons = Weapons(tables["weapons.toml"])
        self._places = Places(tables["places.toml"])

    def read(self, title: str, summary: str, text: str = "", *, published: date | None = None) -> Told:
        """Return the facts, places and days of an item; never raises, whatever the text is."""
        whole = plain(f"{title}\n{summary}\n{text}"[:MOST])
        days = tuple(dict.fromkeys(dates(whole, published)))
        return Told(self.facts(title, summary, text), self._places.find(whole), days)

    def facts(self, title: str, summary: str, text: str = "") -> tuple[Fact, ...]:
        """Return the facts of an item that concern Taiwan, each once, in the order they are told."""
        item = plain(f"{title}\n{summary}"[:MOST])
        if not scope.here(item) and not scope.here(plain(text[:MOST])):
            return ()
        hant = not item.isascii() and language(f"{title} {summary}") == "zh-Hant"
        found: list[Fact] = []
        for sentence in chain.from_iterable(map(split, (title, summary, text))):
            if scope.concerns(sentence.plain):
                passage = Passage(sentence, item[:CONTEXT], hant, self._weapons.mentions(sentence.plain))
                found += sorted(self._of_passage(passage), key=lambda fact: fact.span)
            if len(found) >= MOST_FACTS:
                break
        return tuple(settle(found[:MOST_FACTS]))

    def _of_passage(self, passage: Passage) -> Iterator[Fact]:
        """Yield the facts of a sentence; a number that one finder understood tells the next nothing."""
        yield from percent_gdp(passage)
        yield from money(passage)
        yield from duration(passage)
        counted = counts.counted(passage)
        yield from self._weapons.facts(passage)
        yield from crossings.facts(passage, counted)
        yield from counts.facts(passage, counted)
