"""``strait alerts``: what was sent, what was not, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from monitor.app import clock
from monitor.cli.shared import (
    ROW_ID,
    config_option,
    configuration,
    json_line,
    json_option,
    limit_option,
    open_store,
    show,
    since_option,
)
from monitor.core.explained import in_words
from monitor.core.facts.agreed import agree
from monitor.core.facts.written import agreed_row
from monitor.core.policy import REASONS
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from monitor.edges.store import StoredAlert
    from monitor.edges.store.rows import Regrouping, Revision
    from monitor.model import Decision, Delivery

DATED = {
    "unknown": "says no date: counted from when it was first seen",
    "future": "says a date that had not come yet: cut to when it was first seen",
}


@click.group()
def alerts() -> None:
    r"""See what was sent, to whom, when and why; why an item was not; what was given up.

    \b
    Example: strait alerts list --since 1d
    """


@alerts.command("list")
@since_option
@limit_option
@click.option("--dead", is_flag=True, help="Only what was given up: dead letters, digests among them.")
@json_option
@config_option
def list_alerts(since: datetime | None, limit: int, dead: bool, as_json: bool, config_dir: Path | None) -> None:
    r"""List alerts, newest first, with what became of their deliveries.

    \b
    Example: strait alerts list --dead
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        if dead:
            show(
                map(_delivery, work.dead_letters(limit)),
                ("id", "channel", "attempts", "dead", "error", "subject"),
                as_json=as_json,
                empty="No dead letters.",
            )
        else:
            show(
                map(_alert, work.alerts(limit, since)),
                ("id", "at", "severity", "rule", "theme", "score", "deliveries", "headline"),
                as_json=as_json,
                empty="No alerts.",
            )


def _alert(alert: StoredAlert) -> Mapping[str, Any]:
    return {
        "id": alert.id,
        "at": alert.at,
        "severity": alert.severity,
        "rule": alert.rule,
        "theme": alert.theme,
        "score": alert.score,
        "reason": alert.reason,
        "revision": alert.revision,
        "story": alert.story_id,
        "words": list(alert.words),
        "headline": alert.headline,
        "url": alert.url,
        "acked_by": alert.acked_by,
        "deliveries": [f"{d.channel}: {_fate(d)}" for d in alert.deliveries],
    }


def _fate(delivery: Delivery) -> str:
    if delivery.sent:
        return "sent"
    if delivery.dead:
        return "given up"
    return "waiting" if not delivery.error else f"tried {delivery.attempts}×"


def _delivery(delivery: Delivery) -> Mapping[str, Any]:
    return {
        "id": delivery.id,
        "key": delivery.key,
        "channel": delivery.channel,
        "attempts": delivery.attempts,
        "due": delivery.due,
        "sent": delivery.sent,
        "dead": delivery.dead,
        "error": delivery.error,
        "subject": delivery.message.subject,
    }


@alerts.command("show")
@click.argument("alert_id", type=ROW_ID, metavar="ID")
@json_option
@config_option
def show_alert(alert_id: int, as_json: bool, config_dir: Path | None) -> None:
    r"""Show one alert with its message and its delivery log.

    \b
    Example: strait alerts show 12
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        alert = work.alert(alert_id)
        said = work.story_facts(work.joined_into(alert.story_id) or alert.story_id) if alert and alert.story_id else []
    if alert is None:
        raise UsageError(f"there is no alert {alert_id}; 'strait alerts list' shows those there are")
    if as_json:
        facts = [agreed_row(fact) for fact in agree(said)]
        click.echo(json_line({**_alert(alert), "facts": facts, "log": [_delivery(d) for d in alert.deliveries]}))
        return
    click.echo(f"alert {alert.id}, {alert.at:%Y-%m-%d %H:%M} UTC, because: {REASONS.get(alert.reason, alert.reason)}")
    if alert.acked_by:
        click.echo(f"acknowledged by {alert.acked_by}, {alert.acked_at:%Y-%m-%d %H:%M}")
    for text in dict.fromkeys(d.message.text for d in alert.deliveries):
        click.echo(f"\n{text.rstrip()}")
    click.echo("")
    show(map(_delivery, alert.deliveries), ("id", "channel", "attempts", "sent", "dead", "due", "error"), as_json=False)


def _history(dated: str, edits: Iterable[Revision]) -> Iterator[str]:
    """Yield how an item was dated, and what it said before its edits, in words."""
    if dated:
        yield DATED[dated]
    for before in edits:
        what = "corrected" if before.correction else "edited"
        yield f"{what} {before.at:%Y-%m-%d %H:%M} UTC; before: {before.title}"


def _moved(done: Regrouping) -> str:
    """Return how an item went from one story to another, in words."""
    by = f"by {done.author}, {done.at:%Y-%m-%d %H:%M} UTC"
    if done.deed == "join":
        return f"joined to story {done.story_id}, with the others of story {done.other_id}, {by}"
    return f"split from story {done.story_id} into story {done.other_id}, {by}"


@alerts.command()
@click.argument("item_id", type=ROW_ID, metavar="ITEM")
@json_option
@config_option
def explain(item_id: int, as_json: bool, config_dir: Path | None) -> None:
    r"""Say for an item what each rule decided, and why.

    \b
    Example: strait alerts explain 345
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        item, decisions, edits = work.item(item_id), work.decisions_of(item_id), work.revisions(item_id)
        moves = work.regroupings_with(item_id)
    if item is None:
        raise UsageError(f"there is no item {item_id}; 'strait items' shows those there are")
    rows = [_decision(one) for one in decisions]
    if not as_json:
        rows = [row | {"because": _in_full(row)} for row in rows]
        click.echo(
            ", ".join(filter(None, (f"{item.title}\n{item.outlet}", f"{item.seen:%Y-%m-%d %H:%M} UTC", item.url)))
        )
        for line in (*_history(item.dated, edits), *map(_moved, moves)):
            click.echo(f"  {line}")
        for theme, score in sorted(item.scores.items(), key=lambda pair: -pair[1]):
            words = ", ".join(reason.text for reason in item.reasons.get(theme, ()))
            click.echo(
                f"  {theme:14}{score:.2f}{'  decided' * (theme in item.themes)}{'  for: ' + words if words else ''}"
            )
    show(rows, ("rule", "alert", "because", "theme", "score"), as_json=as_json, empty="No rule was asked about it.")


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "rule": decision.rule,
        "alert": decision.alert,
        "reason": decision.reason,
        "because": REASONS.get(decision.reason, decision.reason),
        "compared": decision.compared,
        "theme": decision.theme,
        "score": decision.score,
    }


def _in_full(row: Mapping[str, Any]) -> str:
    """Return why a rule decided, with what was there and what it wants."""
    return ": ".join(filter(None, (row["because"], in_words(row["compared"]))))


@alerts.command("replay")
@click.argument("ids", type=ROW_ID, nargs=-1, required=True, metavar="ID")
@click.option("--delivery", is_flag=True, help="The ids are deliveries, as 'alerts list --dead' shows them.")
@config_option
def replay_alerts(ids: tuple[int, ...], delivery: bool, config_dir: Path | None) -> None:
    r"""Put what was given up back into the outbox, due at once.

    \b
    Example: strait alerts replay 12
    """
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        put_back = work.replay_delivery if delivery else work.replay
        count = sum(int(put_back(one, clock())) for one in ids)
    click.echo(f"{count} put back")
    if not count:
        sys.exit(1)


@alerts.command()
@click.argument("alert_id", type=ROW_ID, metavar="ID")
@click.option("--by", default="desk", show_default=True, help="Who acknowledges.")
@config_option
def ack(alert_id: int, by: str, config_dir: Path | None) -> None:
    r"""Acknowledge an alert.

    \b
    Example: strait alerts ack 12 --by lin
    """
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        if not work.ack(alert_id, by, clock()):
            raise UsageError(f"there is no alert {alert_id}; 'strait alerts list' shows those there are")
    click.echo(f"alert {alert_id} acknowledged by {by}")
