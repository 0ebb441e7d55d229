"""From what feeds answered to what is new on their pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core import outcome
from monitor.errors import FeedError
from monitor.parser import Asked, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.app import App
    from monitor.core.outcome import Reading
    from monitor.edges.store import Work
    from monitor.model import Feed, Page
    from monitor.parser import Answer


def read_all(app: App, answers: Sequence[tuple[Feed, Page | FeedError]], now: datetime) -> list[Reading]:
    """Return every feed's answer, read and compared with what is stored, in order; an unchanged one costs nothing."""
    readings = [outcome.glance(feed, answer) for feed, answer in answers]
    changed = {reading.feed.id: reading for reading in readings if reading.changed}
    if not changed:
        return readings
    with app.store.read() as work:
        marks = work.marks_of(changed)
    asked = [Asked(r.feed, r.page, marks.get(r.feed.id, b"")) for r in changed.values() if r.page]
    told = dict(zip(changed, app.parsers.read(asked, now), strict=True))
    with app.store.read() as work:
        known = {feed_id: _compared(work, _with(changed[feed_id], answer)) for feed_id, answer in told.items()}
    return [known.get(reading.feed.id, reading) for reading in readings]


def _with(reading: Reading, told: Answer) -> Reading:
    """Return a reading with what its page says."""
    if isinstance(told, Refused):
        return replace(reading, error=FeedError(told.status, told.text))
    parsed, broken = told
    return replace(reading, parsed=parsed, broken=broken)


def _compared(work: Work, reading: Reading) -> Reading:
    """Return a reading with what of its page is new to the feed, or says something new."""
    feed, parsed = reading.feed, reading.parsed
    if parsed is None:
        return reading
    found = work.compare(feed.id, parsed.entries, parsed.known, new=feed.last_success is None)
    return replace(reading, found=found)
