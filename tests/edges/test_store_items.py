"""What the store answers about items."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import DAY, HOUR, MINUTE, NOON, add_item, article, entry

from monitor.edges.store import StoredItem
from monitor.errors import StoreError
from monitor.model import Decision, Entry, Reason

if TYPE_CHECKING:
    from monitor.edges.store import Store


def test_an_item_comes_back_as_it_was_tagged(store: Store) -> None:
    """All that people see of an item is kept; its moment is capped at when it was seen."""
    taipei = timezone(timedelta(hours=8))
    with store.begin() as work:
        published = NOON.astimezone(taipei) - HOUR
        item_id = add_item(work, "a", author="Lin", lang="en", published=published)
        later = add_item(work, "b", published=NOON + DAY)
        unknown = add_item(work, "c", scores={}, themes=())
        assert work.item(item_id) == StoredItem(
            item_id, 1, "Title a", "Summary a", "https://news.test/a", "Daily", "Daily Group", "press", "en", "Lin",
            NOON - HOUR, NOON, {"exercises": 0.9, "arms_sales": 0.2, "trade": 0.01}, ("exercises",),
            {"exercises": (Reason("drill", 1.5),)}, None, "v1",
        )  # fmt: skip
        whens = [work.item(i) for i in (later, unknown)]
    assert [i and i.when for i in whens] == [NOON, NOON]
    assert [i and i.best for i in whens] == [("exercises", 0.9), ("", 0.0)]


def test_moments_come_back_in_utc(store: Store) -> None:
    """Whatever zone a moment was said in, it is the same moment and aware of UTC."""
    with store.begin() as work:
        item_id = add_item(work, "a", seen=NOON.astimezone(timezone(timedelta(hours=-5))))
        item = work.item(item_id)
    assert item
    assert item.seen == NOON
    assert item.seen.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    """Nobody can say when a naive moment is."""
    with pytest.raises(StoreError, match="has no time zone"), store.begin() as work:
        work.beat(datetime(2026, 3, 4))


def test_what_a_database_cannot_hold_is_left_out(store: Store) -> None:
    """NUL and lone surrogates, which feeds do send, cost themselves and not the batch."""
    with store.begin() as work:
        item = work.item(add_item(work, "a", title="Dri\0lls", summary="\ud800 at sea"))
    assert item
    assert (item.title, item.summary) == ("Drills", "? at sea")


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({}, True),
        ({"url": "https://other.test/", "text_hash": "other"}, True),
        ({"ident": "other", "text_hash": "other"}, True),
        ({"ident": "other", "url": "https://other.test/"}, True),
        ({"ident": "other", "url": "https://other.test/", "text_hash": "other"}, False),
        ({"ident": "other", "url": "", "text_hash": ""}, False),
    ],
)
def test_what_makes_an_entry_known(store: Store, changes: dict[str, Any], known: bool) -> None:
    """An entry is known by its id, its address or its text, and by nothing that is empty."""
    with store.begin() as work:
        add_item(work, "a")
        add_item(work, "empty", ident="empty", url="", text_hash="")
        fresh = work.unseen(1, [entry("a", **changes)])
    assert bool(fresh) is not known


def test_another_feeds_entries_are_not_known(store: Store) -> None:
    """Identity is within a feed: two outlets may well carry one text."""
    with store.begin() as work:
        add_item(work, "a", outlet="One")
        other = work.add_feed("https://two.test/")
        assert work.unseen(other.id, [entry("a")]) == [entry("a")]


def test_a_page_repeats_nothing(store: Store) -> None:
    """Within one page the first of equal entries stands."""
    page = [entry("a"), entry("b", ident="id-a"), entry("c", url=entry("a").url), entry("d", text_hash="hash-a")]
    with store.begin() as work:
        feed = work.add_feed("https://one.test/")
        assert work.unseen(feed.id, page) == page[:1]
        assert work.unseen(feed.id, []) == []


NAMES = st.sampled_from(["a", "b", "c"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(lambda i, u, t: Entry(i, u, "T", "S", text_hash=t), NAMES, NAMES | st.just(""), NAMES | st.just(""))
    )
)
def test_what_was_unseen_is_seen_once_stored(store: Store, page: list[Entry]) -> None:
    """After storing what was new, nothing of the page is."""
    with store.begin() as work:
        feed = work.add_feed("https://one.test/")
        for fresh in work.unseen(feed.id, page):
            work.save_article(article(feed, "x", **{n: getattr(fresh, n) for n in ("ident", "url", "text_hash")}), None)
        assert work.unseen(feed.id, page) == []
        work.remove_feed(feed.url)


def test_storing_twice_changes_nothing(store: Store) -> None:
    """A job that runs again finds its items stored, under the same ids."""
    with store.begin() as work:
        first = add_item(work, "a")
        assert add_item(work, "a", title="Changed", themes=()) == first
        item = work.item(first)
    assert item
    assert (item.title, item.themes) == ("Title a", ("exercises",))


def test_items_are_found_by_every_filter(store: Store) -> None:
    """Newest first, and the filters narrow together."""
    with store.begin() as work:
        first = add_item(work, "a", title="Drill in the STRAIT", themes=("exercises", "trade"))
        second = add_item(work, "b", summary="a 100% tariff", themes=(), seen=NOON + MINUTE)
        third = add_item(work, "c", title="海峽演習", outlet="Ministry", seen=NOON + HOUR)
        table: list[tuple[dict[str, Any], list[int]]] = [
            ({}, [third, second, first]),
            ({"limit": 1}, [third]),
            ({"theme": "exercises"}, [third, first]),
            ({"theme": "trade"}, [first]),
            ({"theme": "arms_sales"}, []),
            ({"theme": "exercises", "since": NOON + MINUTE}, [third]),
            ({"since": NOON + MINUTE}, [third, second]),
            ({"feed": 1}, [second, first]),
            ({"source": "Ministry"}, [third]),
            ({"source": "Min"}, []),
            ({"text": "drill strait"}, [first]),
            ({"text": "drill tariff"}, []),
            ({"text": "100%"}, [second]),
            ({"text": "1_0"}, []),
            ({"text": "演習"}, [third]),
            ({"text": "  "}, [third, second, first]),
        ]
        for filters, expected in table:
            assert [item.id for item in work.items(**filters)] == expected, filters
        assert work.item(99) is None
        themes = work.items(theme="trade")[0].themes
    assert themes == ("exercises", "trade")


def test_the_most_doubtful_come_first(store: Store) -> None:
    """Items whose best probability is near even, within the window; the clear ones not at all."""
    with store.begin() as work:
        scores = {"near": 0.45, "even": 0.5, "over": 0.6, "clear": 0.9, "none": 0.06}
        ids = {n: add_item(work, n, scores={"trade": s, "arms_sales": 0.06}, themes=()) for n, s in scores.items()}
        add_item(work, "before", scores={"trade": 0.5}, themes=(), seen=NOON - MINUTE)
        add_item(work, "after", scores={"trade": 0.5}, themes=(), seen=NOON + HOUR)
        found = [item.id for item in work.doubtful(NOON, NOON + HOUR, 10)]
        few = [item.id for item in work.doubtful(NOON, NOON + HOUR, 1)]
    assert found == [ids["even"], ids["near"], ids["over"]]
    assert few == [ids["even"]]


def test_the_first_item_seen(store: Store) -> None:
    """The store knows since when the program has been watching."""
    with store.begin() as work:
        assert work.first_seen() is None
        add_item(work, "b", seen=NOON + HOUR)
        add_item(work, "a")
        assert work.first_seen() == NOON


def test_decisions_are_kept_with_the_item(store: Store) -> None:
    """Why a rule told people, or did not, is known afterwards."""
    compared = {"publishers": 2, "wants": [1]}
    said = [Decision("One", True, "alert", "exercises", 0.9, 2, compared), Decision("Two", False, "below_score")]
    with store.begin() as work:
        item_id = add_item(work, "a")
        work.save_decisions(item_id, [], NOON)
        assert work.decisions_of(item_id) == []
        work.save_decisions(item_id, said, NOON)
        assert work.decisions_of(item_id) == said
