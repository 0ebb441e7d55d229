"""``strait feeds check``, ``health`` and ``discover``: what is wrong with feeds, how they do, where there are more."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor import app as composition
from monitor.app import clock
from monitor.cli.feed_options import given, with_options
from monitor.cli.shared import config_option, configuration, configuration_or_defaults, json_option, open_store, show
from monitor.core.health import span
from monitor.core.urls import without_login
from monitor.core.whole import CUT_OFF, whole
from monitor.discovery import Found, discover_feeds
from monitor.edges.fetch import Fetcher
from monitor.errors import FeedError
from monitor.health import FeedHealth, failure_of, feeds_health

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.model import Feed, Page, ParsedFeed

STALE = timedelta(days=60)


@click.command()
@json_option
@config_option
def check(as_json: bool, config_dir: Path | None) -> None:
    r"""Fetch every feed once, store nothing, and say what is wrong and what to do.

    \b
    Example: strait feeds check
    """
    loaded = configuration(config_dir)
    with open_store(loaded) as store, store.read() as work:
        known = work.feeds()
    bare = [replace(feed, etag="", last_modified="", body_hash="") for feed in known]
    pages = Fetcher(composition.fetch_settings(loaded)).fetch_all_blocking(bare)
    rows = checked(bare, pages, clock())
    columns = ("outlet", "status", "items", "newest", "say", "do", "url")
    show(rows, columns, as_json=as_json, empty="No feeds. 'strait feeds import feeds.opml' brings some.")
    if any(row["error"] for row in rows):
        sys.exit(1)


def checked(feeds: Sequence[Feed], pages: Sequence[Page | FeedError], now: datetime) -> list[Mapping[str, Any]]:
    """Return per feed whether it could be fetched and read, what is wrong, and what to do."""
    return [_checked(feed, page, now) for feed, page in zip(feeds, pages, strict=True)]


def _checked(feed: Feed, page: Page | FeedError, now: datetime) -> Mapping[str, Any]:
    row: dict[str, Any] = {"outlet": feed.name, "url": without_login(feed.url), "status": "ok", "items": None}
    row |= {"newest": None, "say": "", "do": "", "error": ""}
    try:
        if isinstance(page, FeedError):
            raise page
        parsed, broken = whole(page, feed, now)
    except FeedError as error:
        failure = failure_of(error.status)
        return row | {"status": error.status, "say": failure.words, "do": failure.advice, "error": str(error)}
    newest = max((entry.published for entry in parsed.entries if entry.published), default=None)
    say, do = (CUT_OFF, "tell the outlet if it stays so") if broken else _doubt(page, parsed, newest, now)
    status = "cut_off" if broken else "ok"
    return row | {"status": status, "items": len(parsed.entries), "newest": newest, "say": say, "do": do}


def _doubt(page: Page, parsed: ParsedFeed, newest: datetime | None, now: datetime) -> tuple[str, str]:
    """Return what is odd about a feed that can be read, and what to do; mostly nothing."""
    if not parsed.entries:
        return "it shows no items", "wait, or look for another feed of the outlet"
    if page.moved_to:
        return f"it moved to {page.moved_to}", "nothing: the next poll takes the new address"
    if newest is None:
        return "its items have no dates", "nothing: they get the time when they are first seen"
    if newest < now - STALE:
        return f"its newest item is of {newest:%Y-%m-%d}", "see whether the outlet has another feed now"
    return "", ""


@click.command()
@json_option
@config_option
def health(as_json: bool, config_dir: Path | None) -> None:
    r"""Say how each feed does, the worst first: last success, lag, yield, duplicates, next poll, what to do.

    \b
    lag         median time from published to seen
    tagged      how many of the latest items (at most 200 of 60 days) have a theme
    duplicates  how many of them another feed had shown before
    Example: strait feeds health --json
    """
    with open_store(configuration(config_dir)) as store:
        rows = [_health_row(one) for one in feeds_health(store, clock())]
    columns = ("outlet", "state", "say", "do", "last_success", "lag", "items", "tagged", "duplicates", "next_poll")
    show(rows, columns, as_json=as_json, empty="No feeds. 'strait feeds import feeds.opml' brings some.")


def _health_row(health: FeedHealth) -> Mapping[str, Any]:
    feed, numbers, verdict = health.feed, health.numbers, health.verdict
    return {
        "id": feed.id,
        "outlet": feed.name,
        "url": without_login(feed.url),
        "state": verdict.state,
        "say": verdict.say,
        "do": verdict.do,
        "status": feed.status,
        "error": feed.error,
        "failures": feed.failures,
        "last_success": feed.last_success,
        "next_poll": feed.next_poll,
        "newest": numbers.newest,
        "items": numbers.items,
        "tagged": numbers.tagged,
        "duplicates": numbers.duplicates,
        "lag": "" if numbers.lag is None else span(numbers.lag),
        "lag_seconds": numbers.lag,
    }


@click.command()
@click.argument("site")
@click.option("--add", "follow", is_flag=True, help="Follow the feeds that were found; those of comments are left out.")
@with_options
@json_option
@config_option
def discover(site: str, follow: bool, as_json: bool, config_dir: Path | None, **fields: Any) -> None:
    r"""Find the feeds of a site, each fetched and read once: declared, linked, at common places, or the site itself.

    \b
    Example: strait feeds discover example.org
             strait feeds discover https://example.org/news --add --outlet Example --kind press
    """
    said = given(fields)
    loaded = configuration(config_dir) if follow else configuration_or_defaults(config_dir)
    found = discover_feeds(Fetcher(composition.fetch_settings(loaded)), site, clock())
    good = [one for one in found if one.items is not None]
    added: set[str] = set()
    if follow:
        with open_store(loaded) as store, store.begin() as work:
            for one in good:
                if not one.of_comments and work.feed_by_url(one.url) is None:
                    work.add_feed(one.url, **({"title": one.title, "lang": one.lang} | said))
                    added.add(one.url)
    rows = [_found_row(one, added) for one in found]
    advice = f"No feed at {site}. If the site lists its news on a page, [[pages]] in monitor.toml can read that."
    show(rows, ("url", "how", "title", "items", "newest", "lang", "say"), as_json=as_json, empty=advice)
    if not good:
        sys.exit(1)


def _found_row(one: Found, added: set[str]) -> Mapping[str, Any]:
    say = one.error or ("added" if one.url in added else "comments, no news" if one.of_comments else "")
    return {
        "url": one.url,
        "how": one.how,
        "title": one.title,
        "items": one.items,
        "newest": one.newest,
        "lang": one.lang,
        "added": one.url in added,
        "say": say,
    }


COMMANDS = (check, health, discover)
