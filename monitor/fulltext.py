"""Full text: for feeds that are marked so, fetch the page of each new item and read its main text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import structlog

from monitor.core.encoding import text_of_page
from monitor.core.robots import permits, robots_address
from monitor.edges.maintext import main_texts
from monitor.model import Feed, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.app import App
    from monitor.errors import FeedError
    from monitor.model import Entry

PER_BATCH = 40
"""Pages that one batch of polls fetches for their text; what is beyond is tagged by headline and summary."""
PER_FEED = 10
"""Pages of one feed among them: at its first poll, every item is new."""
_NO_RULES = frozenset({"empty", "forbidden", "gone"})
_NOBODY = b"User-agent: *\nDisallow: /"
log = structlog.get_logger()


def texts_of(app: App, new: Iterable[tuple[Feed, Entry]]) -> Mapping[str, str]:
    """Return the texts of new items by their addresses, as far as they can be had.

    A page that was read before is not fetched again. Nothing is raised for a page: its item goes on without a text.
    """
    wanted = [(feed, entry) for feed, entry in new if feed.full_text and entry.url]
    if not wanted:
        return {}
    with app.store.read() as work:
        kept = work.texts_at(entry.url for _, entry in wanted)
    missing = _few((feed, entry) for feed, entry in wanted if entry.url not in kept)
    # Bare feeds: what a feed is asked with (headers, a login) is not for the addresses that its items name.
    bare = [Feed(0, url, outlet=feed.name, lang=feed.lang) for url, feed in missing.items()]
    asked = _permitted(app, bare)
    pages = app.fetcher.fetch_all_blocking(asked) if asked else []
    readable = {feed.url: text for feed, page in zip(asked, pages, strict=True) if (text := _markup(feed, page))}
    texts = dict(zip(readable, main_texts(tuple(readable.values())), strict=True))
    read = {url: text for url, text in texts.items() if text}
    log.info("full text", wanted=len(wanted), kept=len(kept), fetched=len(asked), read=len(read))
    return kept | read


def _permitted(app: App, articles: Sequence[Feed]) -> list[Feed]:
    """Return the articles that their sites let robots read; a site that does not say so for now lets nobody."""
    at = {article.url: robots_address(article.url) for article in articles}
    places = [Feed(0, address) for address in dict.fromkeys(at.values())]
    answers = app.fetcher.fetch_all_blocking(places) if places else []
    rules = {place.url: _rules(answer) for place, answer in zip(places, answers, strict=True)}
    return [article for article in articles if permits(rules[at[article.url]], article.url)]


def _rules(answer: Page | FeedError) -> bytes:
    if isinstance(answer, Page):
        return answer.body
    # Where there is none, everything is permitted; where the server is in trouble, nothing is.
    return b"" if answer.status in _NO_RULES or answer.status.startswith("http_4") else _NOBODY


def _few(missing: Iterable[tuple[Feed, Entry]]) -> dict[str, Feed]:
    """Return the addresses to fetch, each once, with their feeds: the first of each feed, which are the newest."""
    few: dict[str, Feed] = {}
    taken: Counter[int] = Counter()
    for feed, entry in missing:
        if entry.url not in few and taken[feed.id] < PER_FEED and len(few) < PER_BATCH:
            taken[feed.id] += 1
            few[entry.url] = feed
    return few


def _markup(feed: Feed, page: Page | FeedError) -> str:
    """Return a web page as text with its markup; nothing for another kind of document, or for an error."""
    if not isinstance(page, Page):
        log.info("no full text", url=feed.url, status=page.status)
        return ""
    kind = page.content_type.lower()
    if kind and "html" not in kind and "text/plain" not in kind:
        log.info("no full text", url=feed.url, status=f"not a web page: {kind[:60]}")
        return ""
    return text_of_page(page.body, page.content_type, feed.lang)
