"""The quicker feedparser says what an untouched one says."""

from __future__ import annotations

import os
import sys
import warnings
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from feedpages import Made, pages
from hypothesis import given, settings

from monitor.core import feedxml

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

HEADERS = {"content-type": "application/xml", "content-location": "https://outlet.example/feed"}
FILES = sorted(Path(os.environ.get("STRAIT_FEED_FILES", "../shared/data/feeds")).glob("*.*"))


@cache
def untouched() -> ModuleType:
    """Return a copy of feedparser of its own, as it is installed."""
    ours = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "feedparser"}
    try:
        import feedparser  # noqa: PLC0415 - that is the point
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "feedparser"]:
            del sys.modules[name]
        sys.modules.update(ours)
    return feedparser  # type: ignore[no-any-return]


def told(value: Any) -> Any:
    """Return all that a value of feedparser's holds, as plain values that can be compared."""
    if isinstance(value, dict):
        return {key: told(part) for key, part in dict.items(value)}
    return [told(part) for part in value] if isinstance(value, list) else value


def outcome(read: Callable[[bytes], Any], body: bytes) -> Any:
    """Return what one of them makes of a page: all that it says, or the error that it ends with."""
    try:
        found = read(body)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return type(error).__name__
    return told(found.entries), told(found.feed), found.version, bool(found.bozo)


def both(body: bytes) -> tuple[Any, Any]:
    """Return what the untouched one and the quicker one make of a page."""
    plain = outcome(lambda page: untouched().parse(BytesIO(page), **PLAINLY), body)
    return plain, outcome(lambda page: feedxml.read(page, HEADERS), body)


PLAINLY: dict[str, Any] = {"response_headers": HEADERS, "sanitize_html": False, "resolve_relative_uris": False}


@settings(deadline=None)
@given(pages())
def test_quicker_says_the_same(page: Made) -> None:
    """Of any page: entries, channel, version, and whether it is broken."""
    plain, quick = both(page.body)
    assert plain == quick


@settings(deadline=None)
@given(pages())
def test_quicker_says_the_same_of_what_is_broken(page: Made) -> None:
    """A page that breaks off, or has a stray ampersand, is read leniently by both."""
    for body in (page.body[: len(page.body) * 2 // 3], page.body.replace(b"<title>", b"<title>&nope; & ", 1)):
        plain, quick = both(body)
        assert plain == quick


@pytest.mark.skipif(not FILES, reason="no folder of real feeds; name one in STRAIT_FEED_FILES")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_files(path: Path) -> None:
    """Feeds as they are found in the wild."""
    plain, quick = both(path.read_bytes())
    assert plain == quick


def test_keys_with_several_meanings() -> None:
    """Aliases still mean what they meant, in every way of asking."""
    body = b"<rss><channel><item><guid>1</guid><pubDate>Mon, 04 May 2026 12:00:00 GMT</pubDate></item></channel></rss>"
    entry = feedxml.read(body, HEADERS).entries[0]
    assert entry["guid"] == entry.get("guid") == entry["id"]
    assert "guid" in entry
    assert "updated" not in entry
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert entry["updated"] == entry["published"]
    assert entry.get("nothing") is None
