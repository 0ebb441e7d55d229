"""The classifier learns from its readers: ``strait review`` asks them, ``strait train`` makes and examines a model."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifiers.exam import LEAST_GOLD
from classifiers.feedback import corpus_language
from classifiers.labelled import read_labelled
from classifiers.learn import FOLDS, learn
from classifiers.themes import THEMES
from monitor import learning, models
from monitor.app import VERSION, clock
from monitor.cli.interview import Interview, keys
from monitor.cli.reading import Complaints
from monitor.cli.shared import (
    config_option,
    configuration,
    configuration_or_defaults,
    json_line,
    json_option,
    open_store,
    show,
    since_when,
    theme_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from classifiers.exam import Change, Result, Span
    from classifiers.feedback import Lesson
    from classifiers.learn import Outcome
    from config.settings import Loaded
    from monitor.edges.store import Store, StoredModel
    from monitor.learning import Question
    from monitor.models import InForce

QUESTIONS = ("id", "doubt", "doubtful", "themes", "outlet", "title")
EXAM_COLUMNS = ("theme", "items", "F1 before", "F1 after", "change", "verdict")
MODELS = ("version", "created", "active", "labels", "core before", "core after", "replaces", "program")


@click.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1_000), help="How many items.")
@click.option(
    "--since", default="30d", show_default=True, callback=since_when, metavar="WHEN", help="First seen since."
)
@click.option("--theme", metavar="THEME", help="Only what is doubted about one theme.")
@click.option("--by", default="desk", show_default=True, help="Who answers.")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write what was said.")
@click.option("--doubtful", is_flag=True, help="With --export: instead the doubtful items, with the model's guesses.")
@click.option(
    "--import",
    "source",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take answers from labelled lines, such as --export writes.",
)
@json_option
@config_option
def review(as_json: bool, config_dir: Path | None, **options: Any) -> None:
    r"""Label what the model doubts most: item by item, by single keys, or a line of keys each when input is piped.

    A theme's key puts it on or off; y or enter keeps what is shown, n says that none applies, s skips, u takes the last
    answer back, q ends. Each answer is kept at once. 'strait train' learns from them.

    \b
    Example: strait review --by lin
             strait review --export sheet.jsonl --doubtful && strait review --import sheet.jsonl --by lin
    """
    asked = Asked(**options)
    if not asked.by.strip():
        raise click.UsageError("--by wants a name")
    if asked.doubtful and not asked.export:
        raise click.UsageError("--doubtful goes with --export")
    if asked.source and (asked.export or as_json):
        raise click.UsageError("--import goes with neither --export nor --json")
    loaded = configuration(config_dir)
    theme_of(loaded, asked.theme)
    with open_store(loaded) as store:
        if asked.source:
            _import(loaded, store, asked.source, asked.by)
        elif asked.export and not asked.doubtful:
            _export(store, loaded, asked.export)
        elif asked.export:
            _write(asked.export, map(_guess, _questions(loaded, store, asked)))
        elif as_json:
            show(map(_row, _questions(loaded, store, asked)), QUESTIONS, as_json=True)
        else:
            _ask(store, _questions(loaded, store, asked), asked.by)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see, and where answers come from or go."""

    limit: int
    since: datetime | None
    theme: str | None
    by: str
    export: Path | None
    doubtful: bool
    source: Path | None


def _questions(loaded: Loaded, store: Store, asked: Asked) -> list[Question]:
    classifier = _in_force(loaded, store).classifier
    thresholds = {**classifier.thresholds, **loaded.settings.classifier.thresholds}
    wanted = {asked.theme: thresholds[asked.theme]} if asked.theme else thresholds
    return learning.questions(store, classifier, wanted, asked.since, asked.limit)


def _in_force(loaded: Loaded, store: Store) -> InForce:
    found = models.in_force(store, loaded.custom)
    if found.trouble:
        click.echo(f"strait: {found.trouble}", err=True)
    return found


@dataclass(frozen=True, slots=True)
class _Stored:
    """The notebook that is the database."""

    store: Store
    author: str

    def write(self, question: Question, themes: Collection[str]) -> None:
        with self.store.begin() as work:
            learning.answer(work, question, themes, self.author, clock())

    def strike(self, question: Question) -> None:
        with self.store.begin() as work:
            work.withdraw_feedback(question.item.id, self.author)


def _ask(store: Store, questions: Sequence[Question], author: str) -> None:
    if not questions:
        click.echo("Nothing to review: no item is doubtful that nobody has labelled yet.")
        return
    interview = Interview(questions, _Stored(store, author))
    interview.run(keys())
    with store.read() as work:
        total = len(work.labelled())
    click.echo(
        f"\n{interview.answered} answered by {author}, {interview.skipped} skipped; {total} items are labelled now. "
        "'strait train' learns from them."
    )
    if interview.wrong:
        sys.exit(1)


def _row(question: Question) -> Mapping[str, Any]:
    item = question.item
    return {
        "id": item.id,
        "doubt": round(question.doubt, 4),
        "doubtful": list(question.doubtful),
        "themes": list(question.themes),
        "scores": {theme: round(score, 4) for theme, score in question.scores.items()},
        "reasons": {
            theme: [{"text": text, "weight": round(weight, 3)} for text, weight in words]
            for theme, words in question.reasons.items()
        },
        "lacks": {theme: list(words) for theme, words in question.lacks.items()},
        "outlet": item.outlet,
        "when": item.when,
        "lang": item.lang,
        "title": item.title,
        "summary": item.summary,
        "url": item.url,
    }


def _guess(question: Question) -> Mapping[str, Any]:
    item = question.item
    return _line(item.id, item.title, item.summary, question.themes, "the model's guess: correct it, then import it")


def _line(ident: int | str, title: str, summary: str, themes: Iterable[str], note: str) -> Mapping[str, Any]:
    lang = corpus_language(title, summary)
    return {"id": str(ident), "lang": lang, "title": title, "summary": summary, "themes": list(themes), "note": note}


def _export(store: Store, loaded: Loaded, path: Path) -> None:
    with store.read() as work:
        taught = learning.lessons(work)
    lines = [
        _line(one.id, one.title, one.summary, one.truth(tuple(loaded.themes)), "labelled by readers") for one in taught
    ]
    _write(path, lines)


def _write(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    rows = list(lines)
    path.write_text("".join(json_line(row) + "\n" for row in rows), encoding="utf-8")
    click.echo(f"{len(rows)} items written to {path}")


def _import(loaded: Loaded, store: Store, path: Path, author: str) -> None:
    """Take labelled lines as answers: each of a stored item, known by its id and title, or by its text."""
    wrong, known = Complaints(), tuple(loaded.themes)
    lines = read_labelled(path, known)
    named = {theme for line in lines for theme in line.themes}
    # A file older than a custom theme says nothing of it; of the others it says yes or no.
    judged = [theme for theme in known if theme in THEMES or theme in named]
    with store.begin() as work:
        stored = work.entries_titled(line.text.title for line in lines)
        by_text = {(title, summary): ident for ident, title, summary in reversed(stored)}
        by_id = {(str(ident), title): ident for ident, title, _ in stored}
        at, kept = clock(), 0
        for line in lines:
            ident = by_id.get((line.id, line.text.title)) or by_text.get((line.text.title, line.text.summary))
            if ident is None:
                wrong(f"{path}: item {line.id}: left out: no stored item has this text")
                continue
            kept += 1
            for theme in judged:
                work.add_feedback(ident, theme, label=theme in line.themes, author=author, at=at)
    click.echo(f"{kept} items labelled by {author}")
    wrong.exit()


@click.command()
@click.option("--dry-run", is_flag=True, help="Train and compare, but put nothing in place.")
@click.option("--force", is_flag=True, help="Put it in place even if it is worse.")
@click.option("--list", "listed", is_flag=True, help="List the versions that are kept.")
@click.option("--rollback", is_flag=True, help="Take the version before the one in force again.")
@click.option("--folds", default=FOLDS, show_default=True, type=click.IntRange(2, 20), help="Of the cross-validation.")
@click.option("--check", is_flag=True, help="Only say whether the shipped model is the one that corpus and code make.")
@click.option("--json", "as_json", is_flag=True, help="With --list: one JSON object a line.")
@config_option
def train(folds: int, as_json: bool, config_dir: Path | None, **does: bool) -> None:
    r"""Learn from what readers said: train on the corpus and their labels, compare, and put the new model in place.

    Both models, before and after, are asked about the corpus in cross-validation, and about a fifth of the labels that
    is never trained on. One that is worse by more than chance explains is refused. A daemon takes the new one up at
    its next round.

    \b
    Example: strait train --dry-run
             strait train --rollback
    """
    asked = [name for name in ("listed", "rollback", "check") if does[name]]
    if len(asked) > 1 or (asked and (does["dry_run"] or does["force"])):
        raise click.UsageError("--list, --rollback and --check each go alone")
    if does["check"]:
        from classifiers import train as training  # noqa: PLC0415 - 60 MB, for who asks

        configuration_or_defaults(config_dir)
        sys.exit(training.main(["--check"]))
    loaded = configuration(config_dir)
    with open_store(loaded) as store:
        if does["listed"]:
            _list(store, as_json=as_json)
        elif does["rollback"]:
            _roll_back(store)
        else:
            _train(loaded, store, folds, does)


def _train(loaded: Loaded, store: Store, folds: int, does: Mapping[str, bool]) -> None:
    began, before = clock(), _in_force(loaded, store)
    with store.read() as work:
        taught = learning.lessons(work)
    _tell_strangers(loaded, taught)
    trained = before.classifier.trained
    course = learning.course(loaded, taught, before.since, folds=folds, forced=does["force"])
    outcome = learn(trained, course, _progress)
    for note in outcome.notes:
        click.echo(note)
    for result in outcome.results:
        _show_result(result)
    if outcome.trained.version == trained.version and not before.trouble:
        click.echo(f"nothing new to learn: {before.classifier.trained.version} stays; {len(taught)} items are labelled")
        return
    if outcome.refusal and not does["force"]:
        click.echo(f"refused, it is worse: {outcome.refusal}; --force takes it all the same", err=True)
        sys.exit(1)
    if does["dry_run"]:
        click.echo(f"{outcome.trained.version} would be put in place; nothing was changed")
        return
    models.put_in_force(store, outcome.trained, before.version, began, _figures(outcome, forced=does["force"]))
    click.echo(f"{outcome.trained.version} is in place of {before.version or 'the built-in model'}")


def _progress(text: str) -> None:
    click.echo(f"{text} …", err=True)


def _tell_strangers(loaded: Loaded, taught: Sequence[Lesson]) -> None:
    for theme, count in sorted(learning.strangers(taught, loaded.themes).items()):
        click.echo(f"{count} items are labelled for {theme}, which is no theme (any more): left out", err=True)


def _figures(outcome: Outcome, *, forced: bool) -> Mapping[str, Any]:
    return {
        "labels": outcome.studied,
        "exams": [asdict(result) for result in outcome.results],
        "worse": outcome.refusal,
        "forced": forced and bool(outcome.refusal),
        "program": VERSION,
    }


def _show_result(result: Result) -> None:
    click.echo(f"\n{result.name}: {result.items:,} items")
    changes = (*result.changes, *([result.core] if result.core else []))
    show(map(_change, changes), EXAM_COLUMNS, as_json=False)


def _change(change: Change) -> Mapping[str, Any]:
    few = change.gold < LEAST_GOLD
    return {
        "theme": change.theme,
        "items": change.gold,
        "F1 before": _spanned(change.before, change.before_span) if change.gold else "-",
        "F1 after": _spanned(change.after, change.after_span) if change.gold else "-",
        "change": f"{change.after - change.before:+.3f}" if change.gold else "-",
        "verdict": "worse" if change.worse else "too few to tell" if few else "ok",
    }


def _spanned(value: float, span: Span) -> str:
    return f"{value:.3f} [{span[0]:.2f}, {span[1]:.2f}]"


def _roll_back(store: Store) -> None:
    with store.begin() as work:
        old, new = models.roll_back(work)
    click.echo(f"{new or 'the built-in model'} is in force again, in place of {old}")


def _list(store: Store, *, as_json: bool) -> None:
    with store.read() as work:
        kept = work.models()
    builtin = {"version": "built-in", "active": not any(model.active for model in kept)}
    rows = [*map(_version, kept), builtin]
    for row in rows:
        row["active"] = row["active"] if as_json else "active" * row["active"]
    show(rows, MODELS, as_json=as_json)


def _version(model: StoredModel) -> dict[str, Any]:
    figures = model.metrics if isinstance(model.metrics, dict) else {}
    exams = figures.get("exams") or [{}]
    core = exams[0].get("core") or {}
    row = {
        "version": model.version,
        "created": model.created,
        "active": model.active,
        "labels": figures.get("labels"),
        "core before": core.get("before"),
        "core after": core.get("after"),
        "replaces": figures.get("replaces") or "built-in",
        "program": figures.get("program"),
    }
    return {**row, "metrics": json.loads(json.dumps(figures))}


COMMANDS = (review, train)
