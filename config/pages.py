"""Pages without a feed, as they are configured: where the items stand on a page that lists news."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from config.values import Section, Zone, one_line
from monitor.core.listpage import wrong_selector
from monitor.model import Feed, Kind, Selectors


def web_address(value: str) -> str:
    """Read an http or https address."""
    try:
        parts = urlsplit(value.strip())
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and value.isprintable()
    except ValueError:
        valid = False
    if not valid:
        raise ValueError('wants a web address such as "https://example.org/news"')
    return value.strip()


def selector(value: str) -> str:
    """Read a CSS selector."""
    if wrong := wrong_selector(value):
        raise ValueError(wrong)
    return value.strip()


def country_code(value: str) -> str:
    """Read an ISO 3166-1 code of two letters."""
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise ValueError('wants a country\'s two letters, such as "TW"')
    return value


Selector = Annotated[str, AfterValidator(selector)]
Line = Annotated[str, AfterValidator(one_line)]


class PageTable(Section):
    """A page that lists news, read by selectors into items. *title* is the link's own text where it is not given."""

    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
    url: Annotated[str, AfterValidator(web_address)]
    item: Selector
    link: Selector = "a"
    title: Selector | None = None
    date: Selector | None = None
    summary: Selector | None = None
    timezone: Zone | None = None
    publisher: Line = ""
    kind: Kind = "press"
    language: Line = ""
    country: Annotated[str, AfterValidator(country_code)] | None = None
    folder: Line = ""
    full_text: bool = False

    def feed(self, zone: ZoneInfo) -> Feed:
        """Return the page as the feed that it is polled as; *zone* is that of its dates where it has none."""
        parts = {name: getattr(self, name) or "" for name in ("title", "date", "summary")}
        return Feed(
            0,
            self.url,
            outlet=self.name,
            publisher=self.publisher,
            kind=self.kind,
            lang=self.language,
            folder=self.folder,
            country=self.country or "",
            full_text=self.full_text,
            selectors=Selectors(self.item, self.link, **parts, zone=self.timezone or zone),
        )
