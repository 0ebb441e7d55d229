"""Addresses of items are absolute, safe to show, and stable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.urls import MAX_LENGTH, bare_url, clean_url


@pytest.mark.parametrize(
    ("given_url", "cleaned"),
    [
        ("https://example.org/a?utm_source=rss&utm_medium=feed", "https://example.org/a"),
        ("https://example.org/a?id=7&fbclid=x&page=2", "https://example.org/a?id=7&page=2"),
        ("https://example.org/a?UTM_Campaign=x", "https://example.org/a"),
        ("https://example.org/a?utm%5Fsource=x&b=1", "https://example.org/a?b=1"),
        ("https://example.org/a?at_medium=RSS&at_campaign=rss", "https://example.org/a"),
        ("https://example.org/a?ref=rss", "https://example.org/a"),
        ("https://example.org/a?ref=7", "https://example.org/a?ref=7"),
        ("https://example.org/a#xtor=RSS-1", "https://example.org/a"),
        ("https://example.org/live#post-4", "https://example.org/live#post-4"),
        ("HTTPS://Example.ORG:443/A", "https://example.org/A"),
        ("http://example.org:8080", "http://example.org:8080/"),
        ("http://reader:secret@example.org/a", "http://example.org/a"),
        ("  https://example.org/a\n", "https://example.org/a"),
        ("https://example.org/台灣 news", "https://example.org/%E5%8F%B0%E7%81%A3%20news"),
        ("https://example.org/%E5%8F%B0", "https://example.org/%E5%8F%B0"),
        ("https://[2606:4700::1111]/a", "https://[2606:4700::1111]/a"),
        ("https://example.org/a'\"<b>", "https://example.org/a'%22%3Cb%3E"),
    ],
)
def test_tracking_goes_and_the_rest_stays(given_url: str, cleaned: str) -> None:
    """An address loses credentials and tracking, is put in one spelling, and nothing else."""
    assert clean_url(given_url) == cleaned


@pytest.mark.parametrize(
    "given_url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.org",
        "file:///etc/hostname",
        "",
        "/relative",
        "https://",
        "https://exa mple.org/",
        "https://evil.example|click/",
        "https://good.example\\@evil.example/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://example.org/" + "a" * MAX_LENGTH,
    ],
)
def test_what_is_no_web_address_is_nothing(given_url: str) -> None:
    """Only whole http(s) addresses with a plausible host are kept."""
    assert clean_url(given_url) == ""


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("/a", "https://example.org/a"),
        ("b", "https://example.org/news/b"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("https://other.example/", "https://other.example/"),
    ],
)
def test_relative_links_are_resolved(link: str, absolute: str) -> None:
    """A relative link is read against where its page came from."""
    assert clean_url(link, "https://example.org/news/feed.xml") == absolute


@given(
    st.one_of(st.text(), st.text().map(lambda tail: f"https://example.org/{tail}"), st.text().map("http://{}".format))
)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A cleaned address is its own cleaning, and a web address or nothing."""
    once = clean_url(text)
    assert clean_url(once) == once
    assert once == "" or once.startswith(("http://", "https://"))
    assert once.isascii() or "://" in once


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://reader:secret@example.org/feed?key=secret#x", "https://example.org/feed"),
        ("https://example.org/feed", "https://example.org/feed"),
        ("http://[broken/", "its address"),
        ("", "its address"),
    ],
)
def test_addresses_in_errors_hold_no_secret(address: str, shown: str) -> None:
    """What is shown of an address has no credentials and no query."""
    assert bare_url(address) == shown
