"""The nouns of the program, as frozen values. Imports nothing of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from datetime import tzinfo

Severity = Literal["low", "normal", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From the least urgent to the most."""
Change = Literal["corrections", "facts", "confirmed", "themes", "renewed"]
CHANGES: tuple[Change, ...] = get_args(Change)
"""What of a story that was told may be told again."""
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
class Entry:
    """One item of a feed, as text without markup."""

    ident: str
    """Stable identity within its feed: the id it declares, else its cleaned address, else its text."""
    url: str
    title: str
    summary: str
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    lang: str = ""
    text_hash: str = ""
    """A digest of title and summary, equal for equal text whatever the ids and dates do."""
    dated: str = ""
    """Empty when its date is its own; ``unknown`` when it says none, so that it counts from when it was first seen;
    ``future`` when it said one that had not come yet, which was cut to when it was read."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A page, read."""

    title: str
    lang: str
    entries: tuple[Entry, ...]
    habits: Habits = Habits()
    known: int = 0
    """How many items were left out, since they stood on the page last time as they do now."""
    marks: bytes = b""
    """By what its items are known next time."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A stored entry that says something else now."""

    entry_id: int
    story_id: int | None
    entry: Entry
    """As it is now."""
    title: str
    """What it said before, as is the summary."""
    summary: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A page beside what its feed showed before."""

    fresh: tuple[Entry, ...] = ()
    """Not seen before, each once."""
    edits: tuple[Edit, ...] = ()
    known: int = 0
    """How many of its entries were seen before, those edited among them."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A word or lexicon feature that spoke for a theme, with its weight in log-odds."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that a text tells, or a weapon system that it names. Unknown is None, never zero."""

    kind: str
    """One of ``monitor.core.facts.KINDS``."""
    value: float | None
    """The number; of a range the lower end; None for a weapon without a number."""
    sentence: str = ""
    """The sentence it came from, as it stands in the text."""
    span: tuple[int, int] = (0, 0)
    """Where in the sentence it is told."""
    approx: bool = False
    """Said with "about", "more than", "up to", or rounded by other words."""
    low: float | None = None
    """At least so many, where the text says so."""
    high: float | None = None
    """At most so many, where the text says so."""
    system: str = ""
    """The weapon system, by its common English name."""
    currency: str = ""
    """ISO 4217."""
    about: str = ""
    """What money is about: arms_sale, budget, aid or other."""
    unit: str = ""
    """What a duration is counted in: days, weeks, months, years."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact and the outlet that tells it."""

    outlet: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Signature:
    """What a report tells, cut down to what can be compared with other reports."""

    when: datetime
    han: bool = False
    """Its headline is in Chinese."""
    near: bool = False
    """It names Taiwan, China or a body of theirs."""
    terms: frozenset[str] = frozenset()
    """Of the headline: words, concepts as ``act:drill``, deeds with their things as ``act:ban+thing:fruit``."""
    aside: frozenset[str] = frozenset()
    """The terms that only tell a circumstance."""
    more: frozenset[str] = frozenset()
    """Terms that only the lead has."""
    voices: frozenset[str] = frozenset()
    """Who speaks or acts: body and people."""
    states: frozenset[str] = frozenset()
    """The states that speak or act."""
    said: bool = False
    """It reports what somebody says, not what is done."""
    coming: bool = False
    """What it reports is still to be done."""
    phases: frozenset[str] = frozenset()
    """How far it has come: begin, day_two, end ..."""
    apart: bool = False
    """An analysis, opinion, question or round-up: no report of one event."""
    numbers: frozenset[str] = frozenset()
    """Those of the headline."""
    figures: frozenset[str] = frozenset()
    """Those that only the lead has."""
    counts: frozenset[str] = frozenset()
    """What is counted and how many, as in ``aircraft=45``."""
    length: int = 0
    """Words of the whole text."""
    sketch: str = ""
    """The MinHash of the text, one byte a value."""
    writer: str = ""
    """Who wrote the text: an agency, or the publisher; empty before it is placed."""


@dataclass(frozen=True, slots=True)
class Article:
    """An entry of one feed, tagged."""

    entry: Entry
    feed: Feed
    seen: datetime
    """When this program first saw it."""
    scores: Mapping[str, float]
    """A calibrated probability for every theme."""
    themes: tuple[str, ...]
    """The decided ones, most probable first."""
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    model: str = ""
    """The version of the model that tagged it."""
    fingerprint: tuple[int, ...] = ()
    """MinHash of the text, for finding near-identical reports."""
    facts: tuple[Fact, ...] = ()
    """What it tells that concerns Taiwan."""
    signature: Signature | None = None
    """What is compared with other reports; made when it is placed, unless it was made before."""
    text: str = ""
    """The text of its own page, of a feed that is marked so."""

    @property
    def when(self) -> datetime:
        """Return when it was published, capped at when it was seen; the latter when it does not say."""
        published = self.entry.published
        return min(published, self.seen) if published else self.seen


@dataclass(frozen=True, slots=True)
class Source:
    """One report within a story: who says so."""

    outlet: str
    publisher: str
    kind: str
    url: str
    title: str
    seen: datetime
    origin: str = ""
    """Who wrote it, when that is another: an agency credited, or the publisher whose text it repeats."""

    @property
    def writer(self) -> str:
        """Return who wrote it: reports of one writer confirm nothing for each other."""
        return self.origin or self.publisher or self.outlet


@dataclass(frozen=True, slots=True)
class Story:
    """Reports of one event. *id* is 0 until it is stored."""

    id: int
    headline: str
    url: str
    lang: str
    summary: str
    first_seen: datetime
    last_seen: datetime
    scores: Mapping[str, float]
    """Per theme the highest probability among its reports."""
    themes: tuple[str, ...]
    sources: tuple[Source, ...]
    fingerprint: tuple[int, ...] = ()
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    """Of its first and its latest reports; none when it was stored by an earlier version."""

    @property
    def publishers(self) -> frozenset[str]:
        """Return the independent publishers that report it, by who wrote the text."""
        return frozenset(s.writer for s in self.sources)

    @property
    def official(self) -> bool:
        """Say whether an official source reports it."""
        return any(s.kind == "official" for s in self.sources)


Figures = Mapping[str, tuple[float, float]]
"""What a story's reports count, from the lowest to the highest that is told: ``aircraft``, ``money/USD/arms_sale``."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a rule asks of a figure: ``aircraft >= 20``."""

    kind: str
    """A kind of fact, or one with its parts: ``money/USD``, ``weapon/HIMARS``."""
    sign: Literal[">=", ">", "<=", "<", "="]
    value: float


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told besides when nobody takes note of an alert."""

    after: timedelta
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What an operator wants to be told, where, and how urgently. Empty conditions hold for everything."""

    name: str
    themes: tuple[str, ...] = ()
    min_score: float | None = None
    """None: the classifier's own alert threshold of the theme."""
    keywords: tuple[str, ...] = ()
    not_keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    min_publishers: int = 1
    or_official: bool = False
    max_age: timedelta = timedelta(days=3)
    repeat: timedelta = timedelta(hours=6)
    """So long a story that was told is not told again, whatever changes."""
    updates: tuple[Change, ...] = CHANGES
    """What may be told again of a story."""
    severity: Severity = "normal"
    channels: tuple[str, ...] = ()
    facts: tuple[Bound, ...] = ()
    """All of these must hold for what the story's reports count."""
    escalate: Escalation | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes the alerts in which all that it names is found, until a moment; what is empty is not asked for."""

    until: datetime
    theme: str = ""
    rule: str = ""
    source: str = ""
    keyword: str = ""
    story: int | None = None
    comment: str = ""
    author: str = ""
    id: int = 0
    created: datetime | None = None
    ended: datetime | None = None
    """When somebody ended it before its time."""

    def active(self, now: datetime) -> bool:
        """Say whether it mutes at a moment."""
        return self.ended is None and now < self.until


@dataclass(frozen=True, slots=True)
class Told:
    """The last alert of one rule about one story."""

    rule: str
    story: int
    revision: int
    publishers: int
    at: datetime
    figures: Figures | None = None
    """What the reports counted then; None when that was not kept."""
    themes: tuple[str, ...] | None = None
    """The themes of the story then, likewise."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule said about an article, and why; *alert* is true when people are to be told."""

    rule: str
    alert: bool
    reason: str
    """One of ``monitor.core.policy.REASONS``."""
    theme: str = ""
    score: float = 0.0
    revision: int = 0
    compared: Mapping[str, Any] = field(default_factory=dict)
    """What was looked at: what is there, and what the rule wants or people were told."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A decision to tell people of a story."""

    rule: str
    severity: Severity
    story: Story
    theme: str
    score: float
    reason: str
    revision: int
    at: datetime
    words: tuple[str, ...] = ()
    facts: tuple[Said, ...] = ()
    """What the reports of the story tell, by who says so."""
    figures: Figures = field(default_factory=dict)
    """The same as numbers, to compare later reports with."""
    change: str = ""
    """What is new since people were last told, in words; empty for a first alert."""
    escalate_at: datetime | None = None
    """When others are told if nobody has taken note by then."""


@dataclass(frozen=True, slots=True)
class Message:
    """An alert or digest, rendered for one medium; a medium reads the parts it needs."""

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "normal"
    link: str = ""
    """Where the rest can be read when a medium is too small for all of it."""
    thread: str = ""
    """What it is about, as in ``story/7``: media that can, show messages of one thread together."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel says of a message that it took."""

    note: str = ""
    """A word for the operator, mostly empty."""
    mark: str = ""
    """By what the channel finds the message again; later ones of its thread refer to it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first message of a thread on a channel."""

    key: str
    """The delivery's."""
    mark: str
    """As its receipt had it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way over one channel; *key* is the same whenever the same message is sent again."""

    key: str
    channel: str
    message: Message
    due: datetime
    id: int = 0
    attempts: int = 0
    sent: datetime | None = None
    dead: datetime | None = None
    error: str = ""
    created: datetime | None = None
    note: str = ""
    """What the channel said of a message that it took, mostly nothing."""
    held: str = ""
    """Why it was put aside until it is due: ``quiet`` hours or a ``burst``."""
    bundle: int | None = None
    """The id of the message that it goes with."""
    opening: Opening | None = None
    """What this message goes on from; looked up when it is sent, never stored with it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel that takes nothing."""

    channel: str
    since: datetime
    """The first failure after the last message that it took."""
    error: str
    """The latest."""
    told: datetime | None = None
    """When people were told over another channel."""
    over: str = ""
    """That channel."""


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


@dataclass(frozen=True, slots=True)
class DigestStory:
    """A story's place in a digest."""

    story: Story
    theme: str
    new: bool
    """First seen on the digest's day; otherwise it only grew."""


@dataclass(frozen=True, slots=True)
class Digest:
    """One local day, composed."""

    date: str
    """ISO local date."""
    lines: tuple[str, ...]
    """The day in at most five lines."""
    sections: tuple[tuple[str, tuple[DigestStory, ...]], ...]
    """Per theme, the stories ranked."""
    changes: tuple[str, ...]
    """What differs from the day before."""
    doubtful: tuple[tuple[str, str, str, float], ...]
    """Items to review: title, address, theme, probability."""
    troubled: tuple[Feed, ...]
    """Feeds that failed at their last poll, or of which items of the day may be missing."""
    drift: tuple[str, ...] = ()
    """What is said of themes whose probabilities left their band."""
    activity: tuple[tuple[str, tuple[int | None, ...]], ...] = ()
    """Per theme the index of the last 30 days, this one last; None for a day on which nothing was watched."""
    late: tuple[str, ...] = ()
    """What is said of expected sources that came late, or not."""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that any worker may do, more than once: a name and ids."""

    name: str
    ids: tuple[int, ...]
