"""A classifier with themes of a user's own beside those of its model: by keyword at once, by a head once trained."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from classifiers.head import HeadScorer, read
from classifiers.keywords import Keywords, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from classifiers.head import Head
    from classifiers.keywords import CustomTheme
    from classifiers.model import Classifier, Scored, Text
    from classifiers.reasons import Reason

HIT = 0.9
"""The probability of a theme when one of its keywords stands in the text; without one it is 0."""
EVEN = 0.5
Answer = tuple[float, "tuple[Reason, ...]"]


@dataclass(frozen=True)
class Trained:
    """What training makes and a database keeps: a model, and a head for each custom theme that was learnt."""

    model: Classifier
    heads: tuple[Head, ...] = ()

    @cached_property
    def version(self) -> str:
        """Return a short hash of all that decides its answers; the model's own where there is no head."""
        if not self.heads:
            return self.model.version
        return hashlib.sha256(repr((self.model.version, self.heads)).encode()).hexdigest()[:12]


class Extended:
    """Judges texts by a trained model for its themes, and by heads or keywords for the custom ones."""

    def __init__(self, trained: Trained, custom: Iterable[CustomTheme] = ()) -> None:
        self.trained = trained
        self.custom = tuple(theme for theme in custom if theme.id not in trained.model.themes)
        heads = {head.theme: head for head in trained.heads}
        self._keywords = {theme.id: Keywords(theme.keywords) for theme in self.custom}
        self._heads = {t: HeadScorer(heads[t], found) for t, found in self._keywords.items() if t in heads}

    @property
    def themes(self) -> tuple[str, ...]:
        """Return the themes it knows, the model's first."""
        return (*self.trained.model.themes, *self._keywords)

    @property
    def thresholds(self) -> dict[str, float]:
        """Return the decision threshold of every theme: for a custom one what its user says, else what was trained."""
        own = {t.id: t.threshold if t.threshold is not None else self._trained_threshold(t.id) for t in self.custom}
        return {**self.trained.model.thresholds, **own}

    def _trained_threshold(self, theme: str) -> float:
        return self._heads[theme].head.threshold if theme in self._heads else EVEN

    @property
    def sure(self) -> dict[str, float]:
        """Return from which probability on a theme is worth an alert: a custom one as soon as it is decided."""
        return {**self.thresholds, **self.trained.model.sure}

    @property
    def meta(self) -> dict[str, Any]:
        """Return what is known of the model's making."""
        return self.trained.model.meta

    @cached_property
    def version(self) -> str:
        """Return the version of what was trained, with a mark of the custom themes as they are configured."""
        if not self.custom:
            return self.trained.version
        return f"{self.trained.version}+{hashlib.sha256(repr(self.custom).encode()).hexdigest()[:6]}"

    def score(self, texts: Sequence[Text], *, thresholds: Mapping[str, float] | None = None) -> list[Scored]:
        """Judge *texts*; *thresholds* replace the usual ones for the themes they name."""
        return self.extend(self.trained.model.score(texts, thresholds=thresholds), texts, thresholds)

    def extend(
        self, answers: list[Scored], texts: Sequence[Text], thresholds: Mapping[str, float] | None = None
    ) -> list[Scored]:
        """Return answers that were given of *texts* before, with those for the custom themes as they are now."""
        if not self.custom or not texts:
            return answers
        limits = {**self.thresholds, **(thresholds or {})}
        columns = {theme: self._answers(theme, texts) for theme in self._keywords if theme not in self._heads}
        columns |= self._head_answers(texts, limits)
        order = {theme: place for place, theme in enumerate(self.themes)}
        return [
            _with(answer, {theme: column[row] for theme, column in columns.items()}, limits, order)
            for row, answer in enumerate(answers)
        ]

    def _answers(self, theme: str, texts: Sequence[Text]) -> list[Answer]:
        """Return what keywords alone say."""
        found = [self._keywords[theme].find(passages(text)) for text in texts]
        weight = round(float(np.log(HIT / (1 - HIT))), 3)
        return [(HIT if words else 0.0, tuple((f"“{word}”", weight) for word in words)) for words in found]

    def _head_answers(self, texts: Sequence[Text], limits: Mapping[str, float]) -> dict[str, list[Answer]]:
        if not self._heads:
            return {}
        readings = [read(text) for text in texts]
        answers: dict[str, list[Answer]] = {}
        for theme, scorer in self._heads.items():
            found = scorer.probabilities(readings).tolist()
            answers[theme] = [
                (chance, scorer.reasons(reading) if chance >= limits[theme] else ())
                for chance, reading in zip(found, readings, strict=True)
            ]
        return answers


def _with(answer: Scored, own: Mapping[str, Answer], limits: Mapping[str, float], order: Mapping[str, int]) -> Scored:
    """Return an answer with more themes, the decided ones most probable first; the others' answers stay as they are."""
    scores = {**answer.scores, **{theme: chance for theme, (chance, _) in own.items()}}
    decided = {theme: words for theme, (chance, words) in own.items() if chance >= limits[theme]}
    reasons = {**answer.reasons, **decided}
    others = (theme for theme in answer.themes if theme not in own)
    themes = sorted((*others, *decided), key=lambda theme: (-scores[theme], order.get(theme, len(order))))
    return replace(
        answer, scores=scores, themes=tuple(themes), reasons={theme: reasons.get(theme, ()) for theme in themes}
    )
