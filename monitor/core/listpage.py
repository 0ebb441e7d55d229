"""Sources without a feed: a page that lists its news, read by CSS selectors into the same entries as a feed's."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from monitor.core.datelines import read_date
from monitor.core.encoding import text_of_page
from monitor.core.html import text_of
from monitor.core.jsonfeed import Item, Items
from monitor.core.parse import MAX_ENTRIES, MAX_SUMMARY, MAX_TITLE, parse, settled
from monitor.core.tree import tree_of
from monitor.core.urls import bare_url, clean_url
from monitor.errors import FeedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.model import Feed, Page, ParsedFeed, Selectors

MAX_PAGE = 4_000_000
"""Bytes of a list page; the tree that is made of it takes some twenty times as much."""
MAX_MATCHES = 20_000
_MAX_SELECTOR = 500


def read(page: Page, feed: Feed, now: datetime, seen: bytes = b"") -> ParsedFeed:
    """Return the entries of a feed's page, whichever kind of page it is; *seen* as for a feed.

    Raises FeedError as :func:`monitor.core.parse.parse` does, and for a list page with the status ``too_big`` or
    ``no_items``.
    """
    return read_list(page, feed, feed.selectors, now) if feed.selectors else parse(page, feed, now, seen)


def wrong_selector(text: str) -> str:
    """Return what is wrong with a CSS selector, or nothing."""
    if not text.strip() or len(text) > _MAX_SELECTOR:
        return f"wants a CSS selector of 1 to {_MAX_SELECTOR} characters"
    try:
        _compiled(text)
    except (SelectorError, etree.XPathError) as error:
        return f"is no CSS selector that can be read ({error})"
    return ""


def read_list(page: Page, feed: Feed, selectors: Selectors, now: datetime) -> ParsedFeed:
    """Return the entries of a list page, in its order, each once."""
    name = feed.outlet or feed.title or bare_url(feed.url)
    if len(page.body) > MAX_PAGE:
        raise FeedError("too_big", f"{name}: the list page is bigger than {MAX_PAGE} bytes; name a shorter one")
    root = tree_of(text_of_page(page.body, page.content_type, feed.lang))
    found = _innermost(_compiled(selectors.item)(root)[:MAX_MATCHES])
    items = [item for element in found[: MAX_ENTRIES * 2] if (item := _item(element, selectors, now)).title]
    if not items:
        where = f"matches {len(found)} places without a title" if found else "matches nothing"
        advice = "the page may have been rebuilt; look at it and correct [[pages]] in monitor.toml"
        raise FeedError("no_items", f"{name}: the selector {selectors.item!r} {where}; {advice}")
    title = next((element.text or "" for element in root.iter("title")), "")
    lang = next((lang for element in root.iter("html") if (lang := element.get("lang"))), "")
    base = next((href for element in root.iter("base") if (href := element.get("href"))), "")
    address = page.url or feed.url
    return settled(Items(escape(title), lang, tuple(items[:MAX_ENTRIES])), clean_url(base or address, address), now)


@lru_cache(maxsize=500)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _innermost(found: Sequence[etree._Element]) -> list[etree._Element]:
    """Leave out items that hold another: the rows of a table that lays out the page hold the rows that are meant."""
    # In the order of the document, what holds any of them holds the next.
    return [one for n, one in enumerate(found) if n + 1 == len(found) or not _holds(one, found[n + 1])]


def _holds(one: etree._Element, other: etree._Element) -> bool:
    return any(parent is one for parent in other.iterancestors())


def _item(element: etree._Element, selectors: Selectors, now: datetime) -> Item:
    link = _link(element, selectors.link)
    named = _first(element, selectors.title) if selectors.title else link
    title = _text(named, MAX_TITLE) or _text(link, MAX_TITLE)
    if link is not None and not title:
        title = link.get("title") or ""
    date = _date_text(_first(element, selectors.date))
    published = read_date(date, selectors.zone, now) if date else None
    url = link.get("href") or "" if link is not None else ""
    return Item(
        ident="",
        url=url,
        # What is handed on is taken as markup, and this is text already.
        title=escape(title),
        summary=escape(_text(_first(element, selectors.summary), MAX_SUMMARY)),
        published=published,
        mark=published.isoformat() if published else url,
    )


def _first(element: etree._Element, selector: str) -> etree._Element | None:
    return next(iter(_compiled(selector)(element)), None) if selector else None


def _link(element: etree._Element, selector: str) -> etree._Element | None:
    """Return the first link that leads somewhere: what the selector finds, or a link within that."""
    for found in _compiled(selector or "a")(element):
        for link in (found, *found.iter("a")):
            if (link.get("href") or "").strip():
                return link
    return None


def _date_text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return element.get("datetime") or _text(element, 200)


def _text(element: etree._Element | None, limit: int) -> str:
    if element is None:
        return ""
    return text_of(etree.tostring(element, encoding="unicode", method="html", with_tail=False), limit)
