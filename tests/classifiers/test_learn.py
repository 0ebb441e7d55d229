from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from lessons import QUAKES, WITH, WITHOUT, examples

from classifiers import Classifier, Item, Text
from classifiers.extended import Extended, Trained
from classifiers.feedback import Lesson
from classifiers.learn import Course, learn

if TYPE_CHECKING:
    from collections.abc import Sequence

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def tiny(corpus: Sequence[Item]) -> list[Item]:
    """Return a corpus that is trained on in a moment."""
    return list(corpus[::10])


@pytest.fixture(scope="session")
def before(small: Classifier) -> Trained:
    """Return the model before."""
    return Trained(small)


def taught(items: Sequence[Item], since: datetime = NOON, **labels: bool) -> list[Lesson]:
    """Return items as readers labelled them: as they are, but for *labels*."""
    names = ("exercises", "arms_sales", "us_policy", "military_ties", "self_defence", "coercion", "trade_chips")
    return [
        Lesson(item.id, item.title, item.summary, {**{t: t in item.themes for t in names}, **labels}, (), since)
        for item in items
    ]


def drills(corpus: Sequence[Item], count: int) -> list[Item]:
    """Return items about drills that are not in the tiny corpus."""
    return [item for n, item in enumerate(corpus) if n % 10 and "exercises" in item.themes][:count]


def test_right_labels_make_a_new_model(tiny: list[Item], before: Trained) -> None:
    """It is examined on the corpus and on the fifth that was kept, and not refused."""
    lessons = taught(tiny[:60])
    said: list[str] = []
    outcome = learn(before, Course(tiny, lessons, folds=2), said.append)
    assert outcome.trained.version != before.version
    assert outcome.refusal == ""
    assert [result.name for result in outcome.results] == [
        "the corpus, cross-validated",
        "readers' labels never trained on",
    ]
    assert [result.items for result in outcome.results] == [len(tiny), sum(lesson.exam for lesson in lessons)]
    assert outcome.studied == sum(not lesson.exam for lesson in lessons)
    assert said == ["fold 1 of 2", "fold 2 of 2", "training on everything"]


def test_labels_that_are_wrong_are_refused(corpus: list[Item], tiny: list[Item], before: Trained) -> None:
    """Whoever says that drills are none makes a worse model; the theme is named."""
    outcome = learn(before, Course(tiny, taught(drills(corpus, 90), exercises=False), folds=2))
    assert "exercises" in outcome.results[0].worse
    assert "(the corpus, cross-validated)" in outcome.refusal


def test_without_a_new_label_the_model_stays(tiny: list[Item], before: Trained) -> None:
    """Nothing is trained: neither without labels nor with those that it knows."""
    assert learn(before, Course(tiny)).trained == before
    known = taught(tiny[:9], since=NOON - HOUR)
    assert learn(before, Course(tiny, known, known=NOON)).trained == before
    strange = [Lesson("1", "x", "", {"sports": True}, (), NOON)]
    assert learn(before, Course(tiny, strange)).trained == before


def test_the_model_before_is_examined_with_what_it_had_learnt(
    monkeypatch: pytest.MonkeyPatch, corpus: list[Item], tiny: list[Item], small: Classifier
) -> None:
    """In each fold one model with the old lessons and one with all; the exam's lessons are in none."""
    asked: list[set[str]] = []

    def watched(items: Sequence[Item], _seed: int) -> Classifier:
        asked.append({item.id.split("#")[0] for item in items if item.id.startswith("item-")})
        return small

    monkeypatch.setattr("classifiers.learn.train", watched)
    old, new = taught(drills(corpus, 30)[:15], since=NOON), taught(drills(corpus, 30)[15:], since=NOON + HOUR)
    learn(Trained(small), Course(tiny, [*old, *new], known=NOON, folds=2))
    study = [{f"item-{lesson.id}" for lesson in some if not lesson.exam} for some in (old, [*old, *new])]
    assert asked == [*study, *study, study[1]]


def test_a_theme_with_few_lines_keeps_its_keywords(tiny: list[Item], before: Trained) -> None:
    """And says how many it wants."""
    outcome = learn(before, Course(tiny, custom=(QUAKES,), examples={"quakes": examples()[:12]}))
    assert outcome.trained == before
    assert outcome.notes == ("quakes: works from its keywords; to be trained it wants 8 more labelled lines",)


def test_twenty_lines_teach_a_theme_and_change_no_other(tiny: list[Item], before: Trained) -> None:
    """The model is the same object; the head finds what no keyword names."""
    outcome = learn(before, Course(tiny, custom=(QUAKES,), examples={"quakes": examples()}))
    assert outcome.trained.model is before.model
    assert outcome.refusal == ""
    assert "20 labelled lines, 12 of which carry it" in outcome.notes[0]
    found = Extended(outcome.trained, [QUAKES]).score([Text("Strong quake felt in Taipei"), Text("Stocks fall")])
    assert ["quakes" in answer.themes for answer in found] == [True, False]
    again = learn(outcome.trained, Course(tiny, custom=(QUAKES,), examples={"quakes": examples()}))
    assert again.trained.version == outcome.trained.version


def test_what_readers_say_teaches_a_theme_too(tiny: list[Item], before: Trained) -> None:
    """Labels alone, or together with lines of which the same text counts once."""
    lessons = [
        Lesson(str(n), title, "", {"quakes": title in WITH}, (), NOON) for n, title in enumerate((*WITH, *WITHOUT))
    ]
    alone = learn(before, Course(tiny, lessons, custom=(QUAKES,)))
    both = learn(before, Course(tiny, lessons, custom=(QUAKES,), examples={"quakes": examples()}))
    assert [head.lines for head in (*alone.trained.heads, *both.trained.heads)] == [20, 20]
    assert alone.trained.model is before.model


def test_keywords_that_do_better_stay(tiny: list[Item], before: Trained) -> None:
    """Lines that contradict what the words say teach nothing; unless it is forced."""
    every = replace(QUAKES, keywords=(*(title[:30] for title in WITH), "rupture"))
    course = Course(tiny, custom=(every,), examples={"quakes": examples()[::-1]})
    outcome = learn(before, replace(course, custom=(replace(every, threshold=0.99),)))
    assert outcome.trained.heads == ()
    assert "its keywords still do better" in outcome.notes[0]
    assert learn(before, replace(course, forced=True)).trained.heads != ()


def test_a_learnt_theme_is_examined_beside_what_it_had_learnt(tiny: list[Item], before: Trained) -> None:
    """Not beside its keywords: without a new label nothing changes, with new ones the old head is the measure."""
    course = Course(tiny, custom=(QUAKES,), examples={"quakes": examples()}, known=NOON)
    first = learn(before, course)
    (same,) = learn(first.trained, course).results[0].changes
    assert same.before == same.after == first.results[0].changes[0].after
    new = [Lesson(str(n), f"Quake {n} shakes Taiwan", "", {"quakes": True}, (), NOON + HOUR) for n in range(9)]
    (change,) = learn(first.trained, replace(course, lessons=new)).results[0].changes
    assert change.before > first.results[0].changes[0].before  # its keywords know no "Quake"
