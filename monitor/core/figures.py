"""What a story's reports count, as numbers to compare: with what a rule asks, and with what people were told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.facts.agreed import agree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.core.facts.agreed import Agreed
    from monitor.model import Bound, Fact, Figures, Said

GROWTH = 1.2
LEAST_GROWTH = 5
"""A figure grew when it is a fifth larger than people were told, and by at least so much."""


def figures(said: Iterable[Said]) -> dict[str, tuple[float, float]]:
    """Return per figure the lowest and the highest number that is told; what is unknown is left out."""
    out: dict[str, tuple[float, float]] = {}
    for agreed in agree(said):
        span = _span(agreed)
        if span:
            key = _key(agreed.first)
            low, high = out.get(key, span)
            out[key] = (min(low, span[0]), max(high, span[1]))
    return out


def _span(agreed: Agreed) -> tuple[float, float] | None:
    if agreed.low is None or agreed.high is None:
        return None
    upper = [one.fact.high for one in agreed.said if one.fact.high is not None]
    return agreed.low, max(agreed.high, *upper) if upper else agreed.high


def _key(fact: Fact) -> str:
    parts = {"money": (fact.currency, fact.about), "weapon": (fact.system,), "duration": (fact.unit,)}
    return "/".join((fact.kind, *parts.get(fact.kind, ())))


def counted(bound: Bound, told: Figures) -> tuple[float, float] | None:
    """Return what the reports tell of the figure that a bound asks for; None when they do not."""
    spans = [span for key, span in told.items() if key == bound.kind or key.startswith(bound.kind + "/")]
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def holds(bound: Bound, told: Figures) -> bool:
    """Say whether a number that some report tells meets a bound; unknown never does."""
    span = counted(bound, told)
    if span is None:
        return False
    low, high = span
    return {
        ">=": high >= bound.value,
        ">": high > bound.value,
        "<=": low <= bound.value,
        "<": low < bound.value,
        "=": low <= bound.value <= high,
    }[bound.sign]


def corrected(before: Figures, now: Figures) -> list[str]:
    """Return the figures of which nobody tells any more what people were told."""
    return [key for key in before if key in now and not _meet(before[key], now[key])]


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def grown(before: Figures, now: Figures) -> list[str]:
    """Return the figures that are larger by a step than people were told."""
    return [key for key in before if key in now and _grew(before[key][1], now[key][1])]


def _grew(before: float, now: float) -> bool:
    return now >= before * GROWTH and now - before >= LEAST_GROWTH


def added(before: Figures, now: Figures) -> list[str]:
    """Return the figures of kinds of which people were told nothing."""
    known = {key.split("/")[0] for key in before}
    return [key for key in now if key.split("/")[0] not in known]
