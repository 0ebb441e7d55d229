"""Commands that do the work: init, run, demo."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from config.settings import Loaded, load, write_defaults
from monitor import app as composition
from monitor import jobs, outbox, pipeline
from monitor.cli import shared
from monitor.cli.feeds import take_in
from monitor.daemon import Daemon
from monitor.demo import show as show_demo

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.edges.store import Store
    from monitor.outbox import Delivered
    from monitor.pipeline import Polled

log = structlog.get_logger()
_BREATH = 2.0
"""Seconds between two looks at whether a channel has room again."""


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]")
@shared.config_option
def init(folder: Path | None, config_dir: Path | None) -> None:
    r"""Write a commented monitor.toml, feeds.opml and themes.toml; never over existing ones.

    \b
    Example: strait init ~/strait
    """
    target = folder or config_dir or shared.home(None)
    written = write_defaults(target)
    for path in written:
        click.echo(f"wrote {path}")
    if not written:
        click.echo(f"{target}: all files are there already; nothing was written")


@click.command()
@click.option("--once", is_flag=True, help="One round: poll what is due, deliver what is due, print a summary, exit.")
@click.option("--force", is_flag=True, help="With --once: poll every feed, due or not.")
@shared.config_option
def run(once: bool, force: bool, config_dir: Path | None) -> None:
    r"""Run the daemon: poll, tag, alert, write the digest.

    \b
    Example: strait run
             strait run --once --force
    """
    if force and not once:
        raise click.UsageError("--force goes with --once")
    loaded = shared.configuration(config_dir)
    shared.set_up_log()
    for warning in loaded.warnings:
        log.warning(warning)
    with shared.open_store(loaded) as store, store.daemon_lock():
        with store.begin() as work:
            work.end_leases()
        _first_feeds(loaded, store)
        _pages(loaded, store)
        app = composition.build(loaded, store)
        jobs.settle()
        if once:
            sys.exit(one_round(app, loaded, force=force))
        Daemon(app, loaded, lambda: _reload(loaded, app), composition.heartbeat).run()


def one_round(app: App, loaded: Loaded, *, force: bool) -> int:
    """Poll and deliver once, print what happened, and return the exit code.

    Nobody may come back to put the rest of a burst together, so it goes at once; a channel's limit is waited for.
    """
    app = replace(app, burst=replace(app.burst, within=timedelta(0)))
    polled = jobs.poll_round(app, loaded.settings.runner.kind, force=force)
    digest = pipeline.send_digest(app)
    delivered = outbox.deliver(app)
    while outbox.crowded(app):
        time.sleep(_BREATH)
        delivered += outbox.deliver(app)
    click.echo(summary(polled, delivered, digest=digest))
    return 1 if polled.failed or delivered.put_off or delivered.dead else 0


def summary(polled: Polled, delivered: Delivered, *, digest: bool) -> str:
    """Return a round in words."""
    lines = [
        f"{polled.feeds} feeds polled, {polled.failed} failed; {polled.items} new items, {polled.tagged} with a theme",
        f"{polled.alerts} alerts; {delivered.sent} messages sent, {delivered.put_off} put off, {delivered.dead} dead",
    ]
    if polled.held:
        lines.append(f"{polled.held} more would have alerted, but the first poll of a feed is silent")
    if digest:
        lines.append("the digest was due")
    return "\n".join(lines)


def _first_feeds(loaded: Loaded, store: Store) -> None:
    """Take in feeds.opml where no feed is followed yet."""
    path = loaded.home / "feeds.opml"
    with store.begin() as work:
        if work.feeds() or not path.exists():
            return
        new, _ = take_in(work, path.read_bytes(), str(path))
    log.info("feeds taken in", file=str(path), feeds=new)


def _pages(loaded: Loaded, store: Store) -> None:
    """Let the pages that are polled be those that are configured."""
    with store.begin() as work:
        changed = work.sync_pages([page.feed(loaded.settings.timezone) for page in loaded.settings.pages])
    if changed:
        log.info("pages taken in", changed=changed, pages=len(loaded.settings.pages))


def _reload(old: Loaded, app: App) -> tuple[App, Loaded]:
    loaded = load(old.home, os.environ)
    if loaded.database_url != old.database_url:
        log.warning("the database's url changed; that takes a restart, until then the old one is used")
    _pages(loaded, app.store)
    return composition.build(loaded, app.store), loaded


@click.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep database, alerts and digest here.",
)
@shared.config_option
def demo(keep: Path | None, config_dir: Path | None) -> None:
    r"""Show the whole program at work on invented news, without a network.

    Serves sample feeds on loopback, polls and tags them, alerts to the terminal and a file, writes the digest as HTML.

    \b
    Example: strait demo --keep ./demo
    """
    if config_dir:
        raise click.UsageError("the demonstration brings its own configuration; --config does not go with it")
    shared.quiet_log()
    for line in show_demo(keep):
        click.echo(line)


COMMANDS = (init, run, demo)
