"""The same entry in another guise, and what an edit leaves behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import DAY, HOUR, MINUTE, NOON, article, entry, story

from monitor.edges.store.identity import EDITION
from monitor.edges.store.revisions import KEPT
from monitor.model import Comparison, Edit, Entry, Fact, Feed

if TYPE_CHECKING:
    from monitor.edges.store import Store, Work

FEED = Feed(1, "https://one.test/feed")
BULLETIN = entry("1", title="Military news", published=NOON)


def follow(work: Work, *entries: Entry) -> None:
    """Follow one feed that has shown these entries."""
    feed = work.add_feed(FEED.url)
    for shown in entries:
        work.save_article(replace(article(feed, "x"), entry=shown), None)


def later(one: Entry, name: str, **changes: Any) -> Entry:
    """Return an entry of the same text under another id and address."""
    return replace(one, ident=f"id-{name}", url=f"https://news.test/{name}", **changes)


@pytest.mark.parametrize(
    ("page", "fresh", "edited"),
    [
        # One entry is the same under a new title, address, id or date.
        ([replace(BULLETIN, title="New", text_hash="new")], [], [0]),
        ([replace(BULLETIN, url="https://news.test/other")], [], []),
        ([replace(BULLETIN, ident="other")], [], []),
        ([replace(BULLETIN, published=NOON + 9 * DAY)], [], []),
        ([replace(BULLETIN, ident="other", url="https://news.test/other")], [], []),
        ([replace(BULLETIN, ident="other", text_hash="new")], [], [0]),
        ([replace(BULLETIN, ident="other", url="", text_hash="new")], [0], []),
        # The same words on another day, under another id and address, are another entry.
        ([later(BULLETIN, "2", published=NOON + EDITION)], [0], []),
        ([later(BULLETIN, "2", published=NOON + EDITION - MINUTE)], [], []),
        ([later(BULLETIN, "2", published=None)], [], []),
        ([later(BULLETIN, "2", published=NOON + DAY), BULLETIN], [0], []),
        ([later(BULLETIN, "2", published=NOON + DAY), later(BULLETIN, "3", published=NOON + 2 * DAY)], [0, 1], []),
        # The address of a site, or of a whole list, tells nothing.
        ([entry("2", url="https://news.test/"), entry("3", url="https://news.test")], [0, 1], []),
        ([entry(n, url=BULLETIN.url) for n in ("2", "3", "4")], [0, 1, 2], []),
        ([entry(n, url=BULLETIN.url) for n in ("2", "3")], [], [0]),
    ],
)
def test_what_is_the_same_entry(store: Store, page: list[Entry], fresh: list[int], edited: list[int]) -> None:
    """A page beside a feed that has shown one bulletin: what is new, and what of it says something new."""
    with store.begin() as work:
        follow(work, BULLETIN)
        found = work.compare(1, page)
    assert list(found.fresh) == [page[n] for n in fresh]
    assert [edit.entry for edit in found.edits] == [page[n] for n in edited]
    assert found.known == len(page) - len(fresh)


def test_a_feed_that_renames_everything_is_known_by_its_texts(store: Store) -> None:
    """Though every id, address and date is new, and a day has passed; what is really new is told from it."""
    shown = [entry(str(n), published=NOON) for n in range(5)]
    page = [later(one, f"r{n}", published=NOON + DAY) for n, one in enumerate(shown)]
    with store.begin() as work:
        follow(work, *shown)
        assert work.compare(1, page) == Comparison((), (), 5)
        assert work.compare(1, [*page, entry("new")]) == Comparison((entry("new"),), (), 5)
        assert work.compare(1, page, 9).fresh == tuple(page)  # where others stand as they did, these are not renamed


def test_an_address_that_several_stored_entries_have_tells_nothing(store: Store) -> None:
    """A page that links all its items to one address still shows new ones."""
    link = "https://gov.test/bulletins"
    with store.begin() as work:
        follow(work, *(entry(str(n), url=link) for n in range(3)))
        assert work.compare(1, [entry("new", url=link)]).fresh == (entry("new", url=link),)


def test_nothing_is_nothing(store: Store) -> None:
    """An empty page, and entries of another feed."""
    with store.begin() as work:
        follow(work, BULLETIN)
        other = work.add_feed("https://two.test/")
        assert work.compare(1, []) == Comparison()
        assert work.compare(other.id, [BULLETIN]) == Comparison((BULLETIN,), (), 0)


def test_what_another_worker_stored_meanwhile(store: Store) -> None:
    """Ids that are there by now are named, and edits whose item still says what it said."""
    edit = Edit(1, None, BULLETIN, BULLETIN.title, "", BULLETIN.text_hash)
    with store.begin() as work:
        follow(work, BULLETIN)
        assert work.stored_idents(1, [BULLETIN.ident, "other"]) == {BULLETIN.ident}
        assert work.stored_idents(2, [BULLETIN.ident]) == set()
        assert work.standing([edit, replace(edit, entry_id=9), replace(edit, text_hash="x")]).keys() <= {1}
        assert work.standing([edit]) == {1: None}
        assert work.standing([replace(edit, text_hash="x")]) == {}


def edit_of(work: Work, changed: Entry) -> Edit:
    """Return the edit that a page with a changed entry is found to hold."""
    (edit,) = work.compare(1, [changed]).edits
    return edit


def test_an_edit_leaves_a_revision(store: Store) -> None:
    """The item says what is said now, tagged anew; what it said before is kept, with when the edit was found."""
    changed = replace(BULLETIN, title="Now", summary="New", text_hash="new", updated=NOON + HOUR)
    fact = Fact("aircraft", 25, "25 aircraft")
    with store.begin() as work:
        follow(work, BULLETIN)
        edit = edit_of(work, changed)
        now = article(FEED, "x", seen=NOON + DAY, themes=("trade",), scores={"trade": 0.8}, facts=(fact,))
        assert work.save_edit(edit, replace(now, entry=changed), None, correction=True)
        assert not work.save_edit(edit, replace(now, entry=changed), None, correction=True)
        item = work.item(1)
        (before,) = work.revisions(1)
        assert work.compare(1, [changed]) == Comparison((), (), 1)
        assert [i.id for i in work.items(theme="trade")] == [1]
        assert work.items(theme="exercises") == []
    assert item
    assert (item.title, item.summary, item.themes, item.facts) == ("Now", "New", ("trade",), (fact,))
    assert (item.seen, item.when) == (NOON, NOON)
    assert (before.at, before.title, before.summary, before.correction) == (
        NOON + DAY, BULLETIN.title, BULLETIN.summary, True,
    )  # fmt: skip


def test_an_item_that_gets_its_first_theme_counts_from_then(store: Store) -> None:
    """So that it stands in the digest of the day on which it became news."""
    changed = replace(BULLETIN, text_hash="new")
    with store.begin() as work:
        feed = work.add_feed(FEED.url)
        work.save_article(replace(article(feed, "x", themes=(), scores={}), entry=BULLETIN), None)
        told = work.save_story(story(), [])
        now = replace(article(feed, "x", seen=NOON + DAY), entry=changed)
        assert work.save_edit(edit_of(work, changed), now, told.id, correction=False)
        assert [s.id for s in work.stories_between(NOON + DAY, NOON + 2 * DAY)] == [told.id]
        assert work.stories_between(NOON - DAY, NOON + DAY) == []


def test_only_the_last_revisions_are_kept(store: Store) -> None:
    """Of a text that changes at every poll; they go with their item."""
    with store.begin() as work:
        follow(work, BULLETIN)
        for number in range(KEPT + 5):
            changed = replace(BULLETIN, title=f"Title {number}", text_hash=str(number))
            work.save_edit(edit_of(work, changed), replace(article(FEED, "x"), entry=changed), None, correction=False)
        kept = [revision.title for revision in work.revisions(1)]
        assert kept == [f"Title {n}" for n in range(4, KEPT + 4)]
        work.prune(NOON + 999 * DAY, DAY, DAY)
        assert work.revisions(1) == []


def test_how_an_item_was_dated_is_kept(store: Store) -> None:
    """A date that is not the item's own is marked."""
    with store.begin() as work:
        follow(work, replace(entry("a"), dated="unknown"), replace(entry("b"), dated="future"), entry("c"))
        assert [item.dated for item in reversed(work.items())] == ["unknown", "future", ""]


NAMES = st.sampled_from(["a", "b", "c"])
MOMENTS = st.none() | st.integers(0, 5).map(lambda n: NOON + n * 7 * HOUR)
URLS = st.sampled_from(["", "https://a.test/", "https://a.test/1", "https://a.test/2"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda i, u, t, p: Entry(i, u, "T", "S", text_hash=t, published=p),
            NAMES,
            URLS,
            NAMES | st.just(""),
            MOMENTS,
        ),
        unique_by=lambda one: one.ident,
    ),
)
def test_a_page_that_was_stored_brings_nothing_new(store: Store, page: list[Entry]) -> None:
    """Whatever ids, addresses, texts and dates its entries share; and its edits settle."""
    with store.begin() as work:
        feed = work.add_feed(FEED.url)
        for fresh in work.compare(feed.id, page).fresh:
            work.save_article(replace(article(feed, "x"), entry=fresh), None)
        again = work.compare(feed.id, page)
        assert again.fresh == ()
        for edit in again.edits:
            work.save_edit(edit, replace(article(feed, "x"), entry=edit.entry), None, correction=False)
        assert work.compare(feed.id, page) == Comparison((), (), len(page))
        work.remove_feed(feed.url)
