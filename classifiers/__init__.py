"""Text to theme probabilities and reasons; usable alone."""

from __future__ import annotations

from classifiers.corpus import Item, read_corpus
from classifiers.errors import ClassifierError, CorpusError, LexiconError, ModelError
from classifiers.model import Classifier, Scored, Text
from classifiers.themes import CORE, NAMES, THEMES

__all__ = [
    "CORE",
    "NAMES",
    "THEMES",
    "Classifier",
    "ClassifierError",
    "CorpusError",
    "Item",
    "LexiconError",
    "ModelError",
    "Scored",
    "Text",
    "read_corpus",
]
