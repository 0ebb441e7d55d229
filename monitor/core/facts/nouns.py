"""What English numbers count: aircraft, vessels, official ships, drones, balloons, missiles, troops, arms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.facts.vocabulary import CIVILIAN, OFFICIAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.facts.numbers import Quantity


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with what it counts."""

    kind: str
    quantity: Quantity
    end: int
    part: bool = False
    """It is part of a total that stands elsewhere."""
    modifiers: str = ""
    noun: str = ""
    """The noun as the text has it; empty in Chinese."""


# The longer name first: "aircraft carriers" are no aircraft.
_MANY = {
    "official_ships": "cutters",
    "vessels": "aircraft carriers|warships|battleships|ships|vessels|destroyers|frigates|corvettes|gunboats|flattops"
    "|minesweepers|boats|submarines",
    "drones": "drones|uavs|unmanned aerial vehicles|unmanned aircraft|unmanned aerial systems",
    "balloons": "balloons",
    "missiles": "missiles",
    "personnel": "troops|soldiers|service ?members|service personnel|servicemen|personnel|marines|reservists|conscripts"
    "|recruits|sailors|airmen|commandos|military (?:advis[eo]rs|trainers|instructors)",
    "aircraft": "aircraft|warplanes|planes|airplanes|aeroplanes|jets|fighters|bombers|helicopters|choppers|gunships"
    "|sorties|fly-?bys|flights",
    "arms": "tanks|howitzers|(?:rocket )?launchers|torpedoes|armou?red vehicles|sea mines|interceptors|rockets",
}
_ONE = {
    "official_ships": "cutter",
    "vessels": "aircraft carrier|warship|ship|vessel|destroyer|frigate|corvette|gunboat|submarine",
    "drones": "drone|uav|unmanned aerial vehicle",
    "balloons": "balloon",
    "missiles": "missile",
    "personnel": "soldier|marine|sailor",
    "aircraft": "aircraft|warplane|plane|airplane|jet|fighter|bomber|helicopter|sortie",
}
# Adjectives and names may stand between a number and its noun; at these words the search for the noun ends.
_STOP = (
    "and|or|in|on|at|to|for|with|near|from|after|before|by|as|while|when|that|which|who|were|was|are|is|be|been|has|had"
    "|have|will|would|said|says|into|across|over|around|towards?|off|between|during|against|than|but|including|of|days?"
    "|weeks?|months?|years?|hours?|minutes?|seconds?|per|percent|miles?|km|kilomet(?:er|re)s?|nautical|times|people"
    "|million|billion|dollars|mm|inch(?:es)?|feet|tons?|tonnes?|countries|companies|rounds?|day-long|year-old"
)
# Behind the noun: then something else is counted.
_ON = (
    "carriers?|engines?|parts|crew|pilots?|fuel|launchers?|strike group|operators?|makers?|base|batter(?:y|ies)"
    "|systems?|munitions|worth|deal|sale|program(?:me)?|crash|tests?|training|industry"
)


def _noun(kinds: Mapping[str, str]) -> re.Pattern[str]:
    heads = "|".join(f"(?P<{kind}>{words})" for kind, words in kinds.items())
    return re.compile(
        rf"[ -](?P<modifiers>(?:(?!(?:{_STOP})\b)[(\"']?[A-Za-z][\w.'/-]*[)\"']? ){{0,6}}?)(?:{heads})\b"
        rf"(?!'s?\b|[ -](?:{_ON})\b)",
        re.IGNORECASE,
    )


_NOUN_MANY, _NOUN_ONE = _noun(_MANY), _noun(_ONE)
# "11 aircraft and vessels": one number for two kinds tells neither.
_MIXED = re.compile(
    r"(?:,? and|,| or| &|/) ?(?:(?:naval|navy|military|chinese|pla|other|coast guard|unmanned|fighter|war) ){0,3}"
    r"(?:aircraft|planes|warplanes|jets|ships|vessels|warships|drones|boats|balloons|missiles)\b",
    re.IGNORECASE,
)
_ANY_SHIP = re.compile(r"ships?|vessels?|boats?", re.IGNORECASE)
_NAVY = re.compile(r"\b(?:warships?|navy|naval|pla|plan|destroyers?|frigates?|carriers?)\b", re.IGNORECASE)
_COAST_GUARD = re.compile(r"\bcoast[ -]?guard", re.IGNORECASE)
_UNMANNED = re.compile(r"\bunmanned|\buncrewed", re.IGNORECASE)
# "four in ten troops" is a rate.
_RATE = re.compile(r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine) (?:in|out of) (?:every )?\Z", re.IGNORECASE)
# A part of a total, or a figure of the past for comparison, is not what happened.
_PART = re.compile(
    r"(?:\bincluding|\bamong (?:them|which|those)|\bof (?:which|them|those|these)|\bcompared (?:with|to)"
    r"|\b(?:up|down) from|\bsince [^.;]{0,30}when"
    r"|(?:previous|prior|earlier|old|last) (?:daily |single-day |one-day )?(?:record|high|peak)"
    r"(?: (?:of|was|set))?)(?: (?:an?|the|at least|about|around|some|more than|over|up to|nearly))*[,:]? ?\Z",
    re.IGNORECASE,
)


def english(plain: str, quantity: Quantity) -> Counted | None:
    """Return what a number counts by the noun behind it."""
    pattern = _NOUN_ONE if quantity.value == 1 else _NOUN_MANY
    match = pattern.match(plain, quantity.end)
    if match is None or _MIXED.match(plain, match.end()) or _RATE.search(plain, 0, quantity.start):
        return None
    head = match.lastgroup or ""
    kind = _kind(head, match["modifiers"])
    if not kind:
        return None
    part = _PART.search(plain, max(0, quantity.start - 40), quantity.start) is not None
    return Counted(kind, quantity, match.end(), part, match["modifiers"], match[head])


def _kind(head: str, modifiers: str) -> str:
    """Return the kind of a noun with its modifiers; nothing where they make it civilian."""
    if head == "vessels" and OFFICIAL.search(modifiers):
        return "official_ships"
    if head != "personnel" and CIVILIAN.search(modifiers):
        return ""
    return "drones" if head == "aircraft" and _UNMANNED.search(modifiers) else head


def of_the_coast_guard(count: Counted, item: str) -> bool:
    """Say whether ships without an adjective are the coast guard's, in an item that names it and no navy."""
    plainly = count.kind == "vessels" and _ANY_SHIP.fullmatch(count.noun) is not None
    return plainly and _COAST_GUARD.search(item) is not None and _NAVY.search(item) is None
