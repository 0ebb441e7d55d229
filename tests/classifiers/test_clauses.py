from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.clauses import told
from classifiers.text import BREAKS, normalise, sentences


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("China drills after visit", "china drills"),
        ("After the visit, China drills", "china drills"),
        ("In the wake of the visit, China drills", "in the china drills"),
        ("Taiwan holds election despite threats", "taiwan holds election"),
        ("Amid threats, Taiwan votes, says the ministry", "taiwan votes says the ministry"),
        ("China drills as senator visits", "china drills as senator visits"),
        ("裴洛西訪台後，共軍演習", "共 军 演 习"),
        ("共軍演習，背後有因", "共 军 演 习 背 后 有 因"),
        ("今後，共軍演習", "今 后 共 军 演 习"),
    ],
)
def test_circumstances_are_told_from_the_matter(text: str, matter: str) -> None:
    """What opens with "after" and its like, to its comma or to the end, is no part of the report."""
    (tokens,) = sentences(normalise(text), breaks=True)
    words, aside = told(tokens)
    assert " ".join(w for w, a in zip(words, aside, strict=True) if not a) == matter


@given(st.lists(st.sampled_from(["after", "a", "后", "台", ",", ":", "wake", "军"])))
def test_every_word_is_kept_once_and_no_break(tokens: list[str]) -> None:
    """Only the breaks go, and each word has its mark."""
    words, aside = told(tokens)
    assert list(words) == [t for t in tokens if t not in BREAKS]
    assert len(aside) == len(words)
