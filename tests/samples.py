"""Values that tests are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.stories import fingerprint, place
from monitor.model import Article, Entry, Feed, Reason, Story

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DRILL = "Chinese jets cross the median line near Taiwan"


def feed(number: int = 1, **changes: Any) -> Feed:
    """Return a feed that was polled before."""
    values = {
        "outlet": f"Outlet {number}",
        "publisher": f"Publisher {number}",
        "lang": "en",
        "last_success": NOON - HOUR,
    }
    return Feed(number, f"https://outlet{number}.example/feed", **{**values, **changes})


def article(title: str = DRILL, summary: str = "", **changes: Any) -> Article:
    """Return an article tagged exercises, of feed 1 unless told."""
    source = changes.pop("feed", None) or feed()
    seen = changes.pop("seen", NOON)
    entry = Entry(
        ident=changes.pop("ident", title),
        url=f"https://outlet{source.id}.example/{len(title)}",
        title=title,
        summary=summary,
        published=changes.pop("published", seen),
        lang=changes.pop("lang", "en"),
        text_hash=title + summary,
    )
    values = {
        "scores": {"exercises": 0.9, "us_policy": 0.1},
        "themes": ("exercises",),
        "reasons": {"exercises": (Reason("median line", 2.0), Reason("jets", 1.0))},
        "model": "test",
        "fingerprint": fingerprint(title, summary),
    }
    return Article(entry, source, seen, **{**values, **changes})


def story(*articles: Article, **changes: Any) -> Story:
    """Return the story that these articles tell."""
    placed = place(articles or (article(),), ()).stories[0]
    return Story(**{name: changes.get(name, getattr(placed, name)) for name in Story.__dataclass_fields__})
