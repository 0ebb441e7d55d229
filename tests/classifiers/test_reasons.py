from __future__ import annotations

import pytest

from classifiers.features import document
from classifiers.lexicon import builtin
from classifiers.reasons import explain, phrase

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


def test_equal_reasons_add_up_and_the_rest_is_left_out() -> None:
    """Title and text features of one word are one reason; negative, faint and wordless ones are none."""
    names = ["w:drills", "wt:drills", "w:stages", "w:around", "scope:out"]
    assert explain(DOC, names, [0.5, 0.25, -1.0, 0.001, 2.0]) == (("“drills”", 0.75),)


def test_at_most_eight_reasons() -> None:
    """A long list is cut to the strongest."""
    reasons = explain(DOC, [f"w:{n}" for n in range(20)], [float(n) for n in range(20)])
    assert len(reasons) == 8
    assert reasons[0] == ("“19”", 19.0)
