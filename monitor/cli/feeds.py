"""``strait feeds``: which sources are followed, and how they do."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor import app as composition
from monitor.app import clock
from monitor.cli.shared import config_option, configuration, json_option, open_store, show
from monitor.core import access as asking
from monitor.core import opml
from monitor.core.parse import parse
from monitor.core.urls import bare_url
from monitor.edges.fetch import Fetcher
from monitor.errors import FeedError, UsageError
from monitor.model import Access, Feed, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.edges.store import Work

KINDS = ("official", "wire", "press", "state_media", "think_tank")
_settings = (
    click.option("--title", help="What the feed calls itself."),
    click.option("--outlet", help="The name people know the source by."),
    click.option("--publisher", help="The publisher family; feeds of one family do not confirm each other."),
    click.option("--kind", type=click.Choice(KINDS)),
    click.option("--lang", help="en, zh-Hant or zh-Hans."),
    click.option("--folder"),
)


_NAMES = ("title", "outlet", "publisher", "kind", "lang", "folder")


def _with_settings(function: Any) -> Any:
    for option in reversed(_settings):
        function = option(function)
    return function


@click.group()
def feeds() -> None:
    r"""Manage and diagnose feeds.

    \b
    Example: strait feeds add https://example.org/feed.xml --outlet Example --kind press
    """


@feeds.command("list")
@json_option
@config_option
def list_feeds(as_json: bool, config_dir: Path | None) -> None:
    r"""List the feeds with their state.

    \b
    Example: strait feeds list --json
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        show(
            [_row(feed) for feed in work.feeds()],
            ("id", "outlet", "kind", "lang", "status", "failures", "last_success", "next_poll", "url", "error"),
            as_json=as_json,
            empty="No feeds. 'strait feeds import feeds.opml' brings some.",
        )


def _row(feed: Feed) -> Mapping[str, Any]:
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "outlet": feed.name,
        "publisher": feed.publisher,
        "kind": feed.kind,
        "lang": feed.lang,
        "folder": feed.folder,
        "status": feed.status,
        "failures": feed.failures,
        "error": feed.error,
        "last_success": feed.last_success,
        "next_poll": feed.next_poll,
        "missed": feed.missed,
        "access": asking.words(feed.access),
    }


@feeds.command()
@click.argument("url")
@_with_settings
@config_option
def add(url: str, config_dir: Path | None, **fields: Any) -> None:
    r"""Follow a feed.

    \b
    Example: strait feeds add https://example.org/feed.xml --outlet Example --kind press
    """
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url}: only http and https addresses can be followed")
    given = {name: value for name, value in fields.items() if value is not None}
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        known = work.feed_by_url(url) is not None
        feed = work.add_feed(url, **given)
    click.echo(f"{feed.id}\t{url}\t{'was there already' if known else 'added'}")


@feeds.command("set")
@click.argument("url")
@click.argument("words", nargs=-1, metavar="[KEY=VALUE]...")
@_with_settings
@config_option
def set_feed(url: str, words: tuple[str, ...], config_dir: Path | None, **fields: Any) -> None:
    r"""Change what is said of a feed; a feed that was retired is taken up again.

    \b
    How it is asked for, an empty VALUE taking back what was said:
      username=NAME with password_env=VARIABLE or password_file=PATH
      header.NAME=VALUE, for secret ones header_env.NAME=VARIABLE or header_file.NAME=PATH
      proxy=http://host:port or proxy=direct; with a password in it proxy_env=VARIABLE or proxy_file=PATH

    \b
    Example: strait feeds set https://example.org/feed.xml --kind official
             strait feeds set https://example.org/feed.xml username=desk password_env=EXAMPLE_PASSWORD
    """
    given = {name: value for name, value in fields.items() if value is not None}
    pairs = [_pair(word) for word in words]
    given |= _said_plainly(pairs)
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        feed = _known(work, url)
        given["access"] = asking.with_words(feed.access, [pair for pair in pairs if asking.is_access(pair[0])])
        if feed.status == "gone":
            given |= {"status": "new", "next_poll": None}
        work.update_feed(feed.id, **given)
    click.echo(f"{feed.id}\t{bare_url(url)}\tchanged")


def _pair(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise UsageError(f"{word}: wants KEY=VALUE")
    return key.strip(), value.strip()


def _said_plainly(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the settings that have an option too, given as words."""
    said = {key: value for key, value in pairs if not asking.is_access(key)}
    for key, value in said.items():
        if key not in _NAMES:
            raise UsageError(f"{key}: unknown; known are {', '.join((*_NAMES, *asking.PLAIN))} and header.NAME")
        if key == "kind" and value not in KINDS:
            raise UsageError(f"kind: must be one of {', '.join(KINDS)}")
    return said


@feeds.command()
@click.argument("url")
@config_option
def remove(url: str, config_dir: Path | None) -> None:
    r"""Stop following a feed; its items stay.

    \b
    Example: strait feeds remove https://example.org/feed.xml
    """
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        feed = _known(work, url)
        work.remove_feed(feed.url)
    click.echo(f"{feed.id}\t{feed.url}\tremoved")


def _known(work: Work, url: str) -> Feed:
    feed = work.feed(int(url)) if re.fullmatch(r"[0-9]{1,18}", url) else work.feed_by_url(url)
    if feed is None:
        raise UsageError(f"{url}: no such feed; 'strait feeds list' shows those there are")
    return feed


@feeds.command("import")
@click.argument("source", metavar="OPML-or-URL")
@click.option("--with-access", is_flag=True, help="Take over how feeds are asked for; only from a list that you trust.")
@config_option
def import_feeds(source: str, with_access: bool, config_dir: Path | None) -> None:
    r"""Follow the feeds of an OPML file or address.

    \b
    Example: strait feeds import subscriptions.opml
    """
    loaded = configuration(config_dir)
    text = _opml_text(source, Fetcher(composition.fetch_settings(loaded)))
    with open_store(loaded) as store, store.begin() as work:
        new, known = take_in(work, text, source, with_access=with_access)
    click.echo(f"{new} added, {known} were there already")


def take_in(work: Work, text: str | bytes, name: str, *, with_access: bool = False) -> tuple[int, int]:
    """Add the feeds of an OPML text; return how many are new and how many were known."""
    outlines = opml.read(text, name)
    before = len(work.feeds())
    for outline in outlines:
        access = opml.access_of(outline) if with_access else Access()
        work.add_feed(outline.url, **outline.fields(), access=access)
    new = len(work.feeds()) - before
    return new, len(outlines) - new


def _opml_text(source: str, fetcher: Fetcher) -> bytes:
    if source.startswith(("http://", "https://")):
        page = fetcher.fetch_all_blocking([Feed(0, source)])[0]
        if isinstance(page, FeedError):
            raise page
        return page.body
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise UsageError(f"{source}: cannot be read ({error.strerror})") from error


@feeds.command()
@click.option(
    "--with-access", is_flag=True, help="Write how feeds are asked for, too; passwords in addresses included."
)
@config_option
def export(with_access: bool, config_dir: Path | None) -> None:
    r"""Write the feeds as OPML to standard output.

    \b
    Example: strait feeds export > feeds.opml
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        click.echo(opml.write(work.feeds(), with_access=with_access))


@feeds.command()
@json_option
@config_option
def check(as_json: bool, config_dir: Path | None) -> None:
    r"""Fetch every feed once, store nothing, and name what is wrong.

    \b
    Example: strait feeds check
    """
    loaded = configuration(config_dir)
    with open_store(loaded) as store, store.read() as work:
        known = work.feeds()
    bare = [Feed(f.id, f.url, title=f.title, outlet=f.outlet, lang=f.lang, access=f.access) for f in known]
    pages = Fetcher(composition.fetch_settings(loaded)).fetch_all_blocking(bare)
    rows = checked(bare, pages)
    show(rows, ("outlet", "status", "items", "error", "url"), as_json=as_json, empty="No feeds.")
    if any(row["error"] for row in rows):
        sys.exit(1)


def checked(feeds: Sequence[Feed], pages: Sequence[Page | FeedError]) -> list[Mapping[str, Any]]:
    """Return per feed whether it could be fetched and read."""
    now = clock()
    rows: list[Mapping[str, Any]] = []
    for feed, page in zip(feeds, pages, strict=True):
        row: dict[str, Any] = {"outlet": feed.name, "url": feed.url, "status": "ok", "items": None, "error": ""}
        try:
            if isinstance(page, FeedError):
                raise page
            row["items"] = len(parse(page, feed, now).entries)
        except FeedError as error:
            row |= {"status": error.status, "error": str(error)}
        rows.append(row)
    return rows
