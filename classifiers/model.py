"""The classifier: a batch of texts in, a calibrated probability and reasons for every theme out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import as_file, files
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from classifiers import lexicon, storage
from classifiers.features import BLOCKS, Document, Encoder, NamedFeatures, comes_near
from classifiers.reasons import Doubt, doubt, explain
from classifiers.text import windows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]

BODY_DISCOUNT = 0.9
"""A theme found only deep in an article counts a little less than one in its headline."""
BODY_SIZES = (500, 200)
"""A body is read by paragraphs and again by a sentence or two, in characters: a theme is spread out, or told in one."""
BODY_WINDOWS = 60
"""How many of each size are read."""
OUT_OF_SCOPE = 0.4
"""How much of its probability a theme keeps where neither Taiwan nor the Strait is named: the corpus, written to teach,
leaves them out far oftener than news does."""
NOWHERE_NEAR = 0.001
"""The probability of every theme for a text that names neither Taiwan nor anything that a theme is about. Most of an
ordinary feed is of this kind, and costs no more than a look at its words."""
NEAR = 0.5
"""From this share of its threshold on, a theme that is not decided came near."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be judged: a headline with its summary, and the whole article where there is one."""

    title: str
    summary: str = ""
    text: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """What the classifier makes of a text."""

    scores: Mapping[str, float]
    """A calibrated probability for every theme."""
    themes: tuple[str, ...]
    """The themes whose probability reaches their threshold, most probable first."""
    reasons: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    """For each decided theme, the words and findings that spoke for it, with their weight in log-odds."""
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    """For each theme that came near its threshold, what it lacked and what spoke against it."""


@dataclass(frozen=True)
class Parameters:
    """What training found: a linear score for each theme and how to read it as a probability."""

    themes: tuple[str, ...]
    coef: NDArray[np.float32]
    intercept: Floats
    calibration: Floats
    """For each theme slope and offset: probability = 1 / (1 + exp(-(slope * score + offset)))."""
    thresholds: Mapping[str, float]
    typical: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each theme the features that speak for it most in texts that carry it, the strongest first."""


class Classifier:
    """Judges texts by a linear model over an :class:`~classifiers.features.Encoder`'s features."""

    def __init__(self, encoder: Encoder, parameters: Parameters, meta: Mapping[str, Any] | None = None) -> None:
        self.encoder = encoder
        self.parameters = parameters
        self.meta = dict(meta or {})

    @property
    def themes(self) -> tuple[str, ...]:
        """Return the themes it knows, in the order of its scores."""
        return self.parameters.themes

    @property
    def thresholds(self) -> dict[str, float]:
        """Return the trained decision threshold of every theme."""
        return dict(self.parameters.thresholds)

    @property
    def sure(self) -> dict[str, float]:
        """Return for each theme the probability from which on people may be alerted: where 88 of 100 were right."""
        return {**self.thresholds, **self.meta.get("alert_thresholds", {})}

    @cached_property
    def version(self) -> str:
        """Return a short hash of all that decides its answers."""
        return hashlib.sha256(storage.digest(self._arrays(), self._vocabulary()).encode()).hexdigest()[:12]

    @cached_property
    def _weights(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.parameters.coef.T)

    @classmethod
    def builtin(cls) -> Self:
        """Return the model that ships with this package."""
        with as_file(files("classifiers") / "model") as folder:
            return cls.load(folder)

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """Read a saved model; raises ``ModelError`` when it is broken or made with another lexicon."""
        arrays, vocabulary, meta = storage.read(Path(folder))
        blocks = {name: _block(vocabulary[name], arrays[f"{name}_idf"]) for name in BLOCKS}
        encoder = Encoder(lexicon.builtin(), blocks, vocabulary["scales"])
        parameters = Parameters(
            tuple(vocabulary["themes"]),
            arrays["coef"],
            arrays["intercept"],
            arrays["calibration"],
            dict(zip(vocabulary["themes"], arrays["thresholds"].tolist(), strict=True)),
            {theme: tuple(names) for theme, names in vocabulary["typical"].items()},
        )
        return cls(encoder, parameters, meta)

    def save(self, folder: Path | str) -> None:
        """Write the model as arrays and JSON; the same model gives the same bytes."""
        storage.write(Path(folder), self._arrays(), self._vocabulary(), self.meta)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        p = self.parameters
        return {
            "coef": p.coef,
            "intercept": p.intercept,
            "calibration": p.calibration,
            "thresholds": np.array([p.thresholds[t] for t in p.themes], dtype=np.float64),
            **{f"{name}_idf": block.idf_ for name, block in self.encoder.blocks.items()},
        }

    def _vocabulary(self) -> dict[str, Any]:
        return {
            "themes": list(self.themes),
            "scales": self.encoder.scales,
            **{name: block.names_ for name, block in self.encoder.blocks.items()},
            "typical": {theme: list(names) for theme, names in self.parameters.typical.items()},
            "lexicon": storage.lexicon_hash(),
        }

    def logits(self, matrix: csr_matrix) -> Floats:
        """Return the uncalibrated score of every row for every theme."""
        raw: Floats = np.asarray(matrix @ self._weights, dtype=np.float64) + self.parameters.intercept
        return raw

    def probabilities(self, matrix: csr_matrix) -> Floats:
        """Return the calibrated probability of every row for every theme."""
        slope, offset = self.parameters.calibration.T
        result: Floats = 1 / (1 + np.exp(-np.clip(self.logits(matrix) * slope + offset, -40, 40)))
        return result

    def score(self, texts: Sequence[Text], *, thresholds: Mapping[str, float] | None = None) -> list[Scored]:
        """Judge *texts*; *thresholds* replace the trained ones for the themes they name."""
        if not texts:
            return []
        limits = np.array([(thresholds or {}).get(t, self.parameters.thresholds[t]) for t in self.themes])
        parts = [self._parts(text) for text in texts]
        docs = [doc for part in parts for doc, _ in part]
        raws = [raw for part in parts for _, raw in part]
        bounds = [0, *accumulate(len(part) for part in parts)]
        near = np.flatnonzero([comes_near(doc, self.encoder.lexicon) for doc in docs])
        matrix = self.encoder.encode([docs[i] for i in near])
        chances = np.full((len(docs), len(self.themes)), NOWHERE_NEAR)
        chances[near] = self.probabilities(matrix) * np.array([_certainty(docs[i]) for i in near])[:, None]
        chances[np.setdiff1d(np.arange(len(docs)), bounds)] *= BODY_DISCOUNT
        page = _Page(docs, raws, matrix, dict(zip(near.tolist(), range(len(near)), strict=True)), chances, limits)
        return [self._answer(page, first, last) for first, last in pairwise(bounds)]

    def _answer(self, page: _Page, first: int, last: int) -> Scored:
        """Judge the text whose parts are the rows from *first* to *last*, each theme by what says most of it."""
        best = page.chances[first:last].max(axis=0)
        rows = first + page.chances[first:last].argmax(axis=0)
        decided = sorted(np.flatnonzero(best >= page.limits).tolist(), key=lambda j: (-best[j], j))
        near = np.flatnonzero((best < page.limits) & (best >= NEAR * page.limits)).tolist()
        reasons, doubts = {}, {}
        for j in decided:
            row = int(rows[j])
            names, weights = self._found(page, row, j)
            reasons[self.themes[j]] = explain(page.docs[row], names, weights, page.raws[row])
        for j in near:
            row, theme = int(rows[j]), self.themes[j]
            found = list(zip(*self._found(page, row, j), strict=True))
            doubts[theme] = doubt(page.docs[row], found, self.parameters.typical.get(theme, ()), page.raws[row])
        scores = dict(zip(self.themes, best.tolist(), strict=True))
        return Scored(scores, tuple(reasons), reasons, doubts)

    def _parts(self, text: Text) -> list[tuple[Document, str]]:
        head = self.encoder.document(text.title, text.summary)
        parts = [(head, f"{text.title}\n{text.summary}")]
        if text.text:
            cuts = dict.fromkeys(w for size in BODY_SIZES for w in windows(text.text, size)[:BODY_WINDOWS])
            body = [(self.encoder.document("", w), w) for w in cuts]
            # A paragraph of an article about Taiwan may say "the island" or "Taipei's neighbour" and mean it.
            named = head.in_scope or any(d.in_scope for d, _ in body)
            parts += [(self.encoder.inherited(d) if named else d, w) for d, w in body]
        return parts

    @cached_property
    def _names(self) -> list[str]:
        return self.encoder.names

    def _found(self, page: _Page, part: int, theme: int) -> tuple[list[str], list[float]]:
        """Return a part's features and what each adds to a theme's log-odds."""
        if part not in page.rows:
            return [], []
        matrix, row = page.matrix, page.rows[part]
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns = matrix.indices[span]
        slope = float(self.parameters.calibration[theme, 0])
        weights = matrix.data[span] * self.parameters.coef[theme, columns] * slope
        return [self._names[i] for i in columns], weights.tolist()


@dataclass(frozen=True, slots=True)
class _Page:
    """A batch of texts, cut into parts."""

    docs: Sequence[Document]
    raws: Sequence[str]
    matrix: csr_matrix
    """The features of the parts that come near a theme."""
    rows: Mapping[int, int]
    """Where in it a part stands."""
    chances: Floats
    """The probabilities of every part for every theme."""
    limits: Floats


def _certainty(doc: Document) -> float:
    return 1.0 if doc.in_scope else OUT_OF_SCOPE


def _block(names: list[str], idf: NDArray[np.float32]) -> NamedFeatures:
    block = NamedFeatures()
    block.names_ = names
    block.vocabulary_ = {n: i for i, n in enumerate(names)}
    block.idf_ = idf
    return block
