"""Why a theme was decided, or nearly, through the command ``strait tag``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from commands import CONFIGURATION, Strait

if TYPE_CHECKING:
    from pathlib import Path


def tagged(tmp_path: Path, **row: str) -> dict[str, Any]:
    """Return what the command says of one item."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    out: dict[str, Any] = json.loads(Strait(tmp_path)("tag", "-", input=json.dumps({"id": 1, **row})).stdout)
    return out


@pytest.mark.parametrize(
    "row",
    [
        {"title": "國防部偵獲共機14架次 9架逾越中線"},
        {"title": "PLA Warplanes Cross the Median Line", "summary": "Taiwan's U.S.-made radars tracked 14 of them."},
        {"title": "A week in Taipei", "text": "Rain fell. On Monday PLA warplanes crossed the median line off Taiwan."},
    ],
)
def test_each_reason_says_where_its_words_stand(tmp_path: Path, row: dict[str, str]) -> None:
    """The spans cut the quoted words out of the text as it was given, in its own script and case."""
    answer = tagged(tmp_path, **row)
    assert "exercises" in answer["themes"]
    quoted = [reason for reason in answer["reasons"]["exercises"] if reason["spans"]]
    assert len(quoted) >= 3
    for reason in quoted:
        for span in reason["spans"]:
            assert f"“{row[span['field']][span['start'] : span['end']]}”" in reason["text"]


def test_a_theme_that_came_near_says_what_it_lacked(tmp_path: Path) -> None:
    """It names what such texts usually have, and the words that spoke against it."""
    titles = ("Rehearsal for parade of Taiwan's army", "Taiwan soldiers in drill for parade", "A rocket passes Taiwan")
    answers = [tagged(tmp_path, title=title) for title in titles]
    near = [doubt for answer in answers for theme, doubt in answer["near"].items() if theme not in answer["themes"]]
    assert near
    for doubt in near:
        assert doubt["missing"]
        assert all(reason["weight"] < 0 for reason in doubt["against"])
