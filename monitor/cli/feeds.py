"""``strait feeds``: which sources are followed, and how they do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor import app as composition
from monitor.cli import feed_care
from monitor.cli.feed_options import given, pair, said_plainly, with_options
from monitor.cli.shared import config_option, configuration, json_option, open_store, show
from monitor.core import access as asking
from monitor.core import opml
from monitor.core.urls import bare_url
from monitor.edges.fetch import Fetcher
from monitor.errors import FeedError, UsageError
from monitor.model import RETIRED, Access, Feed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.edges.store import Work


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
        "country": feed.country,
        "full_text": feed.full_text,
        "page": feed.selectors is not None,
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
@with_options
@config_option
def add(url: str, config_dir: Path | None, **fields: Any) -> None:
    r"""Follow a feed.

    \b
    Example: strait feeds add https://example.org/feed.xml --outlet Example --kind press
    """
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url}: only http and https addresses can be followed")
    said = given(fields)
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        known = work.feed_by_url(url) is not None
        feed = work.add_feed(url, **said)
    click.echo(f"{feed.id}\t{url}\t{'was there already' if known else 'added'}")


@feeds.command("set")
@click.argument("url")
@click.argument("words", nargs=-1, metavar="[KEY=VALUE]...")
@with_options
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
    pairs = [pair(word) for word in words]
    said = given(fields) | said_plainly(pairs)
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        feed = _known(work, url)
        if said and feed.selectors:
            raise UsageError(f"{url}: is a page, which stands in [[pages]] of monitor.toml; change it there")
        said["access"] = asking.with_words(feed.access, [one for one in pairs if asking.is_access(one[0])])
        if feed.status in RETIRED:
            said |= {"status": "new", "next_poll": None}
        work.update_feed(feed.id, **said)
    click.echo(f"{feed.id}\t{bare_url(url)}\tchanged")


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
        if feed.selectors:
            raise UsageError(f"{feed.url}: is a page, which stands in [[pages]] of monitor.toml; take it out there")
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


for _command in feed_care.COMMANDS:
    feeds.add_command(_command)
