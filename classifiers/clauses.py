"""What a sentence tells, and what it only mentions as the circumstances of it.

"China begins drills after a senator's visit" reports drills. The visit stands behind "after", as the ground against
which they are seen; "as a senator visits" would report both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifiers.text import BREAKS, is_han

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENERS = frozenset({"after", "following", "amid", "despite", "since", "defying", "wake"})
_NEAR_THE_START = 3
"""A sentence that opens with its circumstances tells its own matter after the comma."""
_AFTERWARDS = "后"
_NOT_AFTERWARDS = frozenset("之然今前背幕")
"""Before 后 these make other words: thereafter, then, henceforth, before and after, behind, behind the scenes."""
_SHORTEST = 3
"""A Chinese clause of fewer characters before 后 names a time, not an event."""

Told = tuple[tuple[str, ...], tuple[bool, ...]]


def told(tokens: Sequence[str]) -> Told:
    """Return the tokens without their breaks, and for each whether it belongs to the circumstances."""
    if _OPENERS.isdisjoint(tokens) and _AFTERWARDS not in tokens:  # as in most sentences
        plain = tuple([token for token in tokens if token not in BREAKS])
        return plain, (False,) * len(plain)
    words: list[str] = []
    aside: list[bool] = []
    inside = opening = False
    last = 0
    for token in tokens:
        if token in BREAKS:
            inside = inside and not opening
            last = len(words)
            continue
        if token in _OPENERS:
            inside, opening = True, len(words) < _NEAR_THE_START
        words.append(token)
        aside.append(inside)
        if token == _AFTERWARDS and _closes(words, last):
            aside[last:] = [True] * (len(words) - last)
            last = len(words)
    return tuple(words), tuple(aside)


def _closes(words: Sequence[str], last: int) -> bool:
    """Say whether 后 ends a Chinese clause that began at *last*."""
    return len(words) - last >= _SHORTEST and is_han(words[-2]) and words[-2] not in _NOT_AFTERWARDS
