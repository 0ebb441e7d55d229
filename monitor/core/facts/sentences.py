"""Sentences of a text: as they stand, and in a plain form of the same length that the finders search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1_000
"""Where a sentence without an end is cut: no sentence of a report is longer, and the work for one stays bounded."""
MOST = 60_000
"""How much of a text is read."""

# One character for one, so that a place in the plain text is the same place in the original.
_PLAIN = str.maketrans(
    {chr(0xFF01 + n): chr(0x21 + n) for n in range(94)}
    | {
        "\u3000": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
        "‘": "'", "’": "'", "＇": "'", "“": '"', "”": '"',
        "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "〜": "~",
    }
)  # fmt: skip
_END = re.compile(r"[.!?]['\"”’)]{0,2}\s+(?=[A-Z\d\"“‘('])|[。！？；][」』”’）]?|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Gen|Gov|Sen|Rep|Lt|Col|Cmdr|Adm|Maj|Capt|Sgt|St|No|vs|approx|Jan|Feb|Mar|Apr|Aug|Sept?"
    r"|Oct|Nov|Dec|Corp|Inc|Co|Ltd|Mt|Ft)|\.[A-Za-z])\Z"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; *plain* is as long as *text*, in simplified characters and ASCII punctuation."""

    text: str
    plain: str


def plain(text: str) -> str:
    """Return a text of the same length in simplified characters, with ASCII digits, quotes and hyphens."""
    return text if text.isascii() and "\t" not in text else fold(text.translate(_PLAIN))


def split(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text, without the space around them."""
    start = 0
    text = text[:MOST]
    for end in _END.finditer(text):
        if _ABBREVIATION.search(text, max(start, end.start() - 8), end.start()) and text[end.start()] == ".":
            continue
        yield from _cut(text[start : end.end()])
        start = end.end()
    yield from _cut(text[start:])


def _cut(text: str) -> Iterator[Sentence]:
    for at in range(0, len(text), LONGEST):
        piece = text[at : at + LONGEST].strip()
        if piece:
            yield Sentence(piece, plain(piece))
