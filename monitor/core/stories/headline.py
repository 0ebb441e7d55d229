"""How a headline is built: whose voice it is, whether something is said or done, and whether it is still to come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.text import is_han, sentences, words
from monitor.core.stories.lexicon import NOUNS, PLAIN_SAYING, SAYING, actors, find, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifiers.lexicon import Hit

_COLON = re.compile(r"\s*[:：]\s*")
_DASH_TAIL = re.compile(r"\s+[-–—]\s+([\w .]{2,30})$")
_COMMA_TAIL = re.compile(r",\s*([^,]{2,40})$")
_SPEECH = re.compile(r"\b(?:says?|said|warns?|tells?|vows?|reports?|shows?|according)\b", re.IGNORECASE)
_QUOTES = re.compile(r"[:：「“\"]|(?:^|\s)['‘]\w")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ASKS = re.compile(
    r"(?:[^:]{2,30}:\s*)?(?:why|how|what|who|where|when|should|could|would|can|is|are|will|does|do)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[\s，,]")
_ASIDE = frozenset({"as", "after", "amid", "despite", "following", "over", "ahead", "before", "since", "while"})
_LEAST_MAIN = 3
"""How many tokens a headline has before what follows ``as`` or ``after`` counts as circumstance."""
# People who speak for a body stand for it.
_SPEAKERS = {
    "body:cn_mfa": "hua mao_ning lin_jian wang_wb zhao_lj guo_jk",
    "body:tao": "zhu_fl chen_bh ma_xg peng_qe zhang_han",
    "body:etc": "shi_yi li_xi",
    "body:cn_mnd": "wu_qian tan_kf zhang_xg jiang_bin",
    "body:cn_diplomacy": "wang_yi",
}
_SPEAKS_FOR = {f"person:{name}": body for body, names in _SPEAKERS.items() for name in names.split()}
# Roles that many share, which tell nobody apart.
_SHARED = words(
    "body:spokes body:pla body:house_speaker body:cn_ambassador body:cn_embassy body:foreign_ministry",
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks or acts in a headline."""

    names: frozenset[str] = frozenset()
    """The body and the people."""
    states: frozenset[str] = frozenset()
    quoted: bool = False
    """The speaker stands behind what is said, as in «Trade must go on: minister»."""


def voice(title: str) -> Voice:
    """Return whose voice a normalised title is."""
    found, quoted = _speakers(title)
    found = tuple(_SPEAKS_FOR.get(name, name) for name in found)
    bodies = [name for name in found if kind(name) == "body" and name not in _SHARED]
    people = () if quoted and bodies else (name for name in found if kind(name) == "person")
    states = frozenset(name for name in found if kind(name) == "state")
    return Voice(frozenset((*bodies[:1], *people)), states, quoted)


def _speakers(title: str) -> tuple[tuple[str, ...], bool]:
    """Return the actors that speak or act, and whether they stand behind what they say."""
    if tail := _behind(title):
        return tail, True
    head, *rest = _COLON.split(title)
    if rest and len(head) < 40 and len(head.split()) <= 6 and (named := _named(head)):
        return named, False
    for sentence in sentences(title)[:2]:
        hits = sorted(find(sentence), key=lambda hit: hit.start)
        if named := _passive(sentence, hits) or _subject(hits):
            return named, False
    return (), False


def _behind(title: str) -> tuple[str, ...]:
    """Return the speaker after a colon, a dash or a comma at the end of an English title."""
    if _HAN.search(title):
        return ()
    head, *rest = _COLON.split(title)
    if rest and len(head.split()) > 3 and len(rest[-1].split()) <= 7 and not re.search(r"\d", rest[-1]):
        return _named(rest[-1])
    if (dash := _DASH_TAIL.search(title)) and (named := _named(dash[1])):
        return named
    comma = _COMMA_TAIL.search(title)
    return _named(comma[1]) if comma and _SPEECH.search(comma[1]) else ()


def _named(text: str) -> tuple[str, ...]:
    return tuple(name for sentence in sentences(text) for name in actors(find(sentence)))


def _passive(sentence: Sequence[str], hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return who stands behind ``by`` or ``from``, as in «draws criticism from Tokyo»."""
    for at, token in enumerate(sentence):
        if token in {"by", "from"} and any(hit.concept in SAYING and hit.end <= at + 1 for hit in hits):
            named = actors(hit for hit in hits if at < hit.start <= at + 3)
            if named:
                return named
    return ()


def _subject(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the actors before the first act."""
    first = next((hit.start for hit in hits if _is_act(hit)), None)
    return actors(hit for hit in hits if first is None or hit.start < first)


def _is_act(hit: Hit) -> bool:
    return kind(hit.concept) == "act" and hit.concept not in NOUNS


def says(title: str) -> tuple[bool, bool]:
    """Return whether a normalised title reports what somebody says, and whether its deed is announced with ``to``."""
    for sentence in sentences(title):
        acts = sorted((hit for hit in find(sentence) if _is_act(hit)), key=lambda hit: (hit.start, -hit.end))
        if acts:
            return _first_says(title, sentence, acts)
    return True, False


def _first_says(title: str, sentence: Sequence[str], acts: Sequence[Hit]) -> tuple[bool, bool]:
    if is_han(sentence[0]):
        clause = len(_CLAUSE.split(title.strip())[0])
        if any(hit.concept in PLAIN_SAYING for hit in acts if hit.start < clause):
            return True, False
    first = acts[0]
    announced = first.start > 0 and sentence[first.start - 1] in {"to", "will"}
    if not {hit.concept for hit in acts if hit.start == first.start} - SAYING:
        return True, False
    return not announced and first.concept in SAYING and bool(_QUOTES.search(title)), announced


def asks(title: str) -> bool:
    """Say whether a normalised title asks a question or promises to answer one."""
    return bool(_ASKS.match(title)) or title.rstrip().endswith(("?", "？"))


def main_clause(sentence: Sequence[str]) -> int:
    """Return where the circumstance begins: what follows ``as``, ``after`` or ``amid`` is not the news."""
    return next((at for at, token in enumerate(sentence) if at >= _LEAST_MAIN and token in _ASIDE), len(sentence))
