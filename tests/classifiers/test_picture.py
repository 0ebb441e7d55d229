from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from classifiers.evaluate import Bin
from classifiers.picture import WIDTH, chart, svg, wilson

BINS = [Bin(n / 10, (n + 1) / 10, 0 if n == 4 else 10 * (n + 1), n / 10 + 0.05, n / 10) for n in range(10)]


def test_the_chart_has_a_line_for_each_bin() -> None:
    """The bar is as long as the share that came true, the mark stands where the probability put it."""
    head, *lines = chart(BINS).splitlines()
    assert "answers" in head
    assert len(lines) == 10
    assert lines[4].split() == ["0.4", "to", "0.5", "0"]
    bar = lines[8].split()[-1]
    assert (len(bar), bar.count("█"), bar.index("|")) == (WIDTH, 32, 34)


def test_the_picture_is_a_small_svg() -> None:
    """Well-formed, a dot for each bin that holds answers, the title escaped."""
    text = svg(BINS, 'a < b & "c"')
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert root.tag.endswith("svg")
    assert len(root.findall("{*}circle")) == 9
    assert any(node.text == 'a < b & "c"' for node in root.iter())
    assert len(text) < 8_000


@pytest.mark.parametrize(("share", "count"), [(0.0, 5), (1.0, 5), (0.5, 10)])
def test_an_interval_of_a_share_holds_it(share: float, count: int) -> None:
    """Also at the ends, where few answers are no certainty."""
    low, high = wilson(share, count)
    assert 0 <= low <= share <= high <= 1
    assert high - low > 0.3
