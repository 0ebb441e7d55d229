"""What people are told, and how it travels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.model.articles import Said
    from monitor.model.rules import Severity
    from monitor.model.stories import Figures, Story


@dataclass(frozen=True, slots=True)
class Alert:
    """A decision to tell people of a story."""

    rule: str
    severity: Severity
    story: Story
    theme: str
    score: float
    reason: str
    revision: int
    at: datetime
    words: tuple[str, ...] = ()
    facts: tuple[Said, ...] = ()
    """What the reports of the story tell, by who says so."""
    figures: Figures = field(default_factory=dict)
    """The same as numbers, to compare later reports with."""
    change: str = ""
    """What is new since people were last told, in words; empty for a first alert."""
    escalate_at: datetime | None = None
    """When others are told if nobody has taken note by then."""


@dataclass(frozen=True, slots=True)
class Message:
    """An alert or digest, rendered for one medium; a medium reads the parts it needs."""

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "normal"
    link: str = ""
    """Where the rest can be read when a medium is too small for all of it."""
    thread: str = ""
    """What it is about, as in ``story/7``: media that can, show messages of one thread together."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel says of a message that it took."""

    note: str = ""
    """A word for the operator, mostly empty."""
    mark: str = ""
    """By what the channel finds the message again; later ones of its thread refer to it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first message of a thread on a channel."""

    key: str
    """The delivery's."""
    mark: str
    """As its receipt had it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way over one channel; *key* is the same whenever the same message is sent again."""

    key: str
    channel: str
    message: Message
    due: datetime
    id: int = 0
    attempts: int = 0
    sent: datetime | None = None
    dead: datetime | None = None
    error: str = ""
    created: datetime | None = None
    note: str = ""
    """What the channel said of a message that it took, mostly nothing."""
    held: str = ""
    """Why it was put aside until it is due: ``quiet`` hours or a ``burst``."""
    bundle: int | None = None
    """The id of the message that it goes with."""
    opening: Opening | None = None
    """What this message goes on from; looked up when it is sent, never stored with it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel that takes nothing."""

    channel: str
    since: datetime
    """The first failure after the last message that it took."""
    error: str
    """The latest."""
    told: datetime | None = None
    """When people were told over another channel."""
    over: str = ""
    """That channel."""
