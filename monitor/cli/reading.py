"""Commands that read and need no database: tag, stories, parse."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from classifiers.model import Scored, Text
from classifiers.reasons import spans
from monitor.app import clock, extractor
from monitor.cli.shared import (
    classifier_of,
    config_option,
    configuration_or_defaults,
    json_line,
    json_objects,
    read_lines,
)
from monitor.core import stories as grouping
from monitor.core.facts.written import row as fact_row
from monitor.core.parse import parse
from monitor.errors import FeedError, UsageError
from monitor.model import Article, Entry, Feed, Page

BATCH = 256
Row = Mapping[str, Any]
file_argument = click.argument("file", default="-", metavar="[FILE or -]")


class Complaints:
    """Says on standard error what was left out, and counts it."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, text: str) -> None:
        """Say one thing."""
        self.count += 1
        click.echo(text, err=True)

    def exit(self) -> None:
        """End with 1 when anything was left out."""
        if self.count:
            sys.exit(1)


@click.command()
@file_argument
@config_option
def tag(file: str, config_dir: Path | None) -> None:
    r"""Tag JSON lines with themes, probabilities, reasons, facts, places and dates.

    In: id, title, summary, optional text, lang, source, published. Out, in the same order: id, themes, scores, reasons
    (each with the spans of its words), near (what kept a theme that came near from being decided), facts (each with
    its sentence), places, dates.

    \b
    Example: echo '{"id": 1, "title": "PLA jets cross the median line near Taiwan"}' | strait tag -
    """
    loaded = configuration_or_defaults(config_dir)
    thresholds = loaded.settings.classifier.thresholds or None
    classifier, wrong = classifier_of(loaded), Complaints()
    with read_lines(file) as lines:
        for rows in batched(json_objects(lines, file, wrong)):
            for row, scored in zip(
                rows, classifier.score([text_of(row) for row in rows], thresholds=thresholds), strict=True
            ):
                click.echo(json_line(_tagged(row, scored)))
    wrong.exit()


def batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in lists that are scored together."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def text_of(row: Row) -> Text:
    """Return an input row as the classifier reads it."""
    return Text(row.get("title") or "", row.get("summary") or "", row.get("text") or "", row.get("lang") or "")


def _tagged(row: Row, scored: Scored) -> Row:
    return {
        "id": row["id"],
        "themes": list(scored.themes),
        "scores": {theme: round(float(score), 4) for theme, score in scored.scores.items()},
        "reasons": {theme: [_reason(row, *reason) for reason in scored.reasons[theme]] for theme in scored.themes},
        "near": {
            theme: {"missing": list(doubt.missing), "against": [_reason(row, *reason) for reason in doubt.against]}
            for theme, doubt in scored.doubts.items()
        },
        **_told(row),
    }


def _reason(row: Row, text: str, weight: float) -> Row:
    """Return a reason with the places of the words that it quotes."""
    places = [
        {"field": name, "start": start, "end": end}
        for name in ("title", "summary", "text")
        for start, end in spans(text, row.get(name) or "")
    ]
    return {"text": text, "weight": round(weight, 3), "spans": places}


def _told(row: Row) -> Row:
    title, summary, text = row.get("title") or "", row.get("summary") or "", row.get("text") or ""
    told = extractor().read(title, summary, text, published=_day(row.get("published") or ""))
    return {
        "facts": [fact_row(fact) for fact in told.facts],
        "places": list(told.places),
        "dates": [day.isoformat() for day in told.dates],
    }


def _day(text: str) -> date | None:
    """Return the day of an ISO moment; None where none is given, so that "yesterday" stays unknown."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


@click.command()
@file_argument
@config_option
def stories(file: str, config_dir: Path | None) -> None:
    r"""Group JSON lines into stories: reports of one event get the same number, in whichever language.

    In: as for tag. Out, in the same order: id, story.

    \b
    Example: strait stories items.jsonl
    """
    configuration_or_defaults(config_dir)
    wrong = Complaints()
    with read_lines(file) as lines:
        rows = list(json_objects(lines, file, wrong))
    placing = grouping.place([_article(row) for row in rows], [])
    for row, placed in zip(rows, placing.placed, strict=True):
        click.echo(json_line({"id": row["id"], "story": placed.story + 1}))
    wrong.exit()


def _article(row: Row) -> Article:
    title, summary = row.get("title") or "", row.get("summary") or ""
    when = _date(row.get("published") or "")
    entry = Entry(str(row["id"]), "", title, summary, published=when)
    feed = Feed(0, "", outlet=row.get("source") or "")
    return Article(entry, feed, when, {}, (), fingerprint=grouping.fingerprint(title, summary))


def _date(text: str) -> datetime:
    """Return a date as published; the epoch where none is given, so that undated items may meet."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


@click.command("parse")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--url", default="", metavar="U", help="The address it came from, for relative links.")
@config_option
def parse_file(file: Path, url: str, config_dir: Path | None) -> None:
    r"""Turn a feed file (RSS, Atom, RDF, JSON Feed) into JSON lines.

    Out: id, url, title, summary, author, published, updated, lang.

    \b
    Example: strait parse feed.xml --url https://example.org/feed.xml
    """
    configuration_or_defaults(config_dir)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from error
    now = clock()
    try:
        parsed = parse(Page(url, body), Feed(0, url, outlet=str(file)), now)
    except FeedError as error:
        click.echo(f"strait: {error.status}: {error}", err=True)
        sys.exit(1)
    for entry in parsed.entries:
        click.echo(json_line(_entry(entry)))


def _entry(entry: Entry) -> Row:
    return {
        "id": entry.ident,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "published": entry.published.isoformat() if entry.published else None,
        "updated": entry.updated.isoformat() if entry.updated else None,
        "lang": entry.lang,
    }


COMMANDS = (tag, stories, parse_file)
