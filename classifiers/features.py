"""From text to numbers: word and character n-grams, and who does what to whom as the lexicon sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy.sparse import csr_matrix, hstack

from classifiers.clauses import told
from classifiers.text import SUMMARY_CHARS, TITLE_CHARS, is_han, lead, normalise, sentences, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from classifiers.lexicon import Hit, Lexicon

TAIWAN = "TAIWAN"
"""A pseudo-concept: the sentence names Taiwan or the Strait by any of its names."""
_SETTING = frozenset({"actors", "places", "frame"})
"""Kinds of concepts that stand in news of every subject."""
_AWAY = frozenset({"elsewhere", "far"})
_SENTENCES = 8
_CONCEPTS_PER_SENTENCE = 40
_CONCEPTS_IN_FRONT = 12
_ENDINGS = ("ing", "ed", "es", "s", "ly", "ion", "er")
_SHORTEST_STEM = 4
# Words that stand in items of every kind, the subject's own name among them: weights on them are chance.
_IDLE = words("a the of and in to as for on with by at is it its us_ china chinese beijing taiwan 中国 大陆 北京 台湾")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as tokens, with what the lexicon finds in it."""

    tokens: tuple[str, ...]
    aside: tuple[bool, ...]
    """For each token whether it tells only the circumstances."""
    hits: tuple[Hit, ...]

    def told(self, *, aside: bool) -> tuple[Hit, ...]:
        """Return the hits of the circumstances, or those of the matter itself."""
        return tuple(h for h in self.hits if self.aside[h.start] == aside)


@dataclass(frozen=True)
class Document:
    """A title and a summary, sentence by sentence."""

    title: tuple[Sentence, ...]
    summary: tuple[Sentence, ...]
    in_scope: bool
    """Taiwan or the Strait is named, or what the text was cut from names it."""
    meant: bool = False
    """What the text was cut from is about Taiwan, so each sentence is taken to mean it."""

    @property
    def hits(self) -> Iterator[Hit]:
        """Return every hit in order."""
        return (hit for sentence in (*self.title, *self.summary) for hit in sentence.hits)

    @cached_property
    def surfaces(self) -> dict[str, tuple[str, ...]]:
        """Return for each concept the tokens of the first words that stand for it."""
        found: dict[str, tuple[str, ...]] = {}
        for sentence in (*self.title, *self.summary):
            for hit in sentence.hits:
                found.setdefault(hit.concept, sentence.tokens[hit.start : hit.end])
        return found


def written(tokens: Sequence[str]) -> str:
    """Return tokens as a person would write them: Chinese without blanks, US in capitals."""
    text = ""
    for token in tokens:
        glue = "" if not text or (is_han(token) and is_han(text[-1])) else " "
        text += glue + (token[:-1].upper() if token.endswith("_") else token)
    return text


def document(title: str, summary: str, lexicon: Lexicon) -> Document:
    """Analyse a title and a summary."""
    heads = _sentences(normalise(title, TITLE_CHARS), lexicon)
    leads = _sentences(lead(normalise(summary, SUMMARY_CHARS)), lexicon, _SENTENCES)
    named = any(h.concept in lexicon.scope for sentence in (*heads, *leads) for h in sentence.hits)
    return Document(heads, leads, named)


def _sentences(text: str, lexicon: Lexicon, most: int | None = None) -> tuple[Sentence, ...]:
    found = (told(tokens) for tokens in sentences(text, breaks=True)[:most])
    return tuple(Sentence(tokens, aside, tuple(lexicon.find(tokens))) for tokens, aside in found)


def comes_near(doc: Document, lexicon: Lexicon) -> bool:
    """Say whether a text names Taiwan, or anything that a theme is about: a query by keywords would look at it."""
    return doc.in_scope or any(lexicon.concepts[hit.concept].kind not in _SETTING for hit in doc.hits)


def word_names(doc: Document) -> list[str]:
    """Return words, pairs of words and Chinese n-grams; those of the title a second time, marked."""
    names: list[str] = []
    for sentence in doc.title:
        grams = _grams(sentence.tokens)
        names += [f"w:{g}" for g in grams]
        names += [f"wt:{g}" for g in grams]
    for sentence in doc.summary:
        names += [f"w:{g}" for g in _grams(sentence.tokens)]
    return names


def stem_names(doc: Document) -> list[str]:
    """Return English words without their endings, so that one form of a word lends its weight to the others."""
    tokens = (t for sentence in (*doc.title, *doc.summary) for t in sentence.tokens)
    return [f"st:{stem(t)}" for t in tokens if not (is_han(t) or t[0].isdigit())]


@lru_cache(maxsize=25_000)
def stem(word: str) -> str:
    """Return an English word without its ending: roughly, which is enough to let forms of it meet."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _grams(tokens: Sequence[str]) -> list[str]:
    grams: list[str] = []
    clean = ["#" if t[0].isdigit() else t for t in tokens]
    if "".join(clean).isascii():  # the same, without looking for Chinese at every step
        for first, second in pairwise(clean):
            grams += (first, f"{first} {second}")
        return [g for g in (*grams, *clean[-1:]) if g not in _IDLE]
    for i, token in enumerate(clean):
        rest = clean[i + 1 : i + 3]
        if is_han(token):
            if rest and is_han(rest[0]):
                grams.append(token + rest[0])
                if len(rest) > 1 and is_han(rest[1]):
                    grams.append(token + rest[0] + rest[1])
        else:
            grams.append(token)
            if rest and not is_han(rest[0]):
                grams.append(f"{token} {rest[0]}")
    return [g for g in grams if g not in _IDLE]


def lexicon_names(doc: Document, lexicon: Lexicon) -> list[str]:
    """Return the concepts found, their order, and which stand together in one sentence."""
    names: set[str] = {"scope:in" if doc.in_scope else "scope:out"}
    for place, part in (("t", doc.title), ("s", doc.summary)):
        for sentence in part:
            names.update(_sentence_names(place, sentence, lexicon, doc))
            if any(sentence.aside):
                names.update(_aside_names(place, sentence, lexicon))
    return sorted(names)


def _sentence_names(place: str, sentence: Sentence, lexicon: Lexicon, doc: Document) -> Iterable[str]:
    """Say what a sentence reports, its circumstances left out: only that they name Taiwan counts here."""
    hits = [h for h in sentence.hits if not sentence.aside[h.start] or h.concept in lexicon.scope]
    concepts = sorted({h.concept for h in hits})[:_CONCEPTS_PER_SENTENCE]
    scope = doc.meant or any(c in lexicon.scope for c in concepts)
    gate = "in" if doc.in_scope else "out"
    if scope:
        yield f"scope:{place}"
    for i, one in enumerate(concepts):
        if one not in lexicon.background:
            yield f"l:{one}|{gate}"
            yield f"l{place}:{one}|{gate}"
            if scope:
                yield f"l:{one}+{TAIWAN}"
                yield f"l{place}:{one}+{TAIWAN}"
        for other in concepts[i + 1 :]:
            if one in lexicon.background and other in lexicon.background:
                continue
            yield f"l:{one}+{other}"
            if scope:
                yield f"l:{one}+{other}+{TAIWAN}"
    yield from _order_names(place, hits, lexicon)


def _aside_names(place: str, sentence: Sentence, lexicon: Lexicon) -> Iterable[str]:
    """Say what stands in the circumstances, and what is told before them."""
    behind = sorted({h.concept for h in sentence.told(aside=True)})[:_CONCEPTS_PER_SENTENCE]
    front = sorted({h.concept for h in sentence.told(aside=False)} - lexicon.background)[:_CONCEPTS_IN_FRONT]
    for i, one in enumerate(behind):
        yield f"lb:{one}"
        yield f"lb{place}:{one}"
        yield from (f"lb:{one}+{other}" for other in behind[i + 1 :])
        if one not in lexicon.background:
            yield from (f"lx:{told_one}<{one}" for told_one in front)


def _order_names(place: str, hits: Sequence[Hit], lexicon: Lexicon) -> Iterable[str]:
    """Say which actor stands before and after each act: who does it, to whom."""
    before = ""
    waiting: list[str] = []
    for hit in sorted(hits, key=lambda h: (h.start, h.end)):
        if lexicon.concepts[hit.concept].kind != "actors":
            if before:
                yield f"l{place}:{before}>{hit.concept}"
            waiting.append(hit.concept)
            continue
        for act in waiting[-4:]:
            yield f"l{place}:{act}>{hit.concept}"
        waiting.clear()
        if not before and hit.concept not in lexicon.background:
            yield f"l{place}:first {hit.concept}"
        before = hit.concept


class NamedFeatures:
    """Turn lists of feature names into rows of weights, each row of length 1: TF-IDF over names.

    Names seen in fewer than *min_df* rows are left out; *power* 0 ignores how rare a name is. It is a transformer as
    scikit-learn knows them, but not of its classes: importing those takes 60 MB in every process that tags.
    """

    def __init__(self, min_df: int = 2, power: float = 1.0) -> None:
        self.min_df = min_df
        self.power = power

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - scikit-learn's signature
        """Return what it was made with."""
        del deep
        return {"min_df": self.min_df, "power": self.power}

    def fit(self, names: Sequence[Sequence[str]], y: Any = None) -> Self:
        """Learn which names there are and how rare each is."""
        del y
        counts = Counter(n for row in names for n in set(row))
        self.names_ = sorted(n for n, c in counts.items() if c >= self.min_df)
        self.vocabulary_ = {n: i for i, n in enumerate(self.names_)}
        df = np.array([counts[n] for n in self.names_], dtype=np.float64)
        self.idf_ = ((np.log((1 + len(names)) / (1 + df)) + 1) ** self.power).astype(np.float32)
        return self

    def transform(self, names: Sequence[Sequence[str]]) -> csr_matrix:
        """Return one row for each list of names; unknown names are ignored."""
        indptr: list[int] = [0]
        indices: list[int] = []
        data: list[int] = []
        for row in names:
            counts = Counter(i for n in row if (i := self.vocabulary_.get(n)) is not None)
            indices += counts.keys()
            data += counts.values()
            indptr.append(len(indices))
        columns = np.array(indices, dtype=np.int32)
        weights: NDArray[np.float32] = (1 + np.log(np.array(data, dtype=np.float32))) * self.idf_[columns]
        matrix = csr_matrix((weights, columns, np.array(indptr, dtype=np.int32)), (len(names), len(self.names_)))
        return _unit_rows(matrix)


def _unit_rows(matrix: csr_matrix) -> csr_matrix:
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0))
    matrix.data = (matrix.data / np.repeat(lengths, np.diff(matrix.indptr))).astype(np.float32)
    return matrix


def stacked(blocks: Sequence[csr_matrix]) -> csr_matrix:
    """Return feature blocks side by side."""
    return hstack(blocks, format="csr", dtype=np.float32)


BLOCKS: Mapping[str, Callable[[Document, Lexicon], Sequence[str]]] = {
    "words": lambda doc, _: word_names(doc),
    "stems": lambda doc, _: stem_names(doc),
    "concepts": lexicon_names,
}
"""The kinds of features, each weighted and scaled on its own."""


class Encoder:
    """Text to one row of all features: a block for each kind, fitted on its own and scaled."""

    def __init__(
        self, lexicon: Lexicon, blocks: Mapping[str, NamedFeatures], scales: Mapping[str, float] | None = None
    ) -> None:
        self.lexicon = lexicon
        self.blocks = {name: blocks[name] for name in BLOCKS}
        self.scales = {name: (scales or {}).get(name, 1.0) for name in BLOCKS}

    @property
    def names(self) -> list[str]:
        """Return the name of every column."""
        return [name for block in self.blocks.values() for name in block.names_]

    def document(self, title: str, summary: str) -> Document:
        """Analyse a title and a summary with this encoder's lexicon."""
        return document(title, summary, self.lexicon)

    def inherited(self, doc: Document) -> Document:
        """Return *doc* as part of a text about Taiwan, unless it turns to another part of the world."""
        away = any(h.concept in _AWAY for h in doc.hits)
        return doc if doc.in_scope or away else replace(doc, in_scope=True, meant=True)

    def fit(self, docs: Sequence[Document]) -> Self:
        """Learn the vocabularies."""
        for name, block in self.blocks.items():
            block.fit([BLOCKS[name](doc, self.lexicon) for doc in docs])
        return self

    def encode(self, docs: Sequence[Document]) -> csr_matrix:
        """Return one row for each document."""
        parts = [
            block.transform([BLOCKS[name](doc, self.lexicon) for doc in docs]) * self.scales[name]
            for name, block in self.blocks.items()
        ]
        return stacked(parts)
