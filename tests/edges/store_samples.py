"""Nouns to store, made with as few words as a test needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from monitor.model import Alert, Article, Delivery, Entry, Feed, Message, Reason, Source, Story

if TYPE_CHECKING:
    from monitor.edges.store import Work

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def entry(name: str, **changes: Any) -> Entry:
    """Return an entry whose every mark of identity is its own."""
    values: dict[str, Any] = {
        "ident": f"id-{name}",
        "url": f"https://news.test/{name}",
        "title": f"Title {name}",
        "summary": f"Summary {name}",
        "text_hash": f"hash-{name}",
    }
    return Entry(**values | changes)


def article(feed: Feed, name: str, **changes: Any) -> Article:
    """Return an article about drills, first seen at noon."""
    told = entry(name, **{k: changes.pop(k) for k in list(changes) if k in Entry.__dataclass_fields__})
    values: dict[str, Any] = {
        "entry": told,
        "feed": feed,
        "seen": NOON,
        "scores": {"exercises": 0.9, "arms_sales": 0.2, "trade": 0.01},
        "themes": ("exercises",),
        "reasons": {"exercises": (Reason("drill", 1.5),)},
        "model": "v1",
    }
    return Article(**values | changes)


def story(**changes: Any) -> Story:
    """Return a story of two reports that is not stored yet."""
    values: dict[str, Any] = {
        "id": 0,
        "headline": "Large drill",
        "url": "https://news.test/drill",
        "lang": "en",
        "summary": "Ships and aircraft",
        "first_seen": NOON,
        "last_seen": NOON,
        "scores": {"exercises": 0.9},
        "themes": ("exercises",),
        "sources": (
            Source("Daily", "Daily Group", "press", "https://news.test/drill", "Large drill", NOON),
            Source("Ministry", "", "official", "https://gov.test/1", "演習", NOON + MINUTE),
        ),
        "fingerprint": (0, 7, 2**64 - 1),
        "reasons": {"exercises": (Reason("drill", 1.5),)},
    }
    return Story(**values | changes)


def alert(about: Story, **changes: Any) -> Alert:
    """Return an alert about a story."""
    values: dict[str, Any] = {
        "rule": "Large drills",
        "severity": "critical",
        "story": about,
        "theme": "exercises",
        "score": 0.9,
        "reason": "alert",
        "revision": 1,
        "at": NOON,
        "words": ("drill", "演習"),
    }
    return Alert(**values | changes)


def delivery(key: str, **changes: Any) -> Delivery:
    """Return a message due at noon."""
    message = Message("Subject", "Text", "<p>", ({"type": "section"},), {"story": 1}, "high")
    values: dict[str, Any] = {"key": key, "channel": "desk", "message": message, "due": NOON, "created": NOON}
    return Delivery(**values | changes)


def add_item(work: Work, name: str, **changes: Any) -> int:
    """Store an article of one feed and return its id."""
    story_id = changes.pop("story_id", None)
    outlet = changes.pop("outlet", "Daily")
    feed = work.add_feed(f"https://{outlet.lower()}.test/feed", outlet=outlet, publisher="Daily Group")
    return work.save_article(article(feed, name, **changes), story_id)
