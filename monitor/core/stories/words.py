"""What remains of a sentence beside the lexicon: words in a common form, pairs of Chinese characters, numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifiers.text import is_han, words
from monitor.core.stories.lexicon import kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from classifiers.lexicon import Hit

# Words that join others, and those that stand in headlines of every kind.
_IDLE = words(
    "a an the of and to in for on is with as at by from has have had will its it that are be been was were not but or "
    "this these those s t into amid than their his her he she they we you i who which what when where how why all can "
    "may would could should up out off no more most new says say said us_ u one two after before over about against "
    "during while between under around near also despite via per vs if so do does did being him them our your my me "
    "tell told watch president leader island islands ahead back make made makes get take takes taken come comes go "
    "goes set january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday today tomorrow yesterday time times day days week year years part plan "
    "我国"
)
_ENDINGS = ("ing", "ed", "es", "s")
_ONES = {
    word: at for at, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), 1)
}
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELT = {
    **_ONES,
    **{word: at for at, word in enumerate(_TEENS, 10)},
    **{word: at * 10 for at, word in enumerate(_TENS, 2)},
}
_FEWEST_SPELT = 3
"""Smaller numbers in words stand in too many headlines to tell anything."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = {
    "thing:aircraft": "aircraft",
    "act:detect": "aircraft",
    "thing:ship": "ship",
    "thing:missile": "missile",
    "thing:balloon": "balloon",
    "thing:drone": "drone",
}
_MEASURES = {"架": "aircraft", "艘": "ship", "枚": "missile", "颗": "balloon"}
_REACH = 4
"""How many tokens may stand between a number and what it counts."""


def terms(sentence: Sequence[str], hits: Iterable[Hit]) -> set[str]:
    """Return the words of a sentence that no concept covers, in a common form."""
    covered = {at for hit in hits for at in range(hit.start, hit.end)}
    found: set[str] = set()
    for at, token in enumerate(sentence):
        if at in covered or token[0].isdigit():
            continue
        if is_han(token):
            after = sentence[at + 1] if at + 1 < len(sentence) and at + 1 not in covered else ""
            if after and is_han(after):
                found.add(token + after)
        elif len(token) > 1 and token not in _IDLE:
            found.add(stem(token))
    return found - _IDLE


def stem(word: str) -> str:
    """Return an English word without its commonest endings: enough for headlines to agree, no more."""
    if word.endswith("_"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def numbers(sentence: Sequence[str]) -> set[str]:
    """Return the numbers of a sentence, years left out."""
    return {value for _, value in _numbers(sentence) if not _YEAR.fullmatch(value)}


def _numbers(sentence: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each number, in digits or in words, with the place of its last token."""
    tens = 0
    for at, token in enumerate(sentence):
        spelt = _SPELT.get(token, 0)
        if token[0].isdigit():
            yield at, token.replace(",", "")
        elif spelt >= 20 and at + 1 < len(sentence) and sentence[at + 1] in _ONES:
            tens = spelt
            continue
        elif tens + spelt >= _FEWEST_SPELT:
            yield at, str(tens + spelt)
        tens = 0


def counts(sentence: Sequence[str], hits: Sequence[Hit]) -> set[str]:
    """Return what is counted and how many, as in ``aircraft=45``."""
    return {f"{unit}={value}" for at, value in _numbers(sentence) if (unit := _counted(sentence, at, hits))}


def _counted(sentence: Sequence[str], at: int, hits: Sequence[Hit]) -> str:
    """Return what the number at a place counts: by its measure word, else by the next name of such a thing."""
    if at + 1 < len(sentence) and (measured := _MEASURES.get(sentence[at + 1])):
        return measured
    near = [hit for hit in hits if hit.concept in _COUNTED and 0 < hit.start - at <= _REACH]
    return _COUNTED[min(near, key=lambda hit: hit.start).concept] if near else ""


def pairs(hits: Iterable[Hit], saying: frozenset[str], common: frozenset[str]) -> set[str]:
    """Return each deed with each thing, place and less common state beside it, as in ``act:ban+thing:fruit``."""
    concepts = {hit.concept for hit in hits}
    deeds = {c for c in concepts if kind(c) == "act" and c not in saying}
    things = {
        c for c in concepts if kind(c) in {"thing", "system", "place"} or (kind(c) == "state" and c not in common)
    }
    return {f"{deed}+{thing}" for deed in deeds for thing in things}
