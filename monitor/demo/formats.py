"""Write a feed as RSS 2.0, Atom or JSON Feed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.demo.news import Item, Outlet

CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Edition:
    """What an outlet has printed, at a time."""

    outlet: Outlet
    items: Sequence[Item]
    now: datetime

    @property
    def home(self) -> str:
        """Return the outlet's own address, in the domain that is kept for examples."""
        return f"https://{self.outlet.id}.example/"

    def link(self, item: Item) -> str:
        """Return the address of an item."""
        return f"{self.home}news/{item.id}"

    def date(self, item: Item) -> datetime:
        """Return when an item was printed."""
        return (self.now - timedelta(hours=item.hours_ago)).replace(microsecond=0)


def write(edition: Edition) -> bytes:
    """Return the feed in its outlet's format."""
    return _WRITERS[edition.outlet.format](edition)


def _rss(edition: Edition) -> bytes:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _texts(channel, {
        "title": edition.outlet.name, "link": edition.home, "description": "Invented news",
        "language": edition.outlet.lang,
    })  # fmt: skip
    for item in edition.items:
        link = edition.link(item)
        _texts(ET.SubElement(channel, "item"), {
            "title": item.title, "link": link, "guid": link, "description": item.summary,
            "pubDate": format_datetime(edition.date(item)),
        })  # fmt: skip
    return _xml(root)


def _atom(edition: Edition) -> bytes:
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": edition.outlet.lang})
    _texts(root, {"title": edition.outlet.name, "id": edition.home, "updated": edition.now.isoformat()})
    ET.SubElement(root, "link", href=edition.home)
    for item in edition.items:
        entry = ET.SubElement(root, "entry")
        date = edition.date(item).isoformat()
        _texts(entry, {
            "title": item.title, "id": f"tag:{edition.outlet.id}.example,2024:{item.id}",
            "published": date, "updated": date, "summary": item.summary,
        })  # fmt: skip
        ET.SubElement(entry, "link", href=edition.link(item))
    return _xml(root)


def _json(edition: Edition) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": edition.outlet.name, "home_page_url": edition.home,
        "language": edition.outlet.lang,
        "items": [
            {"id": item.id, "url": edition.link(item), "title": item.title, "content_text": item.summary,
             "date_published": edition.date(item).isoformat()} for item in edition.items
        ],
    }  # fmt: skip
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _texts(parent: ET.Element, texts: Mapping[str, str]) -> None:
    for tag, text in texts.items():
        ET.SubElement(parent, tag).text = text


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    text: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return text


_WRITERS: Mapping[str, Callable[[Edition], bytes]] = {"rss": _rss, "atom": _atom, "json": _json}
