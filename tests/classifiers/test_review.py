from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import Scored, Text
from classifiers.review import choose, doubt_of

HALF = {"exercises": 0.5, "coercion": 0.3}


def scored(*chances: float) -> list[Scored]:
    """Return answers with these probabilities of exercises."""
    return [Scored({"exercises": chance, "coercion": 0.0}, ()) for chance in chances]


def rows(titles: list[str], *chances: float, limit: int = 9) -> list[int]:
    """Return which of some titles are chosen."""
    return [d.row for d in choose([Text(t) for t in titles], scored(*chances), HALF, limit)]


@pytest.mark.parametrize(
    ("chance", "threshold", "doubt"),
    [(0.5, 0.5, 1.0), (0.0, 0.5, 0.0), (1.0, 0.5, 0.0), (0.3, 0.6, 0.5), (0.8, 0.6, 0.5), (0.9, 0.999, 0.9), (1, 1, 0)],
)
def test_doubt_is_nearness_to_the_threshold(chance: float, threshold: float, doubt: float) -> None:
    """Complete at the threshold, none at certainty, whichever side has more room."""
    assert doubt_of(chance, threshold) == pytest.approx(doubt, abs=0.01)


def test_the_most_doubted_come_first() -> None:
    """What the model is sure of does not come at all."""
    assert rows(["one thing", "another story", "third matter", "last word"], 0.99, 0.45, 0.6, 0.02) == [1, 2]


def test_what_asks_the_same_is_asked_once() -> None:
    """Of near-identical reports one is enough; something else comes before a second of the kind."""
    same = ["Jets cross the median line near Taiwan"] * 3
    assert rows([*same, "Chip tariffs weigh on exporters"], 0.5, 0.5, 0.49, 0.35) == [0, 3]
    near = ["共機逾越海峽中線 國防部監控", "共机逾越海峡中线 国防部监控", "晶片關稅引發疑慮"]
    assert rows(near, 0.5, 0.5, 0.3) == [0, 2]


def test_two_doubted_themes_are_worth_more_than_one() -> None:
    """And the most doubted is named first."""
    one = Scored({"exercises": 0.4, "coercion": 0.0}, ())
    two = Scored({"exercises": 0.4, "coercion": 0.29}, ())
    found = choose([Text("first thing"), Text("other matter")], [one, two], HALF, 2)
    assert [(d.row, d.themes) for d in found] == [(1, ("coercion", "exercises")), (0, ("exercises",))]


def test_only_the_themes_that_are_asked_about_count() -> None:
    """A reader may look at one theme alone."""
    answers = scored(0.5, 0.5)
    assert choose([Text("a b"), Text("c d")], answers, {"coercion": 0.3}, 5) == []


def test_nothing_comes_of_nothing() -> None:
    """No items, no doubts, no words."""
    assert choose([], [], HALF, 5) == []
    assert rows(["certain"], 1.0) == []
    assert rows(["", "🙂", "!!!"], 0.5, 0.5, 0.5)[:1] == [0]


@given(st.lists(st.tuples(st.text(max_size=30), st.floats(0, 1)), max_size=20), st.integers(1, 8))
def test_the_same_items_give_the_same_choice(items: list[tuple[str, float]], limit: int) -> None:
    """At most as many as asked for, each once, and more of them when more are asked for."""
    titles, chances = [t for t, _ in items], [c for _, c in items]
    chosen = rows(titles, *chances, limit=limit)
    assert chosen == rows(titles, *chances, limit=limit)
    assert len(set(chosen)) == len(chosen) <= limit
    assert rows(titles, *chances, limit=limit + 5)[: len(chosen)] == chosen
