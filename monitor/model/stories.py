"""Reports of one event, and who made them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.model.articles import Reason, Signature


Life = Literal["developing", "confirmed", "corrected", "quiet"]
"""``developing`` until two independent publishers or an official source tell of it, ``quiet`` after a day without a
report, ``corrected`` once a report was that people could have been told of."""


@dataclass(frozen=True, slots=True)
class Source:
    """One report within a story: who says so."""

    outlet: str
    publisher: str
    kind: str
    url: str
    title: str
    seen: datetime
    origin: str = ""
    """Who wrote it, when that is another: an agency credited, or the publisher whose text it repeats."""

    @property
    def writer(self) -> str:
        """Return who wrote it: reports of one writer confirm nothing for each other."""
        return self.origin or self.publisher or self.outlet


@dataclass(frozen=True, slots=True)
class Story:
    """Reports of one event, one of which gives headline, url, lang and summary. *id* is 0 until it is stored."""

    id: int
    headline: str
    url: str
    lang: str
    summary: str
    first_seen: datetime
    last_seen: datetime
    scores: Mapping[str, float]
    """Per theme the highest probability among its reports."""
    themes: tuple[str, ...]
    sources: tuple[Source, ...]
    fingerprint: tuple[int, ...] = ()
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    """Of its first and its latest reports; none when it was stored by an earlier version."""
    corrected: datetime | None = None
    """When one of its reports was last corrected."""
    apart: tuple[int, ...] = ()
    """The ids of stories that people split it from, or split from it."""

    @property
    def publishers(self) -> frozenset[str]:
        """Return the independent publishers that report it, by who wrote the text."""
        return frozenset(s.writer for s in self.sources)

    @property
    def official(self) -> bool:
        """Say whether an official source reports it."""
        return any(s.kind == "official" for s in self.sources)


Figures = Mapping[str, tuple[float, float]]
"""What a story's reports count, from the lowest to the highest that is told: ``aircraft``, ``money/USD/arms_sale``."""
