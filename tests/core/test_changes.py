"""What is new of a story since people were told of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from samples import HOUR, NOON, article, feed, story

from monitor.core.changes import CHANGED, change
from monitor.core.explained import change_of, in_words
from monitor.core.policy import REASONS
from monitor.core.situation import Situation
from monitor.model import CHANGES, Decision, Rule, Told

RULE = Rule("Drills", channels=("desk",))
TOLD = Told("Drills", 7, 1, 1, NOON - 30 * HOUR, {"aircraft": (20, 20)}, ("exercises",))
NAMES = {"arms_sales": "Arms"}


def situation(**changes: Any) -> Situation:
    """Return a story of one report that says what people were told."""
    one = article(seen=NOON - 30 * HOUR)
    values = {"article": one, "story": story(one, id=7), "now": NOON, "told": {}, "figures": {"aircraft": (20, 20)}}
    return Situation(**{**values, **changes})


def two_publishers() -> Any:
    """Return the story with a report of another publisher, an hour later."""
    return story(article(seen=NOON - 30 * HOUR), article(feed=feed(2), seen=NOON - 29 * HOUR), id=7)


def more_themes(score: float) -> Any:
    """Return the story with another theme."""
    told = situation().story
    return replace(told, themes=("exercises", "arms_sales"), scores={**told.scores, "arms_sales": score})


CASES: list[tuple[dict[str, Any], Told, str, str]] = [
    ({}, TOLD, "", ""),
    ({"corrected": True}, TOLD, "corrected", "corrected: Chinese jets cross the median line near Taiwan"),
    ({"figures": {"aircraft": (12, 12)}}, TOLD, "fact_corrected", "aircraft 12, 20 before"),
    ({"figures": {"aircraft": (20, 45)}}, TOLD, "fact_grew", "aircraft 20 to 45, 20 before"),
    ({"figures": {"aircraft": (20, 24)}}, TOLD, "", ""),
    ({"figures": {"aircraft": (20, 20), "official_ships": (4, 4)}}, TOLD, "fact_new", "official ships 4"),
    ({"figures": {"aircraft": (45, 45)}}, replace(TOLD, figures=None), "", ""),
    ({"story": two_publishers()}, TOLD, "confirmed", "confirmed by 2 publishers, 1 before"),
    ({"story": more_themes(0.9)}, TOLD, "new_theme", "new theme: Arms"),
    ({"story": more_themes(0.9)}, replace(TOLD, themes=None), "", ""),
    ({"story": more_themes(0.5), "sure": {"arms_sales": 0.6}}, TOLD, "", ""),
    (
        {"story": story(article(seen=NOON - 30 * HOUR), article(seen=NOON), id=7)},
        TOLD,
        "renewed",
        "reported again, after nothing since 2026-05-03 06:00 UTC",
    ),
    ({"story": story(article(seen=NOON - 20 * HOUR), article(seen=NOON), id=7)}, TOLD, "", ""),
]


@pytest.mark.parametrize(("changes", "told", "reason", "words"), CASES)
def test_what_is_new_has_a_name(changes: dict[str, Any], told: Told, reason: str, words: str) -> None:
    """And is told in words; what is not known of the last telling is not compared."""
    found = change(RULE, situation(**changes), told)
    assert (found[0] if found else "") == reason
    if found:
        assert change_of(Decision("Drills", alert=True, reason=reason, compared=found[1]), NAMES) == words
        assert in_words(found[1])


@pytest.mark.parametrize("kind", CHANGES)
def test_a_rule_hears_only_of_the_changes_it_wants(kind: str) -> None:
    """Each kind can be asked for alone; without any a story is told once."""
    wanted = replace(RULE, updates=(kind,))
    found = {change(wanted, situation(**changes), told) is not None: reason for changes, told, reason, _ in CASES}
    assert found.keys() == {True, False}
    for changes, told, _, _ in CASES:
        assert change(replace(RULE, updates=()), situation(**changes), told) is None


def test_a_rule_of_other_themes_hears_of_no_new_one() -> None:
    """A theme counts only for rules that ask for it."""
    at = situation(story=more_themes(0.9))
    assert change(replace(RULE, themes=("exercises",)), at, TOLD) is None
    assert change(replace(RULE, themes=("exercises", "arms_sales")), at, TOLD) is not None


def test_every_change_has_its_words() -> None:
    """The list of reasons is closed."""
    assert set(CHANGED) <= REASONS.keys()
    assert {reason for _, _, reason, _ in CASES} - {""} == set(CHANGED)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, ""),
        ({"publishers": 1, "wants": 2}, "publishers 1, wants 2"),
        ({"score": 0.7123, "wants": 0.8}, "score 0.7123, wants 0.8"),
        ({"kind": "press", "wants": ["wire", "official"]}, "kind press, wants wire or official"),
        ({"aircraft": [18, 22], "wants": ["aircraft >= 30"]}, "aircraft 18 to 22, wants aircraft >= 30"),
        ({"aircraft": [45, 45], "told": {"aircraft": [1200, 1200]}}, "aircraft 45, told (aircraft 1,200)"),
        ({"missiles": [11, 11], "told": {}}, "missiles 11"),
        ({"max_age": "3 days, 0:00:00"}, "max age 3 days, 0:00:00"),
    ],
)
def test_what_was_compared_in_words(values: dict[str, Any], words: str) -> None:
    """On one line, for people."""
    assert in_words(values) == words
