"""Where news comes from, and what came from there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["official", "wire", "press", "state_media", "think_tank", "trade_press"]
KINDS: tuple[str, ...] = get_args(Kind)
"""What a source can be; rules ask for it."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """Where the items of a list page stand, and within each its parts: CSS selectors, empty for what is not there."""

    item: str
    link: str = "a"
    title: str = ""
    """The link's own text where it is empty."""
    date: str = ""
    summary: str = ""
    zone: tzinfo = UTC
    """Of dates that name none."""


RETIRED = frozenset({"gone", "moved"})
"""Statuses of feeds that are not polled any more: taken down, or moved to an address that is followed already."""


@dataclass(frozen=True, slots=True)
class Habits:
    """When a feed is worth asking: by what it showed, and by what it says of itself."""

    recent: tuple[int, ...] = ()
    """When its latest entries were published, in seconds since 1970, oldest first."""
    gap: float = 0.0
    """The typical one between these, in seconds; 0 while there are too few."""
    busy_hours: tuple[int, ...] = ()
    """The hours of the day, in UTC, in which it mostly publishes; none while too little is known."""
    every: float = 0.0
    """How often it says that it changes (``ttl``, ``sy:updatePeriod``), in seconds; 0 when it does not say."""
    skip_hours: tuple[int, ...] = ()
    """The hours of the day, in UTC, in which it asks not to be polled."""
    skip_days: tuple[int, ...] = ()
    """The days of the week, Monday being 0, likewise."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a feed is asked for, beyond its address. Secrets stand here by name only: where to read them at each poll."""

    headers: Mapping[str, str] = field(default_factory=dict)
    headers_env: Mapping[str, str] = field(default_factory=dict)
    """Header to the environment variable that holds its value."""
    headers_file: Mapping[str, str] = field(default_factory=dict)
    """Header to the file that holds its value; relative to the configuration's folder."""
    username: str = ""
    password_env: str = ""
    password_file: str = ""
    proxy: str = ""
    """A proxy of the feed's own, without a password; ``direct`` for none where others use one."""
    proxy_env: str = ""
    proxy_file: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """How a feed is asked for, with the secrets in it: made for one poll, never kept."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    login: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password; else those in the address."""
    proxy: str = field(default="", repr=False)
    """Of the feed's own; ``direct`` for none."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A source that is polled, with all that is remembered of it."""

    id: int
    url: str
    title: str = ""
    outlet: str = ""
    """The name people know the source by; falls back to the title, then to the host."""
    publisher: str = ""
    """The publisher family: feeds of one family confirm nothing for each other."""
    kind: str = "press"
    """One of :data:`KINDS`."""
    lang: str = ""
    folder: str = ""
    country: str = ""
    """Of the publisher, as ISO 3166-1 has it: TW, CN, US."""
    full_text: bool = False
    """Whether the page of each new item is fetched too, and its text read."""
    selectors: Selectors | None = None
    """Of a page without a feed, how it is read; such a page stands in the configuration."""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    next_poll: datetime | None = None
    failures: int = 0
    status: str = "new"
    """``new``, ``ok``, ``unchanged``, one of :data:`RETIRED`, or the name of the last failure."""
    error: str = ""
    last_success: datetime | None = None
    """None until the first poll that could be read; that poll is silent."""
    missed: datetime | None = None
    """When a page last shared nothing with those before it, so that items between may be missing."""
    habits: Habits = Habits()
    access: Access = Access()

    @property
    def name(self) -> str:
        """Return what to call this feed in front of people."""
        return self.outlet or self.title or re.sub(r"(?<=://)[^/?#]*@", "", self.url)


@dataclass(frozen=True, slots=True)
class Page:
    """What a feed's address answered."""

    url: str
    """Where the bytes came from, after redirects."""
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    """The server said 304, so the body is empty and nothing is new."""
    moved_to: str = ""
    """The new address, when every redirect on the way was permanent."""
    fresh_for: float | None = None
    """For how many seconds the server says that asking again is of no use (``Cache-Control``, ``Expires``)."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """What a poll changes of its feed; None leaves a field as it is."""

    feed_id: int
    status: str
    next_poll: datetime
    failures: int
    error: str = ""
    succeeded: datetime | None = None
    title: str | None = None
    lang: str | None = None
    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    missed: datetime | None = None
    habits: Habits | None = None
    marks: bytes | None = None
    """By what the items of its page are known next time."""
    asked: datetime | None = None
    """When its host had last been asked for it."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a feed's latest items tell of it."""

    items: int = 0
    tagged: int = 0
    """Those with a theme."""
    duplicates: int = 0
    """Those that another feed had shown before, at the same address or in the same words."""
    lag: float | None = None
    """The median of seconds from published to seen; None when none of the items allows to say."""
    newest: datetime | None = None
    """When the last new item was seen."""
