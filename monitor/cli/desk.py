"""Commands for the people at the desk: items, search, alerts, rules, digest."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor import app as composition
from monitor import learning, outbox, pipeline, replay
from monitor.app import App, Tags, clock
from monitor.cli.alerts import alerts
from monitor.cli.reading import Complaints, batched, text_of
from monitor.cli.shared import (
    classifier_of,
    config_option,
    configuration,
    json_line,
    json_objects,
    json_option,
    limit_option,
    open_store,
    quiet_log,
    read_lines,
    show,
    since_option,
    since_when,
    theme_of,
)
from monitor.core.digest import edition
from monitor.core.facts.written import row as fact_row
from monitor.core.render import digest_data
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from config.settings import Loaded
    from monitor.edges.store import StoredItem

ITEM_COLUMNS = ("id", "seen", "outlet", "themes", "score", "title")


@click.command()
@click.option("--theme", metavar="THEME", help="One of those in themes.toml.")
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
    loaded = configuration(config_dir)
    theme_of(loaded, filters["theme"])
    with open_store(loaded) as store, store.read() as work:
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
        "facts": [fact_row(fact) for fact in item.facts],
    }


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

    The items are those stored since a time ("7d", 2026-05-01), in the stories in which they are now, or the JSON
    lines of a file as for 'strait tag'.

    \b
    Example: strait rules test 7d
    """
    loaded = configuration(config_dir)
    quiet_log()
    wrong = Complaints()
    known, classifier = tuple(rule.rule() for rule in loaded.settings.rules), classifier_of(loaded)
    if re.fullmatch(r"\d+(\.\d+)?[smhdw]|\d{4}-\d\d-\d\d.*", source):
        when = since_when(click.get_current_context(), click.Argument(["source"]), source)
        with open_store(loaded) as store, store.read() as work:
            stored = work.items(since=when, limit=100_000)
        limits = loaded.settings.classifier.thresholds or None
        articles = [replay.article_of(item) for item in learning.with_own_themes(stored, classifier, limits)]
        kept = {str(item.id): item.story_id for item in stored if item.story_id}
    else:
        articles, kept = _tagged_file(source, loaded, classifier, wrong), {}
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
        for a in replay.alerts(known, articles, classifier.sure, kept)
    ]
    show(
        rows,
        ("at", "severity", "rule", "theme", "score", "headline"),
        as_json=as_json,
        empty="Nothing would have been sent.",
    )
    wrong.exit()


def _tagged_file(source: str, loaded: Loaded, classifier: Tags, wrong: Complaints) -> list[replay.Article]:
    now = clock()
    thresholds = loaded.settings.classifier.thresholds or None
    articles: list[replay.Article] = []
    facts = composition.extractor()
    with read_lines(source) as lines:
        for rows in batched(json_objects(lines, source, wrong)):
            scored = classifier.score([text_of(row) for row in rows], thresholds=thresholds)
            for row, result in zip(rows, scored, strict=True):
                text = text_of(row)
                told = facts.read(text.title, text.summary, text.text).facts if result.themes else ()
                articles.append(replay.article_from(row, result, now, told))
    return articles


def _within_reach(_ctx: click.Context, _param: click.Parameter, value: datetime | None) -> datetime | None:
    """Refuse days whose neighbours are not in the calendar."""
    if value and not 1970 <= value.year < 9999:
        raise click.BadParameter("wants a day between 1970 and 9998")
    return value


@click.command()
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_within_reach,
    help="A local day; else the latest whose digest is due.",
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
            click.echo(json_line(digest_data(composed)))
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
