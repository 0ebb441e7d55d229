"""Train a classifier from the corpus.

python -m classifiers.train            # rewrite the shipped model
python -m classifiers.train --check    # exit with 1 when the shipped model is stale
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from classifiers import lexicon, storage
from classifiers.corpus import Item, corpus_hash, read_corpus
from classifiers.errors import ClassifierError
from classifiers.evaluate import evaluate
from classifiers.features import Encoder, NamedFeatures
from classifiers.model import Classifier, Parameters, Scored
from classifiers.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]

FOLDS = 5
SEED = 7
ALERT_PRECISION = 0.88
"""Of the corpus, which was written to be hard: where it holds there, more than nine in ten are right on news."""
TYPICAL = 12
"""How many findings are kept of each theme, to say what a doubtful text lacks."""
METRIC_TOLERANCE = 0.01
_CODE = ("text.py", "clauses.py", "features.py", "train.py", "model.py", "lexicon/__init__.py", "lexicon/folding.json")


@dataclass(frozen=True, slots=True)
class Settings:
    """What training may vary; the values were chosen by cross-validation and on news that is not the corpus.

    In cross-validation, where both halves were written by the same hands, words count for more than they do elsewhere.
    """

    themes: tuple[str, ...] = THEMES
    strength: float = 0.5
    """The inverse of regularisation (C of scikit-learn)."""
    scales: Mapping[str, float] = field(default_factory=lambda: {"words": 1.0, "stems": 0.7, "concepts": 1.3})
    """How much each block of features counts."""
    min_df: int = 2
    rest_weight: float = 2.0
    """How many items without a theme a feed holds for each one in the corpus, which is rich in positives."""


def train(corpus: Sequence[Item], seed: int = SEED, settings: Settings | None = None) -> Classifier:
    """Fit a classifier: one linear support vector machine a theme, calibrated and thresholded on out-of-fold scores."""
    chosen = settings or Settings()
    encoder = _encoder(chosen)
    docs = [encoder.document(item.title, item.summary) for item in corpus]
    matrix = encoder.fit(docs).encode(docs)
    truth = np.array([[theme in item.themes for theme in chosen.themes] for item in corpus])
    outside = out_of_fold(matrix, truth, seed, chosen)
    models = [_fitted(matrix, truth[:, j], chosen) for j in range(len(chosen.themes))]
    calibration = np.array([platt(outside[:, j], truth[:, j], chosen.rest_weight) for j in range(len(chosen.themes))])
    chances = 1 / (1 + np.exp(-(outside * calibration[:, 0] + calibration[:, 1])))
    thresholds = {
        t: best_f1_threshold(chances[:, j], truth[:, j], chosen.rest_weight) for j, t in enumerate(chosen.themes)
    }
    parameters = Parameters(
        chosen.themes,
        np.vstack([m.coef_ for m in models]).astype(np.float32),
        np.concatenate([m.intercept_ for m in models]).astype(np.float64),
        calibration,
        thresholds,
        {t: typical(matrix, truth[:, j], models[j].coef_[0], encoder.names) for j, t in enumerate(chosen.themes)},
    )
    classifier = Classifier(encoder, parameters)
    classifier.meta = _meta(classifier, corpus, chances, chosen.rest_weight) | {"seed": seed}
    return classifier


def _encoder(settings: Settings) -> Encoder:
    # How rare a word is matters; among concepts the frequent ones, who and where, matter nearly as much.
    powers = {"words": 1.0, "stems": 1.0, "concepts": 0.5}
    blocks = {name: NamedFeatures(settings.min_df, power) for name, power in powers.items()}
    return Encoder(lexicon.builtin(), blocks, settings.scales)


def _fitted(matrix: csr_matrix, truth: Truth, settings: Settings) -> LinearSVC:
    # liblinear visits coordinates in an order drawn from its seed; fixed, it gives the same bits every time.
    return LinearSVC(C=settings.strength, random_state=0).fit(matrix, truth)


def typical(matrix: csr_matrix, truth: Truth, coef: Floats, names: Sequence[str]) -> tuple[str, ...]:
    """Return the findings that speak most for a theme in the texts that carry it, the strongest first."""
    spoken = np.asarray(matrix[np.flatnonzero(truth)].mean(axis=0)).ravel() * coef
    best = np.argsort(-spoken)[: TYPICAL * 20]
    chosen = [names[i] for i in best if names[i].startswith("l:") and spoken[i] > 0]
    return tuple(chosen[:TYPICAL])


def out_of_fold(matrix: csr_matrix, truth: Truth, seed: int, settings: Settings) -> Floats:
    """Return for every item the score of a model that did not see it."""
    outside = np.zeros(truth.shape)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for j in range(truth.shape[1]):
        for inside, held in folds.split(outside, truth[:, j]):
            outside[held, j] = _fitted(matrix[inside], truth[inside, j], settings).decision_function(matrix[held])
    return outside


def platt(scores: Floats, truth: Truth, rest_weight: float = 1.0) -> tuple[float, float]:
    """Return slope and offset that make scores probabilities.

    The targets are Platt's: not 0 and 1 but what a small sample lets one believe, so that a separable theme does
    not become certain of itself. Each item without the theme stands for *rest_weight* of them.
    """
    positive = int(truth.sum())
    negative = (len(truth) - positive) * rest_weight
    kinds = np.where(truth, 1.0, rest_weight)
    target = np.where(truth, (positive + 1) / (positive + 2), 1 / (negative + 2))
    both = np.concatenate([scores, scores])[:, None]
    labels = np.repeat([1, 0], len(scores))
    fit = LogisticRegression(C=1e6).fit(
        both, labels, sample_weight=np.concatenate([target * kinds, (1 - target) * kinds])
    )
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])


def best_f1_threshold(chances: Floats, truth: Truth, rest_weight: float = 1.0) -> float:
    """Return the probability from which saying yes gives the best F1: half of that F1, where they are calibrated.

    So it follows from the figure itself, where the place of the maximum is chance (Lipton, Elkan and Naryanaswamy,
    Thresholding classifiers to maximize F1 score, 2014).
    """
    kinds = np.where(truth, 1.0, rest_weight)
    grid = np.arange(0.1, 0.9, 0.01)
    said = chances[None, :] >= grid[:, None]
    hits = (said & truth).sum(axis=1)
    f1 = 2 * hits / np.maximum(1, said @ kinds + truth.sum())
    return round(float(f1.max()) / 2, 3)


def precision_threshold(
    chances: Floats, truth: Truth, rest_weight: float = 1.0, wanted: float = ALERT_PRECISION
) -> float:
    """Return the lowest probability from which on the share of right answers reaches *wanted*; 1 if none does."""
    kinds = np.where(truth, 1.0, rest_weight)
    for limit in np.arange(0.1, 1.0, 0.01):
        said = chances >= limit
        if said.any() and kinds[said & truth].sum() >= wanted * kinds[said].sum():
            return round(float(limit), 2)
    return 1.0


def _meta(classifier: Classifier, corpus: Sequence[Item], chances: Floats, rest_weight: float) -> dict[str, Any]:
    themes = classifier.themes
    truth = np.array([[t in item.themes for t in themes] for item in corpus])
    limits = classifier.thresholds
    answers = [
        Scored(
            dict(zip(themes, row, strict=True)), tuple(t for t, p in zip(themes, row, strict=True) if p >= limits[t])
        )
        for row in chances.tolist()
    ]
    report = evaluate(corpus, answers)
    return {
        "sources": sources_hash(corpus),
        "items": len(corpus),
        "base_rates": {t: round(float(truth[:, j].mean()), 4) for j, t in enumerate(themes)},
        "alert_thresholds": {
            t: precision_threshold(chances[:, j], truth[:, j], rest_weight) for j, t in enumerate(themes)
        },
        "cross_validated": {row.theme: round(row.f1, 3) for row in report.slices["all"]},
        "fit": _fit(classifier, corpus),
    }


def _fit(classifier: Classifier, corpus: Sequence[Item]) -> dict[str, float]:
    report = evaluate(corpus, classifier.score([item.text for item in corpus]))
    return {row.theme: round(row.f1, 3) for row in report.slices["all"]}


def sources_hash(corpus: Sequence[Item]) -> str:
    """Return a hash over all that training depends on: corpus, lexicon and the code that reads them."""
    total = hashlib.sha256(f"{corpus_hash(corpus)}{storage.lexicon_hash()}".encode())
    for name in _CODE:
        total.update((files("classifiers") / name).read_bytes())
    return total.hexdigest()


def stale(classifier: Classifier, corpus: Sequence[Item]) -> str:
    """Say why a model no longer belongs to the corpus and code; empty when it does."""
    if classifier.meta.get("sources") != sources_hash(corpus):
        return "corpus, lexicon or code changed since it was trained"
    now, then = _fit(classifier, corpus), classifier.meta.get("fit", {})
    moved = [t for t, f1 in now.items() if abs(f1 - then.get(t, -1.0)) > METRIC_TOLERANCE]
    return f"its figures moved for {', '.join(moved)}" if moved else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train or check the shipped model; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m classifiers.train", description="Train the built-in model.")
    parser.add_argument("--check", action="store_true", help="exit with 1 when the model is stale")
    parser.add_argument("--corpus", type=Path, help="a folder of labelled lines; the shipped one by default")
    parser.add_argument("--model", type=Path, help="the model's folder; the shipped one by default")
    options = parser.parse_args(arguments)
    with as_file(files("classifiers")) as package:
        corpus, model = options.corpus or package / "corpus", options.model or package / "model"
        try:
            return _check(corpus, model) if options.check else _train(corpus, model)
        except ClassifierError as error:
            sys.stderr.write(f"{error}\n")
            return 1


def _check(corpus: Path, model: Path) -> int:
    reason = stale(Classifier.load(model), read_corpus(corpus))
    sys.stdout.write(f"{model}: {f'stale: {reason}; run python -m classifiers.train' if reason else 'up to date'}\n")
    return 1 if reason else 0


def _train(corpus: Path, model: Path) -> int:
    classifier = train(read_corpus(corpus))
    classifier.save(model)
    figures = ", ".join(f"{t} {f1:.3f}" for t, f1 in classifier.meta["cross_validated"].items())
    sys.stdout.write(f"{model}: {classifier.version}, {classifier.meta['items']} items; cross-validated F1 {figures}\n")
    return 0


if __name__ == "__main__":  # pragma: no cover - tests call main
    sys.exit(main())
