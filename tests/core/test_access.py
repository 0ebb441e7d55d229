"""How a feed is asked for, as an operator writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import feed

from monitor.core import opml
from monitor.core.access import with_words, words
from monitor.core.urls import without_login
from monitor.errors import UsageError
from monitor.model import Access

A = "https://a.example/feed"


@pytest.mark.parametrize(
    ("said", "access"),
    [
        ({}, Access()),
        ({"username": "u", "password_env": "P"}, Access(username="u", password_env="P")),
        ({"header.X-Team": "a", "header.x-team": "b"}, Access(headers={"x-team": "b"})),
        ({"header.X-Team": "a", "header_env.X-Team": "T"}, Access(headers_env={"X-Team": "T"})),
        ({"header_file.Cookie": "c", "header_file.Cookie ": ""}, None),
        ({"header_file.Cookie": "c"}, Access(headers_file={"Cookie": "c"})),
        ({"proxy": "http://p.example:3128"}, Access(proxy="http://p.example:3128")),
        ({"proxy": "direct"}, Access(proxy="direct")),
        ({"proxy_env": "P"}, Access(proxy_env="P")),
        ({"header.X-Team": "a", "header.X-TEAM": ""}, Access()),
        # what would be unsafe, or cannot be meant
        ({"password": "s3cret"}, None),
        ({"header.Authorization": "Bearer s3cret"}, None),
        ({"header.X-Api-Key": "s3cret"}, None),
        ({"header.Cookie": "s3cret"}, None),
        ({"proxy": "http://u:s3cret@p.example"}, None),
        ({"proxy": "socks5://p.example"}, None),
        ({"proxy": "http://[::1"}, None),
        ({"proxy": "direct", "proxy_env": "P"}, None),
        ({"username": "u", "password_env": "P", "password_file": "p"}, None),
        ({"password_env": "P"}, None),
        ({"header.User-Agent": "Mozilla/5.0"}, None),
        ({"header.Host": "other.example"}, None),
        ({"header.If-None-Match": "x"}, None),
        ({"header.X Y": "a"}, None),
        ({"header.": "a"}, None),
        ({"header.X-Team": "a\r\nX-Evil: b"}, None),
        ({"robots": "no"}, None),
    ],
)
def test_what_may_be_said(said: dict[str, str], access: Access | None) -> None:
    """Later words replace earlier ones, an empty value takes back; a refusal never shows the value."""
    if access is not None:
        assert with_words(Access(), said.items()) == access
        return
    with pytest.raises(UsageError) as caught:
        with_words(Access(), said.items())
    assert "s3cret" not in str(caught.value)


def test_words_say_the_access_again() -> None:
    """What is written out reads as it was."""
    access = Access({"X-A": "1"}, {"X-B": "B"}, {"X-C": "c"}, "u", "P", "", "", "", "proxy")
    assert with_words(Access(), words(access).items()) == access


def test_access_leaves_only_when_asked() -> None:
    """Neither headers nor a password in an address stand in a list unless the operator wants it."""
    source = feed(access=Access(headers={"X-Team": "a"}))
    source = type(source)(1, "https://user:s3cret@a.example/feed?x=@", access=source.access)
    plain, full = opml.write([source]), opml.write([source], with_access=True)
    assert "s3cret" not in plain
    assert "X-Team" not in plain
    (outline,) = opml.read(full, "list")
    assert (outline.url, opml.access_of(outline)) == (source.url, source.access)


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"proxy": 1}', '{"header.Cookie": "x"}', "[" * 100_000])
def test_access_of_a_list_is_checked_like_any_other(text: str) -> None:
    """A list is no way around what an operator may not write."""
    with pytest.raises(UsageError):
        opml.access_of(opml.Outline(A, access=text))


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        (A, A),
        ("https://u:p@a.example/feed", A),
        ("https://u:p@b@a.example/feed", A),
        ("https://a.example/@user?x=a@b#@", "https://a.example/@user?x=a@b#@"),
        ("https://u@a.example", "https://a.example"),
        ("https://u:p@[::1", "https://[::1"),
    ],
)
def test_an_address_without_its_login(url: str, bare: str) -> None:
    """Only what stands before the host goes."""
    assert without_login(url) == bare


@given(st.text())
def test_taking_a_login_out_twice_changes_nothing(text: str) -> None:
    """Of anything."""
    assert without_login(without_login(text)) == without_login(text)
