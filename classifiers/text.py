"""Text as the classifier sees it: normalised, in one Chinese script, cut into tokens and sentences. Never raises."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

TITLE_CHARS = 500
SUMMARY_CHARS = 3_000
BODY_CHARS = 60_000

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
_US = re.compile(r"\bU\.\s?S\.(?:A\.)?|\bU\.S\b")
# Words that mean something else when written small: us, who, plan.
_CASED = re.compile(r"\b(US|USA|WHO|PLAN|TAO)\b")
_POSSESSIVE = re.compile(r"'s\b|'")
BREAKS = frozenset(",:—–")
"""What divides a sentence without ending it."""
# A Han character is a token; a word is split where letters meet digits, so that F16V, F-16V and F-16 V are one.
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[^\W\d_{_HAN}]+_?|[{_HAN}]|[.!?;。|\n,:—–]")
_STOPS = frozenset(".!?;。|\n")
_WINDOW_END = re.compile(r"(?<=[.!?])\s+|(?<=[。!?])|\n+")


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as one text."""
    return frozenset(text.split())


_ENGLISH = words("the of and to in a for on is with as at by from after over says has will its that are new not be how")
_FOREIGN = words(
    "el la los las del que de les des et le une est pour dans der die das und den von mit zu ist nicht il che per "
    "non con di em para não uma os na het een van op en sur au aux por se su og på att och"
)


@lru_cache(maxsize=1)
def _folding() -> tuple[dict[int, int], frozenset[str], frozenset[str]]:
    data = json.loads((files("classifiers") / "lexicon" / "folding.json").read_text(encoding="utf-8"))
    table = {ord(a): ord(b) for a, b in zip(data["hant"], data["hans"], strict=True)}
    return table, frozenset(data["hant"]), frozenset(data["only_hans"])


def normalise(raw: str, limit: int = SUMMARY_CHARS) -> str:
    """Return readable text of at most *limit* characters: markup gone, NFKC, plain quotes, no control characters."""
    # Cut before the work, with room for markup, so an enormous text costs no more than a long one.
    text = raw[: limit * 4]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if "www." in text or "://" in text:
        # An address names its outlet, not its subject.
        text = _ADDRESS.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    return text[:limit]


_CREDIT = r"Getty|Reuters|AFP|EPA|Handout|Xinhua|Bloomberg|Associated Press|/AP\b|/CNA\b|\bvia\b|[Pp]hoto|Screenshot"
_CAPTION = re.compile(rf"\((?=[^()]*(?:{_CREDIT}))[^()]{{1,160}}\)\W*$")
_CAPTION_CHARS = 400
_FURNITURE = re.compile(
    r"\|\s*Photo by [^|]{1,60}?(?:Getty Images|Reuters|AFP)"
    r"|(?:Article|Comments) URL:(?:\s*http\S+)?|Points: \d+|# Comments: \d+"
    r"|The post .{1,300}? (?:appeared first on|first appeared on) .{1,80}$",
    re.DOTALL,
)


def lead(summary: str) -> str:
    """Return a normalised summary without what says nothing of the headline.

    That is the caption of a photograph, known by the credit that ends it, and what aggregators and blogs add.
    """
    if "(" in summary and len(summary) <= _CAPTION_CHARS and _CAPTION.search(summary):
        return ""
    return _FURNITURE.sub(" ", summary)


def fold(text: str) -> str:
    """Return *text* with traditional Chinese characters replaced by their simplified ones."""
    return text if text.isascii() else text.translate(_folding()[0])


def language(text: str) -> str:
    """Guess ``en``, ``zh-Hant``, ``zh-Hans`` or ``other``."""
    sample = normalise(text, 1_000)
    han = sum("\u3400" <= c <= "\u9fff" for c in sample)
    latin = sum(c.isascii() and c.isalpha() for c in sample)
    letters = sum(c.isalpha() for c in sample)
    kana = sum("\u3041" <= c <= "\u30ff" for c in sample)
    if han and kana <= han * 0.1 and han * 4 >= letters - han:
        return _script(sample)
    return "en" if latin * 10 >= letters * 9 and latin and _reads_english(sample) else "other"


def _script(sample: str) -> str:
    _, hant, hans = _folding()
    return "zh-Hant" if sum(c in hant for c in sample) > sum(c in hans for c in sample) else "zh-Hans"


def _reads_english(sample: str) -> bool:
    words = re.findall(r"[^\W\d_]+", sample.lower())
    return sum(w in _ENGLISH for w in words) >= sum(w in _FOREIGN for w in words)


def sentences(text: str, *, breaks: bool = False) -> list[list[str]]:
    """Return the tokens of each sentence of already normalised text: words in lower case, single Han characters.

    With *breaks* the commas and colons between them stay in.
    """
    text = _CASED.sub(lambda m: m[0][: 2 if m[0] == "USA" else None].lower() + "_", _US.sub(" us_ ", text))
    text = _POSSESSIVE.sub("", fold(text).lower())
    result: list[list[str]] = []
    current: list[str] = []
    for token in _TOKEN.findall(text):
        if token in _STOPS:
            result.append(current)
            current = []
        elif breaks or token not in BREAKS:
            current.append(token)
    return [s for s in (*result, current) if any(t not in BREAKS for t in s)]


def is_han(token: str) -> bool:
    """Say whether a token is a Chinese character."""
    return "\u3400" <= token[0] <= "\u9fff"


def windows(body: str, size: int = 500) -> list[str]:
    """Cut a long text into stretches of whole sentences, about *size* characters each (fewer in Chinese)."""
    text = normalise(body, BODY_CHARS)
    result: list[str] = []
    current = ""
    for sentence in _WINDOW_END.split(text):
        room = size if sentence.isascii() else size // 2
        if current and len(current) + len(sentence) > room:
            result.append(current)
            current = ""
        current = f"{current} {sentence}".strip()[:SUMMARY_CHARS]
    if current:
        result.append(current)
    return result
