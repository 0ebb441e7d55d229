"""How far a story has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from samples import HOUR, NOON, article, feed

from monitor.core.stories import QUIET, gather, life, revised, signed
from monitor.model import Article, Edit

MINUTE = timedelta(minutes=1)
ONE = article()
COPY_OF_FEED = article("Jets seen", feed=feed(3, publisher="Publisher 1"))
SECOND = article("Jets seen again", feed=feed(2), seen=NOON + HOUR)
OFFICIAL = article("Jets counted", feed=feed(2, kind="official"))


@pytest.mark.parametrize(
    ("reports", "after", "expected"),
    [
        ([ONE], timedelta(0), "developing"),
        ([ONE], QUIET - MINUTE, "developing"),
        ([ONE], QUIET, "quiet"),
        ([ONE, COPY_OF_FEED], HOUR, "developing"),
        ([ONE, SECOND], HOUR, "confirmed"),
        ([OFFICIAL], HOUR, "confirmed"),
        ([ONE, SECOND], QUIET + HOUR, "quiet"),
        ([ONE, SECOND], QUIET, "confirmed"),
    ],
)
def test_a_story_develops_is_confirmed_and_falls_quiet(reports: list[Article], after: timedelta, expected: str) -> None:
    """By two publishers of their own or an official source, until nobody reports it for a day."""
    assert life(gather([signed(report) for report in reports]), NOON + after) == expected


def test_a_corrected_story_stays_so() -> None:
    """An edit that takes back or counts otherwise marks it with its time; other edits, and new reports, do not."""
    known = gather([signed(article("45 jets near the island")), signed(SECOND)])
    edit = Edit(1, 1, ONE.entry, "45 jets near the island", "", "")
    reworded = revised(known, article("45 jets close to the island", seen=NOON + HOUR), edit)
    assert (reworded.corrected, life(reworded, NOON + HOUR)) == (None, "confirmed")
    fixed = revised(known, article("25 jets near the island", seen=NOON + HOUR), edit)
    assert fixed.corrected == NOON + HOUR
    assert {life(fixed, NOON + after) for after in (HOUR, 3 * QUIET)} == {"corrected"}
    assert life(replace(fixed, corrected=None), NOON + 3 * QUIET) == "quiet"
