"""What leaves a channel next: quiet hours, bursts and the channel's limit decide, and nothing is ever left out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import structlog

from monitor.core import bundled, bundles
from monitor.core.bundles import MINUTE, Alone, Limits, Traffic, Waiting
from monitor.core.facts.agreed import agree
from monitor.core.facts.written import summary_line
from monitor.model import Delivery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from monitor.app import App
    from monitor.core.bundled import Line
    from monitor.core.bundles import Plan
    from monitor.edges.store import StoredAlert, Work

log = structlog.get_logger()


def take(app: App, channel: str, lease: timedelta) -> Delivery | None:
    """Claim the next message of a channel; None when nothing may leave now.

    What quiet hours hold, and what goes together, is decided in the same transaction, and one worker at a time.
    """
    now = app.now()
    with app.store.begin() as work:
        work.lock_channel(channel)
        waiting = [Waiting(**asdict(row)) for row in work.waiting(channel, now)]
        if not waiting or not _arrange(app, work, channel, waiting):
            return None
        # What was put together just now is due a little later than this began.
        return next(iter(work.claim(app.now(), 1, lease, channel=channel)), None)


def _arrange(app: App, work: Work, channel: str, waiting: Sequence[Waiting]) -> bool:
    """Put aside, let go and put together; say whether the channel takes a message now."""
    now = app.now()
    night = bundles.night(waiting, app.quiet, now)
    _carry_out(app, work, channel, night, "quiet")
    gone = {*night.aside, *night.bundle}
    left = [one for one in waiting if one.id not in gone and one.held != "quiet"]
    limits = Limits(app.burst, app.per_minute.get(channel, 0))
    day = bundles.day(left, _traffic(work, channel, limits, now), limits, now)
    _carry_out(app, work, channel, day, "burst")
    return day.room


def _traffic(work: Work, channel: str, limits: Limits, now: datetime) -> Traffic:
    since = now - limits.burst.within
    return Traffic(
        work.tried_since(channel, now - MINUTE) if limits.per_minute else 0,
        {rule: Alone(*found) for rule, found in work.alone_since(channel, since).items()},
        work.bundled_since(channel, since),
    )


def _carry_out(app: App, work: Work, channel: str, plan: Plan, why: str) -> None:
    """Do what a plan says to what waits on a channel."""
    now = app.now()
    for until in set(plan.aside.values()):
        ids = [one for one, moment in plan.aside.items() if moment == until]
        work.put_aside(ids, why, until)
        log.info("held", channel=channel, why=why, until=str(until), messages=len(ids))
    work.release(plan.release, now)
    if plan.bundle:
        _together(app, work, channel, plan.bundle, why)


def _together(app: App, work: Work, channel: str, ids: Sequence[int], why: str) -> None:
    """Put one message in the place of several."""
    now = app.now()
    alerts = work.carried(ids)
    lines = tuple(line_of(work, alerts[one], one) for one in ids)
    bundle = bundled.Bundle("catchup" if why == "quiet" else "burst", lines)
    message = bundled.message(bundle, app.channels[channel].medium, app.look, app.renderer.rendered)
    first = min(alert.id for alert in alerts.values())
    date = f"catchup/{channel}/{now.astimezone(app.zone).date()}"
    # Quiet hours that were changed may end twice a day: then the second message is known by its first alert.
    for key in (date, f"{date}/{first}") if why == "quiet" else (f"bundle/{channel}/{first}",):
        if work.pack(Delivery(key, channel, message, now, created=now), ids):
            log.info("together", delivery=key, channel=channel, messages=len(ids))
            return


def line_of(work: Work, alert: StoredAlert, delivery_id: int | None = None) -> Line:
    """Return an alert as a line of a message of several; *delivery_id* is its own message's, which it stands for."""
    said = work.story_facts(work.joined_into(alert.story_id) or alert.story_id) if alert.story_id else []
    data = next((d.message.data for d in alert.deliveries if d.id == delivery_id), {})
    return bundled.Line(
        alert.id,
        alert.rule,
        alert.severity,
        alert.theme,
        alert.headline,
        alert.url,
        alert.at,
        alert.publishers,
        alert.score,
        alert.words,
        summary_line(agree(said)),
        data,
    )
