"""The composition root: one record that holds what the pipeline needs, and the one clock."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Protocol

import css_inline
import structlog

from config.access import Safe, SecretMissing
from config.channels import AppriseChannel, EmailChannel, FileChannel, SlackChannel, WebhookChannel
from config.channels import Channel as ChannelTable
from config.watching import WEEK, WatchTable
from monitor import models
from monitor.core.bilingual import Bilingual
from monitor.core.bundles import Burst
from monitor.core.cadence import Cadence
from monitor.core.expected import Watch
from monitor.core.facts import Extractor
from monitor.core.quiet import QuietHours
from monitor.core.render import Look, Renderer, environment
from monitor.core.urls import bare_url
from monitor.edges.channels.apprise import Apprise
from monitor.edges.channels.console import Console, File
from monitor.edges.channels.email import Email
from monitor.edges.channels.http import Post, post
from monitor.edges.channels.slack import Slack, SlackBot
from monitor.edges.channels.webhook import Webhook
from monitor.edges.fetch import Fetcher, FetchSettings
from monitor.errors import FeedError
from monitor.parsing import Parsers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from classifiers.keywords import CustomTheme
    from classifiers.model import Scored, Text
    from config.settings import Loaded, Settings
    from monitor.edges.channels import Channel, Channels
    from monitor.edges.store import Store
    from monitor.model import Feed, Keys, Page, Rule

VERSION = "0.1.0"
CONCURRENCY = 64
"""Feeds fetched at once by one batch, over all hosts."""
log = structlog.get_logger()


class Reads(Protocol):
    """Fetches feeds: a page or an error for each."""

    def fetch_all_blocking(self, feeds: Sequence[Feed]) -> list[Page | FeedError]:
        """Fetch all, concurrently and politely, from a thread without an event loop."""

    def fetch_in_parts(
        self, feeds: Sequence[Feed], asked: Mapping[str, float]
    ) -> Iterable[Sequence[tuple[Feed, Page | FeedError]]]:
        """Do the same, and yield what came so far whenever the rest is slow; *asked*: how long ago hosts were."""


class Tags(Protocol):
    """Gives texts probabilities of themes, and reasons."""

    @property
    def version(self) -> str:
        """Name the model."""

    @property
    def sure(self) -> Mapping[str, float]:
        """Return for each theme the probability from which on it is worth an alert."""

    def score(self, texts: Sequence[Text], *, thresholds: Mapping[str, float] | None = None) -> list[Scored]:
        """Score texts in order."""


def clock() -> datetime:
    """Return the present moment in UTC: the one clock of the program."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    """Return the reader of facts over the tables that ship with the program, read once."""
    folder = resources.files("monitor.core").joinpath("facts")
    tables = (file for file in _files(folder.iterdir()) if file.name.endswith(".toml"))
    return Extractor({file.name: file.read_text(encoding="utf-8") for file in tables})


@dataclass(frozen=True, slots=True)
class App:
    """Everything the pipeline works with. Tests build one from their own parts."""

    store: Store
    fetcher: Reads
    classifier: Tags
    channels: Channels
    rules: tuple[Rule, ...]
    renderer: Renderer
    look: Look
    zone: ZoneInfo
    cadence: Cadence = field(default_factory=Cadence)
    thresholds: Mapping[str, float] | None = None
    digest_at: time = time(8)
    digest_channels: tuple[str, ...] = ()
    watches: tuple[Watch, ...] = ()
    """The sources that are expected by a time of day."""
    surge_channels: tuple[str, ...] = ()
    """Over which people hear of themes that are reported far more than usual."""
    tell: tuple[str, ...] = ()
    """Over which channels people hear of another one's failing, the first that works."""
    tell_after: timedelta = timedelta(minutes=30)
    quiet: QuietHours | None = None
    burst: Burst = field(default_factory=Burst)
    per_minute: Mapping[str, int] = field(default_factory=dict)
    """For each channel how many messages it takes in any minute; others take any number."""
    now: Callable[[], datetime] = clock
    facts: Extractor = field(default_factory=extractor)
    custom: tuple[CustomTheme, ...] = ()
    """The themes that the user added."""
    parsers: Parsers = field(default_factory=Parsers)
    model: str | None = None
    """The model version that the database named when the classifier was made, usable or not."""


def build(loaded: Loaded, store: Store, classifier: Tags | None = None) -> App:
    """Return the app that a configuration describes, over an open store."""
    settings = loaded.settings
    look = Look(settings.timezone, loaded.themes, css_inline.inline, bilingual())
    app = App(
        store=store,
        fetcher=Fetcher(fetch_settings(loaded)),
        classifier=classifier or models.builtin(loaded.custom).classifier,
        channels={name: channel(name, table, loaded.home) for name, table in settings.channels.items()},
        rules=tuple(rule.rule() for rule in settings.rules),
        renderer=Renderer(look, environment(templates())),
        look=look,
        zone=settings.timezone,
        thresholds=settings.classifier.thresholds or None,
        cadence=Cadence(settings.schedule.poll_default, settings.schedule.poll_min, settings.schedule.poll_max),
        digest_at=settings.schedule.digest,
        digest_channels=settings.digest.channels,
        watches=tuple(_watch(table) for table in settings.watch),
        surge_channels=settings.surge.channels,
        tell=settings.delivery.tell,
        tell_after=settings.delivery.tell_after,
        quiet=_quiet(settings),
        burst=Burst(settings.bundles.over, settings.bundles.within),
        per_minute={name: table.max_per_minute for name, table in settings.channels.items()},
        custom=loaded.custom,
        parsers=Parsers(0 if settings.runner.kind == "inline" else _spare_processors()),
    )
    return app if classifier else up_to_date(app)


def _quiet(settings: Settings) -> QuietHours | None:
    night = settings.quiet_hours
    if night.start is None or night.end is None:
        return None
    return QuietHours(night.start, night.end, settings.timezone, night.breaks_through)


def _watch(table: WatchTable) -> Watch:
    days = frozenset(WEEK.index(day) for day in table.days)
    return Watch(table.name, table.source, table.by, table.channels, days)


def _spare_processors() -> int:
    """Return how many processors there are besides the one that fetches and tags, a few at most."""
    return max(1, min(4, (os.cpu_count() or 1) - 1))


def up_to_date(app: App) -> App:
    """Return the app with the model that the database names by now; looking costs one small query.

    A model that cannot be used is told in the log once, and the built-in one takes its place.
    """
    with app.store.read() as work:
        named = work.active_version()
    if named == app.model:
        return app
    found = models.in_force(app.store, app.custom)
    if found.trouble:
        log.warning(found.trouble, version=found.version)
    log.info("model", version=found.classifier.version)
    return replace(app, classifier=found.classifier, model=found.version)


def fetch_settings(loaded: Loaded) -> FetchSettings:
    """Return how feeds are fetched under a configuration."""
    fetch = loaded.settings.fetch
    return FetchSettings(
        timeout=fetch.timeout.total_seconds(),
        max_bytes=fetch.max_bytes,
        per_host=fetch.per_host,
        per_host_gap=fetch.per_host_gap.total_seconds(),
        allow_networks=fetch.allow_networks,
        contact=fetch.contact,
        version=VERSION,
        proxy=fetch.proxy.get_secret_value() or None,
        concurrency=CONCURRENCY,
        keys=partial(_keys, Safe(loaded.environ, loaded.home)),
    )


def _keys(safe: Safe, feed: Feed) -> Keys:
    """Return the secrets that a feed is asked for with."""
    try:
        return safe.keys(feed.access)
    except SecretMissing as error:
        raise FeedError("access", f"{feed.outlet or feed.title or bare_url(feed.url)}: {error}") from error


def channel(name: str, table: ChannelTable, home: Path) -> Channel:
    """Return the channel that a table of the configuration describes; file paths are relative to *home*.

    Raises UsageError when it cannot be had on this installation.
    """
    if isinstance(table, SlackChannel):
        return _slack(name, table)
    if isinstance(table, WebhookChannel):
        request = Post(table.url.get_secret_value(), allow_private=table.allow_private)
        return Webhook(name, request, table.secret.get_secret_value())
    if isinstance(table, EmailChannel):
        return _email(name, table)
    if isinstance(table, AppriseChannel):
        made = Apprise(name, table.url.get_secret_value(), table.allow_private, table.timeout.total_seconds())
        made.check()
        return made
    if isinstance(table, FileChannel):
        return File(name, home / table.path)
    return Console(name)


def _slack(name: str, table: SlackChannel) -> Slack | SlackBot:
    token = table.token.get_secret_value()
    if not token:
        return Slack(name, Post(table.webhook_url.get_secret_value(), allow_private=table.allow_private))
    headers = {"Authorization": f"Bearer {token}"}
    api = Post(table.api_url.rstrip("/"), headers=headers, allow_private=table.allow_private)
    return SlackBot(name, api, table.channel)


def _email(name: str, table: EmailChannel) -> Email:
    return Email(
        name,
        table.host,
        table.port,
        table.sender,
        table.to,
        tls=table.tls,
        username=table.username,
        password=table.password.get_secret_value(),
        unsubscribe=table.unsubscribe,
        timeout=table.timeout.total_seconds(),
        allow_private=table.allow_private,
    )


def heartbeat(loaded: Loaded) -> Callable[[], None] | None:
    """Return the call that tells a dead-man's switch that all is well, if one is configured."""
    beat = loaded.settings.heartbeat
    url = beat.url.get_secret_value()
    if not url:
        return None
    request = Post(url, method="GET", allow_private=beat.allow_private, timeout=10)

    def call() -> None:
        post("heartbeat", request)

    return call


@lru_cache(maxsize=1)
def bilingual() -> Bilingual:
    """Return what themes, actors and facts are called in both languages, read once."""
    return Bilingual.read(resources.files("monitor.core").joinpath("bilingual.toml").read_text(encoding="utf-8"))


def templates() -> Mapping[str, str]:
    """Return the message templates that ship with the program."""
    folder = resources.files("monitor.core").joinpath("templates")
    return {file.name: file.read_text(encoding="utf-8") for file in _files(folder.iterdir())}


def _files(found: Iterable[resources.abc.Traversable]) -> list[resources.abc.Traversable]:
    return [file for file in found if file.is_file()]
