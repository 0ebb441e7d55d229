"""Money for defence: arms sales, budgets, aid, and what weapons cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.facts import scope
from monitor.core.facts.vocabulary import AID, ARMS, BUDGET, CIVIL, COST, DEFENCE, GIVER, SALE, SHARED, STRONG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.core.facts.numbers import Quantity
    from monitor.core.facts.passage import Passage
    from monitor.model import Fact

_LEAST = 1_000_000
"""Smaller sums are prices, fines and pay."""
_UNSAID_LEAST = 10**8

_BEFORE = re.compile(
    r"(?:(?P<TWD>N?T\$|NTD|TWD|新?台币)|(?P<HKD>HK\$)|(?P<AUD>AU?\$)|(?P<CAD>C\$)|(?P<SGD>S\$)"
    r"|(?P<USD>US\$|USD|美元|美金|\$)|(?P<EUR>€|EUR)|(?P<GBP>£|GBP)|(?P<JPY>JP¥|JPY)|(?P<CNY>RMB|CNY|人民币|¥))"
    r"[ 约逾近]*\Z"
)
_AFTER = re.compile(
    r"[ -]?(?:(?P<TWD>new taiwan dollars?|nt dollars?|taiwan(?:ese)? dollars?|ntd|twd|元?新?台币)"
    r"|(?P<HKD>hong kong dollars?|港元|港币)|(?P<AUD>australian dollars?|澳元|澳币)|(?P<CAD>canadian dollars?|加元)"
    r"|(?P<SGD>singapore dollars?)|(?P<USD>(?:u\.?s\.? )?dollars?\b|usd\b|美元|美金)|(?P<EUR>euros?\b|欧元)"
    r"|(?P<GBP>pounds?\b(?! of)|英镑)|(?P<JPY>yen\b|日元|日圆)|(?P<KRW>won\b|韩元|韩圜)"
    r"|(?P<CNY>yuan\b|rmb\b|元?人民币)|(?P<local>元))",
    re.IGNORECASE,
)
_EACH = re.compile(r"每[日天人年月架枚](?:约|逾)?\Z")
_PER = re.compile(r" ?(?:a|per|each) |/|每", re.IGNORECASE)
# In Taiwanese headlines the yuan of a budget often go unsaid: 1.25兆國防特別條例, 國防特別預算砍到3800億.
_UNSAID_AFTER = re.compile(
    r"[^\d,。;、一-鿿]{0,2}的?(?:国防|军购|对美军购|军事|防卫|特别预算|特别条例|预算案|无人机|强化)"
)
_UNSAID_BEFORE = re.compile(r"(?:国防|军购|防卫|军事)(?:特别)?(?:预算|条例|支出|经费)[^\d,。;]{0,8}\Z")
_SUM_ENDS = re.compile(r"\W|\Z|[要求的案为]")
_FOR_TAIWAN = re.compile(
    r"[^.;。]{0,60}?(?:\b(?:for|to|with) (?:taiwan|taipei|the island)"
    r"|对台|援台|售台|予台湾|给台湾|台湾(?:的)?(?:军|安全|国防))",
    re.IGNORECASE,
)


def money(passage: Passage) -> Iterator[Fact]:
    """Yield sums spent, asked or offered for Taiwan's defence or by China's forces, with what they are about."""
    for quantity in passage.free():
        found = _currency(passage, quantity)
        if found is None:
            continue
        currency, end = found
        passage.taken.add(quantity.start)
        if _concerns(passage, quantity, end):
            yield passage.fact("money", quantity, end, currency=currency, about=about(passage))


def _currency(passage: Passage, quantity: Quantity) -> tuple[str, int] | None:
    """Return a sum's currency (ISO 4217) and where the sum ends, None for what is no money."""
    plain = passage.plain
    before = _BEFORE.search(plain, max(0, quantity.start - 6), quantity.start)
    after = _AFTER.match(plain, quantity.end)
    name = (before.lastgroup if before else after.lastgroup if after else "") or ""
    if name == "local" and after:
        return ("TWD" if passage.hant else "CNY", after.end()) if quantity.scaled else None
    if name:
        return name, after.end() if after else quantity.end
    return _unsaid(plain, quantity) if passage.hant and quantity.scaled else None


def _unsaid(plain: str, quantity: Quantity) -> tuple[str, int] | None:
    """Return Taiwan dollars where the text speaks of a budget and names no currency."""
    if quantity.value < _UNSAID_LEAST:
        return None
    after = _UNSAID_AFTER.match(plain, quantity.end)
    before = _UNSAID_BEFORE.search(plain, max(0, quantity.start - 20), quantity.start)
    if after or (before and _SUM_ENDS.match(plain, quantity.end)):
        return "TWD", quantity.end
    return None


def _concerns(passage: Passage, quantity: Quantity, end: int) -> bool:
    """Say whether a sum is for Taiwan's defence, and neither a price apiece nor money for others."""
    plain = passage.plain
    if quantity.value < _LEAST or _PER.match(plain, end) or _EACH.search(plain, 0, quantity.start):
        return False
    if not STRONG.search(plain) and (CIVIL.search(plain) or not _for_defence(passage)):
        return False
    if scope.elsewhere(plain) or SHARED.search(plain):
        return _FOR_TAIWAN.match(plain, end) is not None
    return True


def _for_defence(passage: Passage) -> bool:
    """Say whether a sum is for arms or forces, by its sentence, else by an item about them."""
    plain, item = passage.plain, passage.item
    if passage.mentions or any(words.search(plain) for words in (DEFENCE, ARMS, SHARED)):
        return True
    if AID.search(plain) and GIVER.search(plain):
        return True
    spent = any(words.search(plain) for words in (SALE, BUDGET, AID, COST))
    return STRONG.search(item) is not None or (spent and bool(ARMS.search(item) or DEFENCE.search(item)))


def about(passage: Passage) -> str:
    """Return what a sum is about: arms_sale, budget, aid or other, by its sentence, else by its item."""
    for text in (passage.plain, passage.item):
        if AID.search(text):
            return "aid"
        if SALE.search(text) and ARMS.search(text):
            return "arms_sale"
        if BUDGET.search(text):
            return "budget"
    return "other"
