"""The conductor: it goes out to fetch, store and send, and comes back to decide. No stage calls another stage.

One batch's way: tick -> Job("poll") -> fetch -> parse -> unseen -> score -> place -> decide -> commit; then deliver.
Feed state, items, stories, alerts and their deliveries commit together, so an alert decided is an alert delivered.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from classifiers.model import Text
from classifiers.text import language
from monitor.core import digest as digests
from monitor.core import policy, stories
from monitor.core.parse import parse
from monitor.errors import FeedError
from monitor.model import (
    Alert,
    Article,
    Decision,
    Delivery,
    Digest,
    Entry,
    Feed,
    FeedState,
    Job,
    Page,
    ParsedFeed,
    Reason,
    Story,
    Told,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.app import App
    from monitor.edges.store import Store, Work

BATCH = 100
"""Feeds of one job: fetched together, committed together."""
PER_HOST = 20
"""Feeds of one host in a job: politeness makes them wait for each other."""
POLL_LEASE = timedelta(minutes=10)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Polled:
    """What a batch of polls brought."""

    feeds: int = 0
    failed: int = 0
    items: int = 0
    tagged: int = 0
    alerts: int = 0
    held: int = 0
    """Alerts that the silent first poll of a feed kept back."""

    def __add__(self, other: Polled) -> Polled:
        return Polled(*(getattr(self, n) + getattr(other, n) for n in Polled.__slots__))


@dataclass(frozen=True, slots=True)
class Reading:
    """One feed, its page read."""

    feed: Feed
    page: Page | None = None
    error: FeedError | None = None
    parsed: ParsedFeed | None = None
    """None when the page is unchanged or could not be read."""
    body_hash: str = ""
    fresh: tuple[Entry, ...] = ()


@dataclass(slots=True)
class _Batch:
    """What one commit writes, gathered."""

    now: datetime
    told: dict[tuple[str, int], Told] = field(default_factory=dict)
    alerts: int = 0
    held: int = 0


def tick(app: App, *, force: bool = False, since: datetime | None = None) -> list[Job]:
    """Lease the feeds that are due and return the jobs to poll them; *since* marks one forced round."""
    now = app.now()
    with app.store.begin() as work:
        work.beat(now)
        feeds = work.due_feeds(since or now, BATCH, POLL_LEASE, force=force, per_host=PER_HOST)
    return [Job("poll", tuple(feed.id for feed in feeds))] if feeds else []


def poll(app: App, ids: Sequence[int]) -> Polled:
    """Fetch, read, tag and store a batch of feeds; queue the alerts that the rules want."""
    with app.store.read() as work:
        feeds = work.feeds_of(ids)
    pages = app.fetcher.fetch_all_blocking(feeds)
    now = app.now()
    readings = [_read(feed, page, now) for feed, page in zip(feeds, pages, strict=True)]
    with app.store.read() as work:
        readings = [_with_fresh(work, reading) for reading in readings]
    articles = _tag(app, readings, now)
    polled = _commit(app, readings, articles, now)
    for reading in readings:
        if reading.error:
            log.warning(
                "feed failed",
                feed=reading.feed.id,
                url=reading.feed.url,
                status=reading.error.status,
                error=str(reading.error),
            )
    log.info("polled", **{name: getattr(polled, name) for name in Polled.__slots__})
    return polled


def _read(feed: Feed, page: Page | FeedError, now: datetime) -> Reading:
    """Return a feed's page, read; an unchanged page ends here and a failure is a value."""
    if isinstance(page, FeedError):
        return Reading(feed, error=page)
    if page.unchanged:
        return Reading(feed, page)
    body_hash = hashlib.blake2b(page.body, digest_size=16).hexdigest()
    if body_hash == feed.body_hash:
        return Reading(feed, page, body_hash=body_hash)
    try:
        return Reading(feed, page, parsed=parse(page, feed, now), body_hash=body_hash)
    except FeedError as error:
        return Reading(feed, page, error=error)


def _with_fresh(work: Work, reading: Reading) -> Reading:
    if reading.parsed is None:
        return reading
    return replace(reading, fresh=tuple(work.unseen(reading.feed.id, reading.parsed.entries)))


def _tag(app: App, readings: Sequence[Reading], now: datetime) -> list[tuple[Reading, Article]]:
    """Return the fresh entries as articles with probabilities, reasons and facts."""
    fresh = [(reading, _with_language(reading.feed, entry)) for reading in readings for entry in reading.fresh]
    texts = [Text(entry.title, entry.summary, lang=entry.lang) for _, entry in fresh]
    scored = app.classifier.score(texts, thresholds=app.thresholds) if texts else []
    return [
        (
            reading,
            Article(
                entry,
                reading.feed,
                now,
                result.scores,
                result.themes,
                {theme: tuple(Reason(*word) for word in words) for theme, words in result.reasons.items()},
                app.classifier.version,
                stories.fingerprint(entry.title, entry.summary) if result.themes else (),
                app.facts.facts(entry.title, entry.summary),
            ),
        )
        for (reading, entry), result in zip(fresh, scored, strict=True)
    ]


def _with_language(feed: Feed, entry: Entry) -> Entry:
    """Return an entry with its language: as declared, as known of its feed, else as its text reads."""
    if entry.lang or feed.lang:
        return entry
    guess = language(f"{entry.title} {entry.summary}")
    return entry if guess == "other" else replace(entry, lang=guess)


def _commit(
    app: App, readings: Sequence[Reading], articles: Sequence[tuple[Reading, Article]], now: datetime
) -> Polled:
    """Write feed states, items, stories, alerts and deliveries in one transaction."""
    batch = _Batch(now)
    silent = {reading.feed.id: _silence(reading) for reading in readings}
    with app.store.begin() as work:
        work.lock_stories()
        # Another worker may have stored the same entries since they were compared.
        fresh = _still_unseen(work, articles)
        plain = [article for article in fresh if not article.themes]
        placing = _place(work, [article for article in fresh if article.themes])
        for article in plain:
            entry_id = work.save_article(article, None)
            _decide(app, work, batch, _Case(article, _alone(article), entry_id, silent[article.feed.id]))
        ids = [work.save_story(story, stories.bands(story.fingerprint)) for story in placing.stories]
        _remember(work, batch, ids)
        for placed in placing.placed:
            story = ids[placed.story]
            entry_id = work.save_article(placed.article, story.id)
            _decide(app, work, batch, _Case(placed.article, story, entry_id, silent[placed.article.feed.id]))
        for reading in readings:
            work.save_state(_state(app, work, reading, now))
    failed = sum(reading.error is not None for reading in readings)
    return Polled(len(readings), failed, len(fresh), len(placing.placed), batch.alerts, batch.held)


def _silence(reading: Reading) -> str:
    """Return why a feed's fresh entries may not alert, or nothing."""
    if reading.feed.last_success is None:
        return "first_poll"
    total = len(reading.parsed.entries) if reading.parsed else 0
    return "storm" if policy.storm(reading.feed, len(reading.fresh), total) else ""


def _still_unseen(work: Work, articles: Sequence[tuple[Reading, Article]]) -> list[Article]:
    by_feed: dict[int, list[Article]] = {}
    for _, article in articles:
        by_feed.setdefault(article.feed.id, []).append(article)
    kept: list[Article] = []
    for feed_id, group in by_feed.items():
        unseen = {entry.ident for entry in work.unseen(feed_id, [article.entry for article in group])}
        kept += [article for article in group if article.entry.ident in unseen]
    return kept


def _place(work: Work, articles: Sequence[Article]) -> stories.Placing:
    keys = sorted({band for article in articles for band in stories.bands(article.fingerprint)})
    since = min((article.when for article in articles), default=None)
    known = work.candidates(keys, since - stories.WINDOW) if since and keys else []
    return stories.place(articles, known)


def _remember(work: Work, batch: _Batch, found: Sequence[Story]) -> None:
    for told in work.told([story.id for story in found]):
        batch.told[told.rule, told.story] = told


@dataclass(frozen=True, slots=True)
class _Case:
    """An article as it stands when the rules are asked."""

    article: Article
    story: Story
    entry_id: int
    silent: str


def _alone(article: Article) -> Story:
    """Return a story for the rules to look at of an article without a theme; it is never stored."""
    return stories.place([article], []).stories[0]


def _decide(app: App, work: Work, batch: _Batch, case: _Case) -> None:
    """Ask the rules, keep what they say with the item, and queue what people are to be told."""
    told = {rule: t for (rule, story), t in batch.told.items() if story == case.story.id and story}
    decisions = policy.decide(app.rules, policy.Situation(case.article, case.story, batch.now, told, case.silent))
    work.save_decisions(case.entry_id, decisions, batch.now)
    for decision in decisions:
        batch.held += decision.reason in {"first_poll", "storm"}
        if decision.alert:
            said = tuple(work.story_facts(case.story.id))
            _alert(app, work, batch, replace(_alert_of(app, case, decision, batch.now), facts=said))


def _alert_of(app: App, case: _Case, decision: Decision, now: datetime) -> Alert:
    rule = next(rule for rule in app.rules if rule.name == decision.rule)
    words = tuple(reason.text for reason in case.article.reasons.get(decision.theme, ())[:6])
    return Alert(
        rule.name,
        rule.severity,
        case.story,
        decision.theme,
        decision.score,
        decision.reason,
        decision.revision,
        now,
        words,
    )


def _alert(app: App, work: Work, batch: _Batch, alert: Alert) -> None:
    """Store an alert with its deliveries, one a channel."""
    rule = next(rule for rule in app.rules if rule.name == alert.rule)
    alert_id = work.save_alert(alert)
    deliveries = [
        Delivery(
            key=f"alert/{rule.name}/{alert.story.id}/{alert.revision}/{name}",
            channel=name,
            due=batch.now,
            message=app.renderer.alert(alert, app.channels[name].medium),
            created=batch.now,
        )
        for name in dict.fromkeys(rule.channels)
    ]
    work.queue(deliveries, alert_id)
    batch.alerts += 1
    told = Told(rule.name, alert.story.id, alert.revision, len(alert.story.publishers), batch.now)
    batch.told[rule.name, alert.story.id] = told
    log.info("alert", rule=rule.name, story=alert.story.id, theme=alert.theme, revision=alert.revision)


def _state(app: App, work: Work, reading: Reading, now: datetime) -> FeedState:
    """Return what a poll changes of its feed."""
    feed, page, error = reading.feed, reading.page, reading.error
    if error:
        failures = feed.failures + 1
        due = policy.due(app.cadence, feed, now, failures=failures, retry_after=error.retry_after)
        return FeedState(feed.id, error.status, due, failures, error=str(error))
    due = policy.due(app.cadence, feed, now)
    if page is None or (reading.parsed is None and not reading.body_hash):
        return FeedState(feed.id, "unchanged", due, 0, succeeded=now, url=page.moved_to or None if page else None)
    if page.moved_to and (other := work.feed_by_url(page.moved_to)) and other.id != feed.id:
        text = f"moved to {page.moved_to}, which is polled as {other.name}; this address is retired"
        return FeedState(feed.id, "gone", due, 0, error=text, succeeded=now)
    parsed = reading.parsed
    return FeedState(
        feed.id,
        "ok" if parsed else "unchanged",
        due,
        0,
        succeeded=now,
        title=parsed.title if parsed and parsed.title else None,
        lang=parsed.lang if parsed and parsed.lang and not feed.lang else None,
        url=page.moved_to or None,
        etag=page.etag,
        last_modified=page.last_modified,
        body_hash=reading.body_hash,
    )


def digest_of(app: App, day: date) -> Digest:
    """Compose the digest of a local day from what is stored."""
    start, end = digests.day_bounds(day, app.zone)
    before, _ = digests.day_bounds(day - timedelta(days=1), app.zone)
    with app.store.read() as work:
        doubtful = [(item.title, item.url, *item.best) for item in work.doubtful(start, end, 8)]
        return digests.compose(
            digests.Day(
                day,
                app.zone,
                work.stories_between(start, end),
                work.stories_between(before, start),
                tuple(app.look.names),
                app.look.names,
                doubtful,
                work.feeds(),
            )
        )


def send_digest(app: App, day: date | None = None, *, again: bool = False) -> bool:
    """Queue the digest that is due, or that of a day asked for; say whether one was queued.

    The digest row and its deliveries commit together: whatever restarts happen, a day is sent once.
    """
    now = app.now()
    due = day or digests.edition(now, app.digest_at, app.zone)
    if due is None or not app.digest_channels or not _has_news(app, due, asked=day is not None):
        return False
    digest = digest_of(app, due)
    with app.store.begin() as work:
        if not work.save_digest("daily", due, now) and not again:
            return False
        mark = f"/{int(now.timestamp())}" if again else ""
        work.queue(
            [
                Delivery(
                    key=f"digest/daily/{due}/{name}{mark}",
                    channel=name,
                    due=now,
                    created=now,
                    message=app.renderer.digest(digest, app.channels[name].medium),
                )
                for name in dict.fromkeys(app.digest_channels)
            ]
        )
    log.info("digest", date=str(due))
    return True


def _has_news(app: App, day: date, *, asked: bool) -> bool:
    """Say whether the program was already watching on a day, and that day's digest is still to be sent."""
    _, end = digests.day_bounds(day, app.zone)
    with app.store.read() as work:
        first = work.first_seen()
        return asked or (first is not None and first < end and not work.has_digest("daily", day))


def prune(store: Store, now: datetime, items: timedelta, untagged: timedelta) -> Mapping[str, int]:
    """Delete what is past its keeping, a batch a transaction so that others get their turn; return the counts."""
    total: Counter[str] = Counter()
    while True:
        with store.begin() as work:
            counts = work.prune(now, items, untagged)
        total.update(counts)
        if not any(counts.values()):
            return total
