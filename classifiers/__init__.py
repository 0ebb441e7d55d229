"""Text to theme probabilities and reasons; usable alone."""

from __future__ import annotations

from classifiers.errors import ClassifierError, CorpusError, LexiconError, ModelError
from classifiers.corpus import Item, read_corpus
from classifiers.model import Classifier, Scored, Text
from classifiers.themes import CORE, NAMES, THEMES

__all__ = [
    "CORE",
    "NAMES",
    "THEMES",
    "Classifier",
    "Item",
    "ClassifierError",
    "CorpusError",
    "LexiconError",
    "ModelError",
    "Scored",
    "Text",
    "read_corpus",
]
