"""What the commands share: where the configuration is, how lists are shown, how the log looks."""

from __future__ import annotations

import getpass
import json
import logging
import os
import sys
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
import platformdirs
import structlog
from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.settings import Loaded, defaults, load
from config.values import duration
from monitor import models
from monitor.app import clock
from monitor.edges.channels.console import printable
from monitor.edges.store import Store
from monitor.errors import StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from classifiers.extended import Extended

config_option = click.option(
    "--config",
    "config_dir",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder of monitor.toml; else $STRAIT_HOME, ./ if it holds one, or the platform's folder.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


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
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter('wants a duration such as "3d" or a date such as 2026-05-01') from None


since_option = click.option("--since", callback=since_when, metavar="WHEN", help='"3d", or an ISO date.')
ROW_ID = click.IntRange(1, 2**63 - 1)
"""A number that a database row can have."""
limit_option = click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))


def account() -> str:
    """Return the name of who runs the command, as far as the system knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "desk"


def home(given: Path | None) -> Path:
    """Return the folder of the configuration."""
    if given:
        return given
    if os.environ.get("STRAIT_HOME"):
        return Path(os.environ["STRAIT_HOME"])
    here = Path()
    return here if (here / "monitor.toml").exists() else platformdirs.user_config_path("strait-monitor")


def configuration(given: Path | None) -> Loaded:
    """Read the configuration."""
    return load(home(given), os.environ)


def configuration_or_defaults(given: Path | None) -> Loaded:
    """Read the configuration where there is one; commands that need no database work without."""
    folder = home(given)
    return load(folder, os.environ) if given or (folder / "monitor.toml").exists() else defaults(folder)


@contextmanager
def open_store(loaded: Loaded) -> Iterator[Store]:
    """Open the database, brought up to date, and close it afterwards."""
    store = Store(loaded.database_url)
    try:
        store.upgrade()
        yield store
    finally:
        store.close()


def classifier_of(loaded: Loaded, *, shipped: bool = False) -> Extended:
    """Return the classifier in force, with the user's own themes, for commands that need no database otherwise.

    It only looks: no database is made or upgraded. Where there is none the model that ships is in force, or where
    *shipped* asks for it.
    """
    found = models.builtin(loaded.custom)
    # Shorter than usual, since what tags can be had without.
    with closing(Store(loaded.database_url, patience=5)) as store:
        if shipped or (store.file and not store.file.is_file()):
            return found.classifier
        try:
            found = models.in_force(store, loaded.custom)
        except StoreError as error:
            found = replace(found, trouble=f"{error}; {models.ADVICE}")
    if found.trouble:
        click.echo(f"strait: {found.trouble}", err=True)
    return found.classifier


def theme_of(loaded: Loaded, theme: str | None) -> str | None:
    """Return a theme that a user named; raise UsageError when there is none of that name."""
    if theme is not None and theme not in loaded.themes:
        raise UsageError(f"there is no theme {theme!r}; there are {', '.join(loaded.themes)}")
    return theme


def show(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str = "Nothing.") -> None:
    """Print rows as JSON lines, or as a table of *columns*: coloured on a terminal, tab-separated when piped."""
    if as_json:
        for row in rows:
            click.echo(json_line(row))
        return
    rows = list(rows)
    if not rows:
        click.echo(empty, err=True)
    elif sys.stdout.isatty():
        table = Table(*columns, box=None, header_style="bold", pad_edge=False)
        for row in rows:
            table.add_row(*(Text(cell(row.get(column))) for column in columns))
        Console().print(table)
    else:
        click.echo("\t".join(columns))
        for row in rows:
            click.echo("\t".join(cell(row.get(column)) for column in columns))


def json_line(value: Any) -> str:
    """Return a value as one line of JSON, readable where it can be: half a surrogate pair only goes out escaped."""
    line = json.dumps(value, ensure_ascii=False, default=_plain)
    return line if _encodable(line) else json.dumps(value, default=_plain)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def cell(value: Any) -> str:
    """Return a value as one line of a table."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(cell(part) for part in value)
    text = str(value).encode("utf-8", "replace").decode()
    return " ".join(printable(text).split())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | frozenset | set):
        return list(value)
    return str(value)


def set_up_log(stream: TextIO = sys.stderr) -> None:
    """Log to standard error: for people on a terminal, as JSON lines otherwise."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _one_line,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    # The scheduler speaks through the standard library; what matters of it comes through our own listeners.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


def quiet_log() -> None:
    """Log only what failed, for commands that answer on standard output."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )


def _one_line(_logger: Any, _name: str, event: Any) -> Any:
    """Keep what a feed says from forging log lines."""
    return {key: cell(value) if isinstance(value, str) else value for key, value in event.items()}


@contextmanager
def read_lines(source: str) -> Iterator[Iterator[tuple[int, str]]]:
    """Yield the numbered lines of a file, or of standard input for ``-``."""
    try:
        file = click.open_file(source, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{source}: cannot be read ({error.strerror})") from error
    with file:
        yield enumerate(file, 1)


def json_objects(
    lines: Iterable[tuple[int, str]], source: str, wrong: Callable[[str], None]
) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON object of each line that has ``id`` and ``title``; say what is wrong with the others."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            wrong(f"{source}:{number}: left out: no JSON ({error})")
            continue
        reason = _not_an_item(row)
        if reason:
            wrong(f"{source}:{number}: left out: {reason}")
        else:
            yield row


def _not_an_item(row: Any) -> str:
    if not isinstance(row, dict):
        return "not an object"
    if not isinstance(row.get("id"), str | int):
        return "no id"
    for key in ("title", "summary", "text", "lang", "source", "published"):
        if not isinstance(row.get(key, ""), str | None):
            return f"{key} is not a text"
    return "" if row.get("title") or row.get("text") or row.get("summary") else "no title, summary or text"
