"""Configured pages become feeds to poll, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from store_samples import HOUR, NOON

from monitor.errors import UsageError
from monitor.model import Feed, FeedState, Selectors

if TYPE_CHECKING:
    from monitor.edges.store import Store

PAGE = Feed(
    0,
    "https://ministry.test/list",
    outlet="Ministry",
    kind="official",
    lang="zh-Hant",
    country="TW",
    full_text=True,
    selectors=Selectors("table tr", date="td:first-child", zone=ZoneInfo("Asia/Taipei")),
)


def test_a_page_is_a_feed_with_selectors(store: Store) -> None:
    """It comes back as it was configured, due at once; a second time nothing changes."""
    with store.begin() as work:
        assert work.sync_pages([PAGE]) == 1
        assert work.sync_pages([PAGE]) == 0
    with store.read() as work:
        (feed,) = work.feeds()
    assert feed == replace(PAGE, id=feed.id)


def test_a_feed_has_no_selectors(store: Store) -> None:
    """Country and full text are kept as they are said."""
    with store.begin() as work:
        feed = work.add_feed("https://a.test/feed", country="US", full_text=True)
        work.update_feed(feed.id, full_text=False)
        assert work.feed(feed.id) == Feed(feed.id, "https://a.test/feed", country="US")


def test_changed_selectors_are_read_anew(store: Store) -> None:
    """What was remembered of the page would hide the items that the new ones find; a new name alone keeps it."""
    with store.begin() as work:
        work.sync_pages([PAGE])
        (feed,) = work.feeds()
        work.save_state(FeedState(feed.id, "ok", NOON + HOUR, 0, succeeded=NOON, etag="e", body_hash="h"))
        assert work.sync_pages([replace(PAGE, outlet="The Ministry")]) == 1
        (named,) = work.feeds()
        assert (named.outlet, named.body_hash, named.next_poll) == ("The Ministry", "h", NOON + HOUR)
        assert work.sync_pages([replace(PAGE, selectors=Selectors("li"))]) == 1
        (anew,) = work.feeds()
        assert (anew.id, anew.etag, anew.body_hash, anew.next_poll, anew.last_success) == (feed.id, "", "", None, NOON)


def test_a_page_that_is_no_longer_configured_goes(store: Store) -> None:
    """Feeds stay."""
    with store.begin() as work:
        work.add_feed("https://a.test/feed")
        work.sync_pages([PAGE])
        assert work.sync_pages([]) == 1
        assert [feed.url for feed in work.feeds()] == ["https://a.test/feed"]


def test_a_followed_feed_is_not_made_a_page(store: Store) -> None:
    """The operator decides which it is."""
    with store.begin() as work:
        work.add_feed(PAGE.url)
        with pytest.raises(UsageError, match="'Ministry' has the address of a feed"):
            work.sync_pages([PAGE])
