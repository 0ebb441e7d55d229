"""Once a round: sources that are late, and themes that are reported far more than usual. Each is told once a day."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

import structlog

from monitor.activity import history, indices, tally
from monitor.core import activity, expected, surges
from monitor.core.digest import day_bounds, rank
from monitor.core.stories.signature import signature
from monitor.model import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from monitor.app import App
    from monitor.core.activity import Tally, Verdict
    from monitor.core.expected import Watch
    from monitor.edges.store import Work
    from monitor.model import Message, Story

CAUSE_DAYS = 14
"""The stories of so many days before tell which terms are usual."""
log = structlog.get_logger()


def look(app: App) -> int:
    """Queue what is to be told now, and return how many messages that are."""
    return _late(app) + _surging(app)


def _late(app: App) -> int:
    """Queue word of every source that is late and was not told of today."""
    now = app.now()
    day = now.astimezone(app.zone).date()
    if not app.watches:
        return 0
    with app.store.read() as work:
        late = [watch for watch in app.watches if _is_late(app, work, watch)]
        untold = ((watch, _keys(work, "watch", watch.name, day, watch.channels)) for watch in late)
        found = {watch: keys for watch, keys in untold if keys}
        feeds = work.feeds() if found else []
    total = 0
    for watch, keys in found.items():
        its_feeds = [feed for feed in feeds if feed.name == watch.source]
        total += _queue(app, keys, expected.message(watch, day, app.zone, its_feeds))
        log.warning("source is late", watch=watch.name, source=watch.source)
    return total


def _is_late(app: App, work: Work, watch: Watch) -> bool:
    now = app.now()
    first = work.first_from(watch.source, *day_bounds(now.astimezone(app.zone).date(), app.zone))
    return expected.is_late(watch, first, now, app.zone)


def _surging(app: App) -> int:
    """Queue word of every theme that stands out today and was not told of; mostly today's count alone is read."""
    if not app.surge_channels:
        return 0
    day = app.now().astimezone(app.zone).date()
    total = 0
    with app.store.read() as work:
        today = tally(work, day, app.zone)
        busy = {theme: _keys(work, "surge", theme, day, app.surge_channels) for theme in _busy(today)}
        busy = {theme: keys for theme, keys in busy.items() if keys}
        before = history(work, day, activity.WINDOW, app.zone) if busy else []
        verdicts = {theme: activity.judge(theme, today, before) for theme in busy}
        found = {t: _surge(app, work, t, today, v) for t, v in verdicts.items() if v.state == "surge"}
    for theme, surge in found.items():
        total += _queue(app, busy[theme], surges.message(surge))
        log.warning("surge", theme=theme, stories=surge.count.stories, usual=round(surge.verdict.expected, 1))
    return total


def _busy(today: Tally) -> list[str]:
    return sorted(theme for theme, count in today.themes.items() if activity.enough(count))


def _surge(app: App, work: Work, theme: str, today: Tally, verdict: Verdict) -> surges.Surge:
    """Gather what is told of a surge."""
    start, end = day_bounds(today.day, app.zone)
    earlier, _ = day_bounds(today.day - timedelta(days=CAUSE_DAYS), app.zone)
    now = [story for story in work.stories_between(start, end) if theme in story.themes]
    then = [story for story in work.stories_between(earlier, start) if theme in story.themes]
    days = [indices(work, today.day - timedelta(days=back), app.zone) for back in range(1, activity.LEARNING + 1)]
    return surges.Surge(
        theme,
        app.look.names.get(theme, theme),
        today.day,
        today.of(theme),
        (indices(work, today.day, app.zone) or {}).get(theme, 0),
        verdict,
        round(median([one.get(theme, 0) for one in days if one is not None] or [0])),
        activity.causes([_terms(story) for story in now], [_terms(story) for story in then]),
        sorted(now, key=rank, reverse=True)[: surges.TOP],
    )


def _terms(story: Story) -> frozenset[str]:
    """Return the terms of a story's headline; stories of an earlier version were kept without."""
    if story.signatures:
        return story.signatures[0].terms
    return signature(story.headline, "", story.first_seen, story.fingerprint).terms


def _keys(work: Work, what: str, name: str, day: date, channels: Sequence[str]) -> dict[str, str]:
    """Return the keys that are not queued yet, with their channels."""
    keys = {f"{what}/{name}/{day}/{channel}": channel for channel in dict.fromkeys(channels)}
    known = work.queued(keys)
    return {key: channel for key, channel in keys.items() if key not in known}


def _queue(app: App, keys: Mapping[str, str], message: Message) -> int:
    """Queue a message; whoever else queued it meanwhile, it is there once."""
    now = app.now()
    with app.store.begin() as work:
        return work.queue([Delivery(key, name, message, now, created=now) for key, name in keys.items()])
