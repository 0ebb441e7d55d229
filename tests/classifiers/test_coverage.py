from __future__ import annotations

import pytest

from classifiers import CORE, THEMES, Item, coverage, lexicon

TERMS = lexicon.builtin()


def items(count: int, *themes: str, lang: str = "en", title: str = "Nothing much", summary: str = "") -> list[Item]:
    """Return so many items of a kind."""
    return [Item(f"{lang}{n}", lang, title, summary, themes) for n in range(count)]


def test_the_table_counts_every_cell() -> None:
    """By theme: language and summary, alone or not, the share of Chinese; then the whole, and how near the rest is."""
    corpus = [
        *items(2, "exercises"),
        *items(1, "exercises", "coercion", lang="zh-Hant", summary="有"),
        *items(1, title="Taiwan film wins prize"),
        *items(3, lang="zh-Hans"),
    ]
    rows = {row[0]: row[1:] for row in coverage.table(corpus, TERMS)}
    assert rows["exercises"] == ["3", "2", "0", "0", "1", "0", "0", "2", "1", "33%"]
    assert rows["coercion"] == ["1", "0", "0", "0", "1", "0", "0", "0", "1", "100%"]
    assert rows["trade_chips"][-1] == "-"
    assert rows["all"] == ["7", "3", "0", "0", "1", "3", "0", "", "", "57%"]
    assert rows["no theme, near one"][0] == "1"
    assert rows["no theme, near one"][-1] == "25%"
    assert len({len(row) for row in rows.values()}) == 1


@pytest.mark.parametrize(
    ("title", "near"),
    [
        ("Taipei opens a new library", True),
        ("Warships begin live-fire drill in the Baltic", True),
        ("Baker wins prize for sourdough", False),
    ],
)
def test_what_comes_near_a_theme(title: str, *, near: bool) -> None:
    """It names Taiwan, or what a theme is about; an item with a theme is no negative at all."""
    assert bool(coverage.hard(items(1, title=title), TERMS)) == near
    assert coverage.hard(items(1, "coercion", title=title), TERMS) == []


def test_thin_cells_are_named() -> None:
    """Theme, language, form and count of each; an item without themes has none beside it."""
    full = items(coverage.THIN, "exercises", summary="s")
    cells = coverage.thin(full)
    assert "exercises, en, with summary, alone: 5" not in " ".join(cells)
    assert "exercises, en, title only, with others: 0" in cells
    assert not any("no theme" in cell and "with others" in cell for cell in cells)


def test_nothing_is_missed_in_a_whole_corpus() -> None:
    """Enough of each theme, of all, of Chinese, of items that come near."""
    corpus = [i for t in CORE for i in items(300, t, lang="zh-Hans")]
    corpus += [i for t in THEMES if t not in CORE for i in items(150, t)]
    corpus += [*items(800, title="Rain"), *items(800, title="Taiwan rain")]
    missed = "800 of 1600 items without a theme come near one, wants more than half"
    assert coverage.shortfalls(corpus, TERMS) == ["900 of 3100 items are Chinese, wants a third", missed]
    assert coverage.shortfalls([*corpus, *items(300, title="Taiwan snow", lang="zh-Hant")], TERMS) == []


def test_what_the_whole_lacks_is_named() -> None:
    """Each shortfall with what there is and what is wanted."""
    reasons = coverage.shortfalls([*items(1, "exercises"), *items(1)], TERMS)
    assert "exercises: 1 items, wants 300" in reasons
    assert "trade_chips: 0 items, wants 150" in reasons
    assert "2 items, wants 3000" in reasons
    assert "0 of 2 items are Chinese, wants a third" in reasons
    assert "0 of 1 items without a theme come near one, wants more than half" in reasons
