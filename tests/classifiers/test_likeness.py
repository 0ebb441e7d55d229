from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.likeness import alike, shared_runs, shingles

VOCABULARY = ["drill", "fleet", "Taiwan", "strait", "sale", "bill", "軍演", "军演", "台海", "cable"]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)


def jaccard(one: str, other: str) -> float:
    """Return the similarity by its definition."""
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b) if a & b else 0.0


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8), st.sampled_from([0.2, 0.5, 1.0]))
def test_alike_is_what_the_definition_says(ones: list[str], others: list[str], least: float) -> None:
    """No pair is lost and none added, between two lists and within one."""
    between = {(m.one, m.other): m.share for m in alike(ones, least, others)}
    expected = {(i, j): jaccard(a, b) for i, a in enumerate(ones) for j, b in enumerate(others)}
    assert between == {pair: share for pair, share in expected.items() if share >= least}
    pairs = {(i, j) for i, a in enumerate(ones) for j, b in enumerate(ones) if i < j and jaccard(a, b) >= least}
    assert {(m.one, m.other) for m in alike(ones, least)} == pairs


def test_the_most_alike_come_first_and_small_texts_may_be_left_out() -> None:
    """Pairs are ordered by share; a limit on shingles keeps short headlines out."""
    texts = ["Taiwan counts ships", "Taiwan counts ships again", "Taiwan counts ships", "drill", "drill"]
    assert [(m.one, m.other) for m in alike(texts, 0.5)] == [(0, 2), (3, 4), (0, 1), (1, 2)]
    assert (3, 4) not in {(m.one, m.other) for m in alike(texts, 0.5, smallest=10)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Taiwan’s  Navy: drills!", "taiwan's navy DRILLS"),
        ("國防部公布臺海動態", "国防部公布台海动态"),
        ("<b>Beijing</b> &amp; Taipei", "Beijing & Taipei"),
    ],
)
def test_script_case_and_marks_do_not_tell_texts_apart(one: str, other: str) -> None:
    """Traditional and simplified, capitals and small letters, markup and punctuation are one."""
    assert shingles(one) == shingles(other) != frozenset()


def test_a_text_without_words_is_like_nothing() -> None:
    """Not even like itself."""
    assert alike(["…", "!", ""], 0.1) == []
    assert alike([], 0.1) == alike([], 0.1, ["a"]) == alike(["a"], 0.1, []) == []


LONG = "the ministry counted eleven ships and nine planes near the island at dawn"
HAN = "國防部表示今日清晨六時起陸續偵獲共機十一架次逾越海峽中線"


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (f"On Monday {LONG}.", f"He said {LONG}, again", True),
        (HAN, f"快訊 {HAN}", True),
        (" ".join(LONG.split()[:8]), LONG, False),
        (HAN[:17], HAN, False),
        (LONG.replace("planes near", "planes. Near"), LONG, False),
    ],
)
def test_long_runs_of_words_are_found(one: str, other: str, *, shared: bool) -> None:
    """Nine words or eighteen Chinese characters in a row, within a sentence."""
    found = shared_runs([one], [other])
    assert bool(found) == shared
    if found:
        assert found[0][:2] == (0, 0)
        assert len(found[0][2]) >= 18
