from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from classifiers import Classifier, Item, read_corpus
from classifiers.train import train


@pytest.fixture(scope="session")
def builtin() -> Classifier:
    """Return the shipped model."""
    return Classifier.builtin()


@pytest.fixture(scope="session")
def corpus() -> list[Item]:
    """Return the shipped corpus."""
    return read_corpus(Path(str(files("classifiers") / "corpus")))


@pytest.fixture(scope="session")
def few(corpus: list[Item]) -> list[Item]:
    """Return a fifth of the corpus, enough to train on in a blink."""
    return corpus[::5]


@pytest.fixture(scope="session")
def small(few: list[Item]) -> Classifier:
    """Return a classifier trained on a fifth of the corpus."""
    return train(few)
