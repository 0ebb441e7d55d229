"""Learn from readers: a new model from corpus and labels, heads for their own themes, and an exam for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from classifiers import exam
from classifiers.extended import EVEN, HIT, Trained
from classifiers.feedback import repeated
from classifiers.head import HeadScorer, Lines, folds, missing, read, train_head
from classifiers.keywords import Keywords, plain
from classifiers.model import Scored, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from classifiers.corpus import Item
    from classifiers.exam import Result
    from classifiers.feedback import Lesson
    from classifiers.head import Head, Reading, Truth
    from classifiers.keywords import CustomTheme
    from classifiers.labelled import Labelled
    from classifiers.model import Classifier

SEED = 7
"""That of ``classifiers.train``, which is loaded when something is to be learnt: it takes 60 MB."""
FOLDS = 3
WEIGHT = 2
"""How many lines of the corpus one item that readers labelled counts for: it is news of the kind that comes."""
LEAST_INSIDE = 3
"""From fewer lines that carry a theme no head can be trained in an exam."""


def train(items: Sequence[Item], seed: int) -> Classifier:
    """Train a model on labelled items."""
    from classifiers import train as training  # noqa: PLC0415 - see SEED

    return training.train(items, seed)


@dataclass(frozen=True, slots=True)
class Course:
    """All that there is to learn from."""

    corpus: Sequence[Item]
    lessons: Sequence[Lesson] = ()
    known: datetime | None = None
    """What readers had said by then, the model before has learnt; None when it has learnt nothing of them."""
    custom: Sequence[CustomTheme] = ()
    examples: Mapping[str, Sequence[Labelled]] = field(default_factory=dict)
    """Labelled lines of each custom theme."""
    forced: bool = False
    """Whether a custom theme is to be learnt although its keywords do better."""
    folds: int = FOLDS
    seed: int = SEED

    def earlier(self, lessons: Sequence[Lesson]) -> list[Lesson]:
        """Return those that the model before has learnt."""
        return [lesson for lesson in lessons if self.known is not None and lesson.since <= self.known]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was learnt, and how the exams went."""

    trained: Trained
    results: tuple[Result, ...] = ()
    notes: tuple[str, ...] = ()
    studied: int = 0
    """How many labelled items it was trained on."""

    @property
    def refusal(self) -> str:
        """Say what became worse; empty when nothing did."""
        return "; ".join(f"{', '.join(r.worse)} ({r.name})" for r in self.results if r.worse)


def learn(before: Trained, course: Course, progress: Callable[[str], None] = lambda _: None) -> Outcome:
    """Train anew where there is something new, and examine what came of it beside the model before."""
    model, results, studied = _relearn(before.model, course, progress)
    made, notes = [], []
    for theme in course.custom:
        found, result, note = _own_theme(theme, before, course, progress)
        made += [found] if found else []
        results += [result] if result else []
        notes.append(note)
    return Outcome(Trained(model, tuple(made)), tuple(results), tuple(notes), studied)


def _relearn(
    before: Classifier, course: Course, progress: Callable[[str], None]
) -> tuple[Classifier, list[Result], int]:
    """Return a model trained on the corpus and the lessons; the one before when no lesson is new."""
    themes = before.themes
    about = [lesson for lesson in course.lessons if lesson.labels.keys() & set(themes)]
    study = [lesson for lesson in about if not lesson.exam]
    if not about or len(course.earlier(about)) == len(about):
        return before, [], len(study)
    old, new = ([one.item(themes) for one in some] for some in (course.earlier(study), study))
    sheet = _cross_validated(course, old, new, progress)
    progress("training on everything")
    after = train([*course.corpus, *repeated(new, WEIGHT)], course.seed)
    sheets = [sheet, _held_out([lesson for lesson in about if lesson.exam], before, after)]
    return after, [exam.judge(sheet, themes) for sheet in sheets if sheet.truth], len(study)


def _cross_validated(
    course: Course, old: Sequence[Item], new: Sequence[Item], progress: Callable[[str], None]
) -> exam.Sheet:
    """Ask about each line of the corpus two models that have not seen it: with the lessons of before, and of now."""
    order = np.random.default_rng(course.seed).permutation(len(course.corpus))
    before: dict[int, Scored] = {}
    after: dict[int, Scored] = {}
    for number, held in enumerate(np.array_split(order, course.folds), 1):
        progress(f"fold {number} of {course.folds}")
        hidden = set(held.tolist())
        rest = [item for i, item in enumerate(course.corpus) if i not in hidden]
        asked = [course.corpus[i].text for i in held]
        for answers, more in ((before, old), (after, new)):
            fitted = train([*rest, *repeated(more, WEIGHT)], course.seed)
            answers.update(zip(held.tolist(), fitted.score(asked), strict=True))
    rows = range(len(course.corpus))
    truth = [item.themes for item in course.corpus]
    name = "the corpus, cross-validated"
    return exam.Sheet(name, truth, [before[i] for i in rows], [after[i] for i in rows])


def _held_out(kept: Sequence[Lesson], before: Classifier, after: Classifier) -> exam.Sheet:
    texts = [Text(lesson.title, lesson.summary) for lesson in kept]
    truth = [lesson.truth(before.themes) for lesson in kept]
    # Where nobody spoke, the model before would be its own judge.
    spoken = [lesson.labels for lesson in kept]
    return exam.Sheet("readers' labels never trained on", truth, before.score(texts), after.score(texts), spoken)


def _own_theme(
    theme: CustomTheme, before: Trained, course: Course, progress: Callable[[str], None]
) -> tuple[Head | None, Result | None, str]:
    """Return a head for a custom theme, how it does, and what there is to say; no head where lines are too few."""
    told = _told(theme, course)
    positive = sum(one.truth for one in told)
    if lacking := missing(len(told), positive):
        return None, None, f"{theme.id}: works from its keywords; to be trained it wants {lacking}"
    progress(f"training {theme.id}")
    lines = _lines(theme, told, course)
    # What the theme answered from until now: its head with the lines that were known to it, else its keywords.
    rest = len(lines.truth) - len(told)
    headed = any(head.theme == theme.id for head in before.heads)
    known = np.array([headed and one.known for one in told] + [headed] * rest)
    result = exam.judge(_own_sheet(theme, lines, known, course.seed), (theme.id,))
    then, now = result.changes[0].before, result.changes[0].after
    if now < then and not headed and not course.forced:
        note = f"its keywords still do better than what {len(told)} lines teach, F1 {then:.2f} against {now:.2f}"
        return None, None, f"{theme.id}: {note}; it goes on from them, and more lines help"
    note = f"{theme.id}: trained on {len(told)} labelled lines, {positive} of which carry it"
    return train_head(theme, lines, course.seed), result, note


@dataclass(frozen=True, slots=True)
class _Told:
    """A line that somebody labelled for a custom theme."""

    text: Text
    truth: bool
    known: bool


def _told(theme: CustomTheme, course: Course) -> list[_Told]:
    """Return the labelled lines for a custom theme, each text once; what readers said comes before examples."""
    lines: dict[str, _Told] = {}
    for lesson in course.lessons:
        if theme.id in lesson.labels:
            text = Text(lesson.title, lesson.summary)
            lines[_key(text)] = _Told(text, lesson.labels[theme.id], bool(course.earlier([lesson])))
    for example in course.examples.get(theme.id, ()):
        lines.setdefault(_key(example.text), _Told(example.text, theme.id in example.themes, known=True))
    return [lines[key] for key in sorted(lines)]


def _key(text: Text) -> str:
    return plain(f"{text.title} {text.summary}")


def _lines(theme: CustomTheme, told: Sequence[_Told], course: Course) -> Lines:
    """Return the labelled lines, and behind them the corpus without what may carry the theme: it names a keyword."""
    keywords = Keywords(theme.keywords)
    taken = {_key(one.text) for one in told}
    readings = [read(item.text) for item in course.corpus if _key(item.text) not in taken]
    background = [reading for reading in readings if not keywords.find(reading.passages)]
    truth = np.array([one.truth for one in told] + [False] * len(background))
    return Lines([*(read(one.text) for one in told), *background], truth, len(told))


def _own_sheet(theme: CustomTheme, lines: Lines, known: Truth, seed: int) -> exam.Sheet:
    """Ask about each line a head that has not seen it, and what the theme answered from before."""
    keywords = Keywords(theme.keywords)
    sheets: tuple[dict[int, Scored], dict[int, Scored]] = ({}, {})
    for inside, held in folds(lines.truth, seed):
        asked = [lines.readings[i] for i in held]
        for answers, rows in zip(sheets, (inside[known[inside]], inside), strict=True):
            answers.update(zip(held.tolist(), _answers(theme, lines.take(rows), asked, keywords), strict=True))
    total = len(lines.truth)
    name = f"{lines.labelled} labelled lines and {total - lines.labelled} of the corpus, cross-validated"
    truth = [(theme.id,) * bool(one) for one in lines.truth]
    before, after = ([answers[i] for i in range(total)] for answers in sheets)
    return exam.Sheet(name, truth, before, after)


def _answers(theme: CustomTheme, lines: Lines, asked: Sequence[Reading], keywords: Keywords) -> list[Scored]:
    """Return what a head trained on these lines says, or what keywords say where these are too few for one."""
    if lines.truth.sum() < LEAST_INSIDE:
        limit, found = EVEN, [HIT if keywords.find(reading.passages) else 0.0 for reading in asked]
    else:
        fitted = train_head(theme, lines, SEED)
        limit, found = fitted.threshold, HeadScorer(fitted, keywords).probabilities(asked).tolist()
    return [Scored({theme.id: chance}, (theme.id,) * (chance >= limit)) for chance in found]
