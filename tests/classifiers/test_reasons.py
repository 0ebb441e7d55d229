from __future__ import annotations

import pytest

from classifiers.features import document
from classifiers.lexicon import builtin
from classifiers.reasons import Doubt, as_written, doubt, explain, phrase, spans

DOC = document("PLA stages drills around Taiwan", "", builtin())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("w:drills", "“drills”"),
        ("wt:drills", "“drills”"),
        ("scope:t", "names Taiwan or the Strait"),
        ("scope:out", ""),
        ("l:drill|in", "“drills” (drill)"),
        ("l:drill+TAIWAN", "“drills” (drill) with Taiwan"),
        ("lt:china_forces>drill", "“pla” (china forces) before “drills” (drill)"),
        ("lt:first china_forces", "“pla” (china forces)"),
        ("l:tariff|in", "tariff"),
    ],
)
def test_features_are_put_in_words(name: str, text: str) -> None:
    """A feature reads as what was found and where it belongs."""
    assert phrase(DOC, name) == text


@pytest.mark.parametrize(
    ("title", "name", "text"),
    [
        ("PLA Stages Drills", "w:stages", "“Stages”"),
        ("A U.S. warship", "w:us_ warship", "“U.S. warship”"),
        ("Taiwan's F-16V jets", "w:f #", "“F-16”"),
        ("共軍擾台", "w:共军", "“共軍”"),
        ("Pilots drilling at dawn", "st:drill", "“drilling”"),
        ("共軍擾台", "l:china_forces|in", "“共軍” (china forces)"),
        ("Drills after a visit", "lx:drill<visit", "“Drills” (drill) told after or amid “visit” (visit)"),
        ("Drills after a visit", "lb:visit", "“visit” (visit) as a circumstance"),
    ],
)
def test_words_are_quoted_as_the_text_has_them(title: str, name: str, text: str) -> None:
    """Case, script and dots are those of the text, so that a reader finds them."""
    assert phrase(document(title, "", builtin()), name, title) == text
    assert all(start >= 0 for start, _ in spans(text, title))
    assert spans(text, title)


def test_what_the_text_does_not_hold_is_not_found_in_it() -> None:
    """A finding that cannot be placed has no span, and is quoted as it was read."""
    assert as_written(("drill",), "drillmaster") == ""
    assert as_written((), "") == ""
    assert spans("“drills” (drill) with Taiwan", "nothing of the kind") == ()


def test_a_doubt_names_what_is_missing_and_what_spoke_against() -> None:
    """Typical findings that are absent come first; the strongest weights against follow."""
    found = [("w:stages", 0.2), ("w:around", -0.7), ("scope:out", -3.0)]
    lacks = ["w:stages", "l:sortie+TAIWAN", "l:daily|in", "l:transit|in", "l:balloon|in"]
    assert doubt(DOC, found, lacks) == Doubt(("sortie with Taiwan", "daily", "transit"), (("“around”", -0.7),))


def test_equal_reasons_add_up_and_the_rest_is_left_out() -> None:
    """Title and text features of one word are one reason; negative, faint and wordless ones are none."""
    names = ["w:drills", "wt:drills", "w:stages", "w:around", "scope:out"]
    assert explain(DOC, names, [0.5, 0.25, -1.0, 0.001, 2.0]) == (("“drills”", 0.75),)


def test_at_most_eight_reasons() -> None:
    """A long list is cut to the strongest."""
    reasons = explain(DOC, [f"w:{n}" for n in range(20)], [float(n) for n in range(20)])
    assert len(reasons) == 8
    assert reasons[0] == ("“19”", 19.0)
