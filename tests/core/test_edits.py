"""What an edit of a report means."""

from __future__ import annotations

import pytest

from monitor.core.edits import is_correction


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
