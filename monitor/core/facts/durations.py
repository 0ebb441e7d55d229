"""How long military service and drills last, in the unit that the text uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.facts.numbers import Quantity
from monitor.core.facts.vocabulary import SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.facts.passage import Passage
    from monitor.model import Fact

_UNIT = re.compile(
    r"[ -]?(?P<unit>years?|months?|weeks?|days?|hours?)\b(?!-old| old| ago)"
    r"|(?P<han>年|个月|周|星期|天|日|小时)(?!前|来|度|代|底|初|龄)",
    re.IGNORECASE,
)
_UNITS = {
    "年": "years",
    "个月": "months",
    "周": "weeks",
    "星期": "weeks",
    "天": "days",
    "日": "days",
    "小时": "hours",
}
_DRILL_AFTER = re.compile(
    r" (?:of )?(?:(?!and\b|or\b)[\w'-]+ ){0,4}?(?:drills?|exercises?|war ?games?|manoeuvres|maneuvers|blockade)\b"
    r"|的?[^\d,。;]{0,8}?(?:演习|演训|军演|军事演练|操演)",
    re.IGNORECASE,
)
_DRILL_BEFORE = re.compile(
    r"(?:\b(?:drills?|exercises?|war ?games?)\b[^.;:'\"\d]{0,50}?\b(?:for|last(?:s|ing|ed)?|over) "
    r"(?:about |nearly |up to )?|(?:演习|演训|军演|操演)[^\d。;]{0,12}?(?:为期|历时|持续|一连|连续))\Z",
    re.IGNORECASE,
)
# "in two years", "the past four months" are points in time.
_POINT = re.compile(
    r"(?:\b(?:last|past|next|every|within|in|first|the|over|about|another|recent|since|after|before) "
    r"|近|过去|未来|前)\Z",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?:为期|一连|连续|历时|持续)\Z")


_A_YEAR = re.compile(r"\bto an? (?:full )?(?P<unit>year|month)\b", re.IGNORECASE)


def duration(passage: Passage) -> Iterator[Fact]:
    """Yield the terms of service and the lengths of drills."""
    plain = passage.plain
    service = SERVICE.search(plain) is not None
    for quantity in passage.free():
        match = _UNIT.match(plain, quantity.end)
        if match is None or not _span_of_time(plain, quantity, match["han"] or ""):
            continue
        unit = _UNITS[match["han"]] if match["han"] else match["unit"].lower().rstrip("s") + "s"
        drill = _DRILL_AFTER.match(plain, match.end()) or _DRILL_BEFORE.search(plain, 0, quantity.start)
        point = _POINT.search(plain, max(0, quantity.start - 8), quantity.start)
        if drill or (service and unit != "hours" and not point):
            yield passage.fact("duration", quantity, match.end(), unit=unit)
    longer = _A_YEAR.search(plain) if service else None
    if longer:
        yield passage.fact("duration", Quantity(*longer.span(), 1), longer.end(), unit=f"{longer['unit'].lower()}s")


def _span_of_time(plain: str, quantity: Quantity, han: str) -> bool:
    """Say whether 年, 日, 周 after a number is a span of time: 7日 is a date, 四周 is "on all sides"."""
    if han == "日":
        return _SPAN.search(plain, 0, quantity.start) is not None
    if han == "周":
        return plain[quantity.start] != "四"
    return han != "年" or quantity.value < 100
