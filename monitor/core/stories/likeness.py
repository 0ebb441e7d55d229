"""Whether two reports tell of one event: features of the pair, weighed.

The weights in :mod:`monitor.core.stories.weights` are learned from invented reports; ``docs/stories.md`` explains them.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from monitor.core.stories.fingerprint import COPY_LENGTH, SAME, SIMILAR, agreement
from monitor.core.stories.lexicon import EVERYWHERE, kind
from monitor.core.stories.weights import INTERCEPT, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    found = features(one, other, rarity)
    told = INTERCEPT + sum(WEIGHTS[name] * value for name, value in found.items())
    told -= log(max(crowd, QUIET) / ORDINARY_CROWD)
    if not verbatim(one, other):
        return told
    # The same words with other numbers are another day's bulletin; with the same, a copy, however common its words.
    if not repeats(one, other):
        return told - COPY
    return max(told, COPY + sum(WEIGHTS[name] * found[name] for name in ("first_day", "further_days")))


def repeats(one: Signature, other: Signature) -> bool:
    """Say whether two reports are the same text with the same numbers."""
    return (one.numbers, one.counts) == (other.numbers, other.counts) and verbatim(one, other)


def verbatim(one: Signature, other: Signature) -> bool:
    """Say whether two reports are the same text, but for small edits where it is long."""
    least = SIMILAR if min(one.length, other.length) >= COPY_LENGTH else SAME
    return agreement(one.sketch, other.sketch) >= least


def features(one: Signature, other: Signature, rarity: Rarity) -> dict[str, float]:
    """Return what speaks for and against one event, by name."""
    weights = _weights(one, other, rarity)
    return {
        **_shared(one, other, weights),
        **_named(one, other, weights),
        **_voices(one, other, rarity),
        **_stages(one, other),
        **_numbers(one, other),
        **_distance(one, other, rarity),
    }


def _weights(one: Signature, other: Signature, rarity: Rarity) -> dict[str, float]:
    """Return what each term of the two reports weighs."""
    weights = {term: rarity(term) for term in one.terms | one.more | other.terms | other.more}
    for term in (*one.aside, *other.aside):
        weights[term] *= ASIDE
    return weights


def _mass(terms: Iterable[str], weights: dict[str, float]) -> float:
    return sum([weights[term] for term in terms])


def _shared(one: Signature, other: Signature, weights: dict[str, float]) -> dict[str, float]:
    """Return how much of the two headlines is the same; across languages only concepts can be."""
    crossing = one.han != other.han
    mine, theirs = (_concepts(one.terms), _concepts(other.terms)) if crossing else (one.terms, other.terms)
    both = mine & theirs
    masses = _mass(mine, weights), _mass(theirs, weights), _mass(both, weights)
    rarest = sorted((weights[term] for term in both), reverse=True)[:3]
    jaccard = masses[2] / max(masses[0] + masses[1] - masses[2], 1.5 * FEW)
    lone = sum(["+" not in term and term not in EVERYWHERE for term in both]) <= 1
    return {
        "rarest_shared": rarest[0] if rarest else 0.0,
        "three_rarest": sum(rarest),
        "pair_shared": max([weights[term] for term in both if "+" in term], default=0.0),
        "jaccard": jaccard,
        "overlap": masses[2] / max(min(masses[:2]), FEW),
        "lead_overlap": 0.0 if crossing else max(_in_lead(one, other, weights), _in_lead(other, one, weights)),
        "languages": float(crossing),
        "jaccard_across": jaccard * crossing,
        "lone": float(lone and not crossing),
        "lone_across": float(lone and crossing),
        "elsewhere": float(not (one.near and other.near)),
    }


def _in_lead(one: Signature, other: Signature, weights: dict[str, float]) -> float:
    """Return how much of one headline the other report has, lead included."""
    whole = other.terms | other.more
    smaller = min(_mass(one.terms, weights), _mass(whole, weights))
    return _mass(one.terms & whole, weights) / max(smaller, FEW)


@lru_cache(maxsize=4096)
def _concepts(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in terms if ":" in term)


@lru_cache(maxsize=4096)
def _of_kinds(terms: frozenset[str], kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(t for t in terms if kind(t) in kinds and "+" not in t and t not in EVERYWHERE)


_THING = frozenset({"thing", "system"})
_SYSTEM = frozenset({"system"})
_NAME = frozenset({"person", "body", "state", "place"})


def _named(one: Signature, other: Signature, weights: dict[str, float]) -> dict[str, float]:
    """Return the weight of things and names that only one of the two headlines has, and that each has."""
    found: dict[str, float] = {}
    for name, kinds in (("thing", _THING), ("name", _NAME)):
        mine, theirs = _of_kinds(one.terms, kinds), _of_kinds(other.terms, kinds)
        left = max([weights[term] for term in mine - theirs], default=0.0)
        right = max([weights[term] for term in theirs - mine], default=0.0)
        found[f"{name}_odd"] = max(left, right)
        found[f"{name}s_differ"] = min(left, right)
    systems = (_of_kinds(one.terms, _SYSTEM), _of_kinds(other.terms, _SYSTEM))
    return {**found, "systems_clash": float(_clash(*systems))}


def _voices(one: Signature, other: Signature, rarity: Rarity) -> dict[str, float]:
    both = one.said and other.said
    clash = float(_clash(one.voices, other.voices))
    return {
        "both_say": float(both),
        "one_says": float(one.said != other.said),
        "same_voice_says": max(map(rarity, one.voices & other.voices), default=0.0) * both,
        "voices_clash": clash,
        "voices_clash_saying": clash * both,
        "states_clash": float(_clash(one.states, other.states)),
        "third_states_clash": float(_clash(one.states - EVERYWHERE, other.states - EVERYWHERE)) * both,
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
    saying = max(map(rarity, one.voices & other.voices), default=0.0) * (one.said and other.said)
    return {
        "first_day": first,
        "further_days": min(3.0, max(0.0, days - 1)),
        "first_day_saying": first * saying,
        "first_day_coming": first * (one.coming and other.coming),
    }
