"""Compose a local day: what happened, what changed, what to look at again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from monitor.core.facts.agreed import COUNTS, agree
from monitor.core.facts.written import noun, summary_line
from monitor.core.stories import life
from monitor.model import Digest, DigestStory, Feed, Said, Story

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

LINES = 5
FACTS_IN_LINE = 4
STORIES_PER_THEME = 12
MISSED = "its page shared nothing with the one before, so that items in between may be missing"


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the UTC start and end of a local day, which has 23 or 25 hours when the clocks change."""
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def edition(now: datetime, at: time, zone: ZoneInfo) -> date | None:
    """Return the local day whose digest should be out by *now*, or None before today's hour.

    A digest sent in the morning of a day tells of the day before.
    """
    local = now.astimezone(zone)
    return local.date() - timedelta(days=1) if local.time() >= at else None


@dataclass(frozen=True, slots=True)
class Day:
    """All that a digest is made of."""

    date: date
    zone: ZoneInfo
    stories: Sequence[Story]
    """Those with a report first seen on the day."""
    before: Sequence[Story]
    """Those of the day before."""
    themes: Sequence[str]
    """In the order of their sections."""
    names: Mapping[str, str]
    doubtful: Sequence[tuple[str, str, str, float]]
    feeds: Sequence[Feed]
    drift: Sequence[str] = ()
    """What is said of probabilities that left their band."""
    activity: Sequence[tuple[str, tuple[int | None, ...]]] = ()
    """Per theme the index of the last days, this one last."""
    late: Sequence[str] = ()
    """What is said of sources that were late."""
    facts: Mapping[int, Sequence[Said]] = field(default_factory=dict)
    """What the reports of its stories tell, by the story's id."""
    counted: Mapping[str, float] = field(default_factory=dict)
    """Per kind of fact the largest confirmed number of one story."""
    counted_before: Mapping[str, float] = field(default_factory=dict)
    """The same of the day before."""


def compose(day: Day) -> Digest:
    """Return the digest of a day."""
    told = [story for story in day.stories if story.themes]
    sections = tuple((theme, _section(theme, told, day)) for theme in day.themes)
    filled = tuple((theme, rows) for theme, rows in sections if rows)
    return Digest(
        date=day.date.isoformat(),
        lines=_lines(told, day),
        sections=filled,
        changes=_changes(told, day),
        doubtful=tuple(day.doubtful),
        troubled=tuple(sorted(_troubled(day), key=_longest_down)),
        drift=tuple(day.drift),
        activity=tuple(day.activity),
        late=tuple(day.late),
    )


def _troubled(day: Day) -> Iterator[Feed]:
    """Yield the feeds that fail, and those of which items of the day may be missing, each with the reason."""
    start, end = day_bounds(day.date, day.zone)
    for feed in day.feeds:
        if feed.failures or feed.status in {"gone", "cut_off"}:
            yield feed
        elif feed.missed and start <= feed.missed < end:
            at = feed.missed.astimezone(day.zone)
            yield replace(feed, status="missed", error=f"{MISSED} (at {at:%H:%M}); it is polled sooner for now")


def _longest_down(feed: Feed) -> tuple[bool, float]:
    """Order feeds in trouble: those that fail before those that may have lost items, the longest down first."""
    return feed.status == "missed", feed.last_success.timestamp() if feed.last_success else 0.0


def main_theme(story: Story) -> str:
    """Return the most probable decided theme of a story."""
    return max(story.themes, key=lambda theme: story.scores.get(theme, 0.0), default="")


def rank(story: Story) -> tuple[int, int, float]:
    """Return a story's weight: confirmed by more first, official before press, then the surer."""
    return len(story.publishers), int(story.official), max(story.scores.values(), default=0.0)


def _section(theme: str, stories: Sequence[Story], day: Day) -> tuple[DigestStory, ...]:
    start, end = day_bounds(day.date, day.zone)
    rows = sorted((s for s in stories if main_theme(s) == theme), key=rank, reverse=True)
    told = ((s, tuple(day.facts.get(s.id, ()))) for s in rows[:STORIES_PER_THEME])
    return tuple(DigestStory(s, theme, new=s.first_seen >= start, facts=f, life=life(s, end)) for s, f in told)


def _lines(stories: Sequence[Story], day: Day) -> tuple[str, ...]:
    """Return the day in at most five lines: its size, then its best confirmed stories."""
    if not stories:
        return ("No story of the seven themes was reported.",)
    outlets = {source.publisher or source.outlet for story in stories for source in story.sources}
    first = f"{plural(len(stories), 'story', 'stories')} from {plural(len(outlets), 'publisher', 'publishers')}."
    best = sorted(stories, key=rank, reverse=True)[: LINES - 1]
    return (first, *(_line(story, day) for story in best))


def _line(story: Story, day: Day) -> str:
    """Return a story in a line: theme, headline, who confirms it, the facts."""
    theme = main_theme(story)
    facts = summary_line(agree(day.facts.get(story.id, ())), FACTS_IN_LINE)
    return f"{day.names.get(theme, theme)}: {story.headline} ({_by(story)})" + (f": {facts}" if facts else "")


def _by(story: Story) -> str:
    return plural(len(story.publishers), "publisher", "publishers") + (", official" if story.official else "")


def _changes(stories: Sequence[Story], day: Day) -> tuple[str, ...]:
    """Return per theme how the number of stories differs from the day before."""
    out = []
    for theme in day.themes:
        now, then = (sum(theme in s.themes for s in group) for group in (stories, day.before))
        if now != then:
            name = day.names.get(theme, theme)
            out.append(f"{name}: {plural(now, 'story', 'stories')}, {then} the day before")
    return (*out, *_counts(day))


def _counts(day: Day) -> Iterator[str]:
    """Yield in one line the largest confirmed numbers that differ from those of the day before."""
    kinds = [kind for kind in COUNTS if day.counted.get(kind) != day.counted_before.get(kind)]
    told = [
        f"{noun(kind, 2)}: {_number(day.counted.get(kind))}, {_number(day.counted_before.get(kind))} the day before"
        for kind in kinds
    ]
    if told:
        yield "The most that is confirmed in one story: " + "; ".join(told)


def _number(value: float | None) -> str:
    return "no figure" if value is None else f"{value:,.10g}"


def plural(count: int, one: str, many: str) -> str:
    """Return a count with its noun."""
    return f"{count} {one if count == 1 else many}"
