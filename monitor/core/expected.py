"""Sources that are expected by a time of day, and what is said when one is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from monitor.core.render import one_line
from monitor.model import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from monitor.model import Feed

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Watch:
    """A source that shows something new on every one of its days, by a local time."""

    name: str
    source: str
    """The outlet."""
    by: time
    channels: tuple[str, ...]
    days: frozenset[int] = EVERY_DAY
    """Of the week, Monday being 0."""


def due(watch: Watch, day: date, zone: ZoneInfo) -> datetime | None:
    """Return when a watch's source is late on a local day; None on a day on which it is not expected.

    A time that the clocks skip or show twice is taken as the later moment: nobody is called too early.
    """
    if day.weekday() not in watch.days:
        return None
    return max(datetime.combine(day, watch.by.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))


def is_late(watch: Watch, first: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Say whether a source is late at a moment; *first* is when its first item of the local day was seen."""
    limit = due(watch, now.astimezone(zone).date(), zone)
    return limit is not None and now >= limit and first is None


def message(watch: Watch, day: date, zone: ZoneInfo, feeds: Sequence[Feed]) -> Message:
    """Return what people are told of a late source; *feeds* are those of the source."""
    source = one_line(watch.source, 100)
    lines = [
        f"{one_line(watch.name, 100)} is late: {source} was expected by {watch.by:%H:%M} ({zone.key})",
        f"and has shown nothing new on {day}.",
        _reason(source, feeds),
        "You are told of this once a day; the digest says when it came.",
    ]
    return Message(
        one_line(f"[high] Late: {watch.name}"),
        "\n".join(lines) + "\n",
        data={
            "event": "late",
            "watch": watch.name,
            "source": watch.source,
            "by": f"{watch.by:%H:%M}",
            "date": str(day),
        },
        severity="high",
    )


def _reason(source: str, feeds: Sequence[Feed]) -> str:
    """Say what is known of the source's feeds: a silent source and one that cannot be read are two things."""
    if not feeds:
        return f"No feed has the outlet name {source}: 'strait feeds list' shows which there are."
    if broken := [feed for feed in feeds if feed.failures]:
        return f"Its feed cannot be read: {one_line(broken[0].error or broken[0].status, 240)}"
    return "Its feed can be read, so that the source itself is silent."


def line(watch: Watch, day: date, first: datetime | None, zone: ZoneInfo) -> str:
    """Return the digest's line of a source that was late on a day that is over, or nothing when it was not."""
    limit = due(watch, day, zone)
    if limit is None or (first is not None and first <= limit):
        return ""
    came = f"came at {first.astimezone(zone):%H:%M}" if first else "did not come"
    return one_line(f"{watch.name} ({watch.source}) {came}; it was expected by {watch.by:%H:%M}.", 300)
