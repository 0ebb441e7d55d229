"""One list of an item's facts from those of its sentences: each once, and no part beside its total."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.model import Fact

_ROUNDED = 0.1
"""A rounded figure within a tenth of an exact one of the same kind tells the same."""
_MORE_THAN = 0.2
"""So does "more than 70" or "two dozen" up to a fifth below it."""
_COUNTABLE = frozenset(
    ("jet", "fighter", "warplane", "plane", "tank", "launcher", "missile", "helicopter", "howitzer", "torpedo")
)


def settle(found: Iterable[Fact]) -> list[Fact]:
    """Return the facts of an item without repetition: a fact told twice, a rounded one, a part beside its total."""
    kept: list[Fact] = []
    for fact in _named(list(found)):
        twin = next((n for n, other in enumerate(kept) if _same(fact, other)), None)
        if twin is None:
            kept.append(fact)
        else:
            kept[twin] = _merged(kept[twin], fact)
    return [fact for fact in kept if not _rounded(fact, kept) and not _partial(fact, kept)]


def _named(found: Sequence[Fact]) -> Sequence[Fact]:
    """Return the facts, where "66 jets" count the one system that the item names."""
    named = [fact for fact in found if fact.kind == "weapon" and not _sort(fact)]
    if len({_key(fact) for fact in named}) != 1 or any(fact.value is not None for fact in named):
        return found
    system = named[0].system
    return [replace(fact, system=system) if fact.system.split(" ")[-1] in _COUNTABLE else fact for fact in found]


def _sort(fact: Fact) -> bool:
    """Say whether a weapon is only told by its sort."""
    return fact.system.endswith("UAV") or fact.system[:1].islower()


def _key(fact: Fact) -> str:
    return re.sub(r"[^a-z0-9]", "", fact.system.lower())


def _same(one: Fact, other: Fact) -> bool:
    if (one.kind, one.currency, one.unit) != (other.kind, other.currency, other.unit):
        return False
    if one.kind == "weapon":
        related = _key(one) in _key(other) or _key(other) in _key(one)
        return related and (one.value is None or other.value is None or one.value == other.value)
    return one.value == other.value


def _merged(first: Fact, second: Fact) -> Fact:
    """Return one of two tellings: the one that knows more, with its own sentence."""
    better = second if first.value is None and second.value is not None else first
    longest = max(first.system, second.system, key=len)
    return replace(better, system=longest, approx=first.approx or second.approx)


def _rounded(fact: Fact, kept: Iterable[Fact]) -> bool:
    """Say whether an exact figure of the same kind stands beside a rounded one."""
    if not fact.approx or fact.value is None or fact.high is not None or fact.kind in {"weapon", "percent_gdp"}:
        return False
    return any(
        (other.kind, other.currency) == (fact.kind, fact.currency)
        and not other.approx
        and other.value is not None
        and _near(fact, other.value)
        for other in kept
    )


def _near(fact: Fact, exact: float) -> bool:
    value = fact.value or 0
    above = exact - value
    return abs(above) <= _ROUNDED * exact or (fact.low is not None and 0 <= above <= _MORE_THAN * exact)


def _partial(fact: Fact, kept: Sequence[Fact]) -> bool:
    """Say whether an aircraft count is only the number that crossed, beside a larger total."""
    if fact.kind != "aircraft" or fact.value is None:
        return False
    crossed = any(other.kind == "crossings" and other.value == fact.value for other in kept)
    return crossed and any(other.kind == "aircraft" and (other.value or 0) > fact.value for other in kept)
