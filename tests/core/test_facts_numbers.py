"""Numbers in running text: every number written out is read back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.facts.numbers import Quantity, chinese, english, find
from monitor.core.facts.sentences import plain, split

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def words(number: int) -> str:
    """Write a number in English words."""
    for scale, name in ((10**9, "billion"), (10**6, "million"), (1_000, "thousand")):
        if number >= scale:
            rest = number % scale
            return f"{words(number // scale)} {name}" + (f" {words(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{SMALL[number // 100]} hundred" + (f" and {words(rest)}" if rest else "")
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    return SMALL[number]


def numeral(number: int) -> str:
    """Write a number in Chinese characters, simplified."""
    for scale, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            rest = number % scale
            gap = "零" if rest and rest < scale // 10 else ""
            return numeral(number // scale) + unit + gap + (numeral(rest) if rest else "")
    text = ""
    for scale, unit in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += "零一二三四五六七八九"[digit] + unit
        elif text and number % scale and not text.endswith("零"):
            text += "零"
    return text or "零"


def one(text: str) -> Quantity:
    """Return the only number of a text."""
    (quantity,) = find(plain(text))
    return quantity


@given(st.integers(1, 10**12 - 1))
def test_english_words_are_read_back(number: int) -> None:
    """As words alone, and in a sentence."""
    assert english(words(number)) == number
    assert one(f"They saw {words(number)} jets").value == number


@given(st.integers(1, 10**12 - 1))
def test_chinese_numerals_are_read_back(number: int) -> None:
    """In characters alone, and before a measure word."""
    assert chinese(numeral(number)) == number
    assert one(f"共{numeral(number)}架").value == number


@given(st.integers(1, 10**12))
def test_digits_are_read_back(number: int) -> None:
    """Plain, with thousands marked, and in fullwidth digits."""
    fullwidth = str(number).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    for text in (f"{number:,} jets", f"saw {number} x", f"共{fullwidth}架"):
        if not (1900 <= number < 2100 and "x" in text):
            assert one(text).value == number


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    """Numbers lie within the text, in order, and do not overlap."""
    found = find(plain(text))
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1.53bn", 1_530_000_000),
        ("US$82 million", 82_000_000),
        ("a $500-million sale", 500_000_000),
        ("160k men", 160_000),
        ("1兆2,500億元", 1_250_000_000_000),
        ("1.25兆", 1_250_000_000_000),
        ("1.2万亿", 1_200_000_000_000),
        ("八點七億美元", 870_000_000),
        ("4萬5千人", 45_000),
        ("兩百架", 200),
        ("half a dozen", 6),
        ("two dozen", 24),
        ("a pair of", 2),
        ("twenty-two", 22),
    ],
)
def test_units_and_scales(text: str, value: float) -> None:
    """Millions, 億 and dozens."""
    assert one(text).value == value


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("more than 70", 70, None),
        ("at least 30", 30, None),
        ("no fewer than 30", 30, None),
        ("150+", 150, None),
        ("up to 200", None, 200),
        ("almost 40", None, 40),
        ("between 100 and 200", 100, 200),
        ("100-200", 100, 200),
        ("$1-2 billion", 10**9, 2 * 10**9),
        ("3至5億元", 3 * 10**8, 5 * 10**8),
        ("至少30架", 30, None),
        ("逾50架", 50, None),
        ("30多架", 30, None),
        ("十餘架", 10, None),
        ("45架次以上", 45, None),
        ("近百架", None, 100),
        ("最多20架", None, 20),
    ],
)
def test_bounds(text: str, low: float | None, high: float | None) -> None:
    """What the words around a number say of its bounds."""
    quantity = one(text)
    assert (quantity.low, quantity.high) == (low, high)
    assert quantity.approx == (low is None or high is None)


@pytest.mark.parametrize("text", ["about 30", "around 30", "some 30", "roughly 30", "約30架", "30架左右", "大約30"])
def test_about(text: str) -> None:
    """An estimate has no bounds."""
    quantity = one(text)
    assert quantity.approx
    assert (quantity.value, quantity.low, quantity.high) == (30, None, None)


NO_NUMBERS = [
    *("F-16V", "PAC-3", "Type 055", "Link 16", "Mk 48", "M1A2T", "2B missiles", "in 2022", "2022年", "Aug. 7", "第三"),
    *("數十架", "幾百架", "a few hundred", "dozens", "hundreds of", "several", ""),
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_names_dates_and_vague_words_are_no_numbers(text: str) -> None:
    """Unknown is never zero: it is not there."""
    assert find(plain(text)) == []


@pytest.mark.parametrize("text", ["附近45架次", "最近45架次", "從45架次"])
def test_words_that_look_like_bounds_are_none(text: str) -> None:
    """附近 is nearby, not nearly."""
    assert one(text) == Quantity(2 if len(text) == 6 else 1, 4 if len(text) == 6 else 3, 45)


def test_a_change_is_no_range() -> None:
    """From twelve to forty-five are two numbers."""
    assert [q.value for q in find("from 12 to 45 jets")] == [12, 45]


def test_a_text_is_cut_into_sentences() -> None:
    """Abbreviations end none; Chinese and English marks do; the space around is left out."""
    text = "The U.S. said so. Gen. Lee (ret.) flew on Sept. 28. \n “Yes.” He left！\n八架次。"
    assert [s.text for s in split(text)] == [
        "The U.S. said so.", "Gen. Lee (ret.) flew on Sept. 28.", "“Yes.”", "He left！", "八架次。",
    ]  # fmt: skip


@given(st.text())
def test_the_plain_text_is_as_long_as_the_original(text: str) -> None:
    """A place in one is the same place in the other."""
    assert len(plain(text)) == len(text)
    assert all(s.text in text and len(s.plain) == len(s.text) for s in split(text))
