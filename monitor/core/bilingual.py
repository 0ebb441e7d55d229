"""The line under a headline for those who do not read its language: theme, actors and facts in the other one."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from monitor.core.facts.written import summary_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.core.facts.agreed import Agreed
    from monitor.model import Fact, Story

Tongue = Literal["en", "zh"]
ACTORS = 4
"""So many actors are named."""
FACTS = 6
_ROLES = frozenset(
    {"body:defence_ministry", "body:defence_minister", "body:foreign_ministry", "body:finance_ministry", "body:spokes"}
)
"""Bodies that every state has, named where nobody is named more closely."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_SCALES = ((10**12, "兆"), (10**8, "億"), (10**4, "萬"))


def other(story: Story) -> Tongue:
    """Return the language of the line: Chinese under a story in English, English under every other."""
    lang = story.lang.lower() or ("zh" if _HAN.search(story.headline) else "en")
    return "zh" if lang.startswith("en") else "en"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """What themes, actors and facts are called in both languages; empty, no line is made."""

    themes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    actors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    chinese: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """How facts are said in Chinese: the other tables, by name."""

    @classmethod
    def read(cls, text: str) -> Bilingual:
        """Return the table that stands in a TOML text."""
        table: dict[str, Any] = tomllib.loads(text)
        return cls(table.pop("themes"), table.pop("actors"), table)

    def line(self, story: Story, theme: str, facts: Sequence[Agreed], names: Mapping[str, str]) -> str:
        """Return theme, actors and facts of a story in the other language; *names* are the themes' as configured."""
        if not self.themes:
            return ""
        tongue = other(story)
        said = "、".join(self.facts(facts)) if tongue == "zh" else summary_line(facts, FACTS)
        who = ("、" if tongue == "zh" else ", ").join(self._actors(story, tongue))
        return " · ".join(part for part in (self._theme(theme, tongue, names), who, said) if part)

    def facts(self, facts: Iterable[Agreed]) -> list[str]:
        """Return facts as Chinese says them."""
        return [said for agreed in list(facts)[:FACTS] if (said := self._fact(agreed))]

    def _theme(self, theme: str, tongue: Tongue, names: Mapping[str, str]) -> str:
        """Return a theme's name, the operator's own where it is in the language that is wanted."""
        name = names.get(theme, theme)
        fitting = bool(_HAN.search(name)) == (tongue == "zh")
        return name if fitting else self.themes.get(theme, {}).get(tongue, name)

    def _actors(self, story: Story, tongue: Tongue) -> list[str]:
        """Return who speaks or acts, then who else its reports name, those in most of them first."""
        speaking: Counter[str] = Counter()
        named: Counter[str] = Counter()
        for signature in story.signatures:
            speaking.update(signature.voices or signature.states)
            named.update(term for term in signature.terms - signature.aside if term.startswith(("body:", "person:")))
        known = [actor for actor in (*_ranked(speaking), *_ranked(named)) if actor in self.actors]
        close = [actor for actor in known if actor not in _ROLES]
        return list(dict.fromkeys(self.actors[actor][tongue] for actor in close or known))[:ACTORS]

    def _fact(self, agreed: Agreed) -> str:
        fact, number = agreed.first, self._bounded(agreed)
        system = self.chinese["systems"].get(fact.system, fact.system)
        if fact.kind == "money" and number:
            purpose = self.chinese["purposes"].get(fact.about)
            pattern = self.chinese["currencies"].get(fact.currency, f"{{n}} {fact.currency}")
            return pattern.format(n=number) + (f"（{purpose}）" if purpose else "")
        if fact.kind == "duration" and number:
            return f"{number}{self.chinese['units'].get(fact.unit, fact.unit)}"
        pattern = self.chinese["facts"].get(fact.kind, "")
        return pattern.format(n=number, system=system) if number and pattern else system

    def _bounded(self, agreed: Agreed) -> str:
        """Return the number of a fact with its bounds, empty when it is not known."""
        fact, low, high = agreed.first, agreed.low, agreed.high
        if low is None or high is None:
            return ""
        bounds = self.chinese["bounds"]
        if low == high and fact.low is not None and fact.high is not None:
            low, high = fact.low, fact.high
        if low != high:
            return bounds["range"].format(low=_number(fact, low), high=_number(fact, high))
        name = "up_to" if fact.high is not None else "at_least" if fact.low is not None else "about"
        return (bounds[name] if fact.approx else "{n}").format(n=_number(fact, low))


def _ranked(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda name: (-counted[name], name))


def _number(fact: Fact, value: float) -> str:
    """Return a number; money as Chinese counts it, in 萬, 億 and 兆."""
    if fact.kind != "money":
        return f"{value:,}"
    scale, name = next(((s, n) for s, n in _SCALES if value >= s), (1, ""))
    return f"{value / scale:,.10g}{name}"
