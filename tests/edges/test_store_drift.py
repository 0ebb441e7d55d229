"""What the store keeps of the probabilities, week by week."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.edges.store import Store

MONDAY = date(2026, 3, 2)
EARLIER = date(2026, 2, 23)


def test_counts_add_up_by_model_theme_week_and_tenth(store: Store) -> None:
    """Batches of a week add to its counts; another model's are kept apart, and older weeks can be left out."""
    with store.begin() as work:
        work.count_scores("a", {("coercion", MONDAY, 0): 3, ("coercion", MONDAY, 9): 1})
        work.count_scores("a", {("coercion", MONDAY, 0): 2, ("coercion", EARLIER, 0): 7})
        work.count_scores("b", {("coercion", MONDAY, 0): 50})
        work.count_scores("b", {})
        assert work.score_weeks("a", MONDAY) == {("coercion", MONDAY, 0): 5, ("coercion", MONDAY, 9): 1}
        assert work.score_weeks("a", EARLIER)["coercion", EARLIER, 0] == 7
        assert work.score_weeks("c", EARLIER) == {}
