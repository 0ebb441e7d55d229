"""Where a page says that its feeds are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.discover import COMMON_PATHS, MAX_DECLARED, MAX_LINKED, candidates, guesses

URL = "https://daily.example/news/index.html"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed.xml" title="T">', "link https://daily.example/feed.xml"),
        ("<LINK REL='Alternate' TYPE='application/atom+xml; charset=utf-8' HREF=a>", "link https://daily.example/news/a"),
        ('<link rel="alternate" type="application/feed+json" href="//cdn.example/f">', "link https://cdn.example/f"),
        ('<base href="/x/"><link rel="feed" href="f">', "link https://daily.example/x/f"),
        ('<link rel="alternate" hreflang="en" href="/en">', ""),
        ('<link rel="alternate" type="application/json+oembed" href="/oembed">', ""),
        ('<link rel="stylesheet" type="text/css" href="/feed.css">', ""),
        ('<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">', ""),
        ('<link rel="alternate" type="application/rss+xml" href="">', ""),
        ('<a href="/rss/politics.xml">Politics</a>', "anchor https://daily.example/rss/politics.xml"),
        ('<a href="/OpenData.aspx?SN=1">RSS</a>', "anchor https://daily.example/OpenData.aspx?SN=1"),
        ('<a href="https://feeds.daily.example/main"><img src=x></a>', "anchor https://feeds.daily.example/main"),
        ('<a href="/sub?a=1">訂閱</a>', "anchor https://daily.example/sub?a=1"),
        ('<a href="/x" title="RSS feed"><i></i></a>', "anchor https://daily.example/x"),
        ('<a href="/world?format=rss">W</a>', "anchor https://daily.example/world?format=rss"),
        ('<a href="/feedback">Feedback</a>', ""),
        ('<a href="https://feedly.com/i/subscription/feed/https://daily.example/rss">Feedly</a>', ""),
        ('<a href="/about">About us</a>', ""),
        ('<a href="javascript:rss()">RSS</a>', ""),
        ('<script>document.write("<a href=/rss>rss</a>")</script>', ""),
    ],
)  # fmt: skip
def test_what_may_be_a_feed(markup: str, expected: str) -> None:
    """Declared by the page or linked from it; made absolute, web addresses only."""
    assert [f"{one.how} {one.url}" for one in candidates(markup, URL)] == ([expected] if expected else [])


def test_the_surest_come_first_and_comments_last() -> None:
    """An address is told once, as the surer kind."""
    page = """<a href="/rss">RSS</a><a href="/feed">Feed</a>
    <link rel=alternate type=application/rss+xml href=/comments/feed title="Comments">
    <link rel=alternate type=application/rss+xml href=/feed title="News">"""
    found = [(one.how, one.url.rpartition("example")[2], one.of_comments) for one in candidates(page, URL)]
    assert found == [("link", "/feed", False), ("anchor", "/rss", False), ("link", "/comments/feed", True)]


def test_guesses_are_beside_the_page_and_at_the_root() -> None:
    """Each once, and not too many."""
    urls = [one.url for one in guesses("https://daily.example/blog")]
    assert {"https://daily.example/blog/feed", "https://daily.example/feed"} <= set(urls)
    assert len(urls) == len(set(urls)) <= 3 * len(COMMON_PATHS)
    assert "https://daily.example/?feed=rss2" in urls


def test_a_page_of_many_links_has_few_candidates() -> None:
    """What is fetched for one page is bounded, whatever it says."""
    link = "<link rel=alternate type=application/rss+xml href=/f{0}>"
    many = "".join(link.format(n) + f"<a href=/rss/{n}>" for n in range(5000))
    assert len(candidates(many, URL)) == MAX_DECLARED + MAX_LINKED


@pytest.mark.parametrize(
    "page", ["<div>" * 200_000, "<a " + "x " * 300_000, "<a href=/rss>" + "y" * 5_000_000, "<" * 1_000_000]
)
def test_hostile_pages_come_to_little(page: str) -> None:
    """Depth, attributes and size cost no more than reading."""
    assert len(candidates(page, URL)) <= 1


@given(st.text(alphabet="<>/ =\"'aehrflinkts:.\0\ud800[", max_size=300), st.text(max_size=50))
def test_any_page_has_candidates_or_none(page: str, url: str) -> None:
    """Nothing is raised."""
    assert all(one.url.startswith("http") for one in candidates(page, url))
