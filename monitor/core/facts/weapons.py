"""Named weapon systems, by one name each, with how many where a number stands beside them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from classifiers.text import fold
from monitor.core.facts import scope
from monitor.core.facts.passage import Mention
from monitor.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.core.facts.numbers import Quantity
    from monitor.core.facts.passage import Passage

_VERBS = "Transit|Sail|Pass|Conduct|Steam|Cross|Visit|Arriv|Enter|In\\b|Taiwan|Through|Strait|Leads?|Joins?|Makes?"
_SHIP = re.compile(
    r"\b(?:USS|USNS|USCGC|HMS|HMAS|HMCS|HMNZS|ROCS|JS|INS|ROKS) [A-Z][\w.'-]+"
    rf"(?:(?: (?:de|of|the|la))? (?!{_VERBS})[A-Z][\w'-]+){{0,2}}"
)
_STOP = (
    "and|or|of|in|on|at|to|for|with|from|the|their|its|that|which|who|including|times|years?|months?|days?|million|billion"
    "|percent|miles?|km|people|countries"
)
_MEASURE = re.compile(r"架次?|辆|套|枚|发|门|具|艘|组|座|部|个")
_QUOTE = r"[\"「『“(]?"
# Adjectives and names may stand between (66 new F-16V), but no plural: "five firms supply HIMARS".
_NUMBER_BEFORE = re.compile(
    rf"(?: (?:(?!(?:{_STOP})\b)(?![a-z]+(?<!')(?<!les)s )[A-Za-z][\w.'/-]* ){{0,4}}?"
    rf"| ?(?:{_MEASURE.pattern})[^\d,。;、]{{0,6}}){_QUOTE}\Z"
)
_NUMBER_AFTER = re.compile(r"[」』”)\"]? ?[^\d。、,;.() A-Za-z]{0,6} ?\Z")
_BARE = re.compile(r"[架辆套枚门具](?=[,。、;!?)」 ]|\Z)")
_NO_COUNT = re.compile(
    r"(?:s|'s)?[ -](?:pilots?|munitions?|engines?|parts|crews?|program(?:me)?s?|deals?|sales?|bas(?:e|es)|deliver)",
    re.IGNORECASE,
)
_JOINED = re.compile(rf" ?{_QUOTE}\Z")


class Weapons:
    """Finds the systems of a table."""

    def __init__(self, toml: str) -> None:
        table = tomllib.loads(toml)
        self._numbers: dict[str, frozenset[int]] = {}
        self._letters: dict[str, str] = {}
        self._codes = self._read_codes(table["codes"])
        self._names: dict[str, str] = {}
        self._aliases = self._read_names(table["names"])

    def _read_codes(self, codes: Mapping[str, Any]) -> re.Pattern[str]:
        for letters, entry in codes.items():
            self._numbers[letters] = frozenset(entry["numbers"])
            for form in (letters, *(fold(han) for han in entry.get("han", ()))):
                self._letters[form] = letters
        latin = _either(form for form in self._letters if form.isascii())
        han = _either(form for form in self._letters if not form.isascii())
        begin = re.escape("".join({form[0] for form in self._letters} | {"0"}))
        return re.compile(
            rf"(?=[{begin}])(?:(?<![A-Za-z\d-])(?:(?P<latin>{latin})(?P<gap>-?|(?<=Type) ?)|(?P<han>{han})-?)"
            r"(?P<number>\d{1,4})(?P<variant>(?:[A-Z]{1,2}|C/D|A/B|E/F)(?!(?!s\b)[a-z]))?(?![\d.%,]\d|\d|%)"
            r"|(?<!\d)(?P<type>0\d\d)(?P<class>[A-Z]?)型)"
        )

    def _read_names(self, names: Mapping[str, Any]) -> re.Pattern[str]:
        for name, entry in names.items():
            for alias in (*entry.get("en", ()), *map(fold, entry.get("zh", ()))):
                self._names[alias] = name
        english = _either(alias for alias in self._names if alias.isascii())
        chinese = _either(alias for alias in self._names if not alias.isascii())
        # The set of first letters is tried before the long list of names: most places in a text begin none.
        begin = re.escape("".join({alias[0] for alias in self._names}))
        return re.compile(rf"(?=[{begin}])(?:(?<![A-Za-z\d-])(?P<en>{english})s?(?![A-Za-z\d])|(?P<zh>{chinese}))")

    def mentions(self, plain: str) -> list[Mention]:
        """Return the systems named in a plain text in order; names side by side are one (``P-8A Poseidon``)."""
        found = [m for match in self._codes.finditer(plain) if (m := self._coded(match))]
        for match in self._aliases.finditer(plain):
            alias = match["en"] or match["zh"]
            found.append(Mention(match.start(), match.end(), self._names[alias]))
        if scope.here(plain):
            found += [Mention(m.start(), m.end(), m[0].rstrip(".'")) for m in _SHIP.finditer(plain)]
        return _joined(plain, sorted(found, key=lambda m: (m.start, -m.end)))

    def _coded(self, match: re.Match[str]) -> Mention | None:
        if match["type"]:
            number = int(match["type"])
            known = number in self._numbers["Type"]
            return Mention(match.start(), match.end(), f"Type {match['type']}{match['class']}") if known else None
        letters = self._letters[match["latin"] or match["han"]]
        number = int(match["number"])
        if number not in self._numbers[letters]:
            return None
        if match["latin"] and not match["gap"] and len(letters) == 1 and number < 10:
            return None
        digits = match["number"] if letters in {"Type", "BZK", "TB"} else str(number)
        sign = " " if letters == "Type" else "-"
        return Mention(match.start(), match.end(), f"{letters}{sign}{digits}{match['variant'] or ''}")

    def facts(self, passage: Passage) -> Iterator[Fact]:
        """Yield the systems of a sentence, each with the number that stands before it or, in Chinese, after it."""
        mentions = passage.mentions
        counts = {m: q for m in mentions if (q := _before(passage, m))}
        for mention in mentions:
            if mention not in counts and (later := _after(passage, mention)) and later not in counts.values():
                counts[mention] = later
        if len(mentions) == 1 and not counts and (only := _only(passage, mentions[0])):
            counts[mentions[0]] = only
        for mention in mentions:
            yield _fact(passage, mention, counts.get(mention))


def _fact(passage: Passage, mention: Mention, quantity: Quantity | None) -> Fact:
    if quantity is None:
        span = (mention.start, mention.end)
        return Fact("weapon", None, sentence=passage.sentence.text, span=span, system=mention.name)
    fact = passage.fact("weapon", quantity, mention.end, system=mention.name)
    return replace(fact, span=(min(quantity.start, mention.start), max(quantity.end, mention.end)))


def _either(forms: Any) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


def _joined(plain: str, found: Sequence[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in found:
        last = kept[-1] if kept else None
        if last and mention.start < last.end:
            if mention.end > last.end:
                kept[-1] = Mention(last.start, mention.end, last.name)
        elif last and mention.start - last.end <= 2 and _JOINED.match(plain, last.end, mention.start):
            both = last.name if mention.name in last.name else f"{last.name} {mention.name}"
            kept[-1] = Mention(last.start, mention.end, both)
        else:
            kept.append(mention)
    return kept


def _before(passage: Passage, mention: Mention) -> Quantity | None:
    before = [q for q in passage.free() if q.end <= mention.start]
    if not before or _NO_COUNT.match(passage.plain, mention.end):
        return None
    return before[-1] if _NUMBER_BEFORE.fullmatch(passage.plain, before[-1].end, mention.start) else None


def _after(passage: Passage, mention: Mention) -> Quantity | None:
    after = [q for q in passage.free() if q.start >= mention.end]
    if not after or not _MEASURE.match(passage.plain, after[0].end):
        return None
    return after[0] if _NUMBER_AFTER.match(passage.plain, mention.end, after[0].start) else None


def _only(passage: Passage, mention: Mention) -> Quantity | None:
    """Return the one number with a measure word but no noun, which then counts the one system of the sentence."""
    bare = [q for q in passage.free() if _BARE.match(passage.plain, q.end)]
    near = bare and 0 <= bare[0].start - mention.end < 40
    return bare[0] if near and len(bare) == 1 and len(passage.free()) <= 2 else None
