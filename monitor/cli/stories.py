"""``strait story``: the stories that are stored, and the timeline of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from monitor import regrouping
from monitor.app import clock
from monitor.cli.shared import (
    ROW_ID,
    account,
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
from monitor.regrouping import By

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from monitor.core.facts.agreed import Agreed
    from monitor.edges.store import Regrouping, StoredAlert, StoredItem, Work
    from monitor.edges.store.rows import Revision
    from monitor.model import Story

Row = dict[str, Any]
_LISTED = ("id", "life", "last_seen", "confirmed_by", "reports", "theme", "headline")
_TIMELINE = ("at", "what", "id", "who", "text")
story_argument = click.argument("story_id", type=ROW_ID, metavar="STORY")
author_option = click.option("--author", metavar="NAME", help="Who does it; else the name of the account.")


@click.group()
def story() -> None:
    r"""See stories and how they went, and put right what was joined or kept apart wrongly.

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
        "publishers": sorted(found.publishers),
        "confirmed_by": len(found.publishers),
        "official": _officials(found),
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
    done: Sequence[Regrouping] = ()
    """What people did to it."""


@story.command("show")
@story_argument
@json_option
@config_option
def show_story(story_id: int, as_json: bool, config_dir: Path | None) -> None:
    r"""Show one story: its first report, who confirms it, the facts, and its timeline.

    Of a story that was joined to another, that one is shown.

    \b
    Example: strait story show 12
    """
    with open_store(configuration(config_dir)) as store, store.read() as work:
        course = _course(work, work.joined_into(story_id) or story_id)
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
        work.alerts_about([story_id, *work.joined_to(story_id)]),
        agree(work.story_facts(story_id)),
        work.regroupings_of(story_id),
    )


def _whole(course: _Course, now: datetime) -> Row:
    found = course.story
    first = next(({"outlet": s.outlet, "headline": s.title, "url": s.url, "seen": s.seen} for s in found.sources), {})
    return {
        **_listed(found, now),
        "summary": found.summary,
        "first_report": first,
        "facts": [agreed_row(fact) for fact in course.facts],
        "reports": [_report(item, course) for item in course.reports],
        "alerts": [_alert(alert) for alert in course.alerts],
        "regroupings": [
            {
                "at": done.at,
                "author": done.author,
                "deed": done.deed,
                "story": done.story_id,
                "other": done.other_id,
                "items": list(done.items),
            }
            for done in course.done
        ],
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
        "story": alert.story_id,
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
    for done in course.done:
        items = f"items {', '.join(map(str, done.items))}"
        text = f"{items} of story {done.story_id} became story {done.other_id}"
        if done.deed == "join":
            text = f"story {done.other_id} went to story {done.story_id}, {items}"
        yield {"at": done.at, "what": done.deed, "id": done.id, "who": done.author, "text": text}


def _told(item: StoredItem, edits: Iterable[Revision]) -> Iterator[Row]:
    """Yield a report as it was worded at first, and each edit as it was worded then."""
    edits = list(edits)
    worded = [*(edit.title for edit in edits), item.title]
    who = f"{item.outlet} (official)" if item.kind == "official" else item.outlet
    yield {"at": item.seen, "what": "report", "id": item.id, "who": who, "text": worded[0]}
    for edit, text in zip(edits, worded[1:], strict=True):
        what = "correction" if edit.correction else "edit"
        yield {"at": edit.at, "what": what, "id": item.id, "who": who, "text": text}


@story.command("split")
@story_argument
@click.argument("items", type=ROW_ID, nargs=-1, required=True, metavar="ITEM...")
@author_option
@config_option
def split_story(story_id: int, items: tuple[int, ...], author: str | None, config_dir: Path | None) -> None:
    r"""Let reports of a story be a story of their own, together. It makes no alert; what is new of either later does.

    \b
    Example: strait story split 12 345 346 --author lin
    """
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        new = regrouping.split(work, story_id, items, By(author or account(), clock()))
    click.echo(f"story {new}: {len(set(items))} of the reports of story {story_id}")


@story.command("join")
@story_argument
@click.argument("other_id", type=ROW_ID, metavar="OTHER")
@author_option
@config_option
def join_stories(story_id: int, other_id: int, author: str | None, config_dir: Path | None) -> None:
    r"""Let the reports of OTHER go to STORY, which takes later reports of either. It makes no alert.

    \b
    Example: strait story join 12 15 --author lin
    """
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        regrouping.join(work, story_id, other_id, By(author or account(), clock()))
        joined = work.story(story_id)
    click.echo(f"story {story_id}: {len(joined.sources) if joined else 0} reports, with those of story {other_id}")


COMMANDS = (story,)
