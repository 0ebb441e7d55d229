"""``strait silence``: mute alerts by what they are about, for a while, with a word on why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from config.values import duration
from monitor.app import clock
from monitor.cli.shared import ROW_ID, account, config_option, configuration, json_option, open_store, show
from monitor.errors import UsageError
from monitor.model import Silence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from config.settings import Loaded

MATCHERS = ("theme", "rule", "source", "keyword", "story")
_COLUMNS = ("id", "state", "until", "what", "author", "comment")


@click.group()
def silence() -> None:
    r"""Mute alerts that match, until a time. What was muted stays explained: 'strait alerts explain ITEM'.

    \b
    Example: strait silence add --theme exercises --source "Harbour Post" --until 6h --comment "known drill"
    """


@silence.command()
@click.option("--theme", metavar="THEME", help="Alerts of this theme.")
@click.option("--rule", metavar="NAME", help="Alerts of this rule.")
@click.option("--source", metavar="OUTLET", help="Items of this outlet, publisher or feed address.")
@click.option("--keyword", metavar="WORDS", help="Items in whose title or summary these words stand.")
@click.option("--story", type=ROW_ID, metavar="ID", help="Alerts about this story.")
@click.option("--until", required=True, metavar="WHEN", help='"6h", "3d", or a local time such as 2026-05-04T18:00.')
@click.option("--comment", default="", help="Why.")
@click.option("--by", metavar="NAME", help="Who mutes; else the name of the account.")
@config_option
def add(until: str, comment: str, by: str | None, config_dir: Path | None, **matchers: Any) -> None:
    r"""Mute alerts in which all that is named here is found.

    \b
    Example: strait silence add --rule "Large drills" --until 2026-05-04T18:00 --comment "Han Kuang" --by lin
    """
    loaded, now = configuration(config_dir), clock()
    named: dict[str, Any] = {name: value for name, value in matchers.items() if value and str(value).strip()}
    if not named:
        raise UsageError(f"name what to mute: {', '.join('--' + name for name in MATCHERS)}")
    _known("theme", named.get("theme"), loaded.themes)
    _known("rule", named.get("rule"), [table.name for table in loaded.settings.rules])
    muted = Silence(_until(loaded, until, now), comment=comment, author=by or account(), **named)
    with open_store(loaded) as store, store.begin() as work:
        silence_id = work.add_silence(muted, now)
    end = muted.until.astimezone(loaded.settings.timezone)
    click.echo(f"silence {silence_id}: {_what(muted)}, until {end:%Y-%m-%d %H:%M} ({loaded.settings.timezone.key})")


def _known(what: str, name: str | None, names: Collection[str]) -> None:
    if name and name not in names:
        raise UsageError(f"there is no {what} {name!r}; there are {', '.join(names) or 'none'}")


def _until(loaded: Loaded, text: str, now: datetime) -> datetime:
    """Read a duration from now, or a local time."""
    try:
        until = now + duration(text)
    except ValueError:
        until = _moment(loaded, text)
    if not now < until < now + timedelta(days=36_500):
        raise UsageError(f"--until {text}: is over already")
    return until


def _moment(loaded: Loaded, text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=loaded.settings.timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f'--until {text}: wants a duration such as "6h" or a time such as 2026-05-04T18:00') from None


@silence.command("list")
@click.option("--all", "every", is_flag=True, help="Those that are over, too.")
@json_option
@config_option
def list_silences(every: bool, as_json: bool, config_dir: Path | None) -> None:
    r"""List the silences in force, the oldest first.

    \b
    Example: strait silence list --all
    """
    now = clock()
    with open_store(configuration(config_dir)) as store, store.read() as work:
        found = work.silences(None if every else now)
    show((_row(one, now) for one in found), _COLUMNS, as_json=as_json, empty="No silences.")


def _row(silence: Silence, now: datetime) -> Mapping[str, Any]:
    return {
        "id": silence.id,
        "state": "active" if silence.active(now) else "ended" if silence.ended else "over",
        **{name: getattr(silence, name) for name in MATCHERS},
        "what": _what(silence),
        "until": silence.until,
        "created": silence.created,
        "ended": silence.ended,
        "author": silence.author,
        "comment": silence.comment,
    }


def _what(silence: Silence) -> str:
    """Return what a silence mutes in words."""
    return ", ".join(f"{name} {value}" for name in MATCHERS if (value := getattr(silence, name)))


@silence.command()
@click.argument("ids", type=ROW_ID, nargs=-1, required=True, metavar="ID")
@config_option
def end(ids: tuple[int, ...], config_dir: Path | None) -> None:
    r"""End silences before their time.

    \b
    Example: strait silence end 3
    """
    with open_store(configuration(config_dir)) as store, store.begin() as work:
        lost = [one for one in ids if not work.end_silence(one, clock())]
        if lost:
            raise UsageError(f"there is no silence {lost[0]} in force; 'strait silence list' shows those there are")
    click.echo(f"ended {', '.join(map(str, ids))}")


COMMANDS: Iterable[click.Command] = (silence,)
