"""What an operator wants to be told, and what was decided about an article."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.model.stories import Figures

Severity = Literal["low", "normal", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From the least urgent to the most."""
Change = Literal["corrections", "facts", "confirmed", "themes", "renewed"]
CHANGES: tuple[Change, ...] = get_args(Change)
"""What of a story that was told may be told again."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a rule asks of a figure: ``aircraft >= 20``."""

    kind: str
    """A kind of fact, or one with its parts: ``money/USD``, ``weapon/HIMARS``."""
    sign: Literal[">=", ">", "<=", "<", "="]
    value: float


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told besides when nobody takes note of an alert."""

    after: timedelta
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an operator wants to be told, where, and how urgently. Empty conditions hold for everything."""

    name: str
    themes: tuple[str, ...] = ()
    min_score: float | None = None
    """None: the classifier's own alert threshold of the theme."""
    keywords: tuple[str, ...] = ()
    not_keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    min_publishers: int = 1
    or_official: bool = False
    max_age: timedelta = timedelta(days=3)
    repeat: timedelta = timedelta(hours=6)
    """So long a story that was told is not told again, whatever changes."""
    updates: tuple[Change, ...] = CHANGES
    """What may be told again of a story."""
    severity: Severity = "normal"
    channels: tuple[str, ...] = ()
    facts: tuple[Bound, ...] = ()
    """All of these must hold for what the story's reports count."""
    escalate: Escalation | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes the alerts in which all that it names is found, until a moment; what is empty is not asked for."""

    until: datetime
    theme: str = ""
    rule: str = ""
    source: str = ""
    keyword: str = ""
    story: int | None = None
    comment: str = ""
    author: str = ""
    id: int = 0
    created: datetime | None = None
    ended: datetime | None = None
    """When somebody ended it before its time."""

    def active(self, now: datetime) -> bool:
        """Say whether it mutes at a moment."""
        return self.ended is None and now < self.until


@dataclass(frozen=True, slots=True)
class Told:
    """The last alert of one rule about one story."""

    rule: str
    story: int
    revision: int
    publishers: int
    at: datetime
    figures: Figures | None = None
    """What the reports counted then; None when that was not kept."""
    themes: tuple[str, ...] | None = None
    """The themes of the story then, likewise."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule said about an article, and why; *alert* is true when people are to be told."""

    rule: str
    alert: bool
    reason: str
    """One of ``monitor.core.policy.REASONS``."""
    theme: str = ""
    score: float = 0.0
    revision: int = 0
    compared: Mapping[str, Any] = field(default_factory=dict)
    """What was looked at: what is there, and what the rule wants or people were told."""
