"""What more corpus would bring: F1 of classifiers trained on 10 to 100 % of it.

    python benchmarks/learning_curve.py                   # on held-out fifths of the corpus
    python benchmarks/learning_curve.py labelled.jsonl    # and on labelled items from elsewhere

Fractions are nested and drawn with a fixed seed. Held out: five models a fraction, each judged on the fifth that it did
not see, the fifths the same for every fraction. Elsewhere: the mean of some draws, with its range.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers import THEMES, Classifier, Item, Scored, read_corpus
from classifiers.evaluate import evaluate
from classifiers.labelled import Labelled, read_labelled
from classifiers.tables import aligned
from classifiers.train import train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifiers.evaluate import Report

CORPUS = Path(__file__).parent.parent / "classifiers" / "corpus"
FOLDS = 5
SEED = 7
SLICES = ("all", "en", "zh")


def shuffled(items: Sequence[Item], seed: int) -> list[Item]:
    """Return the items in a drawn order; a fraction is a beginning of it."""
    return random.Random(seed).sample(list(items), len(items))  # noqa: S311 - a fixed draw


def part(items: Sequence[Item], percent: int) -> list[Item]:
    """Return the first *percent* of the items."""
    return list(items[: len(items) * percent // 100])


def judged(classifier: Classifier, items: Sequence[Item] | Sequence[Labelled]) -> list[Scored]:
    """Return a classifier's answers."""
    return classifier.score([item.text for item in items])


def held_out(items: Sequence[Item], percent: int) -> Report:
    """Return the figures over all fifths, each judged by a model trained on a part of the other four."""
    asked: list[Item] = []
    answers: list[Scored] = []
    for fold in range(FOLDS):
        rest = [item for at, item in enumerate(items) if at % FOLDS != fold]
        held = list(items[fold::FOLDS])
        answers += judged(train(part(rest, percent)), held)
        asked += held
    return evaluate(asked, answers)


def figures(report: Report) -> list[float]:
    """Return core F1 by language, and F1 over all themes."""
    return [*(report.f1(name) if name in report.slices else 0.0 for name in SLICES), report.f1("all", THEMES)]


def elsewhere(items: Sequence[Item], others: Sequence[Labelled], percent: int, draws: int) -> list[str]:
    """Return the mean figures on items from elsewhere, and the range of core F1."""
    drawn = []
    for n in range(draws):
        classifier = train(part(shuffled(items, SEED + n), percent))
        drawn.append(figures(evaluate(others, judged(classifier, others))))
    means = [f"{statistics.mean(column):.3f}" for column in zip(*drawn, strict=True)]
    core = [values[0] for values in drawn]
    return [*means, f"{min(core):.3f} to {max(core):.3f}"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What more corpus would bring.")
    parser.add_argument("file", nargs="?", type=Path, help="labelled items from elsewhere")
    parser.add_argument("--steps", type=int, nargs="+", default=list(range(10, 101, 10)), metavar="PERCENT")
    parser.add_argument("--draws", type=int, default=3, help="of each fraction, for the items from elsewhere")
    options = parser.parse_args()
    items = shuffled(read_corpus(CORPUS), SEED)
    others = read_labelled(options.file) if options.file else []
    head = ["corpus", "items", "held out: core F1", "en", "zh", "all themes"]
    rows = [head + (["elsewhere: core F1", "en", "zh", "all themes", "range of core F1"] if others else [])]
    for percent in options.steps:
        print(f"{percent} %", file=sys.stderr, flush=True)
        inside = [f"{value:.3f}" for value in figures(held_out(items, percent))]
        # The whole corpus has no other draw.
        draws = options.draws if percent < 100 else 1
        outside = elsewhere(items, others, percent, draws) if others else []
        rows.append([f"{percent} %", f"{len(part(items, percent)):,}", *inside, *outside])
    print(aligned(rows))


if __name__ == "__main__":
    main()
