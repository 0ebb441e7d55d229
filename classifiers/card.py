"""Write the model card: what the shipped model is for, what it was trained on, how good it is and where it fails.

python -m classifiers.card            # fill docs/model-card.template.md in and write docs/model-card.md
python -m classifiers.card --check    # exit with 1 when the card is stale
python -m classifiers.card --measure labelled.jsonl --name "what it is" --date 2026-05-01
                                      # print the figures as a block for docs/measured.toml

Model, corpus and cross-validated figures are read from what ships; figures on other data are typed into measured.toml,
so that the card can be made without that data.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifiers import coverage, figures, lexicon
from classifiers.corpus import read_corpus
from classifiers.errors import ClassifierError
from classifiers.evaluate import ALL, Report, evaluate
from classifiers.labelled import read_labelled
from classifiers.model import Classifier, Text
from classifiers.tables import markdown
from classifiers.themes import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifiers.corpus import Item

TEMPLATE, MEASURED, CARD = "model-card.template.md", "measured.toml", "model-card.md"
WILD = 150
"""In an ordinary feed about one item in so many carries a theme."""
_PROMISED = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
_BLANK = re.compile(r"\{\{(\w+)\}\}")


class CardError(ClassifierError):
    """The card cannot be made; the text names the file and what is wrong with it."""


def card(docs: Path, classifier: Classifier, items: Sequence[Item]) -> str:
    """Return the card of a model and its corpus, by the template and the figures in *docs*."""
    measured = _measured(docs / MEASURED)
    parts = {
        "version": f"`{classifier.version}`",
        "items": f"{len(items):,}",
        "coverage": markdown(coverage.table(items, lexicon.builtin())),
        "thin": _thin(items),
        "cross_validated": markdown(_cross_validated(classifier)),
        "measured": "\n\n".join(_set(one, classifier.version) for one in measured["measured"]),
        "wild": markdown(_wild(measured["measured"])),
        "failures": markdown(_failures(measured["failures"], classifier)),
    }
    text = _read(docs / TEMPLATE)
    unknown = sorted(set(_BLANK.findall(text)) - set(parts))
    if unknown:
        raise CardError(f"{docs / TEMPLATE}: unknown {{{{{unknown[0]}}}}}; one of {', '.join(parts)}")
    return _BLANK.sub(lambda match: parts[match[1]], text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CardError(f"{path}: cannot be read ({error})") from error


def _measured(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
        raise CardError(f"{path}: {error}") from error
    wanted = {
        "measured": {"name", "date", "command", "model", "items", "tagged", "core_f1", "core_skill", "ece", "themes"},
        "failures": {"what", "title", "themes"},
    }
    for kind, keys in wanted.items():
        for number, table in enumerate(found.setdefault(kind, []), 1):
            if missing := sorted(keys - set(table)):
                raise CardError(f"{path}: [[{kind}]] number {number} lacks {', '.join(missing)}")
    return found


def _thin(items: Sequence[Item]) -> str:
    cells = coverage.thin(items)
    return "; ".join(cells) if cells else f"none holds fewer than {coverage.THIN}"


def _cross_validated(classifier: Classifier) -> list[list[str]]:
    meta = classifier.meta
    rows = [["theme", "share of the corpus", "cross-validated F1", "decided from", "alerts from"]]
    for theme in classifier.themes:
        row = [f"{meta['base_rates'][theme]:.3f}", f"{meta['cross_validated'][theme]:.3f}"]
        row += [f"{classifier.thresholds[theme]:.2f}", f"{meta['alert_thresholds'][theme]:.2f}"]
        rows.append([f"`{theme}`", *row])
    core = sum(meta["cross_validated"][theme] for theme in CORE) / len(CORE)
    return [*rows, ["**core**", "", f"**{core:.3f}**", "", ""]]


def _set(one: Mapping[str, Any], version: str) -> str:
    """Return the figures on one set of items."""
    head = ["theme", "items", "precision", "recall", "F1", "alerts: precision", "recall", "Brier skill", "base rate"]
    rows = [head]
    for theme, row in one["themes"].items():
        columns = ("precision", "recall", "f1", "alert_precision", "alert_recall", "skill")
        rate = f"{row['gold'] / one['items']:.3f}"
        rows.append([f"`{theme}`", str(row["gold"]), *(_spanned(row[column]) for column in columns), rate])
    model = "this model" if one["model"] == version else f"an earlier model, `{one['model']}`"
    languages = ", ".join(f"{lang} {_spanned(value)}" for lang, value in one["core_f1"].items())
    told = f"{one['items']:,} items, {one['tagged'] / one['items']:.1%} with a theme; {one['date']}, {model}"
    skill = f"Core Brier skill {_spanned(one['core_skill'])}"
    error = f"calibration error above {figures.CALIBRATION_FLOOR}: {one['ece']:.3f}, at these base rates"
    text = f"{told}: `{one['command']}`. Core F1: {languages}. {skill}; {error}."
    return f"### {one['name']}\n\n{text}\n\n{markdown(rows)}"


def _spanned(value: Sequence[float]) -> str:
    return f"{value[0]:.3f} [{value[1]:.2f}, {value[2]:.2f}]" if len(value) == 3 else f"{value[0]:.3f}"


def _wild(measured: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return what a probability is worth where themes are rare, if all other items came as near as in the first set."""
    rows = [["promised", f"at least, at 1 in {WILD}"]]
    if measured:
        tagged, items = measured[0]["tagged"], measured[0]["items"]
        rarer = (tagged / (items - tagged)) * (WILD - 1)
        rows += [[f"{p}", f"{p / (p + (1 - p) * rarer):.2f}"] for p in _PROMISED]
    return rows


def _failures(failures: Sequence[Mapping[str, Any]], classifier: Classifier) -> list[list[str]]:
    """Return headlines that it is known to fail on, with what it says of them now."""
    rows = [["what goes wrong", "for example", "means", "the model says"]]
    answers = classifier.score([Text(one["title"], one.get("summary", "")) for one in failures])
    for one, answer in zip(failures, answers, strict=True):
        said, meant = sorted(answer.themes), sorted(one["themes"])
        verdict = f"{_themes(said)}: mended" if said == meant else _themes(said)
        shown = one["title"] + (f" / {one['summary']}" if one.get("summary") else "")
        rows.append([one["what"], f"“{shown}”", _themes(meant), verdict])
    return rows


def _themes(themes: Sequence[str]) -> str:
    return ", ".join(f"`{theme}`" for theme in themes) or "nothing"


def block(report: Report, model: str, name: str, date: str) -> str:
    """Return the figures of a report as a block for the file of measured figures."""
    total = report.totals[ALL]
    lines = [
        "[[measured]]",
        f"name = {_quoted(name)}",
        f"date = {_quoted(date)}",
        'command = "strait evaluate FILE"',
        f"model = {_quoted(model)}",
        f"items = {total.items}",
        f"tagged = {total.tagged}",
        f"core_skill = {_numbers(total.core_skill, total.intervals.get('core_skill', ()))}",
        f"ece = {total.ece:.4f}",
        "[measured.core_f1]",
        *(f"{lang} = {_numbers(t.core_f1, t.intervals.get('core_f1', ()))}" for lang, t in report.totals.items()),
    ]
    for row in report.slices[ALL]:
        lines += [f"[measured.themes.{row.theme}]", f"gold = {row.gold}"]
        for figure, span in row.intervals.items():
            lines.append(f"{figure} = {_numbers(getattr(row, figure), span)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbers(value: float, span: Sequence[float]) -> str:
    return "[" + ", ".join(f"{number:.3f}" for number in (value, *span)) + "]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write, check or measure; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m classifiers.card", description="Write the model card.")
    parser.add_argument("--check", action="store_true", help="exit with 1 when the card is stale")
    parser.add_argument("--docs", type=Path, help="the folder of the card; docs/ beside the package by default")
    parser.add_argument("--corpus", type=Path, help="a folder of labelled lines; the shipped one by default")
    parser.add_argument("--measure", type=Path, metavar="FILE", help="print the figures on labelled items")
    parser.add_argument("--name", default="", help="what the measured items are")
    parser.add_argument("--date", default="", help="the day of measuring")
    options = parser.parse_args(arguments)
    with as_file(files("classifiers")) as package:
        docs, corpus = options.docs or package.parent / "docs", options.corpus or package / "corpus"
        try:
            if options.measure:
                return _measure(options.measure, options.name or options.measure.stem, options.date)
            text = card(docs, Classifier.builtin(), read_corpus(corpus))
            return _check(docs / CARD, text) if options.check else _write(docs / CARD, text)
        except ClassifierError as error:
            sys.stderr.write(f"{error}\n")
            return 1


def _measure(file: Path, name: str, date: str) -> int:
    classifier = Classifier.builtin()
    items = read_labelled(file, classifier.themes)
    scored = classifier.score([item.text for item in items])
    limits = classifier.meta["alert_thresholds"]
    report = evaluate(items, scored, alert_thresholds=limits, draws=figures.DRAWS)
    sys.stdout.write(block(report, classifier.version, name, date))
    return 0


def _check(path: Path, text: str) -> int:
    fresh = path.exists() and _read(path) == text
    sys.stdout.write(f"{path}: {'up to date' if fresh else 'stale; run python -m classifiers.card'}\n")
    return 0 if fresh else 1


def _write(path: Path, text: str) -> int:
    path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{path}: written\n")
    return 0


if __name__ == "__main__":  # pragma: no cover - tests call main
    sys.exit(main())
