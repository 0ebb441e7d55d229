"""``strait story``: the stories that are stored, and the timeline of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from monitor.app import clock
from monitor.cli.shared import (
    ROW_ID,
    cell,
    config_option,
    configuration,
    json_line,
    json_option,
    limit_option,
    open_store,
    show,
    since_when,
)
from monitor.core import stories
from monitor.core.digest import main_theme
from monitor.core.facts.agreed import agree
from monitor.core.facts.written import agreed_row, summary_line
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.core.facts.agreed import Agreed
    from monitor.edges.store import StoredAlert, StoredItem, Work
    from monitor.edges.store.rows import Revision
    from monitor.model import Story

Row = dict[str, Any]
_LISTED = ("id", "life", "last_seen", "publishers", "reports", "theme", "headline")
_TIMELINE = ("at", "what", "id", "who", "text")
story_argument = click.argument("story_id", type=ROW_ID, metavar="STORY")


@click.group()
def story() -> None:
    r"""See stories and how they went: who told first, who confirmed, what was corrected, what people were told.

    \b
    Example: strait story list --since 24h
    """


@story.command("list")
@click.option(
    "--since", callback=since_when, default="24h", show_default=True, metavar="WHEN", help='"24h", or an ISO date.'
)
@limit_option
@json_option
@config_option
def list_stories(since: datetime, limit: int, as_json: bool, config_dir: Path | None) -> None:
    r"""List the stories reported since a time, those reported last first, with how far each has come.

    \b
    Example: strait story list --since 2d
    """
    now = clock()
    with open_store(configuration(config_dir)) as store, store.read() as work:
        found = work.stories_since(since, limit)
    show((_listed(one, now) for one in found), _LISTED, as_json=as_json, empty="No stories.")


def _listed(found: Story, now: datetime) -> Row:
    return {
        "id": found.id,
        "life": stories.life(found, now),
        "headline": found.headline,
        "url": found.url,
        "theme": main_theme(found),
        "themes": list(found.themes),
        "first_seen": found.first_seen,
        "last_seen": found.last_seen,
        "corrected": found.corrected,
        "publishers": len(found.publishers),
        "official": found.official,
        "reports": len(found.sources),
    }


@dataclass(frozen=True, slots=True)
class _Course:
    """All that is known of a story."""

    story: Story
    reports: Sequence[StoredItem]
    edits: Mapping[int, Sequence[Revision]] = field(default_factory=dict)
    alerts: Sequence[StoredAlert] = ()
    facts: Sequence[Agreed] = ()


@story.command("show")
@story_argument
@json_option
@config_option
def show_story(story_id: int, as_json: bool, config_dir: Path | None) -> None:
    r"""Show one story: its first report, who confirms it, the facts, and its timeline.

    \b
    Example: strait story show 12
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        course = _course(work, story_id)
    if as_json:
        click.echo(json_line(_whole(course, clock())))
        return
    for line in _heading(course, clock()):
        click.echo(line)
    click.echo("")
    show(sorted(_moments(course), key=lambda row: row["at"]), _TIMELINE, as_json=False)


def _course(work: Work, story_id: int) -> _Course:
    found = work.story(story_id)
    if found is None:
        raise UsageError(f"there is no story {story_id}; 'strait story list' shows those there are")
    reports = work.reports_of(story_id)
    return _Course(
        found,
        reports,
        {item.id: work.revisions(item.id) for item in reports},
        work.alerts_about([story_id]),
        agree(work.story_facts(story_id)),
    )


def _whole(course: _Course, now: datetime) -> Row:
    found = course.story
    first = next(({"outlet": s.outlet, "headline": s.title, "url": s.url, "seen": s.seen} for s in found.sources), {})
    return {
        **_listed(found, now),
        "summary": found.summary,
        "first_report": first,
        "publishers": sorted(found.publishers),
        "official": _officials(found),
        "facts": [agreed_row(fact) for fact in course.facts],
        "reports": [_report(item, course) for item in course.reports],
        "alerts": [_alert(alert) for alert in course.alerts],
    }


def _officials(found: Story) -> list[str]:
    return sorted({source.outlet for source in found.sources if source.kind == "official"})


def _report(item: StoredItem, course: _Course) -> Row:
    origins = {(source.outlet, source.url): source.origin for source in course.story.sources}
    edits = course.edits[item.id]
    return {
        "item": item.id,
        "outlet": item.outlet,
        "publisher": item.publisher,
        "kind": item.kind,
        "origin": origins.get((item.outlet, item.url), ""),
        "seen": item.seen,
        "published": item.when,
        "headline": item.title,
        "url": item.url,
        "edits": [{"at": e.at, "correction": e.correction, "before": e.title} for e in edits],
    }


def _alert(alert: StoredAlert) -> Row:
    return {
        "id": alert.id,
        "at": alert.at,
        "rule": alert.rule,
        "severity": alert.severity,
        "reason": alert.reason,
        "revision": alert.revision,
        "headline": alert.headline,
    }


def _heading(course: _Course, now: datetime) -> Iterator[str]:
    found = course.story
    yield cell(f"story {found.id}, {stories.life(found, now)}: {found.headline}")
    yield cell(found.url)
    for first in found.sources[:1]:
        yield cell(f"first report: {first.outlet}, {first.seen:%Y-%m-%d %H:%M} UTC: {first.title}")
    yield cell(f"publishers: {', '.join(sorted(found.publishers))}")
    if officials := _officials(found):
        yield cell(f"official: {', '.join(officials)}")
    if course.facts:
        yield cell(f"facts: {summary_line(course.facts)}")


def _moments(course: _Course) -> Iterator[Row]:
    """Yield what happened to a story, not yet in the order of time."""
    for item in course.reports:
        yield from _told(item, course.edits[item.id])
    for alert in course.alerts:
        text = f"{alert.reason}: {alert.headline}"
        yield {"at": alert.at, "what": "alert", "id": alert.id, "who": f"rule {alert.rule}", "text": text}


def _told(item: StoredItem, edits: Iterable[Revision]) -> Iterator[Row]:
    """Yield a report as it was worded at first, and each edit as it was worded then."""
    edits = list(edits)
    worded = [*(edit.title for edit in edits), item.title]
    who = f"{item.outlet} (official)" if item.kind == "official" else item.outlet
    yield {"at": item.seen, "what": "report", "id": item.id, "who": who, "text": worded[0]}
    for edit, text in zip(edits, worded[1:], strict=True):
        what = "correction" if edit.correction else "edit"
        yield {"at": edit.at, "what": what, "id": item.id, "who": who, "text": text}


COMMANDS = (story,)
