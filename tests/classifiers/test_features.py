from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from classifiers.features import Encoder, NamedFeatures, document, lexicon_names, word_names, written
from classifiers.lexicon import builtin


def names(title: str, summary: str = "") -> list[str]:
    """Return the lexicon features of a text."""
    return lexicon_names(document(title, summary, builtin()), builtin())


@pytest.mark.parametrize(
    ("title", "expected", "absent"),
    [
        ("PLA stages drills around Taiwan", "lt:china_forces>drill", "lt:drill>china_forces"),
        ("Lockheed sells missiles to Taiwan", "scope:t", "scope:out"),
        ("Lockheed sells missiles to Poland", "scope:out", "scope:in"),
        ("Pentagon approves arms sale to Taiwan", "l:sale+us_defense+TAIWAN", "l:china+sale"),
        ("Washington backs Taipei", "lt:first us", "lt:first taiwan"),
    ],
)
def test_features_say_who_does_what(title: str, expected: str, absent: str) -> None:
    """Actors, acts, their order and the scope become features."""
    assert expected in names(title)
    assert absent not in names(title)


def test_naming_taiwan_and_china_alone_says_nothing() -> None:
    """Concepts of the background do not make a feature by themselves."""
    assert not [n for n in names("China and Taiwan") if n.startswith("l:")]


def test_concepts_of_different_sentences_do_not_meet() -> None:
    """A conjunction needs one sentence."""
    assert "l:drill+sale" in names("Drill follows arms sale near Taiwan")
    assert "l:drill+sale" not in names("Drill near Taiwan", "An arms sale was made.")


def test_a_paragraph_of_an_article_about_taiwan_means_taiwan() -> None:
    """A paragraph takes its article's scope, unless it turns to another part of the world."""
    encoder = Encoder(builtin(), NamedFeatures(), NamedFeatures())
    drills, abroad = (encoder.inherited(encoder.document("", t)) for t in ("Drills went on", "Drills in Ukraine"))
    assert {"scope:in", "l:drill+TAIWAN"} <= set(lexicon_names(drills, builtin()))
    assert "scope:out" in lexicon_names(abroad, builtin())


def test_words_of_the_title_count_twice_and_numbers_alike() -> None:
    """Title words are marked; digits become a sign; idle words are left out."""
    found = word_names(document("The 14 jets", "Seen today", builtin()))
    assert {"w:jets", "wt:jets", "w:# jets", "w:seen", "w:seen today"} <= set(found)
    assert "wt:seen" not in found
    assert "w:the" not in found


def test_chinese_becomes_pairs_and_triples_across_scripts() -> None:
    """Both scripts give the same n-grams."""
    assert word_names(document("軍機擾臺", "", builtin())) == word_names(document("军机扰台", "", builtin()))
    assert "w:军机扰" in word_names(document("軍機擾臺", "", builtin()))


def test_rows_have_length_one_and_unknown_names_vanish() -> None:
    """Each row is of unit length; a row without known names is zero."""
    block = NamedFeatures(min_df=1).fit([["a", "b"], ["a"]])
    matrix = block.transform([["a", "a", "b"], ["z"], []])
    assert np.sqrt(matrix.multiply(matrix).sum(axis=1)).ravel().tolist() == [[pytest.approx(1.0, abs=1e-6), 0, 0]]


def test_rare_names_are_left_out() -> None:
    """A name seen in fewer than min_df rows is no feature."""
    assert NamedFeatures(min_df=2).fit([["a", "b"], ["a"]]).names_ == ["a"]


def test_the_block_is_an_estimator() -> None:
    """It can be cloned and tells its parameters, as scikit-learn expects."""
    assert clone(NamedFeatures(min_df=3, power=0.5)).get_params() == {"min_df": 3, "power": 0.5}


def test_tokens_are_written_as_people_do() -> None:
    """Chinese has no blanks, and US its capitals."""
    assert written(["us_", "arms"]) == "US arms"
    assert written(["军", "机", "16", "架"]) == "军机 16 架"
