"""When a feed is polled next: from its own rhythm, what its server asks for, and how it fails.

All waits are clamped to the settings; the one thing that is added is a little jitter, by hash, so that feeds do not
march in step.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.model import Feed, Habits

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

LOOKS = 4
"""Polls per typical gap between entries: news is then an eighth of a gap late in the mean."""
BELIEVED = 2
"""How many default waits a server or feed may ask for where the feed's rhythm says otherwise: many declare what their
software came with."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often feeds are polled."""

    default: timedelta = timedelta(minutes=15)
    least: timedelta = timedelta(minutes=5)
    most: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Poll:
    """How a poll went, as far as it matters for the next one."""

    now: datetime
    status: str = "ok"
    failures: int = 0
    """In a row, this one included."""
    retry_after: float | None = None
    """What a server that refused asks for, in seconds."""
    fresh_for: float | None = None
    """For how long a page that came is good, by its server, in seconds."""
    missed: bool = False
    """The page shared nothing with what was seen before."""


class Backoff(NamedTuple):
    """How a kind of failure is waited out."""

    first: int
    """How many usual waits pass after the first failure."""
    factor: int
    """By which that grows with every further failure in a row."""
    most: timedelta
    """How far it grows, within the settings."""


Kind = Literal["temporary", "soft", "hard"]
BACKOFFS: Mapping[Kind, Backoff] = {
    "temporary": Backoff(1, 2, timedelta(hours=2)),
    "soft": Backoff(2, 2, timedelta.max),
    "hard": Backoff(4, 4, timedelta.max),
}
"""Temporary: the way or the server is in trouble, and it may be over soon. Soft: it answers, but not with a feed. Hard:
the address itself is wrong."""

_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("timeout", "dns", "connect", "disconnected", "cut_off", "tls", "proxy", "too_many_requests", "http_408"),
        "temporary",
    ),
    **dict.fromkeys(("http_404", "gone", "bad_scheme", "bad_url", "refused_address"), "hard"),
}


def kind_of(status: str) -> Kind:
    """Return the kind of a failure by its status."""
    return _KINDS.get(status) or ("temporary" if status.startswith("http_5") else "soft")


def due(cadence: Cadence, feed: Feed, poll: Poll) -> datetime:
    """Return when a feed is polled next.

    Never before *least* has passed or a Retry-After is over, never after *most*. Up to a tenth is added by address and
    count, within these bounds.
    """
    wait = pause(cadence, feed.habits, poll)
    spread = min(wait, cadence.most / 1.1) * (1 + 0.1 * jitter(feed.url, poll.failures))
    when = poll.now + max(spread, _asked_back(cadence, poll), cadence.least)
    return min(_open_hour(feed.habits, when), poll.now + cadence.most)


def pause(cadence: Cadence, habits: Habits, poll: Poll) -> timedelta:
    """Return how long to wait before the next poll, jitter and skipped hours left aside."""
    wait = _usual(cadence, habits, poll)
    if poll.failures:
        wait = max(wait, _backed_off(wait, poll))
    elif poll.missed:
        wait = cadence.least
    return _within(cadence, max(wait, _asked_back(cadence, poll)))


def _within(cadence: Cadence, wait: timedelta) -> timedelta:
    return min(max(wait, cadence.least), cadence.most)


def _asked_back(cadence: Cadence, poll: Poll) -> timedelta:
    return min(_span(poll.retry_after), cadence.most)


def _span(seconds: float | None) -> timedelta:
    """Return seconds as a span; nonsense that no calendar holds is cut."""
    return timedelta(seconds=min(max(seconds or 0.0, 0.0), 1e9))


def _backed_off(wait: timedelta, poll: Poll) -> timedelta:
    first, factor, most = BACKOFFS[kind_of(poll.status)]
    # Twelve steps lead from the shortest settings to the longest, and stay within what a timedelta holds.
    grown: timedelta = min(wait, DAY) * first * factor ** min(poll.failures - 1, 12)
    return min(grown, most)


def _usual(cadence: Cadence, habits: Habits, poll: Poll) -> timedelta:
    """Return the wait after a poll that went well: by the feed's rhythm, no sooner than it is asked to."""
    asked = max(_span(poll.fresh_for), _span(habits.every))
    own = rhythm(habits, poll.now, cadence.default)
    if own is None:
        return _within(cadence, max(cadence.default, asked))
    return _within(cadence, max(own, min(asked, BELIEVED * cadence.default)))


def rhythm(habits: Habits, now: datetime, default: timedelta) -> timedelta | None:
    """Return the wait that suits a feed by when its entries came; None while too little is known.

    A quarter of the typical gap; longer the longer a feed has been silent beyond its gaps; shorter towards an hour of
    the day in which it mostly publishes, and *default* at most within one.
    """
    if not habits.gap or not habits.recent:
        return None
    silent = now.timestamp() - habits.recent[-1]
    gap = max(habits.gap, min(silent, 4 * habits.gap), silent / 24)
    wait = timedelta(seconds=gap / LOOKS)
    if now.astimezone(UTC).hour in habits.busy_hours:
        return min(wait, default)
    return min(wait, _until(habits.busy_hours, now)) if habits.busy_hours else wait


def _until(hours: Sequence[int], now: datetime) -> timedelta:
    """Return how long it is to the next of these hours of the day."""
    here = now.astimezone(UTC)
    start = here.replace(minute=0, second=0, microsecond=0)
    ahead = min((hour - here.hour) % 24 or 24 for hour in hours)
    return start + ahead * HOUR - here


def _open_hour(habits: Habits, when: datetime) -> datetime:
    """Return the first moment from *when* on, in whole hours, that lies in no hour or day that is to be skipped."""
    moment = when.astimezone(UTC)
    for _ in range(7 * 24):
        if moment.hour not in habits.skip_hours and moment.weekday() not in habits.skip_days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + HOUR
    return when  # it asks never to be polled, which nobody can mean


def jitter(name: str, count: int) -> float:
    """Return a number from 0 to 1 that looks random and is always the same for a name and a count."""
    digest = hashlib.blake2b(f"{name}\0{count}".encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
