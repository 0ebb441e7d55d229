"""What the store answers about facts, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from store_samples import DAY, NOON, add_item, story

from monitor.model import Fact, Said

if TYPE_CHECKING:
    from monitor.edges.store import Store

JETS = Fact("aircraft", 45, "45 jets came.", (0, 7), approx=True, low=45)
SYSTEM = Fact("weapon", None, "海馬斯到了。", (0, 3), system="HIMARS")
SUM = Fact("money", 1_250_000_000_000, "NT$1.25 trillion.", (3, 16), currency="TWD", about="budget")
SHARE = Fact("percent_gdp", 3.32, "3.32%", (0, 5))


def test_an_item_keeps_its_facts(store: Store) -> None:
    """Every field comes back, in order; an unknown number stays unknown and a whole one whole."""
    with store.begin() as work:
        told = add_item(work, "a", facts=(JETS, SYSTEM, SUM, SHARE))
        silent = add_item(work, "b")
        items = [work.item(told), work.item(silent)]
    assert [item and item.facts for item in items] == [(JETS, SYSTEM, SUM, SHARE), ()]
    first = items[0]
    assert first
    assert [type(fact.value) for fact in first.facts] == [int, type(None), int, float]


def test_an_item_shown_again_tells_nothing_twice(store: Store) -> None:
    """The entry is left as it was, and so are its facts."""
    with store.begin() as work:
        ids = {add_item(work, "a", facts=(JETS,)) for _ in range(2)}
        (item,) = (work.item(one) for one in ids)
    assert item
    assert item.facts == (JETS,)


def test_a_story_tells_who_says_what(store: Store) -> None:
    """The reports of one story, the first first; other stories and other items are not asked."""
    other = Fact("aircraft", 43, "43 jets.", (0, 7))
    with store.begin() as work:
        one, two = (work.save_story(story(), [band]).id for band in ("a", "b"))
        add_item(work, "a", facts=(JETS, SYSTEM), story_id=one)
        add_item(work, "b", facts=(other,), story_id=one, outlet="Evening")
        add_item(work, "c", facts=(SUM,), story_id=two)
        add_item(work, "d", facts=(SHARE,))
        assert work.story_facts(one) == [Said("Daily", JETS), Said("Daily", SYSTEM), Said("Evening", other)]
        assert work.story_facts(99) == []
        assert work.facts_of_stories([one, 99]) == {one: work.story_facts(one)}
        assert work.facts_of_stories([]) == {}


def test_facts_go_with_their_item(store: Store) -> None:
    """Pruning leaves none behind."""
    with store.begin() as work:
        add_item(work, "a", facts=(JETS,))
        work.prune(NOON + 9 * DAY, DAY, DAY)
        assert work.items() == []
        assert work.connection.execute(text("SELECT count(*) FROM facts")).scalar_one() == 0
