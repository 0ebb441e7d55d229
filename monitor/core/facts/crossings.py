"""How many aircraft crossed the median line or entered the air defence zone."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from monitor.core.facts.numbers import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.facts.nouns import Counted
    from monitor.core.facts.numbers import Quantity
    from monitor.core.facts.passage import Passage
    from monitor.model import Fact

_LINE = (
    r"(?:median\b|(?:cent(?:er|re)|middle)[ -]line|\bthe line\b|\badiz\b"
    r"|air[ -]defen[cs]e (?:identification )?(?:zone|area)|(?:identification|defen[cs]e) zone|air ?space"
    r"|unofficial (?:border|boundary|barrier|buffer))"
)
_CROSSING = re.compile(
    r"\b(?:cross\w*|enter(?:s|ed|ing)?|breach\w*|violat\w*|intrud\w*|penetrat\w*|incursions?|into|across|over|past"
    rf"|inside)\b[^.;\d]{{0,60}}?{_LINE}|\bcross(?:ed|ing)\b(?=[,.;]|\Z| it\b)",
    re.IGNORECASE,
)
# 28 crossed; 28 of which crossed; 28 of the 45 had crossed; 28 out of 45 sorties crossed; 28 that crossed.
_SHARE = re.compile(
    r"(?: (?:(?:out )?of (?:the |these |those )?(?:which|whom|them|those|these|\d+)?(?: ?[a-z]+){0,3}?|that|which))?"
    r"(?: (?:had|have|has|were|also|reportedly|then|either|of|them)){0,3} "
    r"(?=cross|across|over |past |into |enter|fl[eyio]|breach|violat|intrud|penetrat)",
    re.IGNORECASE,
)
# Between a count and the crossing: somebody else crossed, or nobody did.
_BREAK = re.compile(
    r"\d|\b(?:some|several|many|most|none|not|never|without|half|dozens|multiple|did|but|near|edge of|almost"
    r"|scrambl\w*)\b|[.;]",
    re.IGNORECASE,
)
_ASIDE = re.compile(r", (?:including|among them) [^,.;]{0,80},", re.IGNORECASE)
_WHOLE = re.compile(r"(?:\d|\b[a-z]+)(?: out)? of (?:the |those |these |its )?\Z", re.IGNORECASE)
_JOIN = re.compile(r",? (?:and|plus|as well as) (?:at least |about |around )?|, ", re.IGNORECASE)

_HAN_VERB = r"(?:逾越|越过|穿越|跨越|飞越|飞跃|突破|越|进入|侵入|闯入|入侵|进犯)"
_HAN_LINE = r"(?:中线|识别区|空域|ADIZ|防空区)"
_HAN_CROSSING = rf"(?:{_HAN_VERB}[^\d。;]{{0,14}}?{_HAN_LINE}|越线)"
_HAN_AFTER = re.compile(rf"[架机]?次?[^\d。;]{{0,14}}?{_HAN_CROSSING}", re.IGNORECASE)
_HAN_BEFORE = re.compile(rf"{_HAN_CROSSING}[^\d,。;]{{0,24}}\Z", re.IGNORECASE)
_HAN_UNIT = re.compile(r"架次?(?!艘)|机")
_HAN_BREAK = re.compile(r"部分|部份|多架|数架|未|没有|无|艘|但|附近")
_HAN_SHARE = re.compile(r"其中[^\d。;]{0,8}\Z")


_REACH = 160
_FLYING = {"aircraft", "drones"}
_MOVERS = _FLYING | {"vessels", "official_ships"}


def facts(passage: Passage, counted: Sequence[Counted]) -> Iterator[Fact]:
    """Yield the crossings; a number that only says which part of a total crossed is taken, a total is left."""
    flying = [c for c in counted if c.kind in _FLYING]
    nouns = {c.quantity.start for c in counted}
    for quantity in passage.free():
        if quantity.start not in nouns and (end := _share(passage.plain, quantity)):
            yield passage.fact("crossings", quantity, end)
    yield from _subjects(passage, [c for c in counted if c.kind in _MOVERS])
    if not passage.plain.isascii():
        yield from _chinese(passage, flying)


def _share(plain: str, quantity: Quantity) -> int:
    """Return where a crossing ends that a bare number is the subject of, 0 where there is none."""
    share = _SHARE.match(plain, quantity.end)
    crossing = _CROSSING.match(plain, share.end()) if share else None
    return crossing.end() if crossing else 0


def _subjects(passage: Passage, movers: Sequence[Counted]) -> Iterator[Fact]:
    """Yield the sums of what flew over the line together: "nine jets and one drone crossed"; ships are not counted."""
    group: list[Counted] = []
    told: set[int] = set()
    for count in movers:
        joined = _JOIN.fullmatch(passage.plain, group[-1].end, count.quantity.start) if group else None
        group = [*group, count] if joined else [count]
        crossing = _crossing(passage, count)
        flew = [c.quantity for c in group if c.kind in _FLYING]
        if crossing is None or not flew or crossing.start() in told:
            continue
        told.add(crossing.start())
        if _WHOLE.search(passage.plain, 0, count.quantity.start) and not group[0].part:
            continue
        total = _sum(flew)
        taken = total.start in passage.taken or count.part
        yield passage.fact("crossings", total, crossing.end())
        if not taken:
            passage.taken.discard(total.start)


def _crossing(passage: Passage, count: Counted) -> re.Match[str] | None:
    """Return the crossing that a count is the subject of: no other number and no denial stands between."""
    aside = _ASIDE.match(passage.plain, count.end)
    start = aside.end() if aside else count.end
    crossing = _CROSSING.search(passage.plain, start, start + _REACH)
    if crossing is None or _BREAK.search(passage.plain, start, crossing.start()):
        return None
    return None if any(start <= q.start < crossing.start() for q in passage.numbers) else crossing


def _sum(quantities: Sequence[Quantity]) -> Quantity:
    first = quantities[0]
    if len(quantities) == 1:
        return first
    return replace(
        first,
        value=whole(sum(q.value for q in quantities)),
        approx=any(q.approx for q in quantities),
        low=None,
        high=None,
    )


def _chinese(passage: Passage, flying: Sequence[Counted]) -> Iterator[Fact]:
    plain = passage.plain
    for count, following in zip_longest(flying, flying[1:]):
        quantity = count.quantity
        if not _HAN_UNIT.match(plain, quantity.end):
            continue
        after = _HAN_AFTER.match(plain, quantity.end)
        before = _HAN_BEFORE.search(plain, max(0, quantity.start - 60), quantity.start)
        if after and following and following.quantity.start < after.end():
            after = None
        if after and (_HAN_BREAK.search(after[0]) or (following and _leads_to(plain, quantity, following))):
            after = None
        if before and _HAN_BREAK.search(before[0]):
            before = None
        if not after and not before:
            continue
        yield passage.fact("crossings", quantity, after.end() if after else quantity.end)
        share = _HAN_SHARE.search(plain, 0, quantity.start) is not None or (before and len(flying) > 1)
        if not share:
            passage.taken.discard(quantity.start)


def _leads_to(plain: str, quantity: Quantity, following: Counted) -> bool:
    """Say whether the crossing after a number is told of the next one: 45架次(逾越中線28架次)."""
    return _HAN_BEFORE.search(plain, quantity.end, following.quantity.start) is not None
