"""Items that were read: their themes, the reasons, the facts, and what can be compared of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.model.entries import Entry
    from monitor.model.feeds import Feed


@dataclass(frozen=True, slots=True)
class Reason:
    """A word or lexicon feature that spoke for a theme, with its weight in log-odds."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that a text tells, or a weapon system that it names. Unknown is None, never zero."""

    kind: str
    """One of ``monitor.core.facts.KINDS``."""
    value: float | None
    """The number; of a range the lower end; None for a weapon without a number."""
    sentence: str = ""
    """The sentence it came from, as it stands in the text."""
    span: tuple[int, int] = (0, 0)
    """Where in the sentence it is told."""
    approx: bool = False
    """Said with "about", "more than", "up to", or rounded by other words."""
    low: float | None = None
    """At least so many, where the text says so."""
    high: float | None = None
    """At most so many, where the text says so."""
    system: str = ""
    """The weapon system, by its common English name."""
    currency: str = ""
    """ISO 4217."""
    about: str = ""
    """What money is about: arms_sale, budget, aid or other."""
    unit: str = ""
    """What a duration is counted in: days, weeks, months, years."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact and the outlet that tells it."""

    outlet: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Signature:
    """What a report tells, cut down to what can be compared with other reports."""

    when: datetime
    han: bool = False
    """Its headline is in Chinese."""
    near: bool = False
    """It names Taiwan, China or a body of theirs."""
    terms: frozenset[str] = frozenset()
    """Of the headline: words, concepts as ``act:drill``, deeds with their things as ``act:ban+thing:fruit``."""
    aside: frozenset[str] = frozenset()
    """The terms that only tell a circumstance."""
    more: frozenset[str] = frozenset()
    """Terms that only the lead has."""
    voices: frozenset[str] = frozenset()
    """Who speaks or acts: body and people."""
    states: frozenset[str] = frozenset()
    """The states that speak or act."""
    said: bool = False
    """It reports what somebody says, not what is done."""
    coming: bool = False
    """What it reports is still to be done."""
    phases: frozenset[str] = frozenset()
    """How far it has come: begin, day_two, end ..."""
    apart: bool = False
    """An analysis, opinion, question or round-up: no report of one event."""
    numbers: frozenset[str] = frozenset()
    """Those of the headline."""
    figures: frozenset[str] = frozenset()
    """Those that only the lead has."""
    counts: frozenset[str] = frozenset()
    """What is counted and how many, as in ``aircraft=45``."""
    length: int = 0
    """Words of the whole text."""
    sketch: str = ""
    """The MinHash of the text, one byte a value."""
    writer: str = ""
    """Who wrote the text: an agency, or the publisher; empty before it is placed."""
    part: int = 0
    """In a story that people joined of several, the id of the one that it belonged to; 0 for the story's own."""


@dataclass(frozen=True, slots=True)
class Article:
    """An entry of one feed, tagged."""

    entry: Entry
    feed: Feed
    seen: datetime
    """When this program first saw it."""
    scores: Mapping[str, float]
    """A calibrated probability for every theme."""
    themes: tuple[str, ...]
    """The decided ones, most probable first."""
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    model: str = ""
    """The version of the model that tagged it."""
    fingerprint: tuple[int, ...] = ()
    """MinHash of the text, for finding near-identical reports."""
    facts: tuple[Fact, ...] = ()
    """What it tells that concerns Taiwan."""
    signature: Signature | None = None
    """What is compared with other reports; made when it is placed, unless it was made before."""
    text: str = ""
    """The text of its own page, of a feed that is marked so."""

    @property
    def when(self) -> datetime:
        """Return when it was published, capped at when it was seen; the latter when it does not say."""
        published = self.entry.published
        return min(published, self.seen) if published else self.seen
