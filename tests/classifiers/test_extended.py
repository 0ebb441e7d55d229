from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lessons import QUAKES, WITH, WITHOUT

from classifiers import Classifier, Item, ModelError, Text
from classifiers.extended import Extended, Trained
from classifiers.head import Head, Lines, missing, read, train_head
from classifiers.keywords import CustomTheme

TEXTS = [
    Text("Strong earthquake shakes Hualien"),
    Text("花莲地震 多人受困"),
    Text("Strong quake felt in Taipei, trains halted"),
    Text("PLA jets cross the median line near Taiwan", "", "A long body. " * 400),
    Text("", ""),
    Text("🙂 \0 <b>"),
]


@pytest.fixture(scope="session")
def head(few: list[Item]) -> Head:
    """Return a head trained on twenty lines beside a fifth of the corpus."""
    labelled = [read(Text(title)) for title in (*WITH, *WITHOUT)]
    truth = np.array([True] * len(WITH) + [False] * (len(WITHOUT) + len(few)))
    return train_head(QUAKES, Lines([*labelled, *(read(item.text) for item in few)], truth, len(labelled)), 7)


def quakes(judge: Extended, text: Text) -> tuple[bool, float]:
    """Return whether the custom theme is decided of a text, and its probability."""
    answer = judge.score([text])[0]
    return "quakes" in answer.themes, answer.scores["quakes"]


def test_keywords_work_at_once(builtin: Classifier) -> None:
    """0.9 with the keywords as the reason, in either script, else 0."""
    judge = Extended(Trained(builtin), [QUAKES])
    answers = judge.score(TEXTS)
    assert [answer.scores["quakes"] for answer in answers] == [0.9, 0.9, 0.0, 0.0, 0.0, 0.0]
    assert answers[0].reasons["quakes"] == (("“earthquake*”", 2.197),)
    assert answers[1].reasons["quakes"] == (("“地震”", 2.197),)
    assert judge.themes == (*builtin.themes, "quakes")


@pytest.mark.parametrize("trained", [False, True], ids=["by keyword", "trained"])
def test_the_answers_for_other_themes_stay_what_they_were(builtin: Classifier, head: Head, trained: bool) -> None:
    """To the last bit: probabilities, decisions and reasons."""
    own = Extended(Trained(builtin, (head,) if trained else ()), [QUAKES]).score(TEXTS)
    for plain, more in zip(builtin.score(TEXTS), own, strict=True):
        assert {t: p for t, p in more.scores.items() if t != "quakes"} == plain.scores
        assert tuple(t for t in more.themes if t != "quakes") == plain.themes
        assert {t: r for t, r in more.reasons.items() if t != "quakes"} == plain.reasons
        assert set(more.reasons) == set(more.themes)


def test_a_head_learns_words_that_are_no_keywords(builtin: Classifier, head: Head) -> None:
    """And tells the keyword in another sense from the thing."""
    judge = Extended(Trained(builtin, (head,)), [QUAKES])
    assert quakes(judge, TEXTS[2])[0]
    assert not quakes(judge, TEXTS[3])[0]
    assert quakes(judge, Text("Political earthquake as a party chair quits"))[1] < quakes(judge, TEXTS[0])[1]
    reasons = dict(judge.score(TEXTS)[0].reasons["quakes"])
    assert next(iter(reasons)) == "“earthquake*”"
    assert all(weight > 0 for weight in reasons.values())


def test_decided_themes_come_in_the_order_of_their_probability(builtin: Classifier) -> None:
    """A custom one among the others."""
    text = Text("Earthquake delays PLA live-fire drill off Taiwan's coast")
    answer = Extended(Trained(builtin), [QUAKES]).score([text])[0]
    assert set(answer.themes) >= {"quakes", "exercises"}
    assert [answer.scores[t] for t in answer.themes] == sorted((answer.scores[t] for t in answer.themes), reverse=True)


def test_thresholds_are_the_users(builtin: Classifier, head: Head) -> None:
    """What stands in themes.toml comes before what was trained, what is asked for now before both."""
    strict = replace(QUAKES, threshold=0.95)
    judge = Extended(Trained(builtin), [strict])
    assert judge.thresholds["quakes"] == 0.95
    assert not quakes(judge, TEXTS[0])[0]
    assert "quakes" in judge.score(TEXTS[:1], thresholds={"quakes": 0.5})[0].themes
    assert Extended(Trained(builtin, (head,)), [QUAKES]).thresholds["quakes"] == head.threshold
    assert Extended(Trained(builtin, (head,)), [strict]).thresholds["quakes"] == 0.95


def test_the_version_names_all_that_decides(builtin: Classifier, head: Head) -> None:
    """Model, heads and keywords each change it; without custom themes it is the model's."""
    trained = Trained(builtin, (head,))
    versions = [
        Extended(Trained(builtin)).version,
        Extended(trained).version,
        Extended(trained, [QUAKES]).version,
        Extended(trained, [replace(QUAKES, keywords=("quake",))]).version,
    ]
    assert len(set(versions)) == 4
    assert versions[0] == builtin.version
    assert versions[2].startswith(trained.version)


def test_a_theme_of_the_models_own_name_and_a_head_without_a_theme_change_nothing(
    builtin: Classifier, head: Head
) -> None:
    """The configuration decides which custom themes there are."""
    judge = Extended(Trained(builtin, (head,)), [CustomTheme("coercion", ("pressure",))])
    assert judge.themes == builtin.themes
    assert judge.score(TEXTS) == builtin.score(TEXTS)
    assert judge.score([]) == []


@pytest.mark.parametrize(
    ("lines", "positive", "said"),
    [
        (20, 5, ""),
        (12, 5, "8 more labelled lines"),
        (30, 3, "2 more that carry it"),
        (0, 0, "20 more labelled lines and 5 more that carry it"),
    ],
)
def test_what_a_theme_lacks_to_be_learnt_is_told(lines: int, positive: int, said: str) -> None:
    """Twenty lines, five of which carry it."""
    assert missing(lines, positive) == said


def test_training_twice_gives_the_same_head(few: list[Item], head: Head) -> None:
    """To the last bit."""
    labelled = [read(Text(title)) for title in (*WITH, *WITHOUT)]
    truth = np.array([True] * len(WITH) + [False] * (len(WITHOUT) + len(few)))
    lines = Lines([*labelled, *(read(item.text) for item in few)], truth, len(labelled))
    assert train_head(QUAKES, lines, 7) == head


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.pop("weights"),
        lambda v: v["weights"].append(1.0),
        lambda v: v.update(intercept=float("nan")),
        lambda v: v.update(rarity="abc"),
        lambda v: v.update(names=3),
    ],
)
def test_a_head_that_is_none_is_refused(head: Head, change: object) -> None:
    """With an error of ours."""
    value = {k: list(v) if isinstance(v, tuple) else v for k, v in head.as_json().items()}
    assert Head.from_json(value) == head
    change(value)  # type: ignore[operator]
    with pytest.raises(ModelError, match="custom theme"):
        Head.from_json(value)
    with pytest.raises(ModelError, match="custom theme"):
        Head.from_json([])
