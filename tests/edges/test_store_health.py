"""The numbers of feeds and the texts of articles, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_samples import DAY, HOUR, MINUTE, NOON, add_item

from monitor.model import Numbers

if TYPE_CHECKING:
    from monitor.edges.store import Store


def test_the_numbers_of_feeds(store: Store) -> None:
    """How many of the latest items have a theme, came from another feed first, and how late they came."""
    with store.begin() as work:
        for name in ("old one", "old two"):  # of the first poll, so no lag
            add_item(work, name, outlet="A", seen=NOON, published=NOON - 9 * DAY)
        for minutes in (10, 20, 60):
            add_item(work, f"a{minutes}", outlet="A", seen=NOON + HOUR, published=NOON + HOUR - minutes * MINUTE)
        add_item(work, "a10", outlet="B", seen=NOON + HOUR, published=None, themes=())
        add_item(work, "other", outlet="B", seen=NOON + 2 * HOUR, published=None, text_hash="hash-a20", themes=())
        add_item(work, "new", outlet="B", seen=NOON + 2 * HOUR, published=NOON + 3 * HOUR, themes=())
    with store.read() as work:
        feeds = {feed.outlet: feed.id for feed in work.feeds()}
        numbers = work.feed_numbers(NOON)
        assert work.feed_numbers(NOON + DAY) == {}
    assert numbers[feeds["A"]] == Numbers(items=5, tagged=5, duplicates=0, lag=20 * 60.0, newest=NOON + HOUR)
    assert numbers[feeds["B"]] == Numbers(items=3, tagged=0, duplicates=2, lag=0.0, newest=NOON + 2 * HOUR)


def test_items_of_removed_feeds_count_for_nobody(store: Store) -> None:
    """They have no feed any more."""
    with store.begin() as work:
        add_item(work, "a", outlet="A")
        work.remove_feed("https://a.test/feed")
        assert work.feed_numbers(NOON - DAY) == {}


def test_a_text_is_kept_with_its_item(store: Store) -> None:
    """Found by item and by address; a newer one takes its place, and it goes when the item goes."""
    with store.begin() as work:
        item = add_item(work, "a", themes=())
        work.save_text(item, "https://news.test/a", "Old\0", NOON)
        work.save_text(item, "https://news.test/a", "New", NOON + HOUR)
        assert work.text_of(item) == "New"
        assert work.texts_at(["https://news.test/a", "https://news.test/b"]) == {"https://news.test/a": "New"}
        work.prune(NOON + 9 * DAY, 5 * DAY, 5 * DAY)
        assert work.item(item) is None
        assert work.text_of(item) == ""
        assert work.texts_at(["https://news.test/a"]) == {}
