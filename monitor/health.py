"""How the feeds do: their numbers from the database, what is wrong with each, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.health import Verdict, judge
from monitor.edges.failures import Failure, explain
from monitor.model import Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from monitor.edges.store import Store
    from monitor.model import Feed

WINDOW = timedelta(days=60)
READING: Mapping[str, Failure] = {
    "html": Failure("it answers with a web page instead of a feed", "'strait feeds discover' its site"),
    "not_a_feed": Failure("what it answers is no feed", "'strait feeds discover' its site"),
    "cut_off": Failure("the feed is broken or cut off", "wait: it is tried again; tell the outlet if it stays so"),
    "entity_bomb": Failure("the feed declares entities that can grow without end", "tell the outlet"),
    "unreadable": Failure("its page takes more time or memory to read than a page may", "tell the outlet"),
    "empty": Failure("the answer is empty", "open the address in a browser; tell the outlet"),
    "no_items": Failure("its selectors find no items", "look at the page and correct [[pages]] in monitor.toml"),
}
"""What the statuses mean that a page can end with after it was fetched."""


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed, its numbers and the verdict."""

    feed: Feed
    numbers: Numbers
    verdict: Verdict


def failure_of(status: str) -> Failure:
    """Return what a feed's status means and what can be done about it."""
    return READING.get(status) or explain(status)


def feeds_health(store: Store, now: datetime) -> list[FeedHealth]:
    """Return how each feed does, by what it showed in the last 60 days, the worst first."""
    with store.read() as work:
        feeds, numbers = work.feeds(), work.feed_numbers(now - WINDOW)
    found = []
    for feed in feeds:
        own = numbers.get(feed.id, Numbers())
        found.append(FeedHealth(feed, own, judge(feed, own, now, failure_of(feed.status))))
    order = ("down", "warning", "waiting", "ok")
    return sorted(found, key=lambda health: (order.index(health.verdict.state), health.feed.id))
