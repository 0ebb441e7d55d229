"""What share of GDP defence takes or shall take."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.facts.numbers import Quantity
    from monitor.core.facts.passage import Passage
    from monitor.model import Fact

_DEFENCE = re.compile(r"defen[cs]e|military|armed forces|arms|spending|国防|军费|军事|防卫|预算", re.IGNORECASE)
_PERCENT = re.compile(r" ?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_HAN_PERCENT = re.compile(r"百分之\Z")
_GDP = r"(?:(?<![a-z])gdp(?![a-z])|gross domestic product|economic output|国内生产总值|国内生产毛额)"
_AFTER = re.compile(rf"[^.;。\d]{{0,40}}?{_GDP}", re.IGNORECASE)
_BEFORE = re.compile(
    rf"{_GDP}(?: ?(?:to|at|of|share|之|的|占比|比重|比例|比率|达|到|至|为|约|逾|近|超过|将"
    r"|提升|提高|增加|上调|拉高|调高|百分之|至少|\(|\)|-|,)){0,8} ?\Z",
    re.IGNORECASE,
)
# After one share of GDP a further percentage is mostly another: "3.3% of GDP next year and 5% by 2030".
_FURTHER = re.compile(
    r"(?:\b(?:to|and|reach\w*|or|from|then|before)|,|达|到|至|为) ?(?:about |around |at least |约)?\Z", re.IGNORECASE
)
_GROWTH = re.compile(r" ?(?:more|higher|increase|growth|rise|jump|year-on-year|增|成长)", re.IGNORECASE)


def percent_gdp(passage: Passage) -> Iterator[Fact]:
    """Yield the shares of GDP in a sentence about defence, or of an item about it."""
    if not _DEFENCE.search(passage.plain) and not _DEFENCE.search(passage.item):
        return
    told = False
    for quantity in passage.free():
        percent = _percent(passage.plain, quantity)
        end = _of_gdp(passage.plain, quantity, percent) if percent else 0
        if not end and percent and told and _further(passage.plain, quantity, percent):
            end = percent
        if end:
            told = True
            yield passage.fact("percent_gdp", quantity, end)


def _percent(plain: str, quantity: Quantity) -> int:
    """Return where a percentage ends, 0 for another number."""
    sign = _PERCENT.match(plain, quantity.end)
    if sign:
        return sign.end()
    return quantity.end if _HAN_PERCENT.search(plain, 0, quantity.start) else 0


def _of_gdp(plain: str, quantity: Quantity, end: int) -> int:
    after = _AFTER.match(plain, end)
    if after:
        return after.end()
    return end if _BEFORE.search(plain, max(0, quantity.start - 40), quantity.start) else 0


def _further(plain: str, quantity: Quantity, end: int) -> bool:
    led = _FURTHER.search(plain, max(0, quantity.start - 20), quantity.start)
    return led is not None and _GROWTH.match(plain, end) is None
