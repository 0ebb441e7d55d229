"""Probabilities on their way from batches to a sentence in the digest, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsdesk import build

from monitor import jobs, pipeline
from monitor.core import drift

if TYPE_CHECKING:
    from monitor.edges.store import Store

ONE = "https://one.example/feed"


def test_every_batch_is_counted(store: Store) -> None:
    """What a poll brings is in the histogram of its week, under the model that read it."""
    app, pages, _, clock = build(store)
    with store.begin() as work:
        work.add_feed(ONE)
    pages.show(ONE, "A drill", "Weather")
    jobs.poll_round(app, "inline", force=True)
    week = drift.monday(clock.at.date())
    with store.read() as work:
        cells = work.score_weeks("keywords", week)
    assert cells["exercises", week, 9] == 1
    assert cells["exercises", week, 1] == 1


def test_the_digest_of_a_weeks_last_day_tells_of_a_drift(store: Store) -> None:
    """A theme that was rare for eight weeks and is everywhere in the last one is told once, on the Sunday."""
    app, _, _, clock = build(store)
    monday = drift.monday(clock.at.date())
    with store.begin() as work:
        for back in range(1, 9):
            work.count_scores("keywords", {("exercises", monday - timedelta(weeks=back), 0): 400})
        work.count_scores("keywords", {("exercises", monday, 9): 400})
    sunday = monday + timedelta(days=6)
    (line,) = pipeline.digest_of(app, sunday).drift
    assert "are higher than in the weeks before" in line
    assert pipeline.digest_of(app, sunday - timedelta(days=1)).drift == ()
