from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.figures import Answers, interval, resampled, sums


def one_theme(truth: list[bool], chances: list[float], limit: float = 0.5) -> Answers:
    """Return answers about one theme, decided and alerted from *limit* on."""
    said = np.array(chances)[:, None] >= limit
    return Answers(np.array(truth)[:, None], np.array(chances, dtype=float)[:, None], said, said)


TRUTH = [True, False, True, False]


def test_figures_without_ground_are_zero() -> None:
    """Nothing said, nothing true, nothing varied: 0 rather than a division by nothing."""
    total = sums(one_theme([False, False], [0.0, 0.05]))
    for figure in ("precision", "recall", "f1", "alert_precision", "alert_recall", "skill", "ece"):
        assert getattr(total, figure).tolist() == [0.0]
    assert total.pooled_ece == 0.0
    assert sums(one_theme([True, True], [0.5, 0.5])).skill.tolist() == [0.0]


@pytest.mark.parametrize(
    ("chances", "skill", "ece"),
    [([1.0, 0.0, 1.0, 0.0], 1.0, 0.0), ([0.5] * 4, 0.0, 0.0), ([0.95] * 4, -0.81, 0.45), ([0.0] * 4, -1.0, 0.0)],
)
def test_skill_and_calibration_of_known_answers(chances: list[float], skill: float, ece: float) -> None:
    """Perfect answers have skill 1 and no error; the base rate has skill 0; overconfidence shows."""
    total = sums(one_theme(TRUTH, chances))
    assert total.skill[0] == pytest.approx(skill)
    assert total.ece[0] == pytest.approx(ece)
    assert float(total.pooled_ece) == pytest.approx(ece)


@pytest.mark.parametrize(("chance", "where"), [(0.0, 0), (0.1, 0), (0.100001, 1), (0.3, 3), (0.999, 9), (1.0, 9)])
def test_a_probability_falls_into_its_bin(chance: float, where: int) -> None:
    """One tenth to the letter is not above it; one belongs to the last bin."""
    assert sums(one_theme([True], [chance])).counts[0].nonzero()[0].tolist() == [where]


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40))
def test_figures_stay_in_their_bounds(pairs: list[tuple[bool, float]]) -> None:
    """Shares lie between 0 and 1, skill is at most 1, and resamples obey the same rules."""
    answers = one_theme([y for y, _ in pairs], [p for _, p in pairs])
    for total in (sums(answers), resampled(answers, draws=5)):
        for figure in (total.precision, total.recall, total.f1, total.ece, total.pooled_ece):
            assert ((figure >= 0) & (figure <= 1 + 1e-9)).all()
        assert (total.skill <= 1).all()


def test_resamples_spread_around_the_figure() -> None:
    """A share of 300 among 400 varies by about two points; the seed decides the draw."""
    answers = one_theme([True] * 300 + [False] * 100, [0.9] * 400)
    low, high = interval(resampled(answers, draws=2000).precision[:, 0]).tolist()
    assert low == pytest.approx(0.75 - 0.043, abs=0.01)
    assert high == pytest.approx(0.75 + 0.042, abs=0.01)
    assert np.array_equal(resampled(answers, 50).values, resampled(answers, 50).values)
    assert not np.array_equal(resampled(answers, 50).values, resampled(answers, 50, seed=8).values)


def test_many_items_are_resampled_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded, and every part counts."""
    answers = one_theme(TRUTH, [0.9] * 4)
    monkeypatch.setattr("classifiers.figures._CHUNK", 10)
    drawn = resampled(answers, draws=7)
    assert drawn.values.shape[0] == 7
    assert (drawn.predicted == 4).all()
