"""What an edit of a report means."""

from __future__ import annotations

import pytest
from samples import article, story

from monitor.core.edits import is_correction, revised


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("45 jets near the island", ""), ("25 jets near the island", ""), True),
        (("Jets near the island", ""), ("Correction: jets near the strait", ""), True),
        (("Jets near the island", "A"), ("Jets near the island", "A. This report corrects the number."), True),
        (("共機擾台", ""), ("更正：共機未擾台", ""), True),
        (("Minister retracts remark", ""), ("Minister retracts remark on strait", ""), False),
        (("Jets near the island", "At 9 a.m."), ("Jets near the island", "At 9 a.m. Updated at 10."), False),
        (("Jets near the island", ""), ("Jets come near the island", ""), False),
        (("Breaking: jets", ""), ("Breaking: jets, ships", "More follows"), False),
        (("４５ jets", ""), ("45 jets", ""), False),
    ],
)
def test_a_correction_says_so_or_counts_otherwise(
    before: tuple[str, str], after: tuple[str, str], *, expected: bool
) -> None:
    """Another wording, or more text, is none; nor is a word that stood there before."""
    assert is_correction(*before, *after) is expected


def test_a_storys_headline_follows_the_report_that_it_came_from() -> None:
    """An edit of another report changes its title among the sources alone; themes and scores only grow."""
    first, second = article("45 jets"), article("45 jets seen", themes=("us_policy",), scores={"us_policy": 0.8})
    known = story(first, second)
    lead = revised(known, article("25 jets", "Now", scores={"exercises": 0.5, "coercion": 0.7}), "45 jets")
    assert (lead.headline, lead.summary, lead.sources[0].title) == ("25 jets", "Now", "25 jets")
    assert lead.scores == {"exercises": 0.9, "us_policy": 0.8, "coercion": 0.7} | {
        "us_policy": known.scores["us_policy"]
    }
    other = revised(known, article("46 jets seen"), "45 jets seen")
    assert other.headline == "45 jets"
    assert len(other.sources) == len(known.sources)
