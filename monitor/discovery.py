"""Find the feeds of a site: look at its page, follow what may be a feed, and keep what is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core import discover
from monitor.core.encoding import text_of_page
from monitor.core.parse import parse
from monitor.errors import FeedError
from monitor.model import Feed, Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from monitor.app import Reads
    from monitor.core.discover import Candidate
    from monitor.model import ParsedFeed

NO_FEED = frozenset({"html", "not_a_feed"})
"""What a page is called that can be read, but is no feed."""


@dataclass(frozen=True, slots=True)
class Found:
    """An address that was looked at, and what is there."""

    url: str
    how: str
    """``itself``, or as in :class:`Candidate`."""
    title: str = ""
    items: int | None = None
    """None when it could not be read."""
    newest: datetime | None = None
    lang: str = ""
    error: str = ""
    of_comments: bool = False


def discover_feeds(fetcher: Reads, site: str, now: datetime) -> list[Found]:
    """Return the feeds of a site, each fetched and read once; declared ones that cannot be read come with the error.

    Feeds that show the same entries are one. Raises FeedError when the site itself cannot be had.
    """
    address, page = _first_page(fetcher, site)
    try:
        return [_found(discover.Candidate(address, "itself"), page, parse(page, Feed(0, address), now))]
    except FeedError as error:
        if error.status not in NO_FEED:
            raise
    told = _looked_at(fetcher, discover.candidates(text_of_page(page.body, page.content_type), page.url), now)
    if any(found.items is not None for found in told):
        return told
    return told + [found for found in _looked_at(fetcher, discover.guesses(page.url), now) if found.items is not None]


def _first_page(fetcher: Reads, site: str) -> tuple[str, Page]:
    """Return the site's address and page; one without a scheme is tried with https, then with http."""
    addresses = [site] if "://" in site else [f"https://{site}", f"http://{site}"]
    errors: list[FeedError] = []
    for address in addresses:
        (page,) = fetcher.fetch_all_blocking([Feed(0, address)])
        if isinstance(page, Page):
            return address, page
        errors.append(page)
    raise errors[0]


def _looked_at(fetcher: Reads, candidates: Sequence[Candidate], now: datetime) -> list[Found]:
    pages = fetcher.fetch_all_blocking([Feed(0, one.url) for one in candidates])
    out: list[Found] = []
    seen: set[object] = set()
    for one, page in zip(candidates, pages, strict=True):
        try:
            if isinstance(page, FeedError):
                raise page
            parsed = parse(page, Feed(0, one.url), now)
        except FeedError as error:
            if one.how == "link":
                out.append(Found(one.url, one.how, one.title, error=str(error), of_comments=one.of_comments))
            continue
        same = frozenset(entry.ident for entry in parsed.entries) or page.url
        if same not in seen:
            seen.add(same)
            out.append(_found(one, page, parsed))
    return out


def _found(one: Candidate, page: Page, parsed: ParsedFeed) -> Found:
    newest = max((entry.published for entry in parsed.entries if entry.published), default=None)
    title = parsed.title or one.title
    # A feed that moved for good is followed where it went; one that is handed on for now keeps its address.
    url = page.moved_to or one.url
    return Found(url, one.how, title, len(parsed.entries), newest, parsed.lang, of_comments=one.of_comments)
