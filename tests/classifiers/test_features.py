from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from classifiers.features import BLOCKS, Encoder, NamedFeatures, document, lexicon_names, stem, word_names, written
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
    encoder = Encoder(builtin(), {name: NamedFeatures() for name in BLOCKS})
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


@pytest.mark.parametrize(
    ("title", "expected", "absent"),
    [
        ("China drills after senator's visit", "lx:drill<visit", "l:drill+visit"),
        ("China drills as senator visits", "l:drill+visit", "lb:visit"),
        ("After a senator's visit, China holds drills off Taiwan", "lt:china>drill", "l:drill+visit"),
        ("美議員訪台後，共軍在台海演習", "lx:drill<visit", "l:drill+visit"),
        ("Drills held after a storm, Taiwan says", "lb:disaster", "l:disaster|in"),
    ],
)
def test_circumstances_are_kept_apart(title: str, expected: str, absent: str) -> None:
    """What stands behind "after" is not what the sentence reports."""
    assert expected in names(title)
    assert absent not in names(title)


@pytest.mark.parametrize(
    ("word", "cut"), [("drilling", "drill"), ("drilled", "drill"), ("missiles", "missil"), ("red", "red"), ("us", "us")]
)
def test_forms_of_a_word_meet(word: str, cut: str) -> None:
    """Endings go, short words stay."""
    assert stem(word) == cut
