"""What a report tells, cut down to what can be compared: terms, who speaks, how far it has come, the numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from classifiers.text import SUMMARY_CHARS, TITLE_CHARS, is_han, normalise, sentences
from monitor.core.stories.fingerprint import length, sketch
from monitor.core.stories.headline import asks, main_clause, says, voice
from monitor.core.stories.lexicon import EVERYWHERE, HERE, SAYING, find, kind
from monitor.core.stories.words import counts, numbers, pairs, terms
from monitor.model import Signature

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from classifiers.lexicon import Hit

LEAD_CHARS = min(600, SUMMARY_CHARS)
LEAD_SENTENCES = 2
_FLYING = frozenset({"thing:missile", "thing:rocket"})
APART = frozenset({"analysis", "opinion", "question", "live", "gallery", "round_up", "feature", "pundit"})
"""Forms of items that report no event of their own."""


@dataclass(slots=True)
class _Told:
    """Terms and numbers, gathered sentence by sentence."""

    terms: set[str] = field(default_factory=set)
    concepts: set[str] = field(default_factory=set)
    front: set[str] = field(default_factory=set)
    """The terms of main clauses."""
    numbers: set[str] = field(default_factory=set)
    counts: set[str] = field(default_factory=set)

    def add(self, sentence: Sequence[str]) -> None:
        """Take in one sentence."""
        hits = find(sentence)
        cut = main_clause(sentence)
        self.concepts.update(hit.concept for hit in hits)
        if {"act:launch", "act:drill"} <= self.concepts and not self.concepts & _FLYING:
            self.concepts.add("phase:begin")
        self.terms |= _terms(sentence, hits)
        self.front |= _terms(sentence[:cut], [hit for hit in hits if hit.end <= cut])
        self.numbers |= numbers(sentence)
        self.counts |= counts(sentence, hits)

    def those(self, wanted: str) -> set[str]:
        """Return the names of the concepts of a kind."""
        return {c.partition(":")[2] for c in self.concepts if kind(c) == wanted}


def signature(title: str, summary: str, when: datetime, print_: Sequence[int]) -> Signature:
    """Return the signature of a report, given the fingerprint of its text."""
    size = length(f"{title} {summary}")
    title, lead = normalise(title, TITLE_CHARS), normalise(summary, LEAD_CHARS)
    head, rest = _Told(), _Told()
    cut = sentences(title)
    for sentence in cut:
        head.add(sentence)
    for sentence in sentences(lead)[:LEAD_SENTENCES]:
        rest.add(sentence)
    speaker = voice(title)
    said, announced = (True, False) if speaker.quoted else says(title)
    phases = head.those("phase")
    return Signature(
        when=when,
        han=any(is_han(token) for sentence in cut for token in sentence),
        near=bool((head.terms | rest.terms) & HERE),
        terms=frozenset(head.terms),
        aside=frozenset(head.terms - head.front),
        more=frozenset(rest.terms - head.terms),
        voices=speaker.names,
        states=speaker.states,
        said=said,
        coming=not said and (announced or "coming" in phases),
        phases=frozenset(phases - {"coming"}),
        apart=bool(head.those("form") & APART) or asks(title),
        numbers=frozenset(head.numbers),
        figures=frozenset(rest.numbers - head.numbers),
        counts=frozenset(head.counts | rest.counts),
        length=size,
        sketch=sketch(print_),
    )


def _terms(sentence: Sequence[str], hits: Sequence[Hit]) -> set[str]:
    concepts = {hit.concept for hit in hits if kind(hit.concept) not in {"phase", "form"}}
    found = terms(sentence, hits) | concepts | pairs(hits, SAYING | {"act:visit"}, EVERYWHERE)
    return _launched(found) if "act:launch" in found else found


def _launched(found: set[str]) -> set[str]:
    """Read the launching of missiles as firing them, and that of drills as their beginning."""
    flying = found & _FLYING
    if not flying and "act:drill" not in found:
        return found
    kept = {term for term in found if term != "act:launch" and not term.startswith("act:launch+")}
    return kept | ({"act:fire"} | {f"act:fire+{thing}" for thing in flying} if flying else set())
