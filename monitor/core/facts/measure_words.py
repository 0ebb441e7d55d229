"""What Chinese numbers count, by their measure words (架次, 艘, 枚) and the noun after or before them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from monitor.core.facts.nouns import Counted

if TYPE_CHECKING:
    from monitor.core.facts.numbers import Quantity

_MEASURE = re.compile(
    r"(?P<unit>架次|架(?!艘)|机(?=[越逼扰绕侵闯环进飞接,。 !]|$)|艘次|艘|枚|发(?=[\u4e00-\u9fff]{0,4}弹)|颗|名|位|人"
    r"|个(?=\S{0,5}气球)|舰(?![艇队长员载上岛机桥])|[船艇](?![艘舶只])|兵)?"
)
_REST = re.compile(r"[^\d。、:,;()「」!?]{0,10}")
_BEFORE = re.compile(
    r"(?:共计|合计|总计|增至|增加到|增加至|达到|多达|减至|仅|剩|另|共|计|达|有|各|为|约|逾|近|至少|:| |\()+\Z"
)
_NOUNS = {
    "drones": re.compile(r"无人|UAV", re.IGNORECASE),
    "balloons": re.compile(r"气球"),
    "missiles": re.compile(r"导弹|飞弹"),
    "official_ships": re.compile(r"公务|海警|海巡|海监|渔政|官船"),
    "vessels": re.compile(r"舰|潜艇|航母"),
    "personnel": re.compile(r"官兵|士兵|军人|兵力|大军|部队|教召|役男|士官|美军|陆战队|后备|新兵|军事顾问|教官|现役"),
    "aircraft": re.compile(r"军机|战机|飞机|共机|轰炸机|直升机|预警机|反潜机"),
    "civil": re.compile(
        r"客机|民航|公务机|民机|专机|渔船|货船|货轮|商船|邮轮|油轮|渡轮|客轮|快艇|抽砂|货柜|研究船|科考|火箭"
    ),
}
_NAVY = re.compile(r"海军|军舰|舰艇")
_TAIL = re.compile(r"[船舰艇机弹员]{0,2}")
_STRENGTH = re.compile(r"大军|兵力|美军|后备军人")
_UNMANNED = re.compile(r"无人机|无人载具")
_MANNED = re.compile(r"架次|军机|战机|飞机|共机|轰炸机|直升机")
_MIXED = re.compile(r"(?:架次?)?[、和与及/]?(?:艘|军舰|共舰|舰艇|舰船|机舰)")
_PART = re.compile(r"(?:其中|包括|包含|含|内有|相较|较|高于|低于|纪录|记录(?:的|为)?),? ?\Z")
_HULL = 100
"""2901艦 is a ship by its number, 六艦 are six ships."""


def chinese(plain: str, quantity: Quantity) -> Counted | None:
    """Return what a number counts."""
    measure = _MEASURE.match(plain, quantity.end)
    unit, at = (measure["unit"] or "", measure.end()) if measure else ("", quantity.end)
    rest = _REST.match(plain, at)
    after = rest[0] if rest else ""
    if unit.startswith("架") and _MIXED.match(after):
        return None
    kind = _kind(plain, quantity, unit, after) if unit or after else ""
    # 一枚, 一名 say no more than "a".
    if not kind or (kind in {"missiles", "personnel"} and plain[quantity.start : quantity.end] == "一"):
        return None
    part = _PART.search(plain, max(0, quantity.start - 8), quantity.start) is not None
    return Counted(kind, quantity, at, part)


def _kind(plain: str, quantity: Quantity, unit: str, after: str) -> str:
    before = _noun_before(plain, quantity)
    if unit[:1] in {"架", "机"}:
        return _first(("civil", "drones", "aircraft"), after[:8], before, _flying(plain))
    if unit[:1] in {"艘", "船", "艇", "舰"}:
        return _ship(unit, after, before, quantity.value)
    if unit in {"枚", "发", "颗", "个"}:
        return _first(("balloons", "missiles"), after, before)
    if unit in {"名", "位", "人", "兵"}:
        found = _NOUNS["personnel"].search(after[:7]) or (unit == "人" and _NOUNS["personnel"].search(before))
        return "personnel" if found else ""
    return "personnel" if _STRENGTH.match(after) else ""


def _ship(unit: str, after: str, before: str, count: float) -> str:
    if unit == "舰":
        return "vessels" if count < _HULL else ""
    if unit in {"船", "艇"}:
        return _first(("official_ships",), "", before)
    if _NOUNS["official_ships"].search(after) and _NAVY.search(after):
        return "vessels"
    return _first(("official_ships", "civil", "vessels"), after, before)


def _noun_before(plain: str, quantity: Quantity) -> str:
    """Return the noun that may stand before a number, as in 共機45架次."""
    text = _BEFORE.sub("", plain[max(0, quantity.start - 12) : quantity.start])
    return re.split(r"[\d。、,;()]", text)[-1][-6:]


def _flying(plain: str) -> str:
    """Return what 架 counts without a noun: aircraft, unless the sentence speaks of drones alone."""
    return "drones" if _UNMANNED.search(plain) and not _MANNED.search(plain) else "aircraft"


def _first(kinds: tuple[str, ...], after: str, before: str, otherwise: str = "") -> str:
    """Return the first of some kinds whose noun stands after a number, or else right before it."""
    follows = (kind for kind in kinds if _NOUNS[kind].search(after))
    leads = (kind for kind in kinds if _closes(_NOUNS[kind], before))
    found = next(follows, "") or next(leads, "") or otherwise
    return "" if found == "civil" else found


def _closes(noun: re.Pattern[str], before: str) -> bool:
    """Say whether the words before a number end in a noun: 海巡驅離十二艘 are not twelve of the coast guard's."""
    return any(_TAIL.fullmatch(before, match.end()) for match in noun.finditer(before))
