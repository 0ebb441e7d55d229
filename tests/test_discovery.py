"""Finding the feeds of a real site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import NOON
from sites import Site, site

from monitor.discovery import Found, discover_feeds
from monitor.edges.fetch import Fetcher, FetchSettings
from monitor.errors import FeedError

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = FetchSettings(
    timeout=5.0, max_bytes=1_000_000, per_host=4, per_host_gap=0.0, allow_networks=("127.0.0.1/32",), contact="",
    version="1", proxy=None, concurrency=16,
)  # fmt: skip


@pytest.fixture
def daily() -> Iterator[Site]:
    """Return a site with a home page."""
    with site() as served:
        served.pages["/"] = "<html><body>Home</body></html>"
        yield served


def found(where: str) -> list[Found]:
    """Look for the feeds of a site."""
    return discover_feeds(Fetcher(SETTINGS), where, NOON)


def test_declared_and_linked_feeds_are_verified(daily: Site) -> None:
    """Each is fetched and read once; one that is declared and broken comes with its error, other links do not."""
    daily.pages["/"] = """<link rel=alternate type=application/rss+xml href=/news.xml title=News>
    <link rel=alternate type=application/rss+xml href=/gone.xml><a href=/rss/politics>RSS</a><a href=/rss>About RSS</a>
    <a href=/news.xml>RSS again</a>"""
    daily.rss("/news.xml", "One", "Two")
    daily.rss("/rss/politics", "Three")
    daily.pages["/rss"] = "<html>What RSS is</html>"
    news, gone, politics = found(daily.url)
    assert (news.url, news.how, news.title, news.items) == (f"{daily.url}/news.xml", "link", "Feed /news.xml", 2)
    assert news.newest is not None
    assert (gone.items, "(404)" in gone.error) == (None, True)
    assert (politics.url, politics.how, politics.items) == (f"{daily.url}/rss/politics", "anchor", 1)
    assert sorted(daily.asked) == sorted(set(daily.asked))


def test_a_site_may_itself_be_a_feed(daily: Site) -> None:
    """Nothing else is asked."""
    daily.rss("/", "One")
    (only,) = found(daily.url)
    assert (only.url, only.how, only.items) == (daily.url, "itself", 1)
    assert daily.asked == ["/"]


def test_common_places_are_tried_where_nothing_is_told(daily: Site) -> None:
    """The same entries at two places are one feed."""
    daily.rss("/feed", "One")
    daily.rss("/rss.xml", "One")
    (only,) = found(daily.url)
    assert (only.url, only.how) == (f"{daily.url}/feed", "path")


def test_comments_come_last(daily: Site) -> None:
    """They are feeds, but no news."""
    link = "<link rel=alternate type=application/rss+xml href={0}>"
    daily.pages["/"] = link.format("/comments/feed") + link.format("/feed")
    daily.rss("/comments/feed", "Re: One")
    daily.rss("/feed", "One")
    assert [(one.url.removeprefix(daily.url), one.of_comments) for one in found(daily.url)] == [
        ("/feed", False),
        ("/comments/feed", True),
    ]


def test_an_address_without_a_scheme_is_tried_both_ways(daily: Site) -> None:
    """The server speaks http only."""
    daily.rss("/", "One")
    assert found(daily.url.removeprefix("http://"))[0].items == 1


def test_a_feed_that_moved_for_good_is_named_where_it_went(daily: Site) -> None:
    """One that is handed on for now keeps its address."""
    link = "<link rel=alternate type=application/rss+xml href={0}>"
    daily.pages["/"] = link.format("/old") + link.format("/hop")
    daily.moves = {"/old": (301, "/new"), "/hop": (302, "/other")}
    daily.rss("/new", "One")
    daily.rss("/other", "Two")
    assert [one.url.removeprefix(daily.url) for one in found(daily.url)] == ["/new", "/hop"]


def test_a_page_leads_nowhere_private(daily: Site) -> None:
    """What it declares is guarded like any feed: nothing is asked of a host that was not opened."""
    with site("127.0.0.2") as inner:
        inner.rss("/feed", "Secret")
        addresses = (f"{inner.url}/feed", "http://169.254.169.254/feed", "http://[::ffff:127.0.0.2]/feed")
        link = "<link rel=alternate type=application/rss+xml href={0}>"
        daily.pages["/"] = "".join(map(link.format, addresses)) + f"<a href={inner.url}/rss>RSS</a>"
        daily.moves = {"/feed": (302, f"{inner.url}/feed")}
        assert [one.items for one in found(daily.url)] == [None] * 3
        assert inner.asked == []


def test_a_site_that_cannot_be_had_is_an_error(daily: Site) -> None:
    """With its status; a feed that is cut off is no site."""
    with pytest.raises(FeedError) as caught:
        found(f"{daily.url}/absent")
    assert caught.value.status == "http_404"
    daily.pages["/"] = '{"version": "https://jsonfeed.org/ver'
    with pytest.raises(FeedError) as caught:
        found(daily.url)
    assert caught.value.status == "cut_off"
