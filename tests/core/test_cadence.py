"""When a feed is polled next, as a table of examples and as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import HOUR, NOON, feed

from monitor.core.cadence import Cadence, Poll, due, jitter, kind_of, pause, rhythm
from monitor.core.habits import busy_hours, typical_gap
from monitor.model import Habits

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RATE = Cadence()  # 15 minutes, from 5 minutes to 24 hours


def known(recent: tuple[int, ...], **said: Any) -> Habits:
    """Return the habits of a feed whose entries came at these moments."""
    return Habits(recent, typical_gap(recent), busy_hours(recent), **said)


def every(gap: timedelta, *, count: int = 12, silent: timedelta = timedelta(0)) -> tuple[int, ...]:
    """Return the moments of entries that came regularly, the last one *silent* ago."""
    last = NOON - silent
    return tuple(int((last - n * gap).timestamp()) for n in reversed(range(count)))


def daily(hour: int, *, days: int = 10, until: datetime = NOON) -> tuple[int, ...]:
    """Return the moments of a bulletin that comes once a day at ten past an hour."""
    first = until.replace(hour=hour, minute=10)
    moments = [first - n * DAY for n in reversed(range(days)) if first - n * DAY <= until]
    return tuple(int(moment.timestamp()) for moment in moments)


@pytest.mark.parametrize(
    ("habits", "poll", "minutes"),
    [
        # Nothing is known: the default, or what server and feed ask for.
        (Habits(), {}, 15),
        (Habits(), {"fresh_for": 60}, 15),
        (Habits(), {"fresh_for": 3600}, 60),
        (Habits(), {"fresh_for": 10**12}, 1440),
        (Habits(every=7200), {}, 120),
        (Habits(every=7200), {"fresh_for": 3600}, 120),
        # The feed's own rhythm: a quarter of the gap between entries, within the settings.
        (known(every(HOUR)), {}, 15),
        (known(every(4 * HOUR)), {}, 60),
        (known(every(MINUTE)), {}, 5),
        (known(every(31 * DAY + 5 * HOUR, count=4)), {}, 1440),
        (known(every(HOUR, count=2)), {}, 15),
        # What is asked counts for at most twice the default where the entries come faster.
        (known(every(HOUR), every=86_400), {}, 30),
        (known(every(HOUR)), {"fresh_for": 1200}, 20),
        (known(every(7 * HOUR), every=3600), {}, 105),
        # Silence beyond the gaps slows polling down, little at first.
        (known(every(HOUR, silent=2 * HOUR)), {}, 30),
        (known(every(HOUR, silent=10 * HOUR)), {}, 60),
        (known(every(HOUR, silent=10 * DAY)), {}, 150),
        # A page that shares nothing with the last: as soon as may be.
        (known(every(4 * HOUR)), {"missed": True}, 5),
        # A temporary failure is tried again soon, and after a while every two hours.
        (Habits(), {"status": "timeout", "failures": 1}, 15),
        (Habits(), {"status": "http_503", "failures": 3}, 60),
        (Habits(), {"status": "dns", "failures": 30}, 120),
        (known(every(25 * HOUR)), {"status": "dns", "failures": 30}, 375),
        # A soft one doubles, a hard one quadruples the wait each time.
        (Habits(), {"status": "forbidden", "failures": 1}, 30),
        (Habits(), {"status": "html", "failures": 3}, 120),
        (Habits(), {"status": "html", "failures": 30}, 1440),
        (Habits(), {"status": "http_404", "failures": 1}, 60),
        (Habits(), {"status": "http_404", "failures": 2}, 240),
        (Habits(), {"status": "refused_address", "failures": 9}, 1440),
        # Retry-After holds, up to the longest wait.
        (Habits(), {"status": "too_many_requests", "failures": 1, "retry_after": 120}, 15),
        (Habits(), {"status": "too_many_requests", "failures": 1, "retry_after": 7200}, 120),
        (Habits(), {"status": "http_503", "failures": 1, "retry_after": 10**9}, 1440),
        (Habits(), {"status": "http_503", "failures": 1, "retry_after": -5}, 15),
    ],
)
def test_how_long_to_wait(habits: Habits, poll: dict[str, Any], minutes: float) -> None:
    """Minutes before the next poll, without jitter."""
    assert pause(RATE, habits, Poll(NOON, **poll)) == minutes * MINUTE


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        ("10:00", 180),  # the bulletin comes at 13:10: when its hour begins
        ("12:50", 10),
        ("13:05", 15),  # within its hour, as by default
        ("14:30", 360),  # long before the next: a quarter of a day
        ("08:00", 300),
    ],
)
def test_a_daily_bulletin_is_awaited_in_its_hour(now: str, minutes: float) -> None:
    """The wait ends when the hour begins in which the feed mostly publishes."""
    moment = datetime.fromisoformat(f"2026-05-04T{now}+00:00")
    came = daily(13, until=moment.replace(hour=9) if moment.hour < 14 else moment)
    wait = rhythm(known(came), moment, RATE.default)
    assert wait is not None
    assert wait.total_seconds() // 60 == minutes


def test_few_days_tell_nothing_about_hours() -> None:
    """An hour is busy only once several days agree on it; entries all over the day make none."""
    assert busy_hours(daily(9, days=3)) == ()
    assert busy_hours(daily(9)) == (9,)
    assert busy_hours(every(HOUR, count=40)) == ()
    assert busy_hours(every(5 * HOUR, count=40)) == ()
    assert busy_hours(()) == ()


@pytest.mark.parametrize(
    ("habits", "expected"),
    [
        (Habits(skip_hours=(12,)), "2026-05-04T13:00"),
        (Habits(skip_hours=(12, 13, 14)), "2026-05-04T15:00"),
        (Habits(skip_days=(0,)), "2026-05-05T00:00"),
        (Habits(skip_hours=tuple(range(24))), "2026-05-04T12:15"),
        (Habits(skip_days=(0, 1)), "2026-05-05T12:00"),  # poll_max comes first
    ],
)
def test_hours_and_days_that_a_feed_asks_to_skip(habits: Habits, expected: str) -> None:
    """The next poll waits for their end, yet no longer than the longest wait; nobody can mean never."""
    when = due(RATE, feed(habits=habits), Poll(NOON))
    assert timedelta(0) <= when - datetime.fromisoformat(expected + "+00:00") <= 2 * MINUTE


STATUSES = st.sampled_from(
    ["timeout", "http_500", "http_404", "gone", "html", "forbidden", "too_many_requests", "not_a_feed"]
)
HABITS = st.builds(
    known,
    st.lists(st.integers(0, 2_000_000_000), max_size=40).map(lambda found: tuple(sorted(found))),
    every=st.floats(0, 1e8),
    skip_hours=st.frozensets(st.integers(0, 23)).map(lambda found: tuple(sorted(found))),
    skip_days=st.frozensets(st.integers(0, 6)).map(lambda found: tuple(sorted(found))),
)
POLLS = st.builds(
    Poll,
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    STATUSES,
    st.integers(0, 100),
    st.none() | st.floats(-10, 1e12),
    st.none() | st.floats(-10, 1e12),
    st.booleans(),
)
MINUTES = st.integers(1, 5000)
RATES = st.tuples(MINUTES, MINUTES, MINUTES).map(lambda three: Cadence(*(MINUTE * sorted(three)[n] for n in (1, 0, 2))))


@given(RATES, HABITS, POLLS)
def test_the_settings_bound_every_wait(rate: Cadence, habits: Habits, poll: Poll) -> None:
    """Never before poll_min or a believable Retry-After is over, never after poll_max, jitter included."""
    wait = due(rate, feed(habits=habits), poll) - poll.now
    assert rate.least <= wait <= rate.most
    assert wait >= min(timedelta(seconds=min(max(poll.retry_after or 0, 0), 1e9)), rate.most)


@given(RATES, HABITS, POLLS, st.integers(1, 100))
def test_more_failures_never_shorten_the_wait(rate: Cadence, habits: Habits, poll: Poll, more: int) -> None:
    """Whatever else is known, failing again waits as long or longer."""
    worse = Poll(poll.now, poll.status, poll.failures + more, poll.retry_after, poll.fresh_for)
    better = Poll(poll.now, poll.status, poll.failures, poll.retry_after, poll.fresh_for)
    assert pause(rate, habits, worse) >= pause(rate, habits, better)


@given(RATES, HABITS, POLLS, st.floats(0, 1e6), st.sampled_from(["retry_after", "fresh_for"]))
def test_asking_for_more_time_never_shortens_the_wait(
    rate: Cadence, habits: Habits, poll: Poll, more: float, what: str
) -> None:
    """Retry-After and freshness only lengthen."""
    values = {name: getattr(poll, name) for name in Poll.__dataclass_fields__}
    longer = Poll(**{**values, what: (values[what] or 0) + more})
    assert pause(rate, habits, longer) >= pause(rate, habits, poll)


@given(RATES, st.integers(1, 100_000), st.integers(1, 20), st.integers(3, 30))
def test_a_slower_feed_is_polled_no_oftener(rate: Cadence, gap: int, times: int, count: int) -> None:
    """Where entries come at even gaps over less than the days that tell of hours."""
    gap = min(gap, 2 * 86_400 // (count * times))
    slow, fast = (pause(rate, known(every(timedelta(seconds=g), count=count)), Poll(NOON)) for g in (gap * times, gap))
    assert slow >= fast or gap < 60  # what comes within a minute counts as one


@given(st.text(), st.integers())
def test_jitter_is_the_same_every_time(name: str, count: int) -> None:
    """It lies from 0 to 1 and depends on nothing but its arguments."""
    assert 0 <= jitter(name, count) <= 1
    assert jitter(name, count) == jitter(name, count)


def test_feeds_do_not_march_in_step() -> None:
    """Feeds polled at one moment are spread over a tenth of their wait, also at the longest."""
    for poll in (Poll(NOON), Poll(NOON, "html", 30)):
        whens = {due(RATE, feed(n), poll) for n in range(50)}
        assert len(whens) > 40
        assert max(whens) - min(whens) > 0.08 * (min(whens) - NOON)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, "temporary") for status in ("timeout", "dns", "connect", "http_500", "http_503", "cut_off")),
        *((status, "soft") for status in ("html", "empty", "not_a_feed", "forbidden", "http_401", "too_big")),
        *((status, "hard") for status in ("http_404", "bad_url", "bad_scheme", "refused_address", "gone")),
    ],
)
def test_failures_by_kind(status: str, kind: str) -> None:
    """The way or server in trouble, an answer that is no feed, a wrong address."""
    assert kind_of(status) == kind
