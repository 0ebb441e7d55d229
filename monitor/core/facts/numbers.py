"""Numbers in running text, English and Chinese: digits, words, numerals, units, bounds and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: n for n, word in enumerate(_UNITS)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "t": 10**12}
_DOZEN = {"dozen": 12, "couple": 2, "pair": 2}

_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_SMALL = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_DIGIT = "".join(_HAN_DIGITS)
_HAN = "".join((*_HAN_DIGITS, *_HAN_SMALL))
_CARDINAL = rf"(?:{'|'.join([*_TENS, *sorted(_UNITS[1:], key=len, reverse=True)])})"
_WORDS = (
    rf"(?:(?:half[ ])?an?[ ](?:few[ ])?(?:hundred|thousand|million|billion|trillion|dozen|couple|pair)|{_CARDINAL})"
    rf"(?:(?:(?<=hundred)|(?<=thousand)|(?<=million))[ ]and[ ]{_CARDINAL}"
    rf"|[ -](?:{_CARDINAL}|hundred|thousand|million|billion|trillion|dozen)){{0,20}}\b"
)
# A digit that belongs to a name (F-16, PAC-3, Type 055, Mk 48), a date or a version is no number.
_NUMBER = re.compile(
    rf"""(?<![A-Za-z\d_#])(?<!\d[.,:/])(?<![A-Za-z)]-)(?<!第)
    (?:(?P<digits>{_DIGITS})(?!\d|[,.:/]\d)
        (?:(?P<scale>[ -]?(?:thousand|million|billion|trillion)|\ ?(?:mln|mn|bn|tn)|[kmbt])(?![A-Za-z\d]))?(?![A-Za-z_])
        (?P<tail>[多余几]?[{_HAN}万亿兆](?:[{_HAN}万亿兆]|{_DIGITS})*)?
    |(?P<words>\b{_WORDS})(?![A-Za-z_])
    |(?<![{_HAN}点])(?P<han>(?:[{_DIGIT}]点[{_DIGIT}]+(?![十分])|[{_HAN}]|[数几](?=[十百千万]))(?:[{_HAN}万亿兆]|[多余几](?=[万亿兆]))*))""",
    re.VERBOSE | re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:\b(?:Type|Link|Block|Blk|BLK|Mk|Mark|CG|DDG|CVN?|LHA|SSN|Article|Section|Resolution|Flight|Phase|Level|No\.?|Part|"
    r"Figure|Group|Chapter|Page|Unit|Room|Route|Highway|age|aged|World War|top|"
    r"(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?) |\bMQ |20\d\d年|[年月])\Z",
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|of|since|by|from|until|till|before|after|early|late|mid|to|and|for|during|the|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|\d{1,2},) |['\"(-])\Z|\A\Z",
    re.IGNORECASE,
)
_LOW = r"more than|over|at least|upwards? of|in excess of|exceed(?:ing|ed|s)?|no (?:fewer|less) than|surpass(?:ing|ed)?"
_HIGH = r"up to|as many as|as much as|at most|(?:fewer|less) than|no more than|nearly|almost|close to|just under|under"
_ABOUT = r"about|around|roughly|approximately|approx\.?|some|an estimated|estimated|circa|~"
_QUALIFIER = re.compile(
    rf"(?:\b(?P<low>{_LOW})|\b(?P<high>{_HIGH})|(?:\b|(?=~))(?P<about>{_ABOUT})"
    r"|(?P<han_low>至少|超过|超越|超|逾|破|不下|起码)"
    r"|(?P<han_high>多达|最多|至多|(?<!附)(?<!最)(?<!逼)近|将近|接近|逼近|不到|未达|不足)"
    r"|(?P<han_about>大约|约莫|(?<![条合公制])约|估计|预计))"
    r" ?(?:(?:an?|the|total of) )?(?:US|NT|新?台币|美元)?\$? ?\Z",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r" ?\+(?!\d)| or more\b| or so\b|-(?:plus|odd)\b| plus\b|[多余](?!边)|[架艘枚名人次元]{0,3}(?:以上|左右|上下)"
)
_BETWEEN = re.compile(r" ?(?P<sign>to|-|~|至|到|and|or|或) ?(?:US\$|NT\$|\$)?\Z", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|between)(?: [a-z]+){0,2} ?(?:US|NT)?\$?\Z|[从由自]\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence, with where it stands and what is said of its exactness."""

    start: int
    end: int
    value: float
    approx: bool = False
    low: float | None = None
    high: float | None = None
    scaled: bool = False
    """It carries a unit such as million or 億, so that in a range the first number may borrow it."""


def whole(value: Decimal | float) -> float:
    """Return a number as an int where it is one."""
    return int(value) if value == int(value) else float(value)


def english(text: str) -> float:
    """Return the value of number words: ``two hundred and fifty thousand``, ``half a dozen``."""
    total = section = 0.0
    for word in text.lower().replace("-", " ").split():
        if word in _SMALL:
            section += _SMALL[word]
        elif word == "half":
            section = 0.5
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _DOZEN:
            section = (section or 1) * _DOZEN[word]
        elif word in _SCALES:
            total += (section or 1) * _SCALES[word]
            section = 0
    return whole(total + section)


def chinese(text: str) -> float:
    """Return the value of a Chinese numeral, in characters, digits or both: ``四十五``, ``1兆2500億`` (simplified)."""
    total = section = Decimal(0)
    number: Decimal | None = None
    for token in re.findall(rf"{_DIGITS}|[{_DIGIT}]点[{_DIGIT}]+|[{_HAN}万亿兆]", text):
        if "点" in token:
            number = Decimal("".join(str(_HAN_DIGITS.get(c, ".")) for c in token))
        elif token in _HAN_DIGITS:
            number = (number or 0) * 10 + Decimal(_HAN_DIGITS[token]) if number else Decimal(_HAN_DIGITS[token])
        elif token in _HAN_SMALL:
            section += (1 if number is None else number) * _HAN_SMALL[token]
            number = None
        elif token in _HAN_LARGE:
            section += number or 0
            # 萬億 multiplies what stands; 2兆5000億 adds.
            total = total * _HAN_LARGE[token] if not section and total else total + (section or 1) * _HAN_LARGE[token]
            section, number = Decimal(0), None
        else:
            number = Decimal(token.replace(",", ""))
    return whole(total + section + (number or 0))


def find(plain: str) -> list[Quantity]:
    """Return the numbers of a plain sentence in order, ranges joined; what only says *many* is no number."""
    found = [q for match in _NUMBER.finditer(plain) if (q := _quantity(plain, match)) is not None]
    return _join_ranges(plain, found)


def _quantity(plain: str, match: re.Match[str]) -> Quantity | None:
    if match[0][0] in "数几" or _NAMED.search(plain, max(0, match.start() - 12), match.start()):
        return None
    if match["digits"] and len(match[0]) == 4 and _is_year(plain, match):
        return None
    if match["words"] and "few" in match["words"].lower():
        return None
    if (match["scale"] or "").lower() in {"m", "b", "t"} and plain[match.start() - 1 : match.start()] not in {*"$€£¥"}:
        # 2B and 38M are names; $2B is money.
        return None
    value = _value(match)
    scaled = bool(match["scale"]) or any(c in match[0] for c in "万亿兆")
    vague = bool(match["words"] and "dozen" in match["words"].lower()) or any(c in match[0] for c in "多余几")
    low = value if any(c in match[0] for c in "多余几") else None
    return _qualified(plain, Quantity(match.start(), match.end(), value, approx=vague, low=low, scaled=scaled))


def _is_year(plain: str, match: re.Match[str]) -> bool:
    if not 1900 <= int(match["digits"].replace(".", "")[:4]) < 2100 or not match["digits"].isdigit():
        return False
    return plain[match.end() : match.end() + 1] == "年" or bool(
        _YEAR_BEFORE.search(plain, max(0, match.start() - 11), match.start())
    )


def _value(match: re.Match[str]) -> float:
    if match["words"]:
        return english(match["words"])
    if match["han"]:
        return chinese(match["han"])
    if match["tail"]:
        return chinese(match["digits"] + match["tail"])
    scale = (match["scale"] or "").strip(" -").lower()
    return whole(Decimal(match["digits"].replace(",", "")) * (_SCALES.get(scale) or _SHORT.get(scale) or 1))


def _qualified(plain: str, quantity: Quantity) -> Quantity:
    """Return a quantity with the bound or the vagueness that the words around it give."""
    before = _QUALIFIER.search(plain, max(0, quantity.start - 30), quantity.start)
    after = _SUFFIX.match(plain, quantity.end)
    if before is None and after is None:
        return quantity
    low = before and (before["low"] or before["han_low"])
    high = before and (before["high"] or before["han_high"])
    above = after and not after[0].endswith(("左右", "上下", "so"))
    return replace(
        quantity,
        end=after.end() if after and after[0] in "多余" else quantity.end,
        approx=True,
        low=quantity.value if low or above else quantity.low,
        high=quantity.value if high else None,
    )


def _join_ranges(plain: str, found: Iterable[Quantity]) -> list[Quantity]:
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if last is not None and (merged := _range(plain, last, quantity)):
            joined[-1] = merged
        else:
            joined.append(quantity)
    return joined


def _range(plain: str, first: Quantity, second: Quantity) -> Quantity | None:
    between = _BETWEEN.match(plain[first.end : second.start]) if second.start - first.end < 12 else None
    if between is None:
        return None
    opening = _FROM.search(plain, max(0, first.start - 24), first.start)
    word = opening[0].lower() if opening else ""
    sign = between["sign"].lower()
    if (sign == "and") != word.startswith("between") or (word and not word.startswith("between")):
        # "from 12 to 45" tells of a change, "two and three" of two things.
        return None
    low = first.value
    if second.scaled and not first.scaled and low < second.value:
        low = whole(Decimal(str(low)) * _borrowed(plain, second))
    if low >= second.value:
        return None
    return Quantity(first.start, second.end, low, approx=False, low=low, high=second.value, scaled=second.scaled)


def _borrowed(plain: str, quantity: Quantity) -> Decimal:
    literal = re.match(_DIGITS, plain[quantity.start :])
    return Decimal(str(quantity.value)) / Decimal(literal[0].replace(",", "")) if literal else Decimal(1)
