"""Alerts that nobody takes note of, and changes that are told when their time has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from newsdesk import DRILLS, Desk
from test_alerting import FEEDS, TOLD, Day

from monitor import outbox
from monitor.core.quiet import QuietHours
from monitor.errors import DeliveryError
from monitor.model import Escalation

if TYPE_CHECKING:
    from monitor.edges.store import Store
    from monitor.model import Rule

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WAKES = replace(DRILLS, escalate=Escalation(20 * MINUTE, ("phone", "mail")))


def a_day(store: Store, *rules: Rule) -> tuple[Day, Desk]:
    """Return a day on which there is a phone too."""
    day, phone = Day(store, *rules), Desk("phone")
    day.app = replace(day.app, channels={**day.app.channels, "phone": phone, "mail": Desk("mail")})
    return day, phone


def later(day: Day, after: timedelta) -> None:
    """Let time pass and deliver."""
    day.clock.go(after)
    outbox.deliver(day.app)


def test_others_are_told_when_nobody_takes_note(store: Store) -> None:
    """Once, over every channel named, in time, whatever is reported meanwhile or restarted."""
    day, phone = a_day(store, WAKES)
    day.report(0, TOLD.format(20))
    later(day, 19 * MINUTE)
    assert phone.got == []
    for _ in range(3):
        day.app = replace(day.app)
        later(day, MINUTE)
    assert phone.subjects == [f"[high] Nobody took note: {TOLD.format(20)}"]
    assert [delivery.key for delivery in phone.got] == ["escalate/1/phone"]
    assert len(day.app.channels["mail"].got) == 1  # type: ignore[attr-defined] # a desk too
    assert "strait alerts ack 1" in phone.got[0].message.text
    with store.read() as work:
        (alert,) = work.alerts()
    assert alert.escalated_at == day.clock.at - 2 * MINUTE
    assert {d.channel for d in alert.deliveries} == {"desk", "phone", "mail"}


def test_taking_note_stops_it(store: Store) -> None:
    """The alert was heard."""
    day, phone = a_day(store, WAKES)
    day.report(0, TOLD.format(20))
    with store.begin() as work:
        work.ack(1, "lin", day.clock.at)
    later(day, HOUR)
    assert phone.got == []


def test_a_channel_that_fails_is_no_excuse(store: Store) -> None:
    """What was not delivered is not heard either, so others are told in the same time."""
    day, phone = a_day(store, WAKES)
    day.desk.failures = [DeliveryError("desk: cannot be reached")] * 20
    day.report(0, TOLD.format(20))
    later(day, 20 * MINUTE)
    assert len(phone.got) == 1


def test_what_quiet_hours_hold_is_not_waited_for_at_night(store: Store) -> None:
    """The time begins with the morning; what breaks through them escalates at night."""
    critical = replace(WAKES, name="Critical", severity="critical")
    day, phone = a_day(store, WAKES, critical)
    day.app = replace(day.app, quiet=QuietHours(time(22), time(6), day.app.zone, "critical"))
    day.report(0, TOLD.format(20), after=3 * HOUR)  # 23:00 in Taipei
    later(day, 20 * MINUTE)
    assert phone.subjects == [f"[critical] Nobody took note: {TOLD.format(20)}"]
    later(day, 6 * HOUR + 40 * MINUTE)
    assert day.desk.subjects[-1] == "[high] 1 alert from quiet hours"
    assert len(phone.got) == 1
    later(day, 20 * MINUTE)
    assert len(phone.got) == 2


def test_a_rule_that_is_gone_escalates_nothing(store: Store) -> None:
    """The alert stays as it is."""
    day, phone = a_day(store, WAKES)
    day.report(0, TOLD.format(20))
    day.app = replace(day.app, rules=(DRILLS,))
    later(day, HOUR)
    assert phone.got == []


def test_what_came_too_soon_is_told_when_its_time_has_come(store: Store) -> None:
    """Though nobody reports anything then; what is told otherwise meanwhile is not told twice."""
    day = Day(store, replace(DRILLS, repeat=3 * HOUR))
    story = TOLD.format(20)
    day.report(0, story)
    day.report(1, story)
    assert day.decision(story)[0] == "too_soon"
    later(day, 2 * HOUR - MINUTE)
    assert day.reasons == ["first"]
    later(day, MINUTE)
    assert day.reasons == ["first", "confirmed"]
    assert [delivery.key.rsplit("/", 2)[1] for delivery in day.desk.got] == ["1", "2"]
    later(day, 9 * HOUR)
    assert len(day.desk.got) == 2


@pytest.mark.parametrize("repeat", [timedelta(0), 3 * HOUR])
def test_a_later_report_tells_it_first(store: Store, repeat: timedelta) -> None:
    """Nothing is left to be looked at again when a report in time has told the change."""
    day = Day(store, replace(DRILLS, repeat=repeat))
    story = TOLD.format(20)
    day.report(0, story)
    day.report(1, story)
    day.report(2, story, after=3 * HOUR)
    told = len(day.desk.got)
    later(day, 9 * HOUR)
    assert len(day.desk.got) == told == (3 if not repeat else 2)


def test_what_is_gone_is_not_looked_at_again(store: Store) -> None:
    """A rule that was taken out has nothing to tell."""
    day = Day(store, replace(DRILLS, repeat=3 * HOUR))
    day.report(0, TOLD.format(20))
    day.report(1, TOLD.format(20))
    day.app = replace(day.app, rules=(replace(DRILLS, name="Another"),))
    later(day, 9 * HOUR)
    assert len(day.desk.got) == 1
    with store.read() as work:
        assert work.follow_ups(day.clock.at) == []


def test_a_correction_is_remembered_until_it_may_be_told(store: Store) -> None:
    """It is told as one, with the report that was corrected."""
    day = Day(store, replace(DRILLS, repeat=3 * HOUR))
    for count in (45, 25):
        item = f"<item><guid isPermaLink='false'>a</guid><title>{TOLD.format(count)}</title></item>"
        page = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>".encode()
        day.clock.go(HOUR)
        day.pages.answers[FEEDS[0]] = replace(day.pages.answers[FEEDS[0]], body=page)  # type: ignore[type-var] # pages
        day.poll()
    assert day.reasons == ["first"]
    later(day, 3 * HOUR)
    assert day.reasons == ["first", "corrected"]
    assert f"corrected: {TOLD.format(25)}" in day.desk.got[-1].message.text
