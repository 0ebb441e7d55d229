"""What the store answers where no noun of the program says it all: an item, an alert, a label, as they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.model import Access, Delivery, Fact, Reason, Severity


class FeedFields(TypedDict, total=False):
    """What an operator may say of a feed."""

    title: str
    outlet: str
    publisher: str
    kind: str
    lang: str
    folder: str
    country: str
    full_text: bool
    access: Access


class FeedChanges(FeedFields, total=False):
    """What may be changed of a feed afterwards."""

    url: str
    status: str
    next_poll: datetime | None


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An entry as it was tagged and placed."""

    id: int
    feed_id: int | None
    """None once the feed was removed; the item stays."""
    title: str
    summary: str
    url: str
    outlet: str
    publisher: str
    kind: str
    lang: str
    author: str
    when: datetime
    seen: datetime
    scores: Mapping[str, float]
    themes: tuple[str, ...]
    """The decided ones, most probable first."""
    reasons: Mapping[str, tuple[Reason, ...]]
    story_id: int | None
    model: str
    facts: tuple[Fact, ...] = ()
    dated: str = ""
    """As of its entry: empty, ``unknown`` or ``future``."""

    @property
    def best(self) -> tuple[str, float]:
        """Return the most probable theme and its probability; ``("", 0.0)`` when there are no scores."""
        return max(self.scores.items(), key=lambda pair: pair[1], default=("", 0.0))


@dataclass(frozen=True, slots=True)
class Revision:
    """What an item said before it was edited."""

    at: datetime
    """When the edit was found."""
    title: str
    summary: str
    correction: bool
    """The edit takes back or changes what was told."""


@dataclass(frozen=True, slots=True)
class Regrouping:
    """A story that somebody split, or joined with another."""

    at: datetime
    author: str
    deed: Literal["split", "join"]
    story_id: int
    """The one that was split, or that the other was joined to."""
    other_id: int
    """The new one, or the one that was joined."""
    items: tuple[int, ...] = ()
    """The reports that went from one to the other, as far as they are kept."""
    id: int = 0


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert with what became of it."""

    id: int
    rule: str
    severity: Severity
    story_id: int | None
    """None once the story was pruned; the headline and address stay."""
    revision: int
    theme: str
    score: float
    reason: str
    at: datetime
    words: tuple[str, ...]
    headline: str
    url: str
    publishers: int
    figures: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """What the story's reports counted then, from the lowest to the highest."""
    themes: tuple[str, ...] = ()
    """The story's then."""
    acked_at: datetime | None = None
    acked_by: str = ""
    escalate_at: datetime | None = None
    """When others are told if nobody has taken note by then."""
    escalated_at: datetime | None = None
    """When they were."""
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A change of a story that came too soon after people were told of it."""

    rule: str
    story_id: int
    entry_id: int
    """The item that brought the change."""
    due: datetime
    corrected: bool
    """The item is a correction."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A message that waits, without the message itself."""

    id: int
    key: str
    urgency: int
    """The place of its severity."""
    due: datetime
    attempts: int
    held: str
    rule: str
    """Of the alert that it carries, else empty."""


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    """A reader's word on an item, with the text to learn from."""

    entry_id: int
    title: str
    summary: str
    lang: str
    theme: str
    label: bool
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A version of the classifier; *arrays* is None for the one that ships with the program."""

    version: str
    created: datetime
    metrics: Mapping[str, Any] = field(default_factory=dict)
    arrays: bytes | None = None
    active: bool = False
