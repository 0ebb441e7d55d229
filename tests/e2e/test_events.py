"""The newsroom's events are what the other tests take them for: of one theme each, and stories of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, Strait
from newsroom import EVENTS, FEEDS, THEMES

if TYPE_CHECKING:
    from pathlib import Path

ALL = [(theme, title) for theme in THEMES for title in EVENTS[theme]]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Return all events as JSON lines, beside a configuration."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    path = tmp_path / "events.jsonl"
    rows = (json.dumps({"id": number, "title": title}) for number, (_, title) in enumerate(ALL))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_they_are_enough_for_thirty_rounds() -> None:
    """None comes twice."""
    assert len({title for _, title in ALL}) == len(ALL)
    assert all(len(EVENTS[theme]) == 10 * FEEDS for theme in THEMES)


def test_each_has_its_theme(lines: Path, tmp_path: Path) -> None:
    """So that one rule of three wants it; where one in twenty had not, the other tests would still have enough."""
    told = {
        row["id"]: row["themes"] for row in map(json.loads, Strait(tmp_path)("tag", str(lines)).output.splitlines())
    }
    right = [number for number, (theme, _) in enumerate(ALL) if told[number] == [theme]]
    assert len(right) >= 0.95 * len(ALL)


def test_nearly_each_is_a_story_of_its_own(lines: Path, tmp_path: Path) -> None:
    """Likewise, told all at once."""
    stories = [json.loads(line)["story"] for line in Strait(tmp_path)("stories", str(lines)).output.splitlines()]
    assert len(set(stories)) >= 0.95 * len(ALL)
