from __future__ import annotations

from classifiers.tables import aligned, markdown

ROWS = [["theme", "n"], ["a|b", "1,000"]]


def test_rows_become_tables() -> None:
    """Aligned for a terminal; in Markdown with a head, and bars escaped."""
    assert aligned(ROWS) == "theme      n\na|b    1,000"
    assert markdown(ROWS) == "| theme | n |\n| --- | --- |\n| a\\|b | 1,000 |"
