"""What the classifier knows before it learns: terms in English and Chinese, grouped by what they mean."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from classifiers.errors import LexiconError
from classifiers.text import normalise, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


_FLAGS = ("scope", "background", "hides")
REMEMBERED = 20_000
"""How many words the lexicon remembers having looked up."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A group of terms that mean the same to the classifier."""

    name: str
    kind: str
    """The file it stands in: actors, places, activity ..."""
    terms: tuple[str, ...]
    scope: bool = False
    """Naming it puts an item within the scope: Taiwan or the Strait is meant."""
    background: bool = False
    """Named in nearly every item within the scope, so it says something only together with something else."""
    hides: bool = False
    """What stands inside one of its terms is not meant: Guatemala's Congress is not that of the United States."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept found in a sentence, by the positions of its tokens."""

    start: int
    end: int
    concept: str


@dataclass(slots=True)
class _Node:
    """A step in the tree of terms; *ends* are the concepts of the term that ends here."""

    next: dict[str, _Node] = field(default_factory=dict)
    ends: list[str] = field(default_factory=list)


class Lexicon:
    """Finds concepts in tokenised sentences."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {c.name: c for c in concepts}
        self.scope = frozenset(c.name for c in self.concepts.values() if c.scope)
        self.background = frozenset(c.name for c in self.concepts.values() if c.background)
        self._hides = frozenset(c.name for c in self.concepts.values() if c.hides)
        self._root = _Node()
        self._stems: set[str] = set()
        for concept in self.concepts.values():
            for term in concept.terms:
                self._add(term, concept.name)
        self._edges: dict[str, tuple[str, ...]] = {}
        self._begun: dict[str, tuple[_Node, ...]] = {}

    def _add(self, term: str, name: str) -> None:
        node = self._root
        for token in _pattern(term):
            if token.endswith("*"):
                self._stems.add(token[:-1])
            node = node.next.setdefault(token, _Node())
        if name not in node.ends:
            node.ends.append(name)

    def _ways(self, token: str) -> tuple[str, ...]:
        """Return the edges a token may take: itself and every stem it begins with."""
        found = self._edges.get(token)
        if found is None:
            found = self._edges_of(token)
            # Bounded, so that a stream of nonsense words cannot grow it for ever.
            if len(self._edges) < REMEMBERED:
                self._edges[token] = found
        return found

    def _edges_of(self, token: str) -> tuple[str, ...]:
        stems = (token[:n] for n in range(2, len(token) + 1))
        return (token, *(f"{s}*" for s in stems if s in self._stems))

    def _begin(self, token: str) -> tuple[_Node, ...]:
        """Return where terms that begin with a token go on; for most tokens nowhere."""
        root = self._root.next
        found = tuple(root[way] for way in self._edges_of(token) if way in root)
        if len(self._begun) < REMEMBERED:
            self._begun[token] = found
        return found

    def find(self, tokens: Sequence[str]) -> list[Hit]:
        """Return every concept of a sentence in order, the longest hit of a concept at each place."""
        hits: list[Hit] = []
        begun = self._begun
        for start, token in enumerate(tokens):
            first = begun.get(token)
            nodes: Sequence[_Node] = self._begin(token) if first is None else first
            if not nodes:
                continue
            best: dict[str, int] = {}
            end = start + 1
            while nodes:
                for node in nodes:
                    for name in node.ends:
                        best[name] = end
                if end == len(tokens):
                    break
                ways = self._ways(tokens[end])
                nodes = [node.next[way] for node in nodes for way in ways if way in node.next]
                end += 1
            hits.extend(Hit(start, stop, name) for name, stop in best.items())
        return self._shown(hits)

    def _shown(self, hits: list[Hit]) -> list[Hit]:
        """Leave out what stands inside a longer term that hides it."""
        covers = [hit for hit in hits if hit.concept in self._hides]
        if not covers:
            return hits
        return [hit for hit in hits if not any(_inside(hit, cover) for cover in covers)]

    def extended(self, extra: Mapping[str, Sequence[str]]) -> Lexicon:
        """Return a lexicon with more terms for its concepts, or with new ones of kind ``user``."""
        merged = dict(self.concepts)
        for name, terms in extra.items():
            old = merged.get(name, Concept(name, "user", ()))
            merged[name] = replace(old, terms=(*old.terms, *terms))
        return Lexicon(merged.values())


def _inside(hit: Hit, cover: Hit) -> bool:
    shorter = hit.end - hit.start < cover.end - cover.start
    return shorter and cover.start <= hit.start and hit.end <= cover.end


def _pattern(term: str) -> list[str]:
    tokens: list[str] = []
    for word in normalise(term).split():
        parts = [t for sentence in sentences(word.rstrip("*")) for t in sentence]
        if parts and word.endswith("*"):
            parts[-1] += "*"
        tokens += parts
    if not tokens:
        raise LexiconError(f"the term {term!r} has no letter; remove it")
    return tokens


def read_concepts(name: str, text: str) -> list[Concept]:
    """Read one lexicon file: a TOML table for each concept with lists ``en`` and ``zh``, and flags."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}: {error}") from error
    return [_concept(name, concept, table) for concept, table in tables.items()]


def _concept(file: str, name: str, table: Any) -> Concept:
    if not isinstance(table, dict) or not set(table) <= {"en", "zh", *_FLAGS}:
        raise LexiconError(f"{file}: [{name}] takes en, zh, {', '.join(_FLAGS)} only")
    terms = [*table.get("en", []), *table.get("zh", [])]
    if not all(isinstance(t, str) for t in terms):
        raise LexiconError(f"{file}: [{name}] has a term that is not a text")
    flags = {key: bool(table.get(key, False)) for key in _FLAGS}
    return Concept(name, file.removesuffix(".toml"), tuple(terms), **flags)


def sources() -> dict[str, str]:
    """Return the shipped lexicon files by name."""
    folder = files("classifiers") / "lexicon"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".toml"))
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


@lru_cache(maxsize=1)
def builtin() -> Lexicon:
    """Return the shipped lexicon, read once."""
    return Lexicon(c for name, text in sources().items() for c in read_concepts(name, text))
