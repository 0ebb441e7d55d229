"""Subscription lists, both ways."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import feed

from monitor.core import opml
from monitor.errors import UsageError
from monitor.model import KINDS, Selectors

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
    feeds = [
        feed(1, folder="A/B", kind="official", title="T <1>", country="TW", full_text=True),
        feed(2, lang="zh-Hans", title="\0\ud800", last_success=None),
        feed(3, kind="trade_press", folder="A"),
    ]
    back = opml.read(opml.write(feeds), "x")
    assert [(o.url, o.folder, o.kind, o.outlet, o.publisher, o.lang, o.country, o.full_text) for o in back] == [
        (f.url, f.folder, f.kind, f.outlet, f.publisher, f.lang, f.country, f.full_text)
        for f in sorted(feeds, key=lambda f: (not f.folder.startswith("A/"), f.folder != "A", f.id))
    ]
    assert [outline.verified for outline in back] == ["2026-05-04", "2026-05-04", "no"]


@given(
    st.lists(
        st.tuples(st.text("ab/ \0<&", max_size=6), st.sampled_from(KINDS), st.sampled_from(["", "TW"]), st.booleans())
    )
)
def test_any_list_goes_out_and_in(rows: list[tuple[str, str, str, bool]]) -> None:
    """What folders there are stays, as far as a path can say it."""
    feeds = [
        feed(n, folder=folder, kind=kind, country=country, full_text=full)
        for n, (folder, kind, country, full) in enumerate(rows)
    ]
    back = {outline.url: outline for outline in opml.read(opml.write(feeds), "x")}
    for one in feeds:
        found = back[one.url]
        assert (found.kind, found.country, found.full_text) == (one.kind, one.country, one.full_text)
        tidy = [" ".join(part.replace("\0", "").split()) for part in one.folder.split("/")]
        assert found.folder == "/".join(part for part in tidy if part)


def test_pages_are_no_subscriptions() -> None:
    """They stand in the configuration."""
    assert opml.read(opml.write([feed(1, selectors=Selectors("li"))]), "x") == []


def test_other_programs_lists_are_read() -> None:
    """Flat lists with categories, attributes in other spellings, slashes in names of folders."""
    text = """<opml version="1.0"><body><outline text="Press / Radio"><outline text="A" xmlurl="https://a.example/"
     country="tw" fullText="TRUE"/></outline><outline text="B" xmlUrl="https://b.example/" category="/Asia/East,/x"
     country="Taiwan"/></body></opml>"""
    a, b = opml.read(text, "x")
    assert (a.folder, a.country, a.full_text) == ("Press ／ Radio", "TW", True)
    assert (b.folder, b.country, b.full_text) == ("Asia/East", "", False)


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
