"""The readers' part: what they said of items, gathered to learn from; which items to ask them about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from classifiers.corpus import read_corpus
from classifiers.feedback import Label, Lesson, settled
from classifiers.labelled import read_labelled
from classifiers.learn import Course
from classifiers.model import Scored, Text
from classifiers.review import choose
from monitor.model import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from classifiers.extended import Extended
    from classifiers.labelled import Labelled
    from config.settings import Loaded
    from monitor.edges.store import Store, StoredItem, Work

LOOKED_THROUGH = 5_000
"""How many of the newest items doubtful ones are looked for among: a few seconds of work."""


@dataclass(frozen=True, slots=True)
class Question:
    """An item to ask a reader about, as the classifier in force sees it."""

    item: StoredItem
    scores: Mapping[str, float]
    """The probabilities of the themes that are asked about."""
    themes: tuple[str, ...]
    """What the classifier decides: its guess at the answer."""
    doubtful: tuple[str, ...]
    """The themes that it doubts, the most doubted first."""
    doubt: float
    reasons: Mapping[str, tuple[tuple[str, float], ...]]
    """What speaks for each doubted theme."""
    lacks: Mapping[str, tuple[str, ...]]
    """What a doubted theme that came near is usually told with, and this text is not."""


def questions(
    store: Store, classifier: Extended, thresholds: Mapping[str, float], since: datetime | None, limit: int
) -> list[Question]:
    """Return the items that the classifier doubts most and that nobody has labelled; *thresholds* name the themes."""
    with store.read() as work:
        done = work.labelled()
        items = [item for item in work.items(since=since, limit=LOOKED_THROUGH) if item.id not in done]
    texts = [Text(item.title, item.summary, lang=item.lang) for item in items]
    chosen = choose(texts, classifier.score(texts, thresholds=thresholds), thresholds, limit)
    asked = [texts[one.row] for one in chosen]
    decided = classifier.score(asked, thresholds=thresholds)
    # Reasons come with decided themes only, so for these few texts all themes are.
    open_ = classifier.score(asked, thresholds=dict.fromkeys(classifier.themes, 0.0))
    return [
        Question(
            items[one.row],
            {theme: score for theme, score in answer.scores.items() if theme in thresholds},
            tuple(theme for theme in answer.themes if theme in thresholds),
            one.themes,
            one.doubt,
            {theme: every.reasons.get(theme, ()) for theme in one.themes},
            {theme: answer.doubts[theme].missing for theme in one.themes if theme in answer.doubts},
        )
        for one, answer, every in zip(chosen, decided, open_, strict=True)
    ]


def with_own_themes(
    items: Sequence[StoredItem], classifier: Extended, thresholds: Mapping[str, float] | None
) -> list[StoredItem]:
    """Return stored items with the custom themes as they are now; the others stay as they were decided then."""
    if not classifier.custom:
        return list(items)
    texts = [Text(item.title, item.summary, lang=item.lang) for item in items]
    then = [
        Scored(item.scores, item.themes, {t: tuple((r.text, r.weight) for r in rs) for t, rs in item.reasons.items()})
        for item in items
    ]
    return [
        replace(
            item,
            scores=now.scores,
            themes=now.themes,
            reasons={theme: tuple(Reason(*word) for word in words) for theme, words in now.reasons.items()},
        )
        for item, now in zip(items, classifier.extend(then, texts, thresholds), strict=True)
    ]


def answer(work: Work, question: Question, themes: Collection[str], author: str, at: datetime) -> None:
    """Write down for every theme that was shown whether it holds."""
    for theme in question.scores:
        work.add_feedback(question.item.id, theme, label=theme in themes, author=author, at=at)


def lessons(work: Work) -> list[Lesson]:
    """Return every item that readers labelled, with what most of them say."""
    rows, guessed = work.feedback(), work.guesses()
    said = settled(Label(str(row.entry_id), row.theme, row.label, row.author, row.at) for row in rows)
    last = {row.entry_id: row for row in rows}  # rows come oldest first
    return [
        Lesson(
            str(row.entry_id), row.title, row.summary, said[str(row.entry_id)], guessed.get(row.entry_id, ()), row.at
        )
        for row in sorted(last.values(), key=lambda row: row.entry_id)
    ]


def course(loaded: Loaded, taught: Sequence[Lesson], known: datetime | None, **choices: Any) -> Course:
    """Return all that there is to learn from; raise ``CorpusError`` for a bad line of examples."""
    with as_file(files("classifiers") / "corpus") as folder:
        corpus = read_corpus(folder)
    examples: dict[str, Sequence[Labelled]] = {
        theme: read_labelled(path, tuple(loaded.themes)) for theme, path in loaded.examples.items()
    }
    return Course(corpus, taught, known, loaded.custom, examples, **choices)


def strangers(taught: Sequence[Lesson], themes: Collection[str]) -> Mapping[str, int]:
    """Return how many items are labelled for themes that there are not, by theme."""
    return Counter(theme for lesson in taught for theme in lesson.labels if theme not in themes)
