"""Why a theme was decided, or nearly, in words that an analyst can check against the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from classifiers.features import TAIWAN, Document, written
from classifiers.text import fold, is_han

if TYPE_CHECKING:
    from collections.abc import Sequence

Reason = tuple[str, float]

MOST = 8
MOST_DOUBTS = 3
_CONSIDERED = 40
_FLOOR = 0.02
"""Weights below this, in log-odds, explain nothing."""
_QUOTED = re.compile("“([^”]+)”")
_BETWEEN = r"(?:['\u2019]s\b)?[\W_]{0,3}"


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
    found = _pattern(tokens).search(fold(raw)) if raw else None
    return raw[found.start() : found.end()] if found else ""


def _begun(stem: str, raw: str) -> str:
    found = re.search(rf"\b{re.escape(stem)}\w*", raw, re.IGNORECASE)
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def _pattern(tokens: tuple[str, ...]) -> re.Pattern[str]:
    ends = [r"(?<![^\W_])" if tokens[0].isalpha() and not is_han(tokens[0]) else ""]
    ends.append(r"(?![^\W\d_])" if tokens[-1].isalpha() and not is_han(tokens[-1]) else "")
    return re.compile(ends[0] + _BETWEEN.join(_token(t) for t in tokens) + ends[1], re.IGNORECASE)


_LIKE = {"us_": r"U\.?\s?S\.?(?:A\b\.?)?", "#": r"\d[\d.,]*"}


def _token(token: str) -> str:
    return _LIKE.get(token) or re.escape(token.removesuffix("_"))


def spans(reason: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return where the words that a reason quotes first stand in *text*, as pairs of positions."""
    places = ((text.find(quoted), len(quoted)) for quoted in _QUOTED.findall(reason))
    return tuple(sorted({(start, start + length) for start, length in places if start >= 0}))
