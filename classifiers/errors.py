"""Every error this package raises on purpose.

ClassifierError
├── CorpusError        a labelled line cannot be used; carries file and line
├── LexiconError       a lexicon file cannot be read
└── ModelError         a stored model is broken, tampered with or made for other code
"""

from __future__ import annotations


class ClassifierError(Exception):
    """Anything that went wrong for a reason this package knows."""


class CorpusError(ClassifierError):
    """A line of the corpus cannot be used; *line* is 0 when the file as a whole is meant."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class LexiconError(ClassifierError):
    """A lexicon file cannot be read; the text names the file and the concept."""


class ModelError(ClassifierError):
    """A stored model cannot be used; the text names the file and what to do."""
