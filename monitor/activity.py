"""Days counted from what is stored, and what the digest says of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from monitor.core import activity, expected
from monitor.core.activity import Count, Tally, Telling
from monitor.core.digest import day_bounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from monitor.app import App
    from monitor.edges.store import Work

CHART = 30
"""Days that the digest's chart shows."""


def tally(work: Work, day: date, zone: ZoneInfo) -> Tally:
    """Count the stories of a local day."""
    start, end = day_bounds(day, zone)
    if not work.watched(start, end):
        return Tally(day, watched=False)
    return Tally(day, {theme: Count(*counted) for theme, counted in work.theme_counts(start, end).items()})


def history(work: Work, day: date, days: int, zone: ZoneInfo) -> list[Tally]:
    """Count the stories of the days before a day, the latest last."""
    return [tally(work, day - timedelta(days=back), zone) for back in range(days, 0, -1)]


def indices(work: Work, day: date, zone: ZoneInfo) -> Mapping[str, int] | None:
    """Return the index of every theme that was reported on a local day; None when nothing was watched."""
    counted = tally(work, day, zone)
    if not counted.watched:
        return None
    told = activity.confirmed(Telling(*row) for row in work.tellings(*day_bounds(day, zone), activity.POINTS))
    return {
        theme: activity.index(Count(count.stories, count.publishers, told.get(theme, {})))
        for theme, count in counted.themes.items()
    }


def counted(work: Work, day: date, zone: ZoneInfo) -> Mapping[str, float]:
    """Return per kind of fact the largest number of a local day that is confirmed for one story, of any theme."""
    told = activity.confirmed(Telling(*row) for row in work.tellings(*day_bounds(day, zone), activity.POINTS))
    kinds = {kind for found in told.values() for kind in found}
    return {kind: max(found.get(kind, 0.0) for found in told.values()) for kind in kinds}


def chart(app: App, work: Work, day: date) -> list[tuple[str, tuple[int | None, ...]]]:
    """Return for every theme that was reported its index over the days up to a day, which is the last."""
    days = [indices(work, day - timedelta(days=back), app.zone) for back in range(CHART - 1, -1, -1)]
    rows = ((theme, tuple(None if one is None else one.get(theme, 0) for one in days)) for theme in app.look.names)
    return [(theme, row) for theme, row in rows if any(row)]


def late_lines(app: App, work: Work, day: date) -> list[str]:
    """Return the digest's lines of the sources that were late on a day."""
    start, end = day_bounds(day, app.zone)
    found = (expected.line(w, day, work.first_from(w.source, start, end), app.zone) for w in app.watches)
    return [line for line in found if line]
