"""Pages without a feed: the configuration says which there are, and here they become feeds to poll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from monitor.edges.store.feeds import add_feed, feed_by_url, feeds, remove_feed
from monitor.edges.store.tables import feeds as table
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.edges.store.transaction import Transaction
    from monitor.model import Feed

_SAID = ("outlet", "publisher", "kind", "lang", "folder", "country", "full_text", "selectors")
_READ_ANEW = {"etag": "", "last_modified": "", "body_hash": "", "next_poll": None}


def sync_pages(tx: Transaction, pages: Sequence[Feed]) -> int:
    """Make the pages that are polled those that are configured, and return how many changed.

    One that is new is added, a changed one is read anew, one that is no longer configured goes and its items stay.
    Refuses an address that is followed as a feed.
    """
    wanted = {page.url for page in pages}
    changed = [feed.url for feed in feeds(tx) if feed.selectors and feed.url not in wanted]
    for url in changed:
        remove_feed(tx, url)
    return len(changed) + sum(_sync(tx, page) for page in pages)


def _sync(tx: Transaction, page: Feed) -> bool:
    standing = feed_by_url(tx, page.url)
    if standing and not standing.selectors:
        advice = f"'strait feeds remove {page.url}' first, or take the page out of monitor.toml"
        raise UsageError(f"the page {page.outlet!r} has the address of a feed that is followed: {advice}")
    said = {name: getattr(page, name) for name in _SAID}
    if standing and said == {name: getattr(standing, name) for name in _SAID}:
        return False
    values: dict[str, Any] = said
    if standing and standing.selectors != page.selectors:
        values |= _READ_ANEW
    feed = standing or add_feed(tx, page.url)
    tx.connection.execute(update(table).where(table.c.id == feed.id).values(values))
    return True
