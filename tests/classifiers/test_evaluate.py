from __future__ import annotations

import numpy as np
import pytest

from classifiers import THEMES, Item, Scored
from classifiers.evaluate import brier_skill, calibration_error, evaluate, precision_recall_f1


def item(lang: str, *themes: str) -> Item:
    """Return an item with these labels."""
    return Item("i", lang, "t", "", themes)


def answer(**scores: float) -> Scored:
    """Return an answer that decides from one half on."""
    full = {t: scores.get(t, 0.0) for t in THEMES}
    return Scored(full, tuple(t for t, p in full.items() if p >= 0.5))


ITEMS = [item("en", "exercises"), item("en"), item("zh-Hant", "exercises", "us_policy"), item("zh-Hans")]
ANSWERS = [answer(exercises=0.9), answer(exercises=0.8), answer(exercises=0.2, us_policy=1.0), answer()]


def test_figures_are_told_per_theme_and_language() -> None:
    """Counts and figures follow from the pairs, over all and over each language."""
    report = evaluate(ITEMS, ANSWERS)
    row = report.slices["all"][0]
    assert (row.theme, row.gold, row.predicted) == ("exercises", 2, 2)
    assert (row.precision, row.recall, row.f1) == (0.5, 0.5, 0.5)
    assert report.slices["en"][0].recall == 1.0
    assert report.slices["zh"][0].recall == 0.0
    assert report.f1("zh", ["us_policy"]) == 1.0


def test_the_table_has_a_line_for_each_theme() -> None:
    """The text names slices, themes and figures."""
    table = evaluate(ITEMS[:2], ANSWERS[:2]).table()
    assert "en: 2 items, core F1" in table
    assert "zh" not in table
    assert all(theme in table for theme in THEMES)


def test_unequal_lists_are_refused() -> None:
    """An answer for each item, or the figures mean nothing."""
    with pytest.raises(ValueError, match="zip"):
        evaluate(ITEMS, ANSWERS[:1])


def test_figures_without_ground_are_zero() -> None:
    """Nothing said, nothing true, nothing varied: 0 rather than a division by nothing."""
    none = np.array([False, False])
    assert precision_recall_f1(none, none) == (0.0, 0.0, 0.0)
    assert brier_skill(none, np.array([0.5, 0.5])) == 0.0
    assert calibration_error(none, np.array([0.0, 0.05])) == 0.0


def test_skill_and_calibration_of_known_answers() -> None:
    """Perfect answers have skill 1 and no error; the base rate has skill 0; overconfidence shows."""
    truth = np.array([True, False, True, False])
    assert brier_skill(truth, truth.astype(float)) == 1.0
    assert brier_skill(truth, np.full(4, 0.5)) == 0.0
    assert calibration_error(truth, truth.astype(float)) == 0.0
    assert calibration_error(truth, np.full(4, 0.95)) == pytest.approx(0.45)
