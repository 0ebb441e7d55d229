"""What the store answers about feeds."""

from __future__ import annotations

import functools
import operator
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from store_samples import DAY, HOUR, MINUTE, NOON, add_item

from monitor.errors import UsageError
from monitor.model import Access, Feed, FeedState, Habits

if TYPE_CHECKING:
    from monitor.edges.store import Store

A, B = "https://a.test/feed", "https://b.test/feed"


def state(feed: Feed, **changes: Any) -> FeedState:
    """Return a successful poll's outcome."""
    return FeedState(**{"feed_id": feed.id, "status": "ok", "next_poll": NOON + HOUR, "failures": 0} | changes)


def test_a_feed_comes_back_as_it_was_said(store: Store) -> None:
    """What the operator says of a feed is kept, and the rest is as a new feed's."""
    with store.begin() as work:
        added = work.add_feed(A, title="T", outlet="中央社", publisher="P", kind="wire", lang="zh", folder="F")
    with store.read() as work:
        assert work.feed(added.id) == work.feed_by_url(A) == added
    assert added == Feed(added.id, A, "T", "中央社", "P", "wire", "zh", "F")


def test_an_address_is_one_feed(store: Store) -> None:
    """Adding an address again returns the feed that is there, unchanged."""
    with store.begin() as work:
        first = work.add_feed(A, outlet="First")
        assert work.add_feed(A, outlet="Second") == first
        assert work.feeds() == [first]


def test_habits_and_access_come_back_as_they_were(store: Store) -> None:
    """What is learned of a feed and how it is asked for are kept whole; what is not said is as for a new feed."""
    access = Access({"X-Team": "a"}, {"X-Key": "KEY"}, username="u", password_file="p", proxy="http://p.test:8080")
    habits = Habits((1, 2), 60.0, (4,), 3600.0, (0, 23), (6,))
    with store.begin() as work:
        one, two = work.add_feed(A, access=access), work.add_feed(B)
        work.save_state(state(one, habits=habits, missed=NOON))
        work.save_state(state(one))
        known, plain = work.feeds()
    assert (known.access, known.habits, known.missed) == (access, habits, NOON)
    assert (plain.access, plain.habits, plain.missed) == (two.access, Habits(), None) == (Access(), Habits(), None)


def test_strange_addresses_are_kept(store: Store) -> None:
    """An address may be longer than an index takes, malformed, or hold what a database cannot."""
    with store.begin() as work:
        for url in ("https://long.test/" + "x" * 9000, "https://[broken", "https://nul.test/\0\ud800"):
            added = work.add_feed(url)
            assert work.feed_by_url(url) == added
            assert work.add_feed(url) == added


def test_a_removed_feed_leaves_its_items(store: Store) -> None:
    """Items outlive their feed and keep its outlet's name; a second removal finds nothing."""
    with store.begin() as work:
        item_id = add_item(work, "a")
        assert work.remove_feed("https://daily.test/feed")
        assert not work.remove_feed("https://daily.test/feed")
        item = work.item(item_id)
    assert item
    assert (item.feed_id, item.outlet, item.publisher) == (None, "Daily", "Daily Group")


def test_what_is_not_there_is_none(store: Store) -> None:
    """Asking for an unknown feed is no error."""
    with store.read() as work:
        assert work.feed(1) is None
        assert work.feed_by_url(A) is None
        assert work.feeds_of([1, 2]) == []


def test_feeds_by_id_come_in_order(store: Store) -> None:
    """Many feeds are found at once, more than one statement may name, whatever is asked twice or is gone."""
    with store.begin() as work:
        ids = [work.add_feed(f"https://h{n}.test/").id for n in range(1000)]
        found = work.feeds_of([*reversed(ids), ids[0], 10**6])
    assert [feed.id for feed in found] == ids


def test_changes_to_a_feed(store: Store) -> None:
    """A change says whether the feed is there; none at all asks the same."""
    with store.begin() as work:
        feed = work.add_feed(A)
        assert work.update_feed(feed.id, url=B, outlet="New", next_poll=NOON)
        assert work.update_feed(feed.id)
        assert not work.update_feed(feed.id + 1)
        assert not work.update_feed(feed.id + 1, outlet="New")
        assert work.feed_by_url(B) == replace(feed, url=B, outlet="New", next_poll=NOON)


def test_a_taken_address_is_refused(store: Store) -> None:
    """Two feeds cannot have one address."""
    with store.begin() as work:
        work.add_feed(A)
        other = work.add_feed(B)
        with pytest.raises(UsageError, match=r"already has the address https://a\.test/feed"):
            work.update_feed(other.id, url=A)


def test_a_poll_changes_what_it_names(store: Store) -> None:
    """None in a state leaves the field as it is; an empty text empties it."""
    full = {"title": "T", "lang": "en", "etag": "e", "last_modified": "m", "body_hash": "h"}
    with store.begin() as work:
        feed = work.add_feed(A)
        work.save_state(state(feed, succeeded=NOON, **full))
        known = replace(feed, status="ok", next_poll=NOON + HOUR, last_success=NOON, **full)
        assert work.feed(feed.id) == known
        work.save_state(state(feed, status="http_500", failures=2, error="it said 500", etag=""))
        failed = replace(known, status="http_500", failures=2, error="it said 500", etag="")
        assert work.feed(feed.id) == failed


def test_a_moved_feed_keeps_its_address_when_the_new_one_is_taken(store: Store) -> None:
    """A permanent redirect is followed, but never onto another feed."""
    with store.begin() as work:
        one, other = work.add_feed(A), work.add_feed(B)
        work.save_state(state(one, url=B))
        work.save_state(state(other, url="https://c.test/"))
        assert [feed.url for feed in work.feeds()] == [A, "https://c.test/"]


@pytest.mark.parametrize(
    ("next_poll", "status", "due"),
    [
        (None, "new", True),
        (NOON, "ok", True),
        (NOON - DAY, "http_404", True),
        (NOON + MINUTE, "ok", False),
        (None, "gone", False),
        (NOON - DAY, "gone", False),
    ],
)
def test_which_feeds_are_due(store: Store, next_poll: Any, status: str, due: bool) -> None:
    """A feed is due from its moment on, a new one at once, one that is gone never."""
    with store.begin() as work:
        feed = work.add_feed(A)
        work.update_feed(feed.id, next_poll=next_poll, status=status)
        taken = work.due_feeds(NOON, 10, HOUR)
        assert [f.id for f in taken] == ([feed.id] if due else [])
        assert all(f.next_poll == NOON + HOUR for f in taken)


def test_a_lease_keeps_a_feed_from_others_until_it_ends(store: Store) -> None:
    """What a lost worker had taken comes back when its lease is over."""
    with store.begin() as work:
        feed = work.add_feed(A)
        assert len(work.due_feeds(NOON, 10, HOUR)) == 1
        assert work.due_feeds(NOON + MINUTE, 10, HOUR) == []
        assert [f.id for f in work.due_feeds(NOON + HOUR, 10, HOUR)] == [feed.id]


def test_the_longest_waiting_come_first_and_few_of_one_host(store: Store) -> None:
    """New feeds first, then by their moment; the limit and the share of a host hold."""
    with store.begin() as work:
        for number in range(4):
            feed = work.add_feed(f"https://one.test/{number}")
            work.update_feed(feed.id, next_poll=NOON - number * MINUTE)
        work.add_feed("https://two.test/")
        first = [f.url for f in work.due_feeds(NOON, 3, HOUR, per_host=2)]
        work.end_leases()
        then = [f.url for f in work.due_feeds(NOON, 1, HOUR)]
    assert first == ["https://two.test/", "https://one.test/3", "https://one.test/2"]
    assert then == ["https://one.test/1"]


@pytest.mark.parametrize("crowd", [3, 40])
def test_a_host_with_many_feeds_hides_no_other(store: Store, crowd: int) -> None:
    """Feeds behind more due ones of one host than are looked at first are found all the same, in their order."""
    with store.begin() as work:
        urls = [f"https://crowd.test/{n}" for n in range(crowd)] + [f"https://few.test/{n}" for n in range(3)]
        for minute, url in enumerate(urls):
            work.update_feed(work.add_feed(url).id, next_poll=NOON - DAY + minute * MINUTE)
        ids = work.due_ids(NOON, 4, HOUR, per_host=2)
        taken = {feed.id: feed for feed in work.feeds_of(ids)}
        assert [taken[n].url for n in ids] == [urls[0], urls[1], urls[crowd], urls[crowd + 1]]
        assert {feed.next_poll for feed in taken.values()} == {NOON + HOUR}
        assert work.due_ids(NOON, 4, HOUR, per_host=2) == []


def test_a_host_is_one_workers_at_a_time(store: Store) -> None:
    """While feeds of a host are being polled nobody gets another of it: until all are saved, or the lease is over."""
    with store.begin() as work:
        for name in "abc":
            work.add_feed(f"https://one.test/{name}")
        two = work.add_feed("https://two.test/")
        a, b = work.due_feeds(NOON, 2, HOUR)
        assert work.due_feeds(NOON, 9, HOUR) == [replace(two, next_poll=NOON + HOUR)]
        work.save_state(state(a))
        assert work.due_feeds(NOON, 9, HOUR) == []
        work.save_state(state(b))
        assert [f.url for f in work.due_feeds(NOON, 9, HOUR)] == ["https://one.test/c"]
        assert [f.url for f in work.due_feeds(NOON + HOUR, 9, HOUR, per_host=1)] == ["https://one.test/a", two.url]


def test_when_a_host_was_asked_is_known_to_all(store: Store) -> None:
    """Whichever of its feeds it was, for a minute, and not where the clock went back; a lease is not yet a request."""
    second = MINUTE / 60
    with store.begin() as work:
        one, two = work.add_feed("https://one.test/a"), work.add_feed("https://one.test/b")
        other = work.add_feed("https://other.test/")
        assert work.due_ids(NOON, 1, HOUR) == [one.id]
        assert work.asked_lately([two.id], NOON) == {}
        work.save_state(state(one, asked=NOON + second))
        assert work.asked_lately([two.id, other.id], NOON + 2 * second) == {"one.test": NOON + second}
        assert work.asked_lately([two.id], NOON) == {}
        assert work.due_ids(NOON + second, 9, HOUR) == [two.id, other.id]
        assert work.asked_lately([two.id], NOON + 2 * second) == {"one.test": NOON + second}
        assert work.asked_lately([two.id], NOON + 2 * MINUTE) == {}


def test_force_goes_through_every_feed_once(store: Store) -> None:
    """A forced round takes feeds that are not due, and ends."""
    with store.begin() as work:
        ids = [work.add_feed(f"https://h{n}.test/").id for n in range(5)]
        work.due_feeds(NOON - MINUTE, 5, HOUR)
        work.end_leases()
        rounds = [[f.id for f in work.due_feeds(NOON, 2, HOUR, force=True)] for _ in range(4)]
    assert sorted(functools.reduce(operator.iadd, rounds, [])) == ids
    assert rounds[-1] == []


def test_two_workers_never_get_the_same_feed(store: Store) -> None:
    """Leases are taken by one worker each, also at the same moment."""
    with store.begin() as work:
        ids = [work.add_feed(f"https://h{n}.test/").id for n in range(60)]
    taken: list[int] = []
    start = threading.Barrier(2)

    def worker() -> None:
        start.wait()
        idle = 0
        while idle < 2:
            with store.begin() as work:
                feeds = work.due_feeds(NOON, 3, HOUR, per_host=1)
            taken.extend(feed.id for feed in feeds)
            idle = 0 if feeds else idle + 1

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == ids
