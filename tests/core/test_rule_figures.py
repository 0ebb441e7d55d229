"""Figures of a story: what they are together, what a rule asks of them, and when they changed by a step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import figures
from monitor.model import Bound, Fact, Said

numbers = st.integers(0, 500)


def said(*told: Fact) -> list[Said]:
    """Return facts, each told by an outlet of its own."""
    return [Said(f"Outlet {n}", fact) for n, fact in enumerate(told)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), {}),
        ((Fact("aircraft", 45),), {"aircraft": (45, 45)}),
        ((Fact("aircraft", 45), Fact("aircraft", 43)), {"aircraft": (43, 45)}),
        ((Fact("aircraft", 43, low=43, high=48),), {"aircraft": (43, 48)}),
        ((Fact("weapon", None, system="HIMARS"),), {}),
        ((Fact("weapon", 11, system="HIMARS"),), {"weapon/HIMARS": (11, 11)}),
        (
            (
                Fact("money", 3e8, currency="USD", about="arms_sale"),
                Fact("money", 2e8, currency="USD", about="arms_sale"),
            ),
            {"money/USD/arms_sale": (2e8, 3e8)},
        ),
        ((Fact("duration", 12, unit="months"),), {"duration/months": (12, 12)}),
    ],
)
def test_what_reports_count(facts: tuple[Fact, ...], expected: dict[str, tuple[float, float]]) -> None:
    """From the lowest to the highest that is told; what has no number is left out and is never zero."""
    assert figures.figures(said(*facts)) == expected


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (Bound("aircraft", ">=", 20), True),
        (Bound("aircraft", ">=", 22), True),
        (Bound("aircraft", ">=", 23), False),
        (Bound("aircraft", ">", 22), False),
        (Bound("aircraft", "<", 18), False),
        (Bound("aircraft", "<=", 18), True),
        (Bound("aircraft", "=", 20), True),
        (Bound("aircraft", "=", 17), False),
        (Bound("vessels", "<", 9), False),
        (Bound("money", ">=", 1e9), True),
        (Bound("money/USD", ">=", 1e9), False),
        (Bound("money/TWD", ">=", 1e9), True),
        (Bound("mone", ">=", 1), False),
    ],
)
def test_what_a_rule_asks(bound: Bound, expected: Any) -> None:
    """It holds when some report's number meets it; of an unknown figure nothing holds."""
    told = {"aircraft": (18.0, 22.0), "money/USD/aid": (3e8, 3e8), "money/TWD/budget": (6e11, 6e11)}
    assert figures.holds(bound, told) is expected


@pytest.mark.parametrize(
    ("before", "now", "corrected", "grown", "added"),
    [
        ({"aircraft": (45, 45)}, {"aircraft": (45, 45)}, [], [], []),
        ({"aircraft": (45, 45)}, {"aircraft": (43, 45)}, [], [], []),
        ({"aircraft": (45, 45)}, {"aircraft": (43, 43)}, ["aircraft"], [], []),
        ({"aircraft": (45, 45)}, {"aircraft": (45, 53)}, [], [], []),
        ({"aircraft": (45, 45)}, {"aircraft": (45, 54)}, [], ["aircraft"], []),
        ({"vessels": (3, 3)}, {"vessels": (3, 7)}, [], [], []),
        ({"vessels": (3, 3)}, {"vessels": (3, 8)}, [], ["vessels"], []),
        ({"vessels": (0, 0)}, {"vessels": (0, 5)}, [], ["vessels"], []),
        ({}, {"missiles": (11, 11)}, [], [], ["missiles"]),
        ({"weapon/F-16V": (66, 66)}, {"weapon/F-16V": (66, 66), "weapon/HIMARS": (11, 11)}, [], [], []),
    ],
)
def test_changes_by_a_step(before: Any, now: Any, corrected: Any, grown: Any, added: Any) -> None:
    """A figure nobody tells any more is corrected; a fifth and five more is growth; a new kind is new."""
    assert figures.corrected(before, now) == corrected
    assert figures.grown(before, now) == grown
    assert figures.added(before, now) == added


@given(st.lists(numbers, min_size=1), st.lists(numbers))
def test_more_reports_correct_nothing(first: list[int], later: list[int]) -> None:
    """Who adds a number to what is told widens the range; only a number taken back corrects it."""
    before = figures.figures(said(*(Fact("aircraft", n) for n in first)))
    now = figures.figures(said(*(Fact("aircraft", n) for n in [*first, *later])))
    assert figures.corrected(before, now) == []
    assert figures.added(before, now) == []
    assert bool(figures.grown(before, now)) is (max(later, default=0) >= max(1.2 * max(first), max(first) + 5))
