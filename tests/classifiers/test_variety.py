from __future__ import annotations

from itertools import product

import pytest

from classifiers import lexicon
from classifiers.variety import BLANK, frame, repeated, tokens, variety


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry counts 12 drones over Kinmen on Tuesday", "Ministry counts 300 drones over Matsu on Tuesday"),
        ("The story of how Anna Keller left", "The story of how Bo Lindqvist left"),
        ("Lawmakers to weigh HIMARS order next week", "Lawmakers to weigh Harpoon order next week"),
    ],
)
def test_numbers_names_and_terms_are_blanks(one: str, other: str) -> None:
    """Headlines made from one template have one frame."""
    frames = [frame(title, lexicon.builtin()) for title in (one, other)]
    assert frames[0] == frames[1]
    assert BLANK in frames[0]


def test_different_sentences_have_different_frames() -> None:
    """A capital on every word does not make all of them names."""
    terms = lexicon.builtin()
    assert frame("How A Small Town Learned To Live With Sirens", terms) != frame(
        "Why An Old Man Refused To Move From Shore", terms
    )


def test_repeated_frames_and_openings_are_found() -> None:
    """By place; short frames and those of blanks are phrases, not templates."""
    one, two = ("a", "b", BLANK, "c", "d"), ("a", "b", BLANK, "c", "x")
    short, blank = ("a", "b"), (BLANK, "of", BLANK, "in", BLANK)
    assert repeated([one, two, one, short, short, blank, blank]) == {one: [0, 2]}
    assert repeated([one, two], 4) == {one[:4]: [0, 1]}


def test_templates_are_less_of_a_surprise() -> None:
    """Entropy and distinct triples fall when sentences follow a pattern."""
    people, acts, things = ("he", "she", "it", "they"), ("saw", "took", "left", "made"), ("a", "b", "c", "d")
    pattern = [f"today {who} {did} the {what} again" for who, did, what in product(people, acts, things)]
    free = [" ".join(f"w{n * 7 + k}" for k in range(6)) for n in range(64)]
    low, high = (variety([tokens(text.replace("w", "v")) for text in texts], 200) for texts in (pattern, free))
    assert all(a < b for a, b in zip(low.entropy, high.entropy, strict=True))
    assert low.distinct < high.distinct


def test_variety_is_drawn_with_a_seed_and_bears_nothing() -> None:
    """The same figures in every run; no text gives zeros."""
    texts = [tokens(f"word{n} and word{n + 1} after word{n * 2}") for n in range(50)]
    assert variety(texts, 60) == variety(texts, 60)
    assert variety([], 0).entropy == (0.0, 0.0, 0.0)
