"""Why a theme was decided, in words that an analyst can check against the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from classifiers.features import TAIWAN, Document

if TYPE_CHECKING:
    from collections.abc import Sequence

Reason = tuple[str, float]

MOST = 8
_CONSIDERED = 40
_FLOOR = 0.02
"""Weights below this, in log-odds, explain nothing."""


def explain(doc: Document, names: Sequence[str], weights: Sequence[float]) -> tuple[Reason, ...]:
    """Return the strongest findings for a theme; features that read the same are added up."""
    strongest = sorted(zip(weights, names, strict=True), reverse=True)[:_CONSIDERED]
    totals: dict[str, float] = {}
    for weight, name in strongest:
        if weight > 0 and (text := phrase(doc, name)):
            totals[text] = totals.get(text, 0.0) + weight
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return tuple((text, round(weight, 3)) for text, weight in ranked[:MOST] if weight >= _FLOOR)


def phrase(doc: Document, name: str) -> str:
    """Say in words what a feature found; empty for features that mean nothing to a reader."""
    kind, _, body = name.partition(":")
    if kind in {"w", "wt"}:
        return f"“{body}”"
    if kind == "scope":
        return "" if body == "out" else "names Taiwan or the Strait"
    if ">" in body:
        first, _, then = body.partition(">")
        return f"{_concept(doc, first)} before {_concept(doc, then)}"
    parts = body.removeprefix("first ").split("|")[0].split("+")
    return " with ".join(_concept(doc, part) for part in parts)


def _concept(doc: Document, name: str) -> str:
    if name == TAIWAN:
        return "Taiwan"
    label = name.replace("_", " ")
    surface = doc.surfaces.get(name, "")
    return f"“{surface}” ({label})" if surface else label
