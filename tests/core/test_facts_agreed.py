"""What the reports of a story tell together, and how it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app import extractor
from monitor.core.facts import KINDS
from monitor.core.facts.agreed import agree
from monitor.core.facts.written import agreed_row, summary_line
from monitor.model import Fact, Said

EXTRACTOR = extractor()


def said(*reports: str) -> list[Said]:
    """Return what reports tell, each of an outlet of its own."""
    return [Said(f"Outlet {n}", fact) for n, text in enumerate(reports, 1) for fact in EXTRACTOR.facts(text, "")]


@pytest.mark.parametrize(
    ("reports", "line"),
    [
        (
            ["Taiwan counts 45 jets and seven warships; 28 crossed the median line"],
            "45 aircraft, 28 across the median line, 7 ships",
        ),
        (["Taiwan counts 45 jets", "台灣偵獲共機45架次"], "45 aircraft"),
        (["Taiwan counts 45 jets", "Taiwan counts 43 jets"], "43 to 45 aircraft"),
        (["Taiwan counts more than 70 jets"], "at least 70 aircraft"),
        (["Taiwan counts up to 70 jets"], "up to 70 aircraft"),
        (["Taiwan counts about 70 jets"], "about 70 aircraft"),
        (["Taiwan spots one Chinese warship and 2 drones"], "1 ship, 2 drones"),
        (["US clears $330 million arms sale to Taiwan"], "$330 million (arms sale)"),
        (["行政院拍板1.25兆國防特別預算"], "NT$1.25 trillion (budget)"),
        (["Taiwan signs for 29 HIMARS launchers and Javelins"], "29 HIMARS, Javelin"),
        (["Taiwan to spend 3.3% of GDP on defence"], "3.3 % of GDP"),
        (["Conscripts in Taiwan to serve one year"], "1 year"),
        (["Washington may post 100 to 200 troops in Taiwan"], "100 to 200 troops"),
        (["Nothing happened near Taiwan"], ""),
    ],
)
def test_a_story_in_one_line(reports: list[str], line: str) -> None:
    """The agreed value, or the range; kinds in a fixed order."""
    assert summary_line(agree(said(*reports))) == line


def test_an_outlet_with_several_numbers_counts_once() -> None:
    """Its largest stands for it, so that its own parts make no range."""
    one = agree([Said("A", Fact("aircraft", 12)), Said("A", Fact("aircraft", 30)), Said("B", Fact("aircraft", 30))])
    assert summary_line(one) == "30 aircraft"


def test_who_says_what_is_kept() -> None:
    """For programs: the range, and each telling with its sentence."""
    (fact,) = agree(said("Taiwan counts 45 jets", "Taiwan counts 43 jets"))
    row = agreed_row(fact)
    assert (row["text"], row["kind"], row["low"], row["high"]) == ("43 to 45 aircraft", "aircraft", 43, 45)
    assert [(one["outlet"], one["value"]) for one in row["said"]] == [("Outlet 1", 45), ("Outlet 2", 43)]
    assert row["said"][0]["sentence"] == "Taiwan counts 45 jets"


FACTS = st.builds(
    Fact,
    st.sampled_from(KINDS),
    st.none() | st.integers(0, 10**13) | st.floats(0, 10**6),
    system=st.sampled_from(["HIMARS", "F-16"]),
    currency=st.sampled_from(["USD", "JPY"]),
    unit=st.just("days"),
    approx=st.booleans(),
)


@given(st.lists(st.builds(Said, st.sampled_from("ABC"), FACTS), max_size=12))
def test_any_facts_can_be_said(told: list[Said]) -> None:
    """Nothing is lost by kind, ranges hold, and everything has words."""
    together = agree(told)
    assert {one.fact.kind for one in told} == {one.first.kind for one in together}
    assert all(one.low is None or one.high is None or one.low <= one.high for one in together)
    assert summary_line(together).count(", ") <= 11
