"""What the store tells of a span of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_samples import DAY, HOUR, MINUTE, NOON, add_item, article, delivery, story

from monitor.model import Fact

if TYPE_CHECKING:
    from monitor.edges.store import Store

AIRCRAFT = Fact("aircraft", 45, "45 aircraft")


def test_stories_and_publishers_are_counted_by_theme(store: Store) -> None:
    """Two reports of a story are one; an item of no story is one by itself; other days and doubtful tags stay out."""
    with store.begin() as work:
        kept = work.save_story(story(), [])
        for name, story_id, seen in [
            ("a", kept.id, NOON),
            ("b", kept.id, NOON + HOUR),
            ("c", None, NOON),
            ("d", None, NOON + DAY),
            ("e", None, NOON - MINUTE),
        ]:
            add_item(work, name, story_id=story_id, seen=seen)
        assert work.theme_counts(NOON, NOON + DAY) == {"exercises": (2, 1)}
        assert work.theme_counts(NOON - DAY, NOON - HOUR) == {}


def test_what_was_published_long_before_is_no_news_of_the_day(store: Store) -> None:
    """A feed that is new brings weeks at its first poll."""
    with store.begin() as work:
        add_item(work, "old", published=NOON - 3 * DAY, facts=(AIRCRAFT,))
        add_item(work, "yesterday", published=NOON - HOUR)
        assert work.theme_counts(NOON, NOON + DAY) == {"exercises": (1, 1)}
        assert work.tellings(NOON, NOON + DAY, ["aircraft"]) == []


def test_an_outlet_without_a_family_is_its_own_publisher(store: Store) -> None:
    """Outlets of a family are one publisher."""
    with store.begin() as work:
        alone = [work.add_feed(f"https://{name}.test/f", outlet=name) for name in ("One", "Two")]
        for name, feed in zip("ab", alone, strict=True):
            work.save_article(article(feed, name), None)
        for name in ("Daily", "Evening"):
            add_item(work, name, outlet=name)
        assert work.theme_counts(NOON, NOON + DAY) == {"exercises": (4, 3)}


def test_numbers_are_told_with_who_says_so(store: Store) -> None:
    """Of the kinds that count; a weapon without a number tells none."""
    with store.begin() as work:
        kept = work.save_story(story(), [])
        facts = (AIRCRAFT, Fact("weapon", None, "an F-16", system="F-16"), Fact("money", 5, "$5"))
        add_item(work, "a", story_id=kept.id, facts=facts)
        assert work.tellings(NOON, NOON + DAY, ["aircraft", "weapon"]) == [
            ("exercises", kept.id, "aircraft", 45, "Daily Group", False)
        ]
        assert work.tellings(NOON + DAY, NOON + 2 * DAY, ["aircraft"]) == []


def test_a_day_was_watched_when_anything_came(store: Store) -> None:
    """Tagged or not."""
    with store.begin() as work:
        add_item(work, "a", themes=())
        assert work.watched(NOON, NOON + DAY)
        assert not work.watched(NOON + MINUTE, NOON + DAY)


def test_the_first_of_an_outlet(store: Store) -> None:
    """Within the window, by when it was seen; None where there is nothing."""
    with store.begin() as work:
        for name, seen in [("a", NOON - HOUR), ("b", NOON + HOUR), ("c", NOON + 2 * HOUR)]:
            add_item(work, name, seen=seen)
        assert work.first_from("Daily", NOON, NOON + DAY) == NOON + HOUR
        assert work.first_from("Daily", NOON + DAY, NOON + 2 * DAY) is None
        assert work.first_from("Nobody", NOON, NOON + DAY) is None


def test_which_keys_are_queued(store: Store) -> None:
    """Of those asked for, however many."""
    with store.begin() as work:
        work.queue([delivery("a"), delivery("b")])
        assert work.queued(["a", *(f"x{n}" for n in range(2000))]) == {"a"}
        assert work.queued([]) == set()
