"""Subscription lists, both ways."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import feed

from monitor.core import opml
from monitor.errors import UsageError

LIST = """<?xml version="1.0"?><opml version="2.0"><head/><body>
<outline text="Press"><outline text="Local"><outline text="One" xmlUrl="https://one.example/feed"
 publisher="P" kind="wire" language="zh-Hant"/></outline></outline>
<outline text="Two" title="Second" xmlUrl="http://two.example/feed" kind="nonsense"/>
<outline text="Again" xmlUrl="https://one.example/feed"/><outline text="File" xmlUrl="file:///etc/passwd"/></body></opml>"""


def test_a_list_is_read_with_folders() -> None:
    """Each address once, http and https only, unknown kinds as press."""
    one, two = opml.read(LIST, "list.opml")
    assert one.url == "https://one.example/feed"
    assert two == opml.Outline("http://two.example/feed", "Second", "Two", kind="press")
    (first, *_) = opml.read(LIST.replace('<outline text="Again" xmlUrl="https://one.example/feed"/>', ""), "list.opml")
    assert (first.folder, first.publisher, first.kind, first.lang) == ("Press/Local", "P", "wire", "zh-Hant")


def test_what_is_written_reads_the_same() -> None:
    """Folders and attributes survive the way out and in."""
    feeds = [feed(1, folder="A/B", kind="official", title="T <1>"), feed(2, lang="zh-Hans")]
    back = opml.read(opml.write(feeds), "x")
    assert [(o.url, o.folder, o.kind, o.outlet, o.publisher, o.lang) for o in back] == [
        (f.url, f.folder, f.kind, f.outlet, f.publisher, f.lang) for f in sorted(feeds, key=lambda f: f.id)
    ]


@pytest.mark.parametrize("text", ["", "hello", "<rss/>", "<opml/>", "<opml><body>", '{"a": 1}'])
def test_what_is_no_list_is_an_error_that_names_it(text: str) -> None:
    """The operator learns which file it is."""
    with pytest.raises(UsageError, match=r"list\.opml: is not OPML"):
        opml.read(text, "list.opml")


def test_entities_bring_nothing() -> None:
    """A list from elsewhere can read no file."""
    evil = '<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + LIST.split("?>", 1)[1].replace("Two", "&x;")
    with pytest.raises(UsageError, match="external entity"):
        opml.read(evil, "x")


@given(st.text() | st.binary())
def test_any_text_is_a_list_or_an_error(text: str | bytes) -> None:
    """Nothing else is raised."""
    with contextlib.suppress(UsageError):
        assert isinstance(opml.read(text, "x"), list)
