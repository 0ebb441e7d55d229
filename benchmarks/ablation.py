"""What each idea of the classifier brings: F1 with all of them but one, and from the plain start up.

    python benchmarks/ablation.py                   # cross-validated on the corpus
    python benchmarks/ablation.py labelled.jsonl    # and on labelled items from elsewhere

An idea is taken out by putting something simpler in its place; everything else, thresholds and calibration included, is
trained anew. The seed is fixed.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sklearn.linear_model import LogisticRegression

from classifiers import THEMES, features, model, read_corpus, text, train
from classifiers.evaluate import evaluate
from classifiers.labelled import read_labelled
from classifiers.tables import aligned
from classifiers.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from classifiers import Item
    from classifiers.labelled import Labelled

CORPUS = Path(__file__).parent.parent / "classifiers" / "corpus"
CORE = THEMES[:3]
Swap = tuple[Any, str, Any]


@dataclass(frozen=True)
class Variant:
    """The classifier with some ideas taken out."""

    name: str
    swaps: tuple[Swap, ...] = ()
    without: tuple[str, ...] = ()
    """Blocks of features that are empty."""


@contextmanager
def taken_out(variant: Variant) -> Iterator[None]:
    """Put the simpler parts in for a while."""
    blocks = {k: (lambda _doc, _lexicon: []) if k in variant.without else v for k, v in features.BLOCKS.items()}
    with ExitStack() as stack:
        for owner, name, value in (*variant.swaps, (features, "BLOCKS", blocks), (model, "BLOCKS", blocks)):
            stack.enter_context(patch.object(owner, name, value))
        yield


def _all_told(tokens: Sequence[str]) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    words = tuple(t for t in tokens if t not in BREAKS)
    return words, (False,) * len(words)


def _regression(matrix: Any, truth: Any, settings: train.Settings) -> LogisticRegression:
    return LogisticRegression(C=5 * settings.strength, solver="liblinear", random_state=0).fit(matrix, truth)


def _same(value: Any) -> Any:
    return value


def _certain(_doc: object) -> float:
    return 1.0


CLAUSES: Swap = (features, "told", _all_told)
CAPTIONS: Swap = (features, "lead", _same)
SCOPE: Swap = (model, "_certainty", _certain)
MACHINE: Swap = (train, "_fitted", _regression)
FOLDING: Swap = (text, "fold", _same)
BARE = (CLAUSES, CAPTIONS, SCOPE, MACHINE)

VARIANTS = (
    Variant("words and pairs of words, logistic regression", BARE, ("stems", "concepts")),
    Variant("... and stems", BARE, ("concepts",)),
    Variant("... and the lexicon", BARE),
    Variant("... circumstances kept apart", (CAPTIONS, SCOPE, MACHINE)),
    Variant("... support vector machine", (CAPTIONS, SCOPE)),
    Variant("... captions left out", (SCOPE,)),
    Variant("all: and less certain out of scope"),
    Variant("all but the words", without=("words",)),
    Variant("all but the stems", without=("stems",)),
    Variant("all but the lexicon", without=("concepts",)),
    Variant("all but the circumstances", (CLAUSES,)),
    Variant("all but the support vector machine", (MACHINE,)),
    Variant("all but the folding of scripts", (FOLDING,)),
)


def measured(
    variant: Variant, corpus: Sequence[Item], others: Sequence[Labelled], note: Callable[[str], Any]
) -> list[str]:
    """Return a row: core and mean F1 cross-validated, and core F1 by language and over all themes elsewhere."""
    note(f"{variant.name}\n")
    with taken_out(variant):
        classifier = train.train(corpus)
        inside = classifier.meta["cross_validated"]
        row = [sum(inside[t] for t in CORE) / len(CORE), sum(inside.values()) / len(inside)]
        if others:
            report = evaluate(others, classifier.score([item.text for item in others]))
            row += [report.f1(name) if name in report.slices else 0.0 for name in ("all", "en", "zh")]
            row.append(report.f1("all", THEMES))
    return [variant.name, *(f"{value:.3f}" for value in row)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What each idea of the classifier brings.")
    parser.add_argument("file", nargs="?", type=Path, help="labelled items from elsewhere")
    options = parser.parse_args()
    corpus = read_corpus(CORPUS)
    others = read_labelled(options.file) if options.file else []
    head = ["", "cross-validated: core F1", "all themes"]
    rows = [head + (["elsewhere: core F1", "en", "zh", "all themes"] if others else [])]
    rows += [measured(variant, corpus, others, sys.stderr.write) for variant in VARIANTS]
    print(aligned(rows))


if __name__ == "__main__":
    main()
