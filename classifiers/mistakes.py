"""What goes wrong: the most confident wrong answers, and which theme is taken for which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifiers.model import Scored, Text

NONE = "no theme"
OTHERS = "other themes"
"""Of a pair: themes of the item that were rightly said; nothing else was missed, or nothing else was said."""
MOST = 3


class Shown(Protocol):
    """A labelled item that can be shown."""

    @property
    def id(self) -> str:
        """Return what it is called."""

    @property
    def themes(self) -> Sequence[str]:
        """Return the themes that apply."""

    @property
    def text(self) -> Text:
        """Return what the classifier was shown."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A theme that was said wrongly of an item, or missed."""

    theme: str
    missed: bool
    id: str
    title: str
    probability: float
    gold: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """How often one theme was said where another was meant."""

    gold: str
    """The theme that was missed; :data:`NONE` of an item without themes; :data:`OTHERS` where all were found."""
    said: str
    """The theme that was said wrongly; :data:`NONE` where nothing, :data:`OTHERS` where only right ones were said."""
    items: int


def mistakes(items: Sequence[Shown], scored: Sequence[Scored], most: int = MOST) -> list[Mistake]:
    """Return for each theme the *most* confident wrong answers of both kinds: said wrongly, then missed."""
    pairs = list(zip(items, scored, strict=True))
    result: list[Mistake] = []
    for theme in scored[0].scores if scored else ():
        wrong = [_mistake(theme, *pair) for pair in pairs if (theme in pair[0].themes) != (theme in pair[1].themes)]
        said = sorted((m for m in wrong if not m.missed), key=lambda m: (-m.probability, m.id))
        missed = sorted((m for m in wrong if m.missed), key=lambda m: (m.probability, m.id))
        result += said[:most] + missed[:most]
    return result


def _mistake(theme: str, item: Shown, answer: Scored) -> Mistake:
    title = item.text.title or item.text.summary or item.text.text
    missed = theme in item.themes
    return Mistake(theme, missed, item.id, title, answer.scores[theme], tuple(item.themes), answer.themes)


def confusion(items: Sequence[Shown], scored: Sequence[Scored]) -> list[Pair]:
    """Return which theme was taken for which, the most frequent first.

    Where an item misses one theme and has another said of it wrongly, the one is taken for the other.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for item, answer in zip(items, scored, strict=True):
        counts.update(_confused(set(item.themes), set(answer.themes)))
    return [Pair(*pair, n) for pair, n in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))]


def _confused(gold: set[str], said: set[str]) -> Iterable[tuple[str, str]]:
    missed, wrong = sorted(gold - said), sorted(said - gold)
    if not missed and not wrong:
        return []
    left = missed or [OTHERS if gold else NONE]
    right = wrong or [OTHERS if said else NONE]
    return [(one, other) for one in left for other in right]
