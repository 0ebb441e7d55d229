from __future__ import annotations

import numpy as np
import pytest

from classifiers import THEMES, Item, Scored
from classifiers.evaluate import evaluate


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
    assert row.rate == 0.5
    assert report.slices["en"][0].recall == 1.0
    assert report.slices["zh"][0].recall == 0.0
    assert report.f1("zh", ["us_policy"]) == 1.0
    assert (report.totals["all"].items, report.totals["all"].tagged) == (4, 2)
    assert report.totals["all"].core_f1 == pytest.approx(report.f1())


def test_a_language_without_items_has_no_slice() -> None:
    """Nothing is told of what was not measured; other languages count in the whole."""
    assert set(evaluate(ITEMS[:2], ANSWERS[:2]).slices) == {"all", "en"}
    assert set(evaluate([item("other")], ANSWERS[:1]).slices) == {"all"}


def test_alerts_have_thresholds_of_their_own() -> None:
    """What was decided need not be alerted; a theme without a known threshold never alerts."""
    row = evaluate(ITEMS, ANSWERS, alert_thresholds={"exercises": 0.85}).slices["all"][0]
    assert (row.predicted, row.alerts, row.alert_precision, row.alert_recall) == (2, 1, 1.0, 0.5)
    assert evaluate(ITEMS, ANSWERS).slices["all"][0].alerts == 0


def test_resamples_give_intervals() -> None:
    """Each figure lies within its interval, the same run after run; without draws there are none."""
    report = evaluate(ITEMS * 20, ANSWERS * 20, draws=200)
    row, total = report.slices["all"][0], report.totals["all"]
    for name in ("precision", "recall", "f1", "skill"):
        low, high = row.intervals[name]
        assert low < getattr(row, name) < high
    assert total.intervals["core_f1"][0] <= total.core_f1 <= total.intervals["core_f1"][1]
    assert report == evaluate(ITEMS * 20, ANSWERS * 20, draws=200)
    assert evaluate(ITEMS, ANSWERS).slices["all"][0].intervals == {}


def test_reliability_counts_every_answer_once() -> None:
    """Ten bins over all themes: how many answers, their mean probability, how many of them true."""
    bins = evaluate(ITEMS, ANSWERS).reliability["all"]
    assert sum(b.answers for b in bins) == len(ITEMS) * len(THEMES)
    assert (bins[8].answers, bins[8].chance, bins[8].share) == (1, pytest.approx(0.8), 0.0)
    assert (bins[9].answers, bins[9].share) == (2, 1.0)


def test_themes_are_those_of_the_answers() -> None:
    """A classifier with other themes is measured on these."""
    report = evaluate([item("en", "fishing")], [Scored({"fishing": 0.7}, ("fishing",))])
    assert [row.theme for row in report.slices["all"]] == ["fishing"]
    assert report.totals["all"].core_f1 == 1.0


@pytest.mark.parametrize(("items", "answers"), [(ITEMS, ANSWERS[:1]), ([], [])])
def test_unequal_and_empty_lists_are_refused(items: list[Item], answers: list[Scored]) -> None:
    """An answer for each item, or the figures mean nothing."""
    with pytest.raises(ValueError, match="one for each"):
        evaluate(items, answers)


def test_figures_agree_with_the_plain_definitions() -> None:
    """On drawn answers, core F1, Brier skill and calibration error are what a simple loop makes of them."""
    rng = np.random.default_rng(5)
    items = [item("en", *(t for t in THEMES if rng.random() < 0.3)) for _ in range(300)]
    answers = [answer(**{t: float(rng.random()) for t in THEMES}) for _ in items]
    report = evaluate(items, answers)
    pairs = [(a.scores["coercion"], "coercion" in i.themes) for i, a in zip(items, answers, strict=True)]
    rate = sum(y for _, y in pairs) / len(pairs)
    skill = 1 - sum((p - y) ** 2 for p, y in pairs) / (len(pairs) * rate * (1 - rate))
    assert report.slices["all"][THEMES.index("coercion")].skill == pytest.approx(skill)
    high = [(a.scores[t], t in i.themes) for i, a in zip(items, answers, strict=True) for t in THEMES]
    high = [(p, y) for p, y in high if p > 0.1]
    bins: dict[int, list[float]] = {}
    for p, y in high:
        bins.setdefault(min(9, int(p * 10)), []).append(p - y)
    assert report.totals["all"].ece == pytest.approx(sum(abs(sum(gaps)) for gaps in bins.values()) / len(high))
