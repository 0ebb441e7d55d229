"""Channels that take nothing: since when, and that people hear of it over another one, once an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor.core import notices
from monitor.model import Delivery

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.app import App
    from monitor.edges.store import Work
    from monitor.model import Message

log = structlog.get_logger()


def worked(app: App, work: Work, channel: str) -> None:
    """Note that a channel took a message; where people were told that it takes none, they are told that too."""
    outage = work.channel_worked(channel)
    if outage is None:
        return
    log.info("channel works again", channel=channel, since=str(outage.since))
    if outage.told and outage.over in app.channels:
        work.queue([_delivery(notices.up(outage, app.now(), app.zone), outage.over, app.now())])


def tell(app: App) -> None:
    """Queue word of every channel that has taken nothing for long, over the first that works of those named for it."""
    if not app.tell:
        return
    now = app.now()
    with app.store.read() as work:
        known = work.outages()
    over = next((name for name in app.tell if name not in {outage.channel for outage in known}), None)
    late = [outage for outage in known if outage.told is None and now - outage.since >= app.tell_after]
    if over is None or not late:
        return
    with app.store.begin() as work:
        counts = work.outbox_counts(now)
        for outage in late:
            if work.tell_outage(outage, over, now):
                message = notices.down(outage, counts.get(outage.channel, {}), app.zone)
                work.queue([_delivery(message, over, now)])
                log.warning("channel takes nothing", channel=outage.channel, since=str(outage.since), told=over)


def _delivery(message: Message, over: str, now: datetime) -> Delivery:
    """Return a message about an outage on its way, under a key that no other has."""
    return Delivery(f"{message.thread}/{message.data['event']}/{over}", over, message, now, created=now)
