"""Tells others of an alert when nobody takes note of it in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor.core import bundled
from monitor.gathering import line_of
from monitor.model import Delivery

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.edges.store import StoredAlert, Work
    from monitor.model import Escalation

log = structlog.get_logger()


def escalate(app: App) -> int:
    """Queue the messages about alerts that nobody took note of; return how many alerts these are.

    The mark on the alert and the messages commit together: whatever restarts happen, others are told once.
    """
    now = app.now()
    with app.store.read() as work:
        if not work.unheard(now, 1):
            return 0
    rules = {rule.name: rule.escalate for rule in app.rules}
    with app.store.begin() as work:
        overdue = [alert for alert in work.unheard(now) if work.escalated(alert.id, now)]
        told = [alert for alert in overdue if (to := rules.get(alert.rule)) and _tell(app, work, alert, to)]
    return len(told)


def _tell(app: App, work: Work, alert: StoredAlert, to: Escalation) -> bool:
    """Queue the messages about an alert; false when they were queued before."""
    now = app.now()
    bundle = bundled.Bundle("escalation", (line_of(work, alert),))
    deliveries = [
        Delivery(
            f"escalate/{alert.id}/{name}",
            name,
            bundled.message(bundle, app.channels[name].medium, app.look, app.renderer.rendered),
            now,
            created=now,
        )
        for name in dict.fromkeys(to.channels)
    ]
    log.info("escalated", alert=alert.id, rule=alert.rule, channels=list(to.channels))
    return work.queue(deliveries, alert.id) > 0
