"""What leaves a channel at once, what waits, and what goes together in one message. Nothing is ever left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.core.quiet import QuietHours

MINUTE = timedelta(minutes=1)
URGENT = SEVERITIES.index("critical")
"""What is so urgent never waits for the rest of a burst."""
_QUIET = ("alert/", "escalate/", "bundle/", "watch/")
"""What quiet hours hold back; the digest comes when it was asked for."""


@dataclass(frozen=True, slots=True)
class Burst:
    """From when on the alerts of one rule are too many for a message each; *over* 0 is never."""

    over: int = 5
    within: timedelta = timedelta(minutes=10)
    """Without any, what goes together goes at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What people can bear on a channel."""

    burst: Burst = Burst()
    per_minute: int = 0
    """Messages in any minute; 0 is without limit."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on its way over a channel."""

    id: int
    key: str
    urgency: int
    due: datetime
    rule: str = ""
    """Of an alert."""
    attempts: int = 0
    held: str = ""
    """``quiet`` or ``burst`` when it was put aside."""

    @property
    def loose(self) -> bool:
        """Say whether it may go together with others: what was tried may have arrived, and keeps its key."""
        return self.key.startswith(("alert/", "escalate/")) and self.attempts == 0


@dataclass(frozen=True, slots=True)
class Alone:
    """The alerts of a rule that lately went each in a message of its own."""

    count: int
    first: datetime


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a channel carried lately."""

    last_minute: int = 0
    """Messages tried, sent or not."""
    alone: Mapping[str, Alone] = field(default_factory=dict)
    """By rule, within the time that makes a burst."""
    bundled: datetime | None = None
    """When the last burst went together, if within that time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of what waits; all that is not named here may be sent as it is."""

    bundle: tuple[int, ...] = ()
    """To be put into one message, the most urgent first."""
    release: tuple[int, ...] = ()
    """Was put aside, and may be sent as it is."""
    aside: Mapping[int, datetime] = field(default_factory=dict)
    """To be put aside, until when."""
    room: bool = True
    """Whether the channel takes a message now."""


def night(waiting: Iterable[Waiting], quiet: QuietHours | None, now: datetime) -> Plan:
    """Return what quiet hours hold back, and after them what goes into one catch-up message."""
    aside: dict[int, datetime] = {}
    over: list[Waiting] = []
    for one in waiting:
        until = quiet.held(SEVERITIES[one.urgency], now) if quiet and one.key.startswith(_QUIET) else None
        if until and one.held != "quiet":
            aside[one.id] = until
        elif not until and one.held == "quiet":
            over.append(one)
    together = [one for one in ordered(over) if one.loose]
    return Plan(_ids(together), _ids(one for one in over if not one.loose), aside)


def ordered(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return messages as they leave: the most urgent first, then the longest due."""
    return sorted(waiting, key=lambda one: (-one.urgency, one.due, one.id))


def day(waiting: Iterable[Waiting], traffic: Traffic, limits: Limits, now: datetime) -> Plan:
    """Return what of a burst goes together or waits for more, and what the channel's limit makes go together.

    Of a burst that begins the first goes at once and the rest together; one that comes drop by drop fills up its share
    and is put together at the end of its time. Another burst soon after waits for the rest of that time.
    """
    room = limits.per_minute - traffic.last_minute if limits.per_minute else None
    if room is not None and room <= 0:
        return Plan(room=False)
    order = ordered(one for one in waiting if one.held != "quiet")
    ready = _ready(order, traffic, limits.burst, now)
    alone = [one for one in order if one.id not in ready]
    surplus = _surplus(alone, room, bursting=bool(ready))
    together = [one for one in order if one.id in ready or one in surplus]
    if surplus or any(ready[one.id] <= now for one in together):
        many = len(together) > 1
        return Plan(_ids(together) if many else (), () if many else _ids(one for one in together if one.held))
    return Plan(aside={one.id: ready[one.id] for one in together if not one.held})


def _ready(order: Sequence[Waiting], traffic: Traffic, burst: Burst, now: datetime) -> dict[int, datetime]:
    """Return the alerts that are part of a burst, and when each is to go with the others."""
    ready: dict[int, datetime] = {}
    for rule in dict.fromkeys(one.rule for one in order if one.loose):
        loose = [one for one in order if one.loose and one.rule == rule]
        ready |= {one.id: one.due if burst.over and burst.within else now for one in loose if one.held}
        fresh = [one for one in loose if not one.held]
        before = traffic.alone.get(rule)
        count = before.count if before else 0
        if burst.over and count + len(fresh) > burst.over:
            room = max(burst.over - count, 0) if before else 1
            first = before.first + burst.within if before else now
            last = traffic.bundled + burst.within if traffic.bundled else now
            ready |= {one.id: now if one.urgency >= URGENT else max(now, first, last) for one in fresh[room:]}
    return ready


def _surplus(alone: Sequence[Waiting], room: int | None, *, bursting: bool) -> list[Waiting]:
    """Return the alerts that are more than the channel takes now, one place kept for their message."""
    if room is None or len(alone) + bursting <= room:
        return []
    over = [one for one in alone[room - 1 :] if one.loose]
    return over if len(over) + bursting > 1 else []


def _ids(waiting: Iterable[Waiting]) -> tuple[int, ...]:
    return tuple(one.id for one in waiting)
