"""What the reports of a story tell together: the agreed value, or the range with who says what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.facts.extractor import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.model import Fact, Said

COUNTS = ("aircraft", "crossings", "vessels", "official_ships", "drones", "balloons", "missiles")
"""Kinds of which an event has one number: reports that differ give a range. Of the others every value is a fact."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """One fact of a story."""

    first: Fact
    """As the first report has it."""
    low: float | None
    high: float | None
    """The same as *low* where all agree."""
    said: tuple[Said, ...]
    """One telling for each outlet."""


def agree(said: Iterable[Said]) -> tuple[Agreed, ...]:
    """Return the facts of a story in the order of kinds; unknown stays unknown and is never zero."""
    groups: dict[tuple[object, ...], list[Said]] = {}
    for one in said:
        groups.setdefault(_same(one.fact), []).append(one)
    together = [_agreed(group) for group in groups.values()]
    return tuple(sorted(together, key=lambda a: KINDS.index(a.first.kind)))


def _same(fact: Fact) -> tuple[object, ...]:
    if fact.kind in COUNTS:
        return (fact.kind,)
    return (fact.kind, fact.value, fact.system, fact.currency, fact.unit)


def _agreed(group: Sequence[Said]) -> Agreed:
    """Return the range of a group; an outlet that gives several numbers is taken by its largest."""
    by_outlet: dict[str, Said] = {}
    for one in group:
        held = by_outlet.get(one.outlet)
        if held is None or (one.fact.value or 0) > (held.fact.value or 0):
            by_outlet[one.outlet] = one
    values = [one.fact.value for one in by_outlet.values() if one.fact.value is not None]
    said = tuple(by_outlet.values())
    return Agreed(said[0].fact, min(values, default=None), max(values, default=None), said)
