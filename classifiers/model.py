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
from classifiers.features import Document, Encoder, NamedFeatures
from classifiers.reasons import Reason, explain
from classifiers.text import windows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]

BODY_DISCOUNT = 0.9
"""A theme found only deep in an article counts a little less than one in its headline."""
BODY_WINDOWS = 60


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


@dataclass(frozen=True)
class Parameters:
    """What training found: a linear score for each theme and how to read it as a probability."""

    themes: tuple[str, ...]
    coef: NDArray[np.float32]
    intercept: Floats
    calibration: Floats
    """For each theme slope and offset: probability = 1 / (1 + exp(-(slope * score + offset)))."""
    thresholds: Mapping[str, float]


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
        encoder = Encoder(
            lexicon.builtin(),
            _block(vocabulary["words"], arrays["words_idf"]),
            _block(vocabulary["concepts"], arrays["concepts_idf"]),
            float(vocabulary["scale"]),
        )
        parameters = Parameters(
            tuple(vocabulary["themes"]),
            arrays["coef"],
            arrays["intercept"],
            arrays["calibration"],
            dict(zip(vocabulary["themes"], arrays["thresholds"].tolist(), strict=True)),
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
            "words_idf": self.encoder.words.idf_,
            "concepts_idf": self.encoder.concepts.idf_,
        }

    def _vocabulary(self) -> dict[str, Any]:
        return {
            "themes": list(self.themes),
            "scale": self.encoder.scale,
            "words": self.encoder.words.names_,
            "concepts": self.encoder.concepts.names_,
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
        docs = [doc for part in parts for doc in part]
        bounds = [0, *accumulate(len(part) for part in parts)]
        matrix = self.encoder.encode(docs)
        discount = np.full(len(docs), BODY_DISCOUNT)
        discount[bounds[:-1]] = 1.0
        chances = self.probabilities(matrix) * discount[:, None]
        answers = []
        for first, last in pairwise(bounds):
            best = chances[first:last].max(axis=0)
            rows = first + chances[first:last].argmax(axis=0)
            decided = sorted(np.flatnonzero(best >= limits).tolist(), key=lambda j: (-best[j], j))
            reasons = {self.themes[j]: self._reasons(docs[rows[j]], matrix, (int(rows[j]), j)) for j in decided}
            scores = dict(zip(self.themes, best.tolist(), strict=True))
            answers.append(Scored(scores, tuple(reasons), reasons))
        return answers

    def _parts(self, text: Text) -> list[Document]:
        head = self.encoder.document(text.title, text.summary)
        if not text.text:
            return [head]
        body = [self.encoder.document("", w) for w in windows(text.text)[:BODY_WINDOWS]]
        # A paragraph of an article about Taiwan may say "the island" or "Taipei's neighbour" and mean it.
        named = head.in_scope or any(d.in_scope for d in body)
        return [head, *(self.encoder.inherited(d) if named else d for d in body)]

    @cached_property
    def _names(self) -> list[str]:
        return self.encoder.names

    def _reasons(self, doc: Document, matrix: csr_matrix, cell: tuple[int, int]) -> tuple[Reason, ...]:
        row, theme = cell
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns = matrix.indices[span]
        slope = float(self.parameters.calibration[theme, 0])
        weights = matrix.data[span] * self.parameters.coef[theme, columns] * slope
        return explain(doc, [self._names[i] for i in columns], weights.tolist())


def _block(names: list[str], idf: NDArray[np.float32]) -> NamedFeatures:
    block = NamedFeatures()
    block.names_ = names
    block.vocabulary_ = {n: i for i, n in enumerate(names)}
    block.idf_ = idf
    return block
