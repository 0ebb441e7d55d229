from __future__ import annotations

from classifiers import THEMES, Scored
from classifiers.exam import CORE_MEAN, Result, Sheet, judge

ITEMS = 200


def answers(theme: str, right: int) -> list[Scored]:
    """Return answers for items that all carry a theme, the first *right* of which are found."""
    return [Scored({theme: 0.9 if n < right else 0.1}, (theme,) if n < right else ()) for n in range(ITEMS)]


def exam(before: int, after: int, theme: str = "exercises") -> Result:
    """Return how an exam about one theme went."""
    truth = [(theme,)] * ITEMS
    return judge(Sheet("x", truth, answers(theme, before), answers(theme, after)), THEMES)


def test_a_clear_fall_is_worse_and_named() -> None:
    """The theme, and no other."""
    assert exam(150, 120).worse == ("exercises",)
    change = exam(150, 120).changes[0]
    assert change.after < change.before
    assert change.before_span[0] < change.before < change.before_span[1]


def test_chance_and_gains_are_not_worse() -> None:
    """One item in two hundred is chance; a rise never harms."""
    assert exam(150, 149).worse == ()
    assert exam(150, 180).worse == ()
    assert exam(150, 150).worse == ()


def test_with_few_items_nothing_is_told() -> None:
    """An exam of four items that carry a theme refuses nobody."""
    truth = [("exercises",)] * 4 + [()] * 50
    none = [Scored({}, ())] * 54
    assert judge(Sheet("x", truth, [*answers("exercises", 4)[:4], *none[4:]], none), THEMES).worse == ()


def test_where_nobody_spoke_nobody_is_judged() -> None:
    """An item of which one theme is known counts for that theme alone."""
    truth = [("exercises", "coercion")] * ITEMS
    before = [Scored({}, ("exercises", "coercion"))] * ITEMS
    after = [Scored({}, ("exercises",))] * ITEMS
    assert judge(Sheet("x", truth, before, after), THEMES).worse == ("coercion",)
    found = judge(Sheet("x", truth, before, after, [("exercises",)] * ITEMS), THEMES)
    assert found.worse == ()
    assert {c.theme: c.gold for c in found.changes if c.gold} == {"exercises": ITEMS}


def test_the_core_is_judged_as_a_whole() -> None:
    """Three small falls together are more than each alone."""
    names = ("exercises", "arms_sales", "us_policy")
    truth = [(theme,) for theme in names for _ in range(60)]

    def said(missed: int) -> list[Scored]:
        return [Scored({t: 0.9}, () if n % 60 < missed else (t,)) for n, (t,) in enumerate(truth)]

    found = judge(Sheet("x", truth, said(0), said(2)), THEMES)
    assert found.worse == (CORE_MEAN,)
    assert judge(Sheet("x", [("coercion",)] * 60, said(0)[:60], said(0)[:60]), THEMES).core is None
