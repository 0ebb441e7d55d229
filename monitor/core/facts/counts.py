"""Counts of what moves around Taiwan, and of arms that are bought."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.facts import vocabulary
from monitor.core.facts.measure_words import chinese
from monitor.core.facts.nouns import english, of_the_coast_guard
from monitor.core.facts.numbers import Quantity
from monitor.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.core.facts.nouns import Counted
    from monitor.core.facts.passage import Passage

_THINGS = {"drones": "UAV", "missiles": "missile", "aircraft": "", "vessels": "warship"}
"""What is bought rather than seen, by the kind it would otherwise count as."""
_SINGULAR = {"uavs": "UAV", "drones": "UAV", "unmanned aerial vehicles": "UAV", "torpedoes": "torpedo"}
_SORTS = {"cruise", "ballistic", "fighter", "attack", "amphibious", "battle", "rocket", "kamikaze", "landing"}
_FEW = 20
"""Fewer people than this in an item about a crime or an accident are its victims or suspects."""
_EARLIER = re.compile(r"\b(?:up )?from (?:around |about |roughly |some |just |the current )?\Z", re.IGNORECASE)
_PAIR = re.compile(
    r"\b(?:dual|twin)[ -](?:[a-z]+ ){0,2}?(?:aircraft carriers?|carriers?|assault ships?|ships?)\b", re.IGNORECASE
)
# A balloon is news by itself, and nobody writes "one balloon".
_BALLOON = re.compile(
    r"\b(?:an?|the|chinese|china's|surveillance|spy|weather|high-altitude|suspected) (?:[a-z-]+ ){0,2}balloon\b(?!s)"
    r"[^.;]{0,40}\b(?:cross|float|drift|fl(?:y|ew|ies)|near|around|over|off|enter|median)"
    r"|\b(?:spot|detect|track|sight|report)(?:s|ted|ed)? (?:[a-z'-]+ ){0,4}balloon\b(?!s)",
    re.IGNORECASE,
)


def counted(passage: Passage) -> list[Counted]:
    """Return the numbers of a sentence that count something, in order; none is taken yet."""
    found = (english(passage.plain, q) or chinese(passage.plain, q) for q in passage.free())
    return [_renamed(count, passage.item) for count in found if count]


def _renamed(count: Counted, item: str) -> Counted:
    return replace(count, kind="official_ships") if of_the_coast_guard(count, item) else count


def facts(passage: Passage, found: Sequence[Counted]) -> Iterator[Fact]:
    """Yield a fact for each count; what is bought rather than seen is a weapon of that sort."""
    buying = bool(found) and _buying(passage)
    for count in found:
        if count.quantity.start in passage.taken or (count.part and count.kind != "drones"):
            continue
        if count.kind == "arms" or (buying and count.kind in _THINGS):
            yield from _bought(passage, count)
        elif not _beside_the_point(passage, count):
            yield passage.fact(count.kind, count.quantity, count.end)
        if count.kind == "personnel":
            yield from _earlier_strength(passage, count)
    yield from _unnumbered(passage)


def _buying(passage: Passage) -> bool:
    """Say whether a sentence tells of buying or building, by its own words, else by those of its item."""
    if vocabulary.MOVING.search(passage.plain):
        return False
    if vocabulary.BUYING.search(passage.plain):
        return True
    item = passage.item
    return vocabulary.BUYING.search(item) is not None and vocabulary.MOVING.search(item) is None


def _beside_the_point(passage: Passage, count: Counted) -> bool:
    """Say whether people come to harm rather than are deployed, or drones make a show."""
    if count.kind == "personnel":
        few = count.quantity.value < _FEW and vocabulary.HARM.search(passage.item)
        return bool(few or vocabulary.HARM.search(passage.plain))
    return count.kind == "drones" and vocabulary.SHOW.search(passage.item) is not None


def _bought(passage: Passage, count: Counted) -> Iterator[Fact]:
    thing = _thing(count)
    if thing:
        yield passage.fact("weapon", count.quantity, count.end, system=thing)


def _thing(count: Counted) -> str:
    """Return what sort of thing is bought ("anti-ship missile"); nothing where the text only says "aircraft"."""
    if not count.noun:
        return _THINGS[count.kind]
    noun = count.noun.lower()
    if noun in {"aircraft", "sorties"}:
        return ""
    words = [w for w in count.modifiers.lower().split() if w in _SORTS or w.startswith("anti-")]
    return " ".join([*words[-1:], _SINGULAR.get(noun) or noun.removesuffix("s")])


def _earlier_strength(passage: Passage, count: Counted) -> Iterator[Fact]:
    """Yield the strength that troops grew from: "to 200 soldiers, from around 30 a year ago"."""
    for quantity in passage.free():
        near = 0 < quantity.start - count.end < 40
        if near and _EARLIER.search(passage.plain, count.end, quantity.start):
            yield passage.fact("personnel", quantity, quantity.end)


def _unnumbered(passage: Passage) -> Iterator[Fact]:
    """Yield what is told without a number word: dual carriers, a balloon over the Strait."""
    for match in _PAIR.finditer(passage.plain):
        yield passage.fact("vessels", Quantity(match.start(), match.end(), 2), match.end())
    balloon = _BALLOON.search(passage.plain)
    if balloon and vocabulary.HERE.search(passage.plain):
        yield Fact("balloons", 1, sentence=passage.sentence.text, span=balloon.span())
