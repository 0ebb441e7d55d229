"""The names, acts and things that English and Chinese reports of one event share, found in tokenised sentences."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from classifiers.lexicon import Hit, Lexicon, read_concepts
from classifiers.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ACTORS = frozenset({"person", "body", "state"})
PLAIN_SAYING = words(
    "act:condemn act:warn act:urge act:support act:thank act:concern act:deny act:apologise",
)
SAYING = PLAIN_SAYING | words(
    "act:statement act:speech act:briefing act:interview act:testify act:letter act:responsible act:provoke "
    "act:countermeasure"
)
"""Acts that consist in saying something: there, who speaks makes the event."""
NOUNS = frozenset({"act:visit"})
"""Acts that headlines name more often than they report them."""
EVERYWHERE = frozenset({"state:china", "state:taiwan", "state:us"})
"""Names that nearly every report holds."""
HERE = words(
    "state:taiwan state:china person:tsai person:lai person:xi place:kinmen place:matsu place:penghu place:pratas "
    "place:median_line place:adiz body:cn_mfa body:tao body:work_office body:npc body:cppcc body:cn_mnd body:pla "
    "body:etc body:cn_navy body:cn_air body:cn_army body:cn_coast_guard body:rocket_force body:tw_mofa body:tw_mnd "
    "body:tw_army body:tw_navy body:tw_air body:tw_coast_guard body:mac body:sef body:nsb body:presidential_office "
    "body:executive_yuan body:legislative_yuan body:kmt body:dpp body:tpp body:ait thing:han_kuang "
    "thing:joint_sword thing:strait_thunder system:hai_kun thing:reunification thing:one_china thing:independence"
)
"""Names that put a report on the subject these terms are made for; of others they tell less."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the shipped terms, read once; a concept is named by its kind and name, as in ``act:drill``."""
    folder = files("monitor.core.stories") / "terms"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    texts = ((name, (folder / name).read_text(encoding="utf-8")) for name in names)
    return Lexicon(concept for name, text in texts for concept in read_concepts(name, text))


def kind(token: str) -> str:
    """Return the kind of a concept: act, thing, system, person, body, state, place, phase or form."""
    return token.partition(":")[0]


def find(sentence: Sequence[str]) -> list[Hit]:
    """Return the concepts of a sentence in order, without those that stand inside a longer one of their kind."""
    hits = lexicon().find(sentence)
    return [hit for hit in hits if not any(_within(hit, other) for other in hits)]


def _within(hit: Hit, other: Hit) -> bool:
    longer = other.end - other.start > hit.end - hit.start
    return longer and other.start <= hit.start and hit.end <= other.end and kind(hit.concept) == kind(other.concept)


def actors(hits: Iterable[Hit]) -> tuple[str, ...]:
    """Return the people, bodies and states among hits, in order."""
    return tuple(hit.concept for hit in hits if kind(hit.concept) in ACTORS)
