"""What leaves a channel at once, what waits, and what goes together: as tables, and over whole days of traffic."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import bundles
from monitor.core.bundles import MINUTE, Alone, Burst, Limits, Plan, Traffic, Waiting
from monitor.core.quiet import QuietHours

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)  # in Taipei
NIGHT = NOON + timedelta(hours=11)
MORNING = NOON + timedelta(hours=18, minutes=30)
QUIET = QuietHours(time(22, 30), time(6, 30), ZoneInfo("Asia/Taipei"), "critical")
BURST = Burst(3, 10 * MINUTE)


def alerts(count: int, rule: str = "Drills", **changes: Any) -> list[Waiting]:
    """Return alerts of one rule, due at noon."""
    first = changes.pop("first", 1)
    one = Waiting(0, "", 1, NOON, rule)
    return [replace(one, id=n, key=f"alert/{rule}/{n}/1/desk", **changes) for n in range(first, first + count)]


def other(key: str, number: int = 90, **changes: Any) -> Waiting:
    """Return a message that is no alert."""
    return replace(Waiting(number, key, 1, NOON), **changes)


@pytest.mark.parametrize(
    ("waiting", "traffic", "plan"),
    [
        # As many as people can bear.
        (alerts(3), Traffic(), Plan()),
        (alerts(3) + alerts(3, "Arms", first=11), Traffic(), Plan()),
        # A burst that begins: the first at once, the rest together.
        (alerts(4), Traffic(), Plan(bundle=(2, 3, 4))),
        (alerts(4) + alerts(1, "Arms", first=11), Traffic(), Plan(bundle=(2, 3, 4))),
        (alerts(4) + alerts(5, "Arms", first=11), Traffic(), Plan(bundle=(2, 3, 4, 12, 13, 14, 15))),
        # The next burst waits for the rest of the time of the one before.
        (
            alerts(4),
            Traffic(bundled=NOON - 4 * MINUTE),
            Plan(aside=dict.fromkeys((2, 3, 4), NOON + 6 * MINUTE)),
        ),
        # One that comes drop by drop fills up its share and waits for the end of its time.
        (alerts(1), Traffic(alone={"Drills": Alone(2, NOON - MINUTE)}), Plan()),
        (alerts(1), Traffic(alone={"Drills": Alone(3, NOON - MINUTE)}), Plan(aside={1: NOON + 9 * MINUTE})),
        (
            alerts(3),
            Traffic(alone={"Drills": Alone(2, NOON - MINUTE)}),
            Plan(aside={2: NOON + 9 * MINUTE, 3: NOON + 9 * MINUTE}),
        ),
        (alerts(1), Traffic(alone={"Arms": Alone(3, NOON - MINUTE)}), Plan()),
        # What is critical does not wait, and what waits goes with it.
        (alerts(1, urgency=3), Traffic(alone={"Drills": Alone(3, NOON - MINUTE)}), Plan()),
        (
            alerts(1, held="burst", due=NOON + MINUTE) + alerts(1, urgency=3, first=2),
            Traffic(alone={"Drills": Alone(3, NOON - MINUTE)}),
            Plan(bundle=(2, 1)),
        ),
        (alerts(2, urgency=3), Traffic(bundled=NOON - MINUTE, alone={"Drills": Alone(2, NOON)}), Plan()),
        # What was put aside goes together when its time has come; one alone goes as it is.
        (alerts(3, held="burst"), Traffic(), Plan(bundle=(1, 2, 3))),
        (alerts(1, held="burst"), Traffic(), Plan(release=(1,))),
        (alerts(3, held="burst", due=NOON + MINUTE), Traffic(), Plan()),
        (
            alerts(1, held="burst") + alerts(2, held="burst", due=NOON + MINUTE, first=5),
            Traffic(),
            Plan(bundle=(1, 5, 6)),
        ),
        # What was tried may have arrived, and keeps its key; other messages are no part of a burst.
        (alerts(9, attempts=1), Traffic(), Plan()),
        ([other("digest/daily/2026-05-03/desk", n) for n in range(9)], Traffic(), Plan()),
        # The most urgent first.
        (alerts(3) + alerts(1, first=4, urgency=3), Traffic(), Plan(bundle=(1, 2, 3))),
    ],
)
def test_a_burst(waiting: list[Waiting], traffic: Traffic, plan: Plan) -> None:
    """At most three alerts of a rule in ten minutes get a message each."""
    assert bundles.day(waiting, traffic, Limits(BURST), NOON) == plan


def test_who_does_not_come_back_waits_for_nothing() -> None:
    """Without a time to wait what is over goes together at once, and what was put aside with it."""
    at_once = Limits(Burst(3, timedelta(0)))
    waiting = [*alerts(2), *alerts(2, held="burst", due=NOON + MINUTE, first=20)]
    assert bundles.day(waiting, Traffic(), at_once, NOON) == Plan(bundle=(20, 21))
    assert bundles.day(alerts(4), Traffic(bundled=NOON - MINUTE), at_once, NOON) == Plan(bundle=(2, 3, 4))


def test_bursts_can_be_turned_off() -> None:
    """Then each alert has its message, those put aside before as well."""
    waiting = [*alerts(9), *alerts(2, held="burst", due=NOON + MINUTE, first=20)]
    assert bundles.day(waiting, Traffic(), Limits(Burst(0)), NOON) == Plan(bundle=(20, 21))
    assert bundles.day(alerts(9), Traffic(), Limits(Burst(0)), NOON) == Plan()


@pytest.mark.parametrize(
    ("waiting", "last_minute", "plan"),
    [
        (alerts(3), 17, Plan()),
        (alerts(3), 20, Plan(room=False)),
        (alerts(3), 25, Plan(room=False)),
        (alerts(3), 18, Plan(bundle=(2, 3))),
        (alerts(3), 19, Plan(bundle=(1, 2, 3))),
        ([*alerts(1), other("digest/daily/2026-05-03/desk")], 19, Plan()),
        ([*alerts(2), other("digest/daily/2026-05-03/desk", 0)], 19, Plan(bundle=(1, 2))),
        (alerts(3, attempts=1), 19, Plan()),
        (alerts(2, urgency=3) + alerts(3, "Arms", first=7), 17, Plan(bundle=(7, 8, 9))),
        # Room for less than all that waits lets a burst go with the rest, ready or not.
        (alerts(2) + alerts(1, "Arms", first=7, held="burst", due=NOON + MINUTE), 18, Plan(bundle=(2, 7))),
    ],
)
def test_a_channel_s_limit_delays_and_bundles(waiting: list[Waiting], last_minute: int, plan: Plan) -> None:
    """What is over goes together in the last message there is room for; without room all waits."""
    limits = Limits(Burst(0), per_minute=20)
    if any(one.held for one in waiting):
        limits = Limits(BURST, per_minute=20)
    assert bundles.day(waiting, Traffic(last_minute), limits, NOON) == plan


@pytest.mark.parametrize(
    ("waiting", "now", "plan"),
    [
        (alerts(2), NIGHT, Plan(aside={1: MORNING, 2: MORNING})),
        (alerts(1) + alerts(1, first=2, urgency=3), NIGHT, Plan(aside={1: MORNING})),
        (alerts(2, held="burst"), NIGHT, Plan(aside={1: MORNING, 2: MORNING})),
        (alerts(2, held="quiet", due=MORNING), NIGHT, Plan()),
        ([other("digest/daily/2026-05-03/desk"), other("outage/x", 91)], NIGHT, Plan()),
        ([other("watch/x/2026-05-04/desk"), other("bundle/desk/1", 91)], NIGHT, Plan(aside={90: MORNING, 91: MORNING})),
        (alerts(2, held="quiet"), MORNING, Plan(bundle=(1, 2))),
        (alerts(1, held="quiet"), MORNING, Plan(bundle=(1,))),
        (alerts(1, held="quiet", due=MORNING + MINUTE), MORNING, Plan(bundle=(1,))),
        (alerts(1, held="quiet") + alerts(1, first=2, held="quiet", urgency=2), MORNING, Plan(bundle=(2, 1))),
        (alerts(1, held="quiet", attempts=1), MORNING, Plan(release=(1,))),
        ([other("bundle/desk/1", held="quiet")], MORNING, Plan(release=(90,))),
        (alerts(2), MORNING, Plan()),
    ],
)
def test_a_night(waiting: list[Waiting], now: datetime, plan: Plan) -> None:
    """Held until the morning unless urgent enough, then in one message; what was tried goes as it is."""
    assert bundles.night(waiting, QUIET, now) == plan


def test_without_quiet_hours_nothing_is_held() -> None:
    """What was held when there were some comes at once."""
    assert bundles.night(alerts(1), None, NIGHT) == Plan()
    assert bundles.night(alerts(2, held="quiet", due=MORNING), None, NIGHT) == Plan(bundle=(1, 2))


@dataclass
class Channel:
    """A channel that carries out plans, and remembers what left it and when."""

    limits: Limits
    quiet: QuietHours | None = None
    waiting: dict[int, Waiting] = field(default_factory=dict)
    parts: dict[int, tuple[Waiting, ...]] = field(default_factory=dict)
    left: list[tuple[datetime, Waiting]] = field(default_factory=list)

    def told(self) -> list[int]:
        """Return the alerts that people have seen, alone or with others."""
        return [part.id for _, one in self.left for part in self.parts.get(one.id, (one,))]

    def step(self, now: datetime) -> bool:
        """Do what a worker does once; say whether a message left."""
        self._carry_out(bundles.night(self._seen(now), self.quiet, now), "quiet", now)
        plan = bundles.day(self._seen(now), self._traffic(now), self.limits, now)
        self._carry_out(plan, "burst", now)
        ready = [one for one in bundles.ordered(self.waiting.values()) if one.due <= now and not one.held]
        if not plan.room or not ready:
            return False
        self.left.append((now, self.waiting.pop(ready[0].id)))
        return True

    def _seen(self, now: datetime) -> list[Waiting]:
        return [one for one in self.waiting.values() if one.due <= now or one.held]

    def _traffic(self, now: datetime) -> Traffic:
        lately = [(at, one) for at, one in self.left if at > now - self.limits.burst.within]
        rules = {one.rule for _, one in lately if one.rule}
        moments = {rule: [at for at, one in lately if one.rule == rule] for rule in rules}
        made = [one.due for one in (*self.waiting.values(), *(one for _, one in self.left)) if "bundle" in one.key]
        recent = [at for at in made if at > now - self.limits.burst.within]
        minute = sum(at > now - MINUTE for at, _ in self.left)
        return Traffic(minute, {r: Alone(len(m), min(m)) for r, m in moments.items()}, max(recent, default=None))

    def _carry_out(self, plan: Plan, why: str, now: datetime) -> None:
        for one, until in plan.aside.items():
            self.waiting[one] = replace(self.waiting[one], held=why, due=until)
        for one in plan.release:
            self.waiting[one] = replace(self.waiting[one], held="", due=now)
        if plan.bundle:
            parts = tuple(self.waiting.pop(one) for one in plan.bundle)
            number = 1000 + len(self.parts)
            kind = "catchup" if why == "quiet" else "bundle"
            self.parts[number] = parts
            urgency = max(one.urgency for one in parts)
            self.waiting[number] = Waiting(number, f"{kind}/desk/{number}", urgency, now)


arrivals = st.lists(
    st.tuples(st.integers(0, 40 * 60), st.sampled_from(["Drills", "Arms"]), st.sampled_from([1, 1, 3])), max_size=60
)


@given(arrivals, st.integers(0, 4), st.sampled_from([0, 1, 3]), st.booleans())
def test_whatever_comes_is_told_once(
    found: list[tuple[int, str, int]], over: int, per_minute: int, night: bool
) -> None:
    """In a night of traffic nothing is lost or told twice, and the limits hold."""
    limits = Limits(Burst(over, 10 * MINUTE), per_minute)
    channel = Channel(limits, QUIET if night else None)
    start = MORNING - 30 * MINUTE
    come = [(start + timedelta(seconds=seconds), rule, urgency) for seconds, rule, urgency in found]
    for minutes in range(200):
        now = start + minutes * MINUTE / 2
        for number, (at, rule, urgency) in enumerate(come):
            if now - MINUTE / 2 < at <= now:
                channel.waiting[number] = Waiting(number, f"alert/{rule}/{number}/1/desk", urgency, at, rule)
        while channel.step(now):
            pass
    assert channel.waiting == {}
    assert sorted(channel.told()) == list(range(len(found)))
    moments = [at for at, _ in channel.left]
    if per_minute:
        assert all(sum(at <= other < at + MINUTE for other in moments) <= per_minute for at in moments)
    if night:
        assert all(one.urgency == 3 for at, one in channel.left if at < MORNING)
        assert sum(one.key.startswith("catchup/") for _, one in channel.left) <= 1
    if over:
        # What is left of a burst alone, with nothing to go together with, is one more; what is critical never waits.
        for rule in ("Drills", "Arms"):
            own = [at for at, one in channel.left if one.rule == rule and one.urgency < 3]
            assert all(sum(at <= other < at + 10 * MINUTE for other in own) <= over + 1 for at in own)
