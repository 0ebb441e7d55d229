"""One feed's poll: its page, read, and what that changes of the feed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core import cadence, policy
from monitor.core.habits import learned
from monitor.core.urls import bare_url
from monitor.core.whole import CUT_OFF, whole
from monitor.errors import FeedError
from monitor.model import RETIRED, Comparison, FeedState

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.core.cadence import Cadence
    from monitor.model import Feed, Page, ParsedFeed

WATCHED = timedelta(hours=6)
"""How long a feed of which items may be missing is polled as often as may be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One feed, its page read."""

    feed: Feed
    page: Page | None = None
    error: FeedError | None = None
    parsed: ParsedFeed | None = None
    """None when the page is unchanged or could not be read."""
    broken: bool = False
    """The page breaks off; what was whole of it was read."""
    body_hash: str = ""
    found: Comparison = field(default_factory=Comparison)

    @property
    def changed(self) -> bool:
        """Say whether there is a page that may say something new."""
        return self.error is None and self.body_hash not in ("", self.feed.body_hash)

    @property
    def silence(self) -> str:
        """Return why what is new on the page may not alert, or nothing."""
        if self.feed.last_success is None:
            return "first_poll"
        return "storm" if policy.storm(self.feed, self.found, self._shown) else ""

    @property
    def _shown(self) -> int:
        """Return how many items the page shows."""
        return len(self.parsed.entries) + self.parsed.known if self.parsed else 0

    @property
    def missed(self) -> bool:
        """Say whether a page shows nothing that was seen before, so that items between may be missing."""
        known_before = self.feed.last_success is not None and bool(self.feed.habits.recent)
        return self._shown > 1 and len(self.found.fresh) == self._shown and known_before and not self.silence


def glance(feed: Feed, page: Page | FeedError) -> Reading:
    """Return what can be said of a feed's answer without reading its page; a failure is a value."""
    if isinstance(page, FeedError):
        return Reading(feed, error=page)
    if feed.selectors:  # its address is the configuration's to change
        page = replace(page, moved_to="")
    if page.unchanged:
        return Reading(feed, page)
    return Reading(feed, page, body_hash=hashlib.blake2b(page.body, digest_size=16).hexdigest())


def read(feed: Feed, page: Page | FeedError, now: datetime, seen: bytes = b"") -> Reading:
    """Return a feed's page, read; an unchanged page ends here and a failure is a value."""
    reading = glance(feed, page)
    if not reading.changed or isinstance(page, FeedError):
        return reading
    try:
        parsed, broken = whole(page, feed, now, seen)
    except FeedError as error:
        return replace(reading, error=error)
    return replace(reading, parsed=parsed, broken=broken)


def state(rate: Cadence, reading: Reading, now: datetime, other: Feed | None = None) -> FeedState:
    """Return what a poll changes of its feed; *other* is the feed that has the address it moved to."""
    feed, page, error = reading.feed, reading.page, reading.error
    if error or page is None:
        return _failed(rate, feed, now, error or FeedError("empty", f"{feed.name}: there was no answer"))
    if page.moved_to and other and other.id != feed.id and other.status not in RETIRED:
        text = f"moved to {bare_url(page.moved_to)}, which is polled as {other.name}; this address is retired"
        return FeedState(feed.id, "moved", rate.most + now, 0, error=text, succeeded=now, asked=now)
    parsed, missed = reading.parsed, reading.missed
    habits = learned(feed.habits, parsed, reading.found.fresh, now) if parsed else feed.habits
    watched = missed or (feed.missed is not None and now - feed.missed < WATCHED)
    poll = cadence.Poll(now, fresh_for=page.fresh_for, missed=watched)
    due = cadence.due(rate, replace(feed, habits=habits), poll)
    status, text = _status(reading)
    if page.unchanged:
        return FeedState(feed.id, status, due, 0, text, succeeded=now, url=page.moved_to or None, asked=now)
    return FeedState(
        feed.id,
        status,
        due,
        0,
        text,
        succeeded=now,
        title=parsed.title if parsed and parsed.title else None,
        lang=parsed.lang if parsed and parsed.lang and not feed.lang else None,
        url=page.moved_to or None,
        etag=page.etag,
        last_modified=page.last_modified,
        body_hash=reading.body_hash,
        missed=now if missed else None,
        habits=habits if parsed else None,
        marks=parsed.marks if parsed else None,
        asked=now,
    )


def _status(reading: Reading) -> tuple[str, str]:
    """Return the status of a page that could be read, and what is wrong with it all the same."""
    feed = reading.feed
    if reading.broken:
        return "cut_off", f"{feed.name}: {CUT_OFF} in the middle; what was whole was read"
    if reading.parsed:
        return "ok", ""
    still_broken = feed.status == "cut_off" and not feed.failures  # as it was
    return ("cut_off", feed.error) if still_broken else ("unchanged", "")


def _failed(rate: Cadence, feed: Feed, now: datetime, error: FeedError) -> FeedState:
    failures = feed.failures + 1
    poll = cadence.Poll(now, error.status, failures, error.retry_after)
    return FeedState(feed.id, error.status, cadence.due(rate, feed, poll), failures, error=str(error), asked=now)
