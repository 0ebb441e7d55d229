"""Commands for the people at the desk: items, search, alerts, rules, digest."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from classifiers.model import Classifier
from classifiers.themes import THEMES
from config.values import duration
from monitor import app as composition
from monitor import outbox, pipeline, replay
from monitor.app import App, clock
from monitor.cli.reading import Complaints, batched, text_of
from monitor.cli.shared import (
    config_option,
    configuration,
    json_objects,
    json_option,
    open_store,
    quiet_log,
    read_lines,
    show,
)
from monitor.core.digest import edition
from monitor.core.policy import REASONS
from monitor.core.render import digest_data
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from monitor.edges.store import StoredAlert, StoredItem
    from monitor.model import Delivery

ITEM_COLUMNS = ("id", "seen", "outlet", "themes", "score", "title")


def since_when(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    """Read ``3d`` as three days ago, or an ISO date."""
    if value is None:
        return None
    try:
        return clock() - duration(value)
    except ValueError:
        pass
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter('wants a duration such as "3d" or a date such as 2026-05-01') from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


since_option = click.option("--since", callback=since_when, metavar="WHEN", help='"3d", or an ISO date.')
limit_option = click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))


@click.command()
@click.option("--theme", type=click.Choice(THEMES))
@click.option("--source", metavar="OUTLET")
@click.option("--text", help="Words that must all occur.")
@since_option
@limit_option
@json_option
@config_option
def items(as_json: bool, config_dir: Path | None, **filters: Any) -> None:
    r"""List stored items, newest first.

    \b
    Example: strait items --theme exercises --since 2d
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        show(map(_item, work.items(**filters)), ITEM_COLUMNS, as_json=as_json, empty="No such items.")


@click.command()
@click.argument("query")
@since_option
@limit_option
@json_option
@config_option
def search(query: str, since: datetime | None, limit: int, as_json: bool, config_dir: Path | None) -> None:
    r"""Find stored items by words of their title or summary.

    \b
    Example: strait search "median line"
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        found = work.items(text=query, since=since, limit=limit)
        show(map(_item, found), ITEM_COLUMNS, as_json=as_json, empty="No such items.")


def _item(item: StoredItem) -> Mapping[str, Any]:
    return {
        "id": item.id,
        "seen": item.seen,
        "when": item.when,
        "outlet": item.outlet,
        "kind": item.kind,
        "lang": item.lang,
        "themes": list(item.themes),
        "score": item.best[1],
        "scores": item.scores,
        "title": item.title,
        "summary": item.summary,
        "url": item.url,
        "story": item.story_id,
        "model": item.model,
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
@click.argument("alert_id", type=int, metavar="ID")
@json_option
@config_option
def show_alert(alert_id: int, as_json: bool, config_dir: Path | None) -> None:
    r"""Show one alert with its message and its delivery log.

    \b
    Example: strait alerts show 12
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        alert = work.alert(alert_id)
    if alert is None:
        raise UsageError(f"there is no alert {alert_id}; 'strait alerts list' shows those there are")
    if as_json:
        click.echo(
            json.dumps(
                {**_alert(alert), "log": [_delivery(d) for d in alert.deliveries]}, ensure_ascii=False, default=str
            )
        )
        return
    click.echo(f"alert {alert.id}, {alert.at:%Y-%m-%d %H:%M} UTC, because: {REASONS.get(alert.reason, alert.reason)}")
    if alert.acked_by:
        click.echo(f"acknowledged by {alert.acked_by}, {alert.acked_at:%Y-%m-%d %H:%M}")
    for text in dict.fromkeys(d.message.text for d in alert.deliveries):
        click.echo(f"\n{text.rstrip()}")
    click.echo("")
    show(map(_delivery, alert.deliveries), ("id", "channel", "attempts", "sent", "dead", "due", "error"), as_json=False)


@alerts.command()
@click.argument("item_id", type=int, metavar="ITEM")
@json_option
@config_option
def explain(item_id: int, as_json: bool, config_dir: Path | None) -> None:
    r"""Say for an item what each rule decided, and why.

    \b
    Example: strait alerts explain 345
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        item, decisions = work.item(item_id), work.decisions_of(item_id)
    if item is None:
        raise UsageError(f"there is no item {item_id}; 'strait items' shows those there are")
    rows = [
        {
            "rule": d.rule,
            "alert": d.alert,
            "reason": d.reason,
            "because": REASONS.get(d.reason, d.reason),
            "theme": d.theme,
            "score": d.score,
        }
        for d in decisions
    ]
    if not as_json:
        click.echo(f"{item.title}\n{item.outlet}, {item.seen:%Y-%m-%d %H:%M} UTC, {item.url}")
        for theme, score in sorted(item.scores.items(), key=lambda pair: -pair[1]):
            words = ", ".join(reason.text for reason in item.reasons.get(theme, ()))
            click.echo(
                f"  {theme:14}{score:.2f}{'  decided' * (theme in item.themes)}{'  for: ' + words if words else ''}"
            )
    show(rows, ("rule", "alert", "because", "theme", "score"), as_json=as_json, empty="No rule was asked about it.")


@alerts.command("replay")
@click.argument("ids", type=int, nargs=-1, required=True, metavar="ID")
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
@click.argument("alert_id", type=int, metavar="ID")
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


@click.group()
def rules() -> None:
    r"""Look at what rules would do.

    \b
    Example: strait rules test 7d
    """


@rules.command("test")
@click.argument("source", metavar="FILE-or-since")
@json_option
@config_option
def rules_test(source: str, as_json: bool, config_dir: Path | None) -> None:
    r"""Say what the rules as they are written now would have sent over past items.

    The items are those stored since a time ("7d", 2026-05-01), or the JSON lines of a file as for 'strait tag'.

    \b
    Example: strait rules test 7d
    """
    loaded = configuration(config_dir)
    quiet_log()
    wrong = Complaints()
    known = tuple(rule.rule() for rule in loaded.settings.rules)
    if re.fullmatch(r"\d+(\.\d+)?[smhdw]|\d{4}-\d\d-\d\d.*", source):
        when = since_when(click.get_current_context(), click.Argument(["source"]), source)
        with open_store(loaded) as store, store.read() as work:
            articles = [replay.article_of(item) for item in work.items(since=when, limit=100_000)]
    else:
        articles = _tagged_file(source, loaded.settings.classifier.thresholds or None, wrong)
    rows = [
        {
            "at": a.at,
            "rule": a.rule,
            "severity": a.severity,
            "theme": a.theme,
            "score": a.score,
            "reason": a.reason,
            "headline": a.story.headline,
            "url": a.story.url,
        }
        for a in replay.alerts(known, articles)
    ]
    show(
        rows,
        ("at", "severity", "rule", "theme", "score", "headline"),
        as_json=as_json,
        empty="Nothing would have been sent.",
    )
    wrong.exit()


def _tagged_file(source: str, thresholds: Mapping[str, float] | None, wrong: Complaints) -> list[replay.Article]:
    classifier, now = Classifier.builtin(), clock()
    articles: list[replay.Article] = []
    with read_lines(source) as lines:
        for rows in batched(json_objects(lines, source, wrong)):
            scored = classifier.score([text_of(row) for row in rows], thresholds=thresholds)
            articles += [replay.article_from(row, result, now) for row, result in zip(rows, scored, strict=True)]
    return articles


@click.command()
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="A local day; else the latest whose digest is due."
)
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True)
@click.option("--send", is_flag=True, help="Send it, even if it was sent before.")
@config_option
def digest(day: datetime | None, form: str, send: bool, config_dir: Path | None) -> None:
    r"""Compose a day's digest and show it.

    \b
    Example: strait digest --date 2026-05-01 --format html > digest.html
    """
    loaded = configuration(config_dir)
    quiet_log()
    with open_store(loaded) as store:
        app = composition.build(loaded, store)
        when = day.date() if day else _latest(app)
        composed = pipeline.digest_of(app, when)
        if send:
            _send(app, when)
        elif form == "json":
            click.echo(json.dumps(digest_data(composed), ensure_ascii=False))
        else:
            click.echo(
                app.renderer.digest_html(composed) if form == "html" else app.renderer.digest(composed, "text").text
            )


def _latest(app: App) -> date:
    now = app.now()
    return edition(now, app.digest_at, app.zone) or now.astimezone(app.zone).date() - timedelta(days=2)


def _send(app: App, when: date) -> None:
    if not app.digest_channels:
        raise UsageError("[digest] names no channels; add channels = [...] to send one")
    pipeline.send_digest(app, when, again=True)
    done = outbox.deliver(app)
    click.echo(f"{done.sent} sent, {done.put_off} to be tried again, {done.dead} given up")
    if done.put_off or done.dead:
        sys.exit(1)


COMMANDS: Iterable[click.Command] = (items, search, alerts, rules, digest)
