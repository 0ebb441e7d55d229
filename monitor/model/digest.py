"""A day, composed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model.articles import Said
    from monitor.model.feeds import Feed
    from monitor.model.stories import Life, Story


@dataclass(frozen=True, slots=True)
class DigestStory:
    """A story's place in a digest."""

    story: Story
    theme: str
    new: bool
    """First seen on the digest's day; otherwise it only grew."""
    facts: tuple[Said, ...] = ()
    life: Life = "developing"
    """At the end of the digest's day."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One local day, composed."""

    date: str
    """ISO local date."""
    lines: tuple[str, ...]
    """The day in at most five lines."""
    sections: tuple[tuple[str, tuple[DigestStory, ...]], ...]
    """Per theme, the stories ranked."""
    changes: tuple[str, ...]
    """What differs from the day before."""
    doubtful: tuple[tuple[str, str, str, float], ...]
    """Items to review: title, address, theme, probability."""
    troubled: tuple[Feed, ...]
    """Feeds that failed at their last poll, or of which items of the day may be missing."""
    drift: tuple[str, ...] = ()
    """What is said of themes whose probabilities left their band."""
    activity: tuple[tuple[str, tuple[int | None, ...]], ...] = ()
    """Per theme the index of the last 30 days, this one last; None for a day on which nothing was watched."""
    late: tuple[str, ...] = ()
    """What is said of expected sources that came late, or not."""
