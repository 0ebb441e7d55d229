"""The command that measures the classifier on labelled items: figures, a picture, and what goes wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifiers import figures, picture
from classifiers.errors import CorpusError
from classifiers.evaluate import ALL, Report, Row, evaluate
from classifiers.labelled import Labelled, parse_labelled
from classifiers.mistakes import MOST, Mistake, Pair, confusion, mistakes
from monitor.cli.reading import Complaints, file_argument
from monitor.cli.shared import classifier_of, config_option, configuration_or_defaults, json_line, read_lines, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifiers.extended import Extended

DECISIONS = ("theme", "gold", "said", "precision", "recall", "F1")
PROBABILITIES = ("theme", "alerts from", "alerts", "precision", "recall", "Brier skill", "at base rate", "ECE")
WRONG = ("theme", "what", "probability", "id", "title", "gold")
PAIRS = ("meant", "said", "items")
PAIRS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is measured on a file."""

    model: str
    alert_thresholds: Mapping[str, float]
    report: Report
    mistakes: Sequence[Mistake]
    confusion: Sequence[Pair]

    def as_json(self) -> str:
        """Return everything as one JSON object."""
        rest = {k: v for k, v in asdict(self).items() if k != "report"}
        return json_line({**rest, **asdict(self.report), "draws": figures.DRAWS})


@click.command("evaluate")
@file_argument
@click.option(
    "--picture",
    "svg",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.svg",
    help="Also write the reliability picture as an SVG file.",
)
@click.option(
    "--examples", default=MOST, show_default=True, type=click.IntRange(0), help="Wrong answers a theme and kind."
)
@click.option("--builtin", is_flag=True, help="The model that ships, whatever was trained since.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@config_option
def evaluate_file(  # noqa: PLR0913 - one a flag
    *, file: str, svg: Path | None, examples: int, builtin: bool, as_json: bool, config_dir: Path | None
) -> None:
    r"""Measure the classifier on labelled JSON lines: as for tag, with themes ([] for none).

    Precision, recall, F1, alerts, Brier skill and calibration per theme and language, with 95 % bootstrap intervals; a
    reliability picture; the most confident wrong answers, and which theme was taken for which.

    \b
    Example: strait evaluate labelled.jsonl --picture reliability.svg
    """
    loaded = configuration_or_defaults(config_dir)
    thresholds = loaded.settings.classifier.thresholds or None
    classifier, wrong = classifier_of(loaded, shipped=builtin), Complaints()
    with read_lines(file) as lines:
        items, faults = parse_labelled(lines, file, classifier.themes)
    for fault in faults:
        wrong(f"{fault.file}:{fault.line}: left out: {fault.reason}")
    if not items:
        raise CorpusError(file, 0, "holds no labelled item")
    found = _findings(classifier, items, thresholds, examples)
    if svg:
        title = f"{len(items):,} items, all themes, ECE {found.report.totals[ALL].ece:.3f}"
        svg.write_text(picture.svg(found.report.reliability[ALL], title), encoding="utf-8")
    if as_json:
        click.echo(found.as_json())
    else:
        _show(found)
    wrong.exit()


def _findings(
    classifier: Extended, items: Sequence[Labelled], thresholds: Mapping[str, float] | None, examples: int
) -> Findings:
    scored = classifier.score([item.text for item in items], thresholds=thresholds)
    alerts = classifier.meta.get("alert_thresholds", {})
    report = evaluate(items, scored, alert_thresholds=alerts, draws=figures.DRAWS)
    return Findings(classifier.version, alerts, report, mistakes(items, scored, examples), confusion(items, scored))


def _show(found: Findings) -> None:
    report = found.report
    for name, rows in report.slices.items():
        total = report.totals[name]
        click.echo(
            f"{name}: {total.items:,} items, {total.tagged / total.items:.1%} with a theme; "
            f"core F1 {_figure(total.core_f1, total.intervals['core_f1'])}"
        )
        show([_decisions(row) for row in rows], DECISIONS, as_json=False)
        click.echo(
            f"\n{name}, probabilities: core Brier skill {_figure(total.core_skill, total.intervals['core_skill'])}; "
            f"calibration error above {figures.CALIBRATION_FLOOR}: {total.ece:.3f}"
        )
        show([_probabilities(row, found.alert_thresholds) for row in rows], PROBABILITIES, as_json=False)
        click.echo()
    chart = picture.chart(report.reliability[ALL])
    click.echo(f"Reliability, all themes: the bar is what came true, | what was promised\n{chart}\n")
    click.echo("The most confident wrong answers")
    show([_mistake(one) for one in found.mistakes], WRONG, as_json=False)
    click.echo("\nWhich theme was taken for which")
    shown = [{"meant": pair.gold, "said": pair.said, "items": pair.items} for pair in found.confusion[:PAIRS_SHOWN]]
    show(shown, PAIRS, as_json=False)
    click.echo(
        f"\nBrackets: 95 % of {figures.DRAWS:,} bootstrap resamples of the items. Skill, calibration and precision "
        "hold for these base rates only: where a theme is rarer, each probability promises too much."
    )


def _decisions(row: Row) -> Mapping[str, Any]:
    return {
        "theme": row.theme,
        "gold": row.gold,
        "said": row.predicted,
        "precision": _spanned(row, "precision", known=row.predicted),
        "recall": _spanned(row, "recall", known=row.gold),
        "F1": _spanned(row, "f1", known=row.gold + row.predicted),
    }


def _probabilities(row: Row, alerts: Mapping[str, float]) -> Mapping[str, Any]:
    return {
        "theme": row.theme,
        "alerts from": alerts.get(row.theme),
        "alerts": row.alerts,
        "precision": _spanned(row, "alert_precision", known=row.alerts),
        "recall": _spanned(row, "alert_recall", known=row.gold),
        "Brier skill": _spanned(row, "skill", known=row.gold),
        "at base rate": f"{row.rate:.3f}",
        "ECE": f"{row.ece:.3f}",
    }


def _spanned(row: Row, name: str, *, known: int) -> str:
    """Return a figure with its interval, or a dash where there is nothing to take it from."""
    return _figure(getattr(row, name), row.intervals[name]) if known else "-"


def _figure(value: float, span: tuple[float, float]) -> str:
    low, high = span
    # No resample differs: not certainty, but too few items to differ.
    return f"{value:.3f} [few]" if low == high else f"{value:.3f} [{low:.2f}, {high:.2f}]"


def _mistake(one: Mistake) -> Mapping[str, Any]:
    return {
        "theme": one.theme,
        "what": "missed" if one.missed else "said",
        "probability": one.probability,
        "id": one.id,
        "title": one.title,
        "gold": one.gold or "-",
    }


COMMANDS = (evaluate_file,)
