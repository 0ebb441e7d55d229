"""Why a theme was decided, or nearly, in words that an analyst can check against the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from classifiers.features import TAIWAN, Document, written
from classifiers.text import fold, is_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Reason = tuple[str, float]

MOST = 8
MOST_DOUBTS = 3
_CONSIDERED = 40
_FLOOR = 0.02
"""Weights below this, in log-odds, explain nothing."""
_QUOTED = re.compile("“([^”]+)”")
_BETWEEN = re.compile(r"(?:['\u2019]s\b)?[\W_]{0,3}")
_WORDS = re.compile(r"\w+")
_LIKE = {"us_": re.compile(r"u\.?\s?s\.?(?:a\b\.?)?"), "#": re.compile(r"\d[\d.,]*")}
"""Tokens that stand for several spellings."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a theme that came near was not decided."""

    missing: tuple[str, ...]
    """What texts with the theme usually have and this one has not."""
    against: tuple[Reason, ...]
    """What spoke against it, with its weight in log-odds."""


def explain(doc: Document, names: Sequence[str], weights: Sequence[float], raw: str = "") -> tuple[Reason, ...]:
    """Return the strongest findings for a theme; features that read the same are added up.

    Words are quoted as *raw*, the text before it was normalised, has them.
    """
    strongest = sorted(zip(weights, names, strict=True), reverse=True)[:_CONSIDERED]
    totals: dict[str, float] = {}
    for weight, name in strongest:
        if weight > 0 and (text := phrase(doc, name, raw)):
            totals[text] = totals.get(text, 0.0) + weight
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return tuple((text, round(weight, 3)) for text, weight in ranked[:MOST] if weight >= _FLOOR)


def doubt(doc: Document, found: Sequence[tuple[str, float]], typical: Sequence[str], raw: str = "") -> Doubt:
    """Say what kept a theme from being decided, given the features *found* and those that are *typical* of it."""
    names = [name for name, _ in found]
    against = explain(doc, names, [-weight for _, weight in found], raw)[:MOST_DOUBTS]
    present = set(names)
    lacking = dict.fromkeys(phrase(doc, name, raw) for name in typical if name not in present)
    return Doubt(tuple(lacking)[:MOST_DOUBTS], tuple((text, -weight) for text, weight in against))


def phrase(doc: Document, name: str, raw: str = "") -> str:
    """Say in words what a feature found; empty for features that mean nothing to a reader."""
    kind, _, body = name.partition(":")
    if kind in {"w", "wt"}:
        return f"“{as_written(tuple(_tokens(body)), raw) or body}”"
    if kind == "st":
        return f"“{_begun(body, raw) or body}”"
    if kind == "scope":
        return "" if body == "out" else "names Taiwan or the Strait"
    for sign, words in ((">", "before"), ("<", "told after or amid")):
        if sign in body:
            first, _, then = body.partition(sign)
            return f"{_concept(doc, first, raw)} {words} {_concept(doc, then, raw)}"
    parts = body.removeprefix("first ").split("|")[0].split("+")
    text = " with ".join(_concept(doc, part, raw) for part in parts)
    return f"{text} as a circumstance" if kind.startswith("lb") else text


def _concept(doc: Document, name: str, raw: str) -> str:
    if name == TAIWAN:
        return "Taiwan"
    label = name.replace("_", " ")
    tokens = doc.surfaces.get(name)
    return f"“{as_written(tokens, raw) or written(tokens)}” ({label})" if tokens else label


def _tokens(body: str) -> list[str]:
    return list(body) if is_han(body) else body.split()


def as_written(tokens: tuple[str, ...], raw: str) -> str:
    """Return the place of *raw* where the tokens stand, as it is written there; empty when they do not."""
    text = _plain(raw)
    for start in _starts(tokens[0], text) if text else ():
        if end := _followed(tokens, text, start):
            return raw[start:end]
    return ""


@lru_cache(maxsize=8)
def _plain(raw: str) -> str:
    """Return a text as tokens are compared with it; it is asked once for each of its findings."""
    return _lower(fold(raw))


def _lower(text: str) -> str:
    """Return a text in small letters, each at the place where it was."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _starts(token: str, text: str) -> Iterator[int]:
    """Yield where a token stands in a text and no word goes on into it."""
    word = token.isalpha() and not is_han(token)
    plain = "" if token in _LIKE else token.removesuffix("_")
    at = 0 if plain else -1
    for found in () if plain else _LIKE[token].finditer(text):
        if not (word and _in_word(text, found.start() - 1)):
            yield found.start()
    while at >= 0:
        at = text.find(plain, at)
        if at >= 0:
            if not (word and _in_word(text, at - 1)):
                yield at
            at += 1


def _followed(tokens: tuple[str, ...], text: str, at: int) -> int:
    """Return where the tokens end that stand one after the other from a place on; 0 when they do not."""
    for n, token in enumerate(tokens):
        if n:
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr] # it matches nothing as well
        found = _LIKE[token].match(text, at) if token in _LIKE else None
        plain = token.removesuffix("_")
        if not found and (token in _LIKE or not text.startswith(plain, at)):
            return 0
        at = found.end() if found else at + len(plain)
    last = tokens[-1]
    return 0 if last.isalpha() and not is_han(last) and text[at : at + 1].isalpha() else at


def _in_word(text: str, at: int) -> bool:
    return at >= 0 and text[at].isalnum()


def _begun(stem: str, raw: str) -> str:
    return next((found[0] for found in _WORDS.finditer(raw) if found[0].lower().startswith(stem)), "")


def spans(reason: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return where the words that a reason quotes first stand in *text*, as pairs of positions."""
    places = ((text.find(quoted), len(quoted)) for quoted in _QUOTED.findall(reason))
    return tuple(sorted({(start, start + length) for start, length in places if start >= 0}))
