"""The conductor: it goes out to fetch, store and send, and comes back to decide. No stage calls another stage.

One batch's way: tick -> Job("poll") -> fetch -> parse -> compare -> score -> place -> decide -> commit; then deliver.
Feed state, items, stories, alerts and their deliveries commit together, so an alert decided is an alert delivered.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from monitor.activity import chart, counted, late_lines
from monitor.alerting import SILENT, Case, Evaluation
from monitor.core import digest as digests
from monitor.core import drift, outcome, stories
from monitor.core.urls import bare_url
from monitor.model import Delivery, Digest, Job, Page, Story
from monitor.reading import read_all
from monitor.tagging import tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.app import App
    from monitor.core.outcome import Reading
    from monitor.edges.store import Store, Work
    from monitor.errors import FeedError
    from monitor.model import Article, Feed
    from monitor.tagging import Tagged

BATCH = 100
"""Feeds of one job: fetched together, committed together."""
PER_HOST = 20
"""Feeds of one host in a job: politeness makes them wait for each other."""
PAGES = 50
"""New pages that are read, tagged and committed together."""
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


def tick(app: App, *, force: bool = False, since: datetime | None = None) -> list[Job]:
    """Lease the feeds that are due and return the jobs to poll them; *since* marks one forced round."""
    now = app.now()
    begun = since or now
    with app.store.begin() as work:
        work.beat(now)
        ids = work.due_ids(begun, BATCH, POLL_LEASE + (now - begun), force=force, per_host=PER_HOST)
    return [Job("poll", tuple(ids))] if ids else []


def poll(app: App, ids: Sequence[int]) -> Polled:
    """Fetch, read, tag and store a batch of feeds; queue the alerts that the rules want.

    What slow feeds would hold up is committed before they have come.
    """
    now = app.now()
    with app.store.read() as work:
        feeds = work.feeds_of(ids)
        asked = {host: (now - moment).total_seconds() for host, moment in work.asked_lately(ids, now).items()}
    parts = (some for part in app.fetcher.fetch_in_parts(feeds, asked) for some in _portions(part))
    return sum((_settle(app, part) for part in parts), Polled())


def _portions(answers: Sequence[tuple[Feed, Page | FeedError]]) -> Iterator[Sequence[tuple[Feed, Page | FeedError]]]:
    """Cut what came so that the items of so many new pages are in memory at once; unchanged ones take next to none."""
    begun = pages = 0
    for at, (_, page) in enumerate(answers):
        pages += isinstance(page, Page) and not page.unchanged
        if pages > PAGES:
            yield answers[begun:at]
            begun, pages = at, 1
    yield answers[begun:]


def _settle(app: App, answers: Sequence[tuple[Feed, Page | FeedError]]) -> Polled:
    """Read, tag and store what feeds answered."""
    now = app.now()
    readings = read_all(app, answers, now)
    polled = _commit(app, readings, tag(app, readings, now), now)
    for reading in readings:
        _say(reading)
    log.info("polled", **{name: getattr(polled, name) for name in Polled.__slots__})
    return polled


def _say(reading: Reading) -> None:
    """Log what the operator may want to know of a feed's poll."""
    feed, error = reading.feed, reading.error
    if error:
        log.warning("feed failed", feed=feed.id, url=bare_url(feed.url), status=error.status, error=str(error))
    if reading.page and reading.page.moved_to:
        log.info("feed moved", feed=feed.id, url=bare_url(feed.url), to=bare_url(reading.page.moved_to))
    if reading.missed:
        log.warning("items may be missing", feed=feed.id, url=bare_url(feed.url))


def _commit(app: App, readings: Sequence[Reading], tagged: Sequence[Tagged], now: datetime) -> Polled:
    """Write feed states, items, stories, alerts and deliveries in one transaction."""
    with app.store.begin() as work:
        work.lock_stories()
        rules = Evaluation(app, work, now)
        standing = _still_new(work, tagged)
        _keep_plain(work, rules, [one for one in standing if not one.edit and not one.article.themes])
        for one in standing:
            if one.edit and one.edit.story_id:
                _revise(work, rules, one, one.edit.story_id)
            elif one.edit and not one.article.themes:
                _keep(work, rules, one, _alone(one.article))
        placing = _place_all(work, rules, standing)
        rules.end()
        work.save_states(outcome.state(app.cadence, one, now, _now_at(work, one)) for one in readings)
        scores = [one.article.scores for one in standing if one.edit is None]
        work.count_scores(app.classifier.version, drift.counted(scores, now.date()))
    failed = sum(reading.error is not None for reading in readings)
    fresh = sum(one.edit is None for one in standing)
    return Polled(len(readings), failed, fresh, placing, rules.alerts, rules.held)


def _now_at(work: Work, reading: Reading) -> Feed | None:
    """Return the feed that has the address to which another one moved."""
    return work.feed_by_url(reading.page.moved_to) if reading.page and reading.page.moved_to else None


def _still_new(work: Work, tagged: Sequence[Tagged]) -> list[Tagged]:
    """Return what no other worker has stored since it was compared."""
    new: dict[int, list[Tagged]] = {}
    for one in tagged:
        if one.edit is None:
            new.setdefault(one.article.feed.id, []).append(one)
    successes = work.last_successes(new)
    touched = (feed_id for feed_id, (one, *_) in new.items() if successes.get(feed_id) != one.article.feed.last_success)
    stored = {f: work.stored_idents(f, [one.article.entry.ident for one in new[f]]) for f in touched}
    fresh = [one for one in tagged if one.edit or one.article.entry.ident not in stored.get(one.article.feed.id, ())]
    return _edited(work, fresh)


def _edited(work: Work, tagged: Sequence[Tagged]) -> list[Tagged]:
    """Return these without edits that another worker has stored; meanwhile somebody may have moved an item's story."""
    stories_now = work.standing([one.edit for one in tagged if one.edit])
    return [
        replace(one, edit=replace(one.edit, story_id=stories_now[one.edit.entry_id])) if one.edit else one
        for one in tagged
        if not one.edit or one.edit.entry_id in stories_now
    ]


def _keep_plain(work: Work, rules: Evaluation, plain: Sequence[Tagged]) -> None:
    """Store new items without a theme, all at once, and ask the rules about them."""
    silence = {id(one.reading): one.reading.silence for one in plain}
    ids = work.save_articles([one.article for one in plain])
    for one, entry_id in zip(plain, ids, strict=True):
        rules.ask(Case(one.article, _alone(one.article), entry_id, silence[id(one.reading)]))


def _revise(work: Work, rules: Evaluation, one: Tagged, story_id: int) -> None:
    """Keep an edit of a report whose story is known."""
    story = work.story(story_id)
    if story and one.edit:
        story = stories.revised(story, one.article, one.edit)
        story = work.save_story(story, stories.bands(one.article.fingerprint))
        rules.remember([story])
    _keep(work, rules, one, story or _alone(one.article))


def _place_all(work: Work, rules: Evaluation, standing: Sequence[Tagged]) -> int:
    """Put the tagged reports without a story into theirs; return how many there are."""
    loose = {id(one.article): one for one in standing if one.article.themes and not (one.edit and one.edit.story_id)}
    placing = _place(work, [one.article for one in loose.values()])
    found = [work.save_story(story, stories.story_keys(story)) for story in placing.stories]
    rules.remember(found)
    for placed in placing.placed:
        entry_id = _keep(work, rules, loose[id(placed.article)], found[placed.story])
        if placed.part:
            work.save_part(entry_id, placed.part)
    return len(placing.placed)


def _keep(work: Work, rules: Evaluation, one: Tagged, story: Story) -> int:
    """Store an item, new or edited, ask the rules about it, and return its id."""
    story_id, silent = story.id or None, one.reading.silence
    if one.edit:
        entry_id = one.edit.entry_id
        work.save_edit(one.edit, one.article, story_id, correction=one.corrected)
        held = (said.reason for said in work.decisions_of(entry_id) if said.reason in SILENT)
        silent = silent or next(held, "")
    else:
        entry_id = work.save_article(one.article, story_id)
    rules.ask(Case(one.article, story, entry_id, silent, one.corrected))
    return entry_id


def _place(work: Work, articles: Sequence[Article]) -> stories.Placing:
    if not articles:
        return stories.place([], [])
    keys = sorted({key for article in articles for key in stories.article_keys(article)})
    first = min(article.when for article in articles)
    reached = work.reached(keys, first - stories.WINDOW)
    around = stories.Around(work.crowd(first - stories.WINDOW), work.crowd(first - stories.DAY), reached)
    return stories.place(articles, work.stories_of(stories.likely(articles, reached)), around)


def _alone(article: Article) -> Story:
    """Return a story for the rules to look at of an article without one; it is never stored."""
    if article.themes:
        return stories.begin(article)
    entry, seen = article.entry, article.seen  # no rule looks further, so nobody is asked who wrote it
    return Story(0, entry.title, entry.url, entry.lang, entry.summary, seen, seen, article.scores, (), ())


def digest_of(app: App, day: date) -> Digest:
    """Compose the digest of a local day from what is stored."""
    start, end = digests.day_bounds(day, app.zone)
    eve = day - timedelta(days=1)
    before, _ = digests.day_bounds(eve, app.zone)
    with app.store.read() as work:
        told = work.stories_between(start, end)
        return digests.compose(
            digests.Day(
                date=day,
                zone=app.zone,
                stories=told,
                before=work.stories_between(before, start),
                themes=tuple(app.look.names),
                names=app.look.names,
                doubtful=[(item.title, item.url, *item.best) for item in work.doubtful(start, end, 8)],
                feeds=work.feeds(),
                drift=_drift(app, work, day),
                activity=chart(app, work, day),
                late=late_lines(app, work, day),
                facts=work.facts_of_stories([story.id for story in told]),
                counted=counted(work, day, app.zone),
                counted_before=counted(work, eve, app.zone),
            )
        )


def _drift(app: App, work: Work, day: date) -> list[str]:
    """Say once a week, in the digest of its last day, which themes' probabilities left their band."""
    if day != drift.monday(day) + timedelta(days=6):
        return []
    since = day - timedelta(weeks=drift.WEEKS + 2)
    cells = work.score_weeks(app.classifier.version, since)
    return [found.told(app.look.names) for found in drift.drifted(cells, day + timedelta(days=1))]


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
