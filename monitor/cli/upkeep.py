"""Commands that keep an installation in order: db, doctor."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor import app as composition
from monitor import models, pipeline
from monitor.app import clock
from monitor.cli.shared import config_option, configuration, json_option, open_store, show
from monitor.edges.store import Store
from monitor.errors import DeliveryError, MonitorError, StoreError, UsageError
from monitor.model import Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.settings import Loaded
    from monitor.edges.channels import Channel

LATE = timedelta(minutes=10)
"""Without a round for so long, no daemon is at work."""


@click.group()
def db() -> None:
    r"""Look after the database.

    \b
    Example: strait db backup copy.db
    """


@db.command()
@config_option
def upgrade(config_dir: Path | None) -> None:
    r"""Bring the tables up to date; every command does so by itself.

    \b
    Example: strait db upgrade
    """
    with open_store(configuration(config_dir)):
        click.echo("the database is up to date")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(file: Path, config_dir: Path | None) -> None:
    r"""Write a consistent copy while the daemon runs.

    \b
    Example: strait db backup copy.db
    """
    with open_store(configuration(config_dir)) as store:
        store.backup(file)
    click.echo(f"wrote {file}")


@db.command()
@config_option
def prune(config_dir: Path | None) -> None:
    r"""Delete what is older than [retention] keeps; the daemon does so daily.

    \b
    Example: strait db prune
    """
    loaded = configuration(config_dir)
    keep = loaded.settings.retention
    with open_store(loaded) as store:
        counts = pipeline.prune(store, clock(), keep.items, keep.items_untagged)
    click.echo(", ".join(f"{count} {what}" for what, count in counts.items()) + " deleted")


@click.command()
@click.option("--send-test", is_flag=True, help="Send one test message over each channel.")
@click.option("--alive", is_flag=True, help="Say nothing unless the daemon is not at work: a container's health check.")
@json_option
@config_option
def doctor(send_test: bool, alive: bool, as_json: bool, config_dir: Path | None) -> None:
    r"""Check configuration, database, channels and feeds, and say how to mend what is wrong.

    \b
    Example: strait doctor --send-test
    """
    loaded = configuration(config_dir)
    if alive:
        _alive(loaded)
        return
    rows: list[Mapping[str, Any]] = [{"what": "configuration", "state": "ok", "say": str(loaded.home / "monitor.toml")}]
    rows += [{"what": "configuration", "state": "warning", "say": warning} for warning in loaded.warnings]
    try:
        with open_store(loaded) as store:
            rows += _stored(store, _late(loaded))
            rows.append(_model(loaded, store))
    except MonitorError as error:
        rows.append({"what": "database", "state": "wrong", "say": str(error)})
    rows += _channels(loaded, send_test=send_test)
    show(rows, ("what", "state", "say"), as_json=as_json)
    if any(row["state"] == "wrong" for row in rows):
        sys.exit(1)


def _model(loaded: Loaded, store: Store) -> Mapping[str, Any]:
    """Return which model tags, and what is wrong with the one that should."""
    found = models.in_force(store, loaded.custom)
    say = found.trouble or f"{found.classifier.version}{'' if found.version else ', the built-in one'}"
    return {"what": "model", "state": "warning" if found.trouble else "ok", "say": say}


def _alive(loaded: Loaded) -> None:
    """Raise unless a round was begun lately. Only looks: what is not there is not made, as other commands do."""
    late = _late(loaded)
    # Shorter than a container waits for its check, so that a lock held too long is told in words.
    with closing(Store(loaded.database_url, patience=10)) as store:
        store.check()
        with store.read() as work:
            beat = work.last_beat()
    if beat is None or clock() - beat > late:
        raise StoreError(f"{store.name}: no round for {late}; is 'strait run' at work?")


def _late(loaded: Loaded) -> timedelta:
    """Return how old the last round may be: a daemon told to look seldom is not late between two looks."""
    return max(LATE, 2 * loaded.settings.schedule.tick)


def _stored(store: Store, allowed: timedelta) -> Iterator[Mapping[str, Any]]:
    """Yield what the database tells about feeds, polling and the outbox."""
    now = clock()
    with store.read() as work:
        feeds, counts, beat, outages = work.feeds(), work.outbox_counts(now), work.last_beat(), work.outages()
    yield {"what": "database", "state": "ok", "say": f"{len(feeds)} feeds"}
    late = beat is None or now - beat > allowed
    last = f"{beat:%Y-%m-%d %H:%M} UTC" if beat else "never"
    say = f"the last round was {last}" + ("; is 'strait run' running?" if late else "")
    yield {"what": "polling", "state": "warning" if late else "ok", "say": say}
    for feed in feeds:
        if feed.failures or feed.status == "gone":
            yield {"what": f"feed {feed.name}", "state": "warning", "say": f"{feed.error or feed.status} ({feed.url})"}
    for outage in outages:
        say = f"took no message since {outage.since:%Y-%m-%d %H:%M} UTC: {outage.error}"
        yield {"what": f"channel {outage.channel}", "state": "warning", "say": say}
    for channel, count in counts.items():
        say = f"{count['sent']} sent, {count['waiting']} waiting, {count['dead']} given up"
        if count["dead"]:
            say += "; 'strait alerts list --dead' shows them, 'strait alerts replay' tries them again"
        yield {"what": f"channel {channel}", "state": "warning" if count["dead"] else "ok", "say": say}


def _channels(loaded: Loaded, *, send_test: bool) -> Iterator[Mapping[str, Any]]:
    """Yield the channels that cannot be had on this installation, and how each took a test message."""
    for name, table in loaded.settings.channels.items():
        try:
            channel = composition.channel(name, table, loaded.home)
        except UsageError as error:
            yield {"what": f"channel {name}", "state": "wrong", "say": str(error)}
            continue
        if send_test:
            yield _test(name, channel)


def _test(name: str, channel: Channel) -> Mapping[str, Any]:
    """Send a test message over a channel and return how that went."""
    now = clock()
    text = "This is a test message of Strait Monitor. Nothing happened."
    blocks = ({"type": "section", "text": {"type": "plain_text", "text": text}},)
    message = Message("Strait Monitor: test", text, f"<p>{text}</p>", blocks, {"event": "test"}, "low")
    try:
        note = channel.send(Delivery(f"test/{name}/{int(now.timestamp())}", name, message, now, created=now)).note
    except DeliveryError as error:
        return {"what": f"channel {name}", "state": "wrong", "say": str(error)}
    say = "took a test message" + (f"; {note}" if note else "")
    return {"what": f"channel {name}", "state": "warning" if note else "ok", "say": say}


COMMANDS = (db, doctor)
