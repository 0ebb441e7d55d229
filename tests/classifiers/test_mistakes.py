from __future__ import annotations

import pytest

from classifiers import Item, Scored
from classifiers.mistakes import NONE, OTHERS, Pair, confusion, mistakes

THEMES = ("exercises", "coercion")


def pair(gold: str, said: str, name: str = "i", **scores: float) -> tuple[Item, Scored]:
    """Return an item and an answer; themes are given as words of a text."""
    full = {t: scores.get(t, 0.9 if t in said.split() else 0.1) for t in THEMES}
    return Item(name, "en", f"about {name}", "", tuple(gold.split())), Scored(full, tuple(said.split()))


def test_the_most_confident_mistakes_come_first() -> None:
    """Per theme what was said wrongly by falling probability, then what was missed by rising probability."""
    items, answers = zip(
        pair("", "exercises", "a", exercises=0.6),
        pair("", "exercises", "b", exercises=0.99),
        pair("exercises", "", "c", exercises=0.3),
        pair("exercises", "coercion", "d", exercises=0.02),
        pair("exercises", "exercises", "e"),
        strict=True,
    )
    found = mistakes(items, answers)
    assert [(m.theme, m.missed, m.id) for m in found] == [
        ("exercises", False, "b"),
        ("exercises", False, "a"),
        ("exercises", True, "d"),
        ("exercises", True, "c"),
        ("coercion", False, "d"),
    ]
    assert (found[0].title, found[0].probability, found[0].gold, found[0].said) == ("about b", 0.99, (), ("exercises",))
    assert [m.id for m in mistakes(items, answers, most=1)] == ["b", "d", "d"]
    assert mistakes((), ()) == []


@pytest.mark.parametrize(
    ("gold", "said", "expected"),
    [
        ("exercises", "exercises", []),
        ("", "", []),
        ("exercises", "coercion", [("exercises", "coercion")]),
        ("exercises", "", [("exercises", NONE)]),
        ("", "coercion", [(NONE, "coercion")]),
        ("exercises", "exercises coercion", [(OTHERS, "coercion")]),
        ("exercises coercion", "exercises", [("coercion", OTHERS)]),
    ],
)
def test_a_theme_is_taken_for_another(gold: str, said: str, expected: list[tuple[str, str]]) -> None:
    """What was missed meets what was said wrongly; where one side is empty, the table says why."""
    item, answer = pair(gold, said)
    assert confusion([item, item], [answer, answer]) == [Pair(one, other, 2) for one, other in expected]
