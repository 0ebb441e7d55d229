"""How a feed does, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import HOUR, NOON, feed

from monitor.core.health import judge, span
from monitor.edges.failures import FAILURES
from monitor.health import READING, failure_of
from monitor.model import Numbers

DAY = timedelta(days=1)
WELL = Numbers(items=30, tagged=3, duplicates=2, lag=600.0, newest=NOON - HOUR)


@pytest.mark.parametrize(
    ("changes", "numbers", "state", "say", "do"),
    [
        ({}, WELL, "ok", "well", ""),
        ({"last_success": None}, Numbers(), "waiting", "not polled yet", "strait run"),
        ({"status": "gone", "error": "moved to B"}, WELL, "down", "moved to B", "remove it"),
        ({"status": "dns", "failures": 1}, WELL, "down", "WORDS; failed once, last read 2026-05-04 11", "ADVICE"),
        ({"status": "dns", "failures": 7, "last_success": None}, WELL, "down", "failed 7 times, never read", "ADVICE"),
        ({"next_poll": NOON - 2 * HOUR}, WELL, "warning", "overdue", "strait doctor"),
        ({"next_poll": NOON + HOUR}, WELL, "ok", "well", ""),
        ({"missed": NOON - HOUR}, WELL, "warning", "may be missing", "poll_min"),
        ({"missed": NOON - 3 * DAY}, WELL, "ok", "well", ""),
        ({}, Numbers(), "warning", "nothing new for 30 days", "another feed"),
        ({}, Numbers(30, 3, 2, 9 * 3600.0, NOON), "warning", "late: 9 h", "faster"),
        ({}, Numbers(30, 3, 29, None, NOON), "warning", "from another feed first", "remove one"),
        ({}, Numbers(10, 3, 10, None, NOON), "ok", "well", ""),
        ({}, Numbers(200, 0, 0, None, NOON), "warning", "none of its last 200 items", "narrower"),
    ],
)  # fmt: skip
def test_the_first_thing_that_is_wrong(
    changes: dict[str, Any], numbers: Numbers, state: str, say: str, do: str
) -> None:
    """The worst is told, with what to do about it."""
    verdict = judge(feed(**changes), numbers, NOON, ("WORDS", "ADVICE"))
    assert verdict.state == state
    assert say in verdict.say
    assert do in verdict.do


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59, "59 s"), (90, "2 min"), (7200, "2 h"), (86_400, "1 d"), (900_000, "10 d")]
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    """In the largest unit that fits."""
    assert span(seconds) == words


@given(st.sampled_from([*FAILURES, *READING, "http_418", "ok", "unheard of"]))
def test_every_status_has_words_and_advice(status: str) -> None:
    """Those of fetching and those of reading."""
    assert all(failure_of(status))
