"""A desk over a database, with outlets whose reports come, and are edited, as told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from newsdesk import DRILLS, build

from monitor import jobs, outbox
from monitor.model import Page

if TYPE_CHECKING:
    from monitor.edges.store import Store
    from monitor.model import Rule

HOUR = timedelta(hours=1)
DRILL = "China begins a live-fire drill in the strait east of Pingtan"
COUNTED = "Taiwan counts 45 Chinese warplanes in the drill near the island"


@dataclass
class Newspaper:
    """What an outlet shows: headlines, each under a name that it keeps when it is edited."""

    url: str
    items: dict[str, str] = field(default_factory=dict)

    def page(self, at: datetime) -> Page:
        """Return its feed."""
        date = at.strftime("%a, %d %b %Y %H:%M:%S GMT")
        item = "<item><title>{}</title><guid isPermaLink='false'>{}</guid><link>{}</link><pubDate>{}</pubDate></item>"
        items = "".join(
            item.format(escape(title), name, f"{self.url}/{name}", date) for name, title in self.items.items()
        )
        body = f"<rss version='2.0'><channel><title>Feed</title><link>{self.url}</link>{items}</channel></rss>"
        return Page(self.url, body.encode(), "application/rss+xml")


class StoryDesk:
    """An app whose outlets were polled before, each of a publisher of its own; the last is official."""

    def __init__(self, store: Store, *rules: Rule, at: datetime | None = None, outlets: int = 4) -> None:
        self.app, self.pages, self.desk, self.clock = build(store, *(rules or (DRILLS,)))
        self.clock.at = at or datetime(2026, 5, 4, 12, tzinfo=UTC)
        self.papers = [Newspaper(f"https://outlet{n}.example/feed", {"old": "A museum opens"}) for n in range(outlets)]
        with store.begin() as work:
            for n, paper in enumerate(self.papers):
                kind = "official" if n == outlets - 1 else "press"
                work.add_feed(paper.url, outlet=f"Outlet {n}", publisher=f"Publisher {n}", kind=kind)
        self.round(timedelta(0))

    def round(self, after: timedelta = HOUR) -> None:
        """Let time pass, poll all and deliver."""
        self.clock.go(after)
        for paper in self.papers:
            self.pages.answers[paper.url] = paper.page(self.clock.at)
        jobs.poll_round(self.app, "inline", force=True)
        outbox.deliver(self.app)

    def report(self, outlet: int, title: str, name: str = "", after: timedelta = HOUR) -> int:
        """Let an outlet report something, or say otherwise what it reported under a name; return the item's id."""
        self.papers[outlet].items[name or title] = title
        self.round(after)
        with self.app.store.read() as work:
            return next(item.id for item in work.items(source=f"Outlet {outlet}", limit=1000) if item.title == title)

    def stories(self) -> dict[str, int | None]:
        """Return of each item with a theme, by its headline, the id of its story."""
        with self.app.store.read() as work:
            return {item.title: item.story_id for item in work.items(limit=1000) if item.themes}

    @property
    def told(self) -> list[tuple[int | None, str, int]]:
        """Return story, reason and revision of each alert, the first first."""
        with self.app.store.read() as work:
            return [(a.story_id, a.reason, a.revision) for a in reversed(work.alerts(1000))]
