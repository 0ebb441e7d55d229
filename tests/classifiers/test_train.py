from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from classifiers import Classifier, Item
from classifiers.evaluate import evaluate
from classifiers.train import best_f1_threshold, main, platt, precision_threshold, stale, train

RNG = np.random.default_rng(3)


def test_training_is_deterministic(few: list[Item], small: Classifier, tmp_path: Path) -> None:
    """The same corpus and seed give the same bytes."""
    small.save(tmp_path / "a")
    train(few).save(tmp_path / "b")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_model_learns_from_a_part_and_holds_on_another(small: Classifier, corpus: list[Item]) -> None:
    """Trained on a fifth of the corpus, it is of use on a fifth it has not seen."""
    unseen = corpus[1::5]
    assert evaluate(unseen, small.score([item.text for item in unseen])).f1() > 0.55


def test_the_shipped_model_belongs_to_corpus_and_code(capsys: pytest.CaptureFixture[str]) -> None:
    """The check of the shipped model passes."""
    assert main(["--check"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_a_changed_corpus_makes_the_model_stale(small: Classifier, few: list[Item]) -> None:
    """The check names the reason: sources that changed, or figures that moved."""
    assert stale(small, few) == ""
    assert "corpus" in stale(small, few[1:])
    moved = Classifier(small.encoder, small.parameters, {**small.meta, "fit": dict.fromkeys(small.themes, 0.0)})
    assert "figures moved" in stale(moved, few)


def test_the_command_trains_checks_and_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Training writes a model that the check accepts, until the corpus changes; errors give exit code 1."""
    corpus, model = tmp_path / "corpus", tmp_path / "model"
    corpus.mkdir()
    places = ["--corpus", str(corpus), "--model", str(model)]
    assert main(places) == 1
    assert "holds no .jsonl" in capsys.readouterr().err
    source = Path(str(files("classifiers") / "corpus"))
    for name in ("en-exercises.jsonl", "en-others.jsonl", "en-arms-policy.jsonl"):
        shutil.copy(source / name, corpus)
    assert main(["--check", *places]) == 1
    assert main(places) == 0
    assert main(["--check", *places]) == 0
    (corpus / "en-exercises.jsonl").unlink()
    assert main(["--check", *places]) == 1
    assert "stale" in capsys.readouterr().out


def test_platt_gives_probabilities_that_match_frequencies() -> None:
    """Scores drawn from a known curve are calibrated to it, and a separable sample stays short of certainty."""
    scores = RNG.normal(size=4000)
    truth = RNG.random(4000) < 1 / (1 + np.exp(-(2 * scores - 1)))
    slope, offset = platt(scores, truth)
    assert (slope, offset) == (pytest.approx(2, abs=0.25), pytest.approx(-1, abs=0.2))
    sure, shift = platt(np.array([-1.0, -1.0, 1.0, 1.0]), np.array([False, False, True, True]))
    assert 0.6 < 1 / (1 + np.exp(-(sure + shift))) < 0.85


def test_a_rarer_theme_gets_lower_probabilities() -> None:
    """When items without the theme stand for more of their kind, the offset falls."""
    scores = RNG.normal(size=500)
    truth = scores + RNG.normal(size=500) > 0
    assert platt(scores, truth, 3.0)[1] < platt(scores, truth)[1]


def test_thresholds_are_found_where_they_should_be() -> None:
    """The best F1 lies between the groups; the precision asked for is reached, or 1 says that it cannot be."""
    chances = np.array([0.15] * 50 + [0.85] * 50)
    truth = np.array([False] * 50 + [True] * 50)
    assert 0.15 < best_f1_threshold(chances, truth) <= 0.85
    assert precision_threshold(chances, truth) == pytest.approx(0.16, abs=0.011)
    assert precision_threshold(chances, ~truth) == 1.0
