"""Whether two reports tell of one event: features of the pair, weighed.

The weights in :mod:`monitor.core.stories.weights` are learned from invented reports; ``docs/stories.md`` explains them.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from monitor.core.stories.fingerprint import alike
from monitor.core.stories.lexicon import EVERYWHERE, kind
from monitor.core.stories.weights import INTERCEPT, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from monitor.core.stories.rarity import Rarity
    from monitor.model import Signature

ASIDE = 0.5
"""What a term weighs that stands only in a circumstance."""
ORDINARY_CROWD = 50
"""With as many reports within a day, the intercept needs no correction: more reports hold more that look alike."""
QUIET = 25
"""Fewer reports within a day do not make two of them more alike."""
FEW = 2.0
"""Terms that weigh less than this together are too few to agree by their share."""
COPY = 4.0
_DAY = 86_400.0


def score(one: Signature, other: Signature, rarity: Rarity, crowd: int) -> float:
    """Return the log-odds that two reports tell of one event, above 0 when they rather do."""
    told = sum(WEIGHTS[name] * value for name, value in features(one, other, rarity).items())
    return INTERCEPT + told + _copy(one, other) - log(max(crowd, QUIET) / ORDINARY_CROWD)


def _copy(one: Signature, other: Signature) -> float:
    """Return what near-verbatim text is worth: a copy, or another day's bulletin in the same words."""
    if not alike(one.sketch, other.sketch):
        return 0.0
    return COPY if one.numbers == other.numbers else -COPY


def features(one: Signature, other: Signature, rarity: Rarity) -> dict[str, float]:
    """Return what speaks for and against one event, by name."""
    return {
        **_shared(one, other, _pair_weight(one, other, rarity)),
        **_named(one, other, _pair_weight(one, other, rarity)),
        **_voices(one, other, rarity),
        **_stages(one, other),
        **_numbers(one, other),
        **_distance(one, other, rarity),
    }


def _pair_weight(one: Signature, other: Signature, rarity: Rarity) -> Callable[[str], float]:
    def weight(term: str) -> float:
        lessened = ASIDE ** ((term in one.aside) + (term in other.aside))
        return lessened * rarity(term)

    return weight


def _shared(one: Signature, other: Signature, weight: Callable[[str], float]) -> dict[str, float]:
    """Return how much of the two headlines is the same; across languages only concepts can be."""
    crossing = one.han != other.han
    terms = (_concepts(one.terms), _concepts(other.terms)) if crossing else (one.terms, other.terms)
    common = sorted((weight(term) for term in terms[0] & terms[1]), reverse=True)
    either = sum(map(weight, terms[0] | terms[1]))
    jaccard = sum(common) / max(either, 1.5 * FEW)
    lone = sum("+" not in term and term not in EVERYWHERE for term in terms[0] & terms[1]) <= 1
    return {
        "rarest_shared": common[0] if common else 0.0,
        "three_rarest": sum(common[:3]),
        "pair_shared": max((weight(term) for term in terms[0] & terms[1] if "+" in term), default=0.0),
        "jaccard": jaccard,
        "overlap": _overlap(terms[0], terms[1], weight),
        "lead_overlap": 0.0 if crossing else max(_in_lead(one, other, weight), _in_lead(other, one, weight)),
        "languages": float(crossing),
        "jaccard_across": jaccard * crossing,
        "lone": float(lone and not crossing),
        "lone_across": float(lone and crossing),
        "elsewhere": float(not (one.near and other.near)),
    }


def _in_lead(one: Signature, other: Signature, weight: Callable[[str], float]) -> float:
    return _overlap(one.terms, other.terms | other.more, weight)


def _overlap(one: frozenset[str], other: frozenset[str], weight: Callable[[str], float]) -> float:
    smaller = min(sum(map(weight, one)), sum(map(weight, other)))
    return sum(map(weight, one & other)) / max(smaller, FEW)


@lru_cache(maxsize=4096)
def _concepts(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms if ":" in term)


@lru_cache(maxsize=4096)
def _of_kinds(terms: frozenset[str], kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(t for t in terms if kind(t) in kinds and "+" not in t and t not in EVERYWHERE)


_THING = frozenset({"thing", "system"})
_SYSTEM = frozenset({"system"})
_NAME = frozenset({"person", "body", "state", "place"})


def _named(one: Signature, other: Signature, weight: Callable[[str], float]) -> dict[str, float]:
    """Return the weight of things and names that only one of the two headlines has, and that each has."""
    found: dict[str, float] = {}
    for name, kinds in (("thing", _THING), ("name", _NAME)):
        mine, theirs = _of_kinds(one.terms, kinds), _of_kinds(other.terms, kinds)
        left, right = _most(mine - theirs, weight), _most(theirs - mine, weight)
        found[f"{name}_odd"] = max(left, right)
        found[f"{name}s_differ"] = min(left, right)
    systems = (_of_kinds(one.terms, _SYSTEM), _of_kinds(other.terms, _SYSTEM))
    return {**found, "systems_clash": float(_clash(*systems))}


def _most(terms: Iterable[str], weight: Callable[[str], float]) -> float:
    return max(map(weight, terms), default=0.0)


def _voices(one: Signature, other: Signature, rarity: Rarity) -> dict[str, float]:
    both = one.said and other.said
    clash = float(_clash(one.voices, other.voices))
    return {
        "both_say": float(both),
        "one_says": float(one.said != other.said),
        "same_voice_says": _most(one.voices & other.voices, rarity) * both,
        "voices_clash": clash,
        "voices_clash_saying": clash * both,
        "states_clash": float(_clash(one.states, other.states)),
    }


def _clash(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _stages(one: Signature, other: Signature) -> dict[str, float]:
    return {
        "both_coming": float(one.coming and other.coming),
        "one_coming": float(one.coming != other.coming),
        "same_phase": float(bool(one.phases & other.phases)),
        "phases_clash": float(_clash(one.phases, other.phases)),
        "one_apart": float(one.apart != other.apart),
        "both_apart": float(one.apart and other.apart),
    }


def _numbers(one: Signature, other: Signature) -> dict[str, float]:
    units = {count.partition("=")[0] for count in one.counts} & {count.partition("=")[0] for count in other.counts}
    agree = {count.partition("=")[0] for count in one.counts & other.counts}
    figures = (one.numbers | one.figures) & (other.numbers | other.figures)
    return {
        "counts_agree": float(min(2, len(agree))),
        "counts_clash": float(min(2, len(units - agree))),
        "number_shared": float(bool(one.numbers & other.numbers)),
        "numbers_clash": float(_clash(one.numbers, other.numbers)),
        "figures_shared": float(min(2, len(figures))),
    }


def _distance(one: Signature, other: Signature, rarity: Rarity) -> dict[str, float]:
    """Return how far apart in days; a statement is reported late, an announcement for long."""
    days = abs((one.when - other.when).total_seconds()) / _DAY
    first = min(1.0, days)
    saying = _most(one.voices & other.voices, rarity) * (one.said and other.said)
    return {
        "first_day": first,
        "further_days": min(3.0, max(0.0, days - 1)),
        "first_day_saying": first * saying,
        "first_day_coming": first * (one.coming and other.coming),
    }
