"""How a feed does, in words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.model import RETIRED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.model import Feed, Numbers

LATE = timedelta(hours=1)
"""So long after it was due, an unpolled feed says that nobody polls."""
SILENT = timedelta(days=30)
SLOW = timedelta(hours=6)
ENOUGH = 20
"""Items from which on a share of them says something."""
MANY = 150
MISSED_LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first thing that is wrong with a feed."""

    state: str
    """``ok``, ``waiting``, ``warning`` or ``down``."""
    say: str
    do: str = ""


def judge(feed: Feed, numbers: Numbers, now: datetime, failure: tuple[str, str]) -> Verdict:
    """Return how a feed does; *failure* is what its status means and what can be done, for one that fails."""
    return next(_findings(feed, numbers, now, failure))


def _findings(feed: Feed, numbers: Numbers, now: datetime, failure: tuple[str, str]) -> Iterator[Verdict]:
    if feed.status in RETIRED:
        yield Verdict("down", feed.error or failure[0], "remove it, or 'strait feeds set' it to try again")
    if feed.failures:
        since = f"last read {feed.last_success:%Y-%m-%d %H:%M} UTC" if feed.last_success else "never read"
        times = "once" if feed.failures == 1 else f"{feed.failures} times"
        yield Verdict("down", f"{failure[0]}; failed {times}, {since}", failure[1])
    if feed.last_success is None:
        yield Verdict("waiting", "not polled yet", "'strait run' polls it")
        return
    if feed.next_poll and feed.next_poll < now - LATE:
        yield Verdict("warning", "its poll is overdue", "see that 'strait run' is at work; 'strait doctor' tells more")
    if feed.status == "cut_off":
        yield Verdict("warning", feed.error, "tell the outlet if it stays so")
    if feed.missed and feed.missed > now - MISSED_LATELY:
        yield Verdict("warning", "items between two polls may be missing", "let it be polled more often: poll_min")
    yield from _by_numbers(numbers, now)
    yield Verdict("ok", "well")


def _by_numbers(numbers: Numbers, now: datetime) -> Iterator[Verdict]:
    """Yield what a feed's items tell of it, though it is fetched without an error."""
    if numbers.newest is None or numbers.newest < now - SILENT:
        yield Verdict("warning", f"nothing new for {SILENT.days} days", "see whether the outlet has another feed now")
    if numbers.lag and numbers.lag > SLOW.total_seconds():
        yield Verdict("warning", f"late: {span(numbers.lag)} from published to seen", "look for a faster feed of it")
    if numbers.items >= ENOUGH and numbers.duplicates > 0.8 * numbers.items:
        yield Verdict("warning", "nearly all of it comes from another feed first", "remove one of the two")
    if numbers.items >= MANY and not numbers.tagged:
        yield Verdict("warning", f"none of its last {numbers.items} items has a theme", "follow a narrower section")


def span(seconds: float) -> str:
    """Return a time in the largest unit that fits."""
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
