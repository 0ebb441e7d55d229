"""A theme from keywords alone: which of them stand in a text, in any language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.text import BODY_CHARS, SUMMARY_CHARS, TITLE_CHARS, fold, normalise

if TYPE_CHECKING:
    from classifiers.model import Text

Finder = Callable[[str], bool]

# Scripts written without blanks between words, or whose words take endings: Thai and Lao, Burmese, Khmer, Hangul, kana,
# Han. A keyword in one of them is found within a run of letters.
_RUNS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class CustomTheme:
    """A theme that a user adds."""

    id: str
    keywords: tuple[str, ...]
    """Whole words or phrases; ``strike*`` stands for all words that begin so. Case and Chinese script do not matter."""
    threshold: float | None = None
    """The probability from which it is decided; None leaves it to training, or to even odds."""


def plain(text: str, limit: int = SUMMARY_CHARS) -> str:
    """Return *text* as keywords are compared with it."""
    return " ".join(fold(normalise(text, limit)).casefold().split())


def passages(text: Text) -> tuple[str, ...]:
    """Return title, summary and body of a text as keywords are compared with them."""
    parts = ((text.title, TITLE_CHARS), (text.summary, SUMMARY_CHARS), (text.text, BODY_CHARS))
    return tuple(plain(part, limit) for part, limit in parts if part)


class Keywords:
    """Finds keywords, and names them as they were written."""

    def __init__(self, keywords: tuple[str, ...]) -> None:
        self._finders = [(keyword, _finder(keyword)) for keyword in keywords]

    def find(self, read: tuple[str, ...]) -> tuple[str, ...]:
        """Return the keywords that stand in one of the passages, in the order in which they were given."""
        return tuple(keyword for keyword, found in self._finders if any(found(passage) for passage in read))


def _finder(keyword: str) -> Finder:
    wanted = plain(keyword)
    open_end = wanted.endswith("*")
    wanted = wanted.rstrip("*").strip()
    if not any(map(str.isalnum, wanted)):
        raise ValueError(f"the keyword {keyword!r} has no letter")

    def found(passage: str) -> bool:
        at = passage.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            before, after = passage[at - 1 : at], passage[end : end + 1]
            if not _joined(before, wanted[0]) and (open_end or not _joined(wanted[-1], after)):
                return True
            at = passage.find(wanted, at + 1)
        return False

    return found


def _joined(one: str, other: str) -> bool:
    """Say whether two neighbouring characters belong to one word."""
    return bool(one and other) and all(_in_word(c) for c in (one, other))


def _in_word(character: str) -> bool:
    letter = character.isalnum() or unicodedata.category(character).startswith("M")
    return letter and not _RUNS.match(character)
