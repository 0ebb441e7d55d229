"""What may be said of a theme in ``themes.toml``: of one that is built in, and of one that a user adds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from classifiers.keywords import CustomTheme, Keywords
from config.values import Section, one_line

IDENT = re.compile(r"[a-z][a-z0-9_]{0,39}")

MOST_THEMES = 20
"""Themes of one's own: each has a key when items are reviewed, and each is asked of every item."""


def keyword(value: str) -> str:
    """Read a word or phrase to look for; ``strike*`` stands for all words that begin so."""
    Keywords((value,))  # raises a ValueError for one without a letter
    return one_line(value.strip())


class Theme(Section):
    """How a theme is shown."""

    name: Annotated[str, Field(min_length=1), AfterValidator(one_line)]
    description: str = ""


class OwnTheme(Theme):
    """A theme that a user adds: known by its keywords at once, learnt from labelled lines once there are enough."""

    keywords: tuple[Annotated[str, Field(max_length=100), AfterValidator(keyword)], ...] = Field(
        min_length=1, max_length=500
    )
    threshold: float | None = Field(None, gt=0, lt=1)
    examples: str = ""

    def custom(self, ident: str) -> CustomTheme:
        """Return what the classifier needs to know of it."""
        return CustomTheme(ident, tuple(dict.fromkeys(self.keywords)), self.threshold)

    def lines(self, home: Path) -> Path | None:
        """Return the file of labelled lines, relative to the configuration's folder."""
        return home / self.examples if self.examples else None
