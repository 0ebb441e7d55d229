"""Quiet hours: when they end, whatever midnight and the clocks do. What is urgent enough goes out all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from monitor.model import SEVERITIES, Severity

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A stretch of every night, from *start* to *end* on the clocks of a zone; the two differ."""

    start: time
    end: time
    zone: ZoneInfo
    breaks_through: Severity | None = None
    """From this severity on alerts are sent all the same."""

    def until(self, now: datetime) -> datetime | None:
        """Return when the quiet hours end that *now* lies in, in UTC; None outside of them.

        Of an hour that the clocks show twice the whole counts as one: quiet begins with the first time that they show
        the start and ends with the last time that they show the end. A time that they skip is the moment they skip it.
        """
        today = now.astimezone(self.zone).date()
        ends = [end for day in (today - _DAY, today) for begin, end in [self._stretch(day)] if begin <= now < end]
        return max(ends, default=None)

    def held(self, severity: Severity, now: datetime) -> datetime | None:
        """Return until when a message of this severity waits; None when it goes out at once."""
        through = self.breaks_through and SEVERITIES.index(severity) >= SEVERITIES.index(self.breaks_through)
        return None if through else self.until(now)

    def _stretch(self, day: date) -> tuple[datetime, datetime]:
        """Return when the quiet hours that begin on a local day begin and end."""
        last = day + _DAY if self.end <= self.start else day
        begin, _ = _moments(datetime.combine(day, self.start, self.zone))
        _, end = _moments(datetime.combine(last, self.end, self.zone))
        return begin, end


def _moments(shown: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment at which clocks show a time; of one that they skip, when they skip it."""
    first, last = (shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= last:
        return first, last
    while last.astimezone(shown.tzinfo).replace(tzinfo=None) < shown.replace(tzinfo=None):
        last += _MINUTE
    return last, last
