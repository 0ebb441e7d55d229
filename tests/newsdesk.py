"""A newsroom and a desk for pipeline tests: pages on demand, tags by keyword, a channel that can be told to fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from samples import NOON

from classifiers.model import Scored, Text
from monitor.app import App, templates
from monitor.core.render import Look, Renderer, environment
from monitor.model import Delivery, Feed, Page, Receipt, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from monitor.edges.store import Store
    from monitor.errors import DeliveryError, FeedError

NAMES = {"exercises": "Drills", "arms_sales": "Arms"}
DRILLS = Rule("Drills", themes=("exercises",), channels=("desk",), severity="high")


@dataclass
class Pages:
    """The newsroom: what each feed's address answers."""

    answers: dict[str, Page | FeedError] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)

    def fetch_all_blocking(self, feeds: Sequence[Feed]) -> list[Page | FeedError]:
        """Return the answers in order."""
        return [self.answers[feed.url] for feed in feeds]

    def fetch_in_parts(
        self, feeds: Sequence[Feed], _asked: Mapping[str, float]
    ) -> list[list[tuple[Feed, Page | FeedError]]]:
        """Return the answers: the slow ones in a part of their own."""
        quick = [(feed, self.answers[feed.url]) for feed in feeds if feed.url not in self.slow]
        slow = [(feed, self.answers[feed.url]) for feed in feeds if feed.url in self.slow]
        return [part for part in (quick, slow) if part]

    def show(self, url: str, *titles: str, published: datetime = NOON, moved_to: str = "") -> None:
        """Let a feed show items with these titles, each with an id and an address of its own."""
        date = published.strftime("%a, %d %b %Y %H:%M:%S GMT")
        item = "<item><title>{0}</title><guid isPermaLink='false'>{0}</guid><pubDate>{1}</pubDate></item>"
        items = "".join(item.format(escape(title), date) for title in titles)
        body = f"<rss version='2.0'><channel><title>Feed</title><link>{url}</link>{items}</channel></rss>"
        self.answers[url] = Page(url, body.encode(), "application/rss+xml", moved_to=moved_to)


class Keywords:
    """Tags what says drill or arms."""

    version = "keywords"
    sure: Mapping[str, float] = {}

    def score(self, texts: Sequence[Text], *, thresholds: Mapping[str, float] | None = None) -> list[Scored]:
        """Return 0.9 where the word stands, else 0.1."""
        del thresholds
        return [self._one(f"{text.title} {text.summary}".lower()) for text in texts]

    def _one(self, text: str) -> Scored:
        scores = {"exercises": 0.9 if "drill" in text else 0.1, "arms_sales": 0.9 if "arms" in text else 0.1}
        themes = tuple(theme for theme, score in scores.items() if score > 0.5)
        return Scored(scores, themes, dict.fromkeys(themes, (("drill", 1.0),)))


@dataclass
class Desk:
    """A channel that keeps what it gets, and fails as told."""

    name: str = "desk"
    medium: str = "text"
    failures: list[DeliveryError] = field(default_factory=list)
    got: list[Delivery] = field(default_factory=list)

    def send(self, delivery: Delivery) -> Receipt:
        """Take a message or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.got.append(delivery)
        return Receipt()

    @property
    def subjects(self) -> list[str]:
        """Return what was received."""
        return [delivery.message.subject for delivery in self.got]


@dataclass
class Clock:
    """A clock that goes when told."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.at

    def go(self, span: timedelta) -> None:
        """Let time pass."""
        self.at += span


def build(
    store: Store, *rules: Rule, desk: Desk | None = None, zone: str = "Asia/Taipei"
) -> tuple[App, Pages, Desk, Clock]:
    """Return an app over a store, with its newsroom, its desk and its clock."""
    pages, desk, clock = Pages(), desk or Desk(), Clock()
    look = Look(ZoneInfo(zone), NAMES, lambda html: html)
    app = App(
        store=store,
        fetcher=pages,
        classifier=Keywords(),
        channels={"desk": desk},
        rules=rules or (DRILLS,),
        renderer=Renderer(look, environment(templates())),
        look=look,
        zone=look.zone,
        digest_channels=("desk",),
        now=clock,
    )
    return app, pages, desk, clock
