"""What a feed shows: items as text, and how they compare with what it showed before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.model.feeds import Habits

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, as text without markup."""

    ident: str
    """Stable identity within its feed: the id it declares, else its cleaned address, else its text."""
    url: str
    title: str
    summary: str
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    lang: str = ""
    text_hash: str = ""
    """A digest of title and summary, equal for equal text whatever the ids and dates do."""
    dated: str = ""
    """Empty when its date is its own; ``unknown`` when it says none, so that it counts from when it was first seen;
    ``future`` when it said one that had not come yet, which was cut to when it was read."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A page, read."""

    title: str
    lang: str
    entries: tuple[Entry, ...]
    habits: Habits = field(default_factory=Habits)
    known: int = 0
    """How many items were left out, since they stood on the page last time as they do now."""
    marks: bytes = b""
    """By what its items are known next time."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A stored entry that says something else now."""

    entry_id: int
    story_id: int | None
    entry: Entry
    """As it is now."""
    title: str
    """What it said before, as is the summary."""
    summary: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A page beside what its feed showed before."""

    fresh: tuple[Entry, ...] = ()
    """Not seen before, each once."""
    edits: tuple[Edit, ...] = ()
    known: int = 0
    """How many of its entries were seen before, those edited among them."""
