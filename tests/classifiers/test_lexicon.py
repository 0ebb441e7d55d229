from __future__ import annotations

import pytest

from classifiers import LexiconError
from classifiers.lexicon import Concept, Hit, Lexicon, builtin, read_concepts
from classifiers.text import sentences


def found(text: str, lexicon: Lexicon | None = None) -> set[str]:
    """Return the concepts in a text."""
    return {h.concept for s in sentences(text) for h in (lexicon or builtin()).find(s)}


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("PLA warplanes cross the median line", {"china_forces", "sortie", "strait"}),
        ("State Department approves F-16V parts for Taipei", {"us_state", "approve", "bought_system", "taiwan"}),
        ("國台辦警告", {"china_voices", "warn"}),
        ("国台办警告", {"china_voices", "warn"}),
        ("漢光41號演習", {"named_taiwan", "drill"}),
        ("Honduras severs ties with Taipei", {"poachable", "poach"}),
        ("TSMC's Arizona fabs face tariffs", {"chip_firms", "trade_policy", "tariff"}),
    ],
)
def test_the_lexicon_knows_the_field(text: str, concepts: set[str]) -> None:
    """Actors, places, acts and systems are found in English and both Chinese scripts."""
    assert concepts <= found(text)


def test_an_open_term_takes_endings_and_a_closed_one_does_not() -> None:
    """A star lets a word go on."""
    lexicon = Lexicon([Concept("a", "k", ("drill*",)), Concept("b", "k", ("sale",))])
    assert found("drilling sales", lexicon) == {"a"}


def test_the_longest_hit_of_a_concept_wins_at_each_place() -> None:
    """A name within a longer name of the same concept is told once."""
    lexicon = Lexicon([Concept("a", "k", ("joint sword", "joint sword 2024"))])
    assert lexicon.find(["joint", "sword", "2024"]) == [Hit(0, 3, "a")]


def test_terms_can_be_added_by_the_user() -> None:
    """An extended lexicon finds new words for old concepts and for new ones; the old lexicon is untouched."""
    base = Lexicon([Concept("drill", "activity", ("drill*",), scope=True)])
    more = base.extended({"drill": ["manoeuvre*"], "hospital_ship": ["医院船"]})
    assert found("manoeuvres with an 醫院船", more) == {"drill", "hospital_ship"}
    assert more.scope == {"drill"}
    assert found("manoeuvres", base) == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Guatemala's Congress votes", {"hidden"}),
        ("the Congress votes", {"congress"}),
        ("Congress hears Guatemala's Congress", {"congress", "hidden"}),
        ("中美洲议会", {"hidden"}),
        ("中美关系", {"us"}),
    ],
)
def test_what_stands_inside_another_name_is_not_meant(text: str, names: set[str]) -> None:
    """A longer name of somebody else hides what it holds, there and nowhere else."""
    hidden = Concept("hidden", "actors", ("guatemala's congress", "中美洲"), hides=True)
    others = (Concept("congress", "actors", ("congress",)), Concept("us", "actors", ("中美",)))
    assert found(text, Lexicon([hidden, *others])) == names


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[x\n", "x.toml"),
        ("[x]\nfr = ['a']\n", "takes en, zh"),
        ("x = 1\n", "takes en, zh"),
        ("[x]\nen = [1]\n", "not a text"),
    ],
)
def test_a_bad_file_is_named(text: str, reason: str) -> None:
    """A slip in a lexicon file is an error that says where."""
    with pytest.raises(LexiconError, match=reason):
        read_concepts("x.toml", text)


def test_a_term_without_letters_is_refused() -> None:
    """A term that can match nothing is a slip."""
    with pytest.raises(LexiconError, match="no letter"):
        Lexicon([Concept("a", "k", ("!!",))])


def test_memory_for_unknown_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream of nonsense does not grow the lexicon for ever, and is still read."""
    monkeypatch.setattr("classifiers.lexicon.REMEMBERED", 3)
    lexicon = Lexicon([Concept("a", "k", ("drill*",))])
    assert [h.start for h in lexicon.find([*(f"w{n}" for n in range(9)), "drills"])] == [9]
    assert [h.start for n in range(9) for h in lexicon.find(["drills", f"x{n}"])] == [0] * 9
    assert len(lexicon._begun) == len(lexicon._edges) == 3
