"""Stories as people see and mend them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, Strait
from storydesk import COUNTED, DRILL, HOUR, StoryDesk

from monitor.app import clock
from monitor.edges.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def strait(tmp_path: Path) -> Strait:
    """Return the command over a fresh configuration."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    return Strait(tmp_path)


@pytest.fixture
def desk(strait: Strait) -> Iterator[StoryDesk]:
    """Return a desk over the command's database, half a day ago."""
    store = Store(f"sqlite:///{strait.home}/strait.db")
    store.upgrade()
    yield StoryDesk(store, at=clock() - timedelta(hours=12))
    store.close()


def test_stories_are_listed_with_their_life(strait: Strait, desk: StoryDesk) -> None:
    """Those reported since a time, the latest first; a day if none is named."""
    assert strait.json("story", "list") == []
    desk.report(0, DRILL)
    desk.report(1, DRILL + ", again")
    desk.report(0, "Taipei seeks new arms from abroad")
    rows = strait.json("story", "list")
    assert [(row["life"], row["publishers"], row["reports"]) for row in rows] == [
        ("developing", 1, 1),
        ("confirmed", 2, 2),
    ]
    assert [row["headline"] for row in rows][1] == DRILL
    assert strait.json("story", "list", "--since", "8h") == []
    assert len(strait.json("story", "list", "--since", "2d", "--limit", "1")) == 1
    text = strait("story", "list").stdout
    assert "confirmed" in text
    assert DRILL in text


def test_a_storys_course_is_shown(strait: Strait, desk: StoryDesk) -> None:
    """The first report, the best headline, who confirms, the facts, and in order of time what was told of it when."""
    asked = "How come Taiwan counts 45 Chinese warplanes in the drill near the island?"
    ids = [desk.report(0, asked), desk.report(1, COUNTED, "count"), desk.report(3, COUNTED + ", ministry says")]
    assert set(desk.stories().values()) == {1}
    fixed = COUNTED.replace("45", "25")
    desk.report(1, fixed, "count", after=7 * HOUR)
    (shown,) = strait.json("story", "show", "1")
    assert (shown["id"], shown["life"], shown["headline"]) == (1, "corrected", fixed)
    assert (shown["first_report"]["outlet"], shown["first_report"]["headline"]) == ("Outlet 0", asked)
    assert (shown["publishers"], shown["official"]) == (["Publisher 0", "Publisher 1", "Publisher 3"], ["Outlet 3"])
    assert [fact["text"] for fact in shown["facts"]] == ["25 to 45 aircraft"]
    assert [row["item"] for row in shown["reports"]] == ids
    assert [(e["correction"], e["before"]) for row in shown["reports"] for e in row["edits"]] == [(True, COUNTED)]
    assert [row["reason"] for row in shown["alerts"]] == ["first", "corrected"]
    text = strait("story", "show", "1").stdout
    assert text.startswith(f"story 1, corrected: {fixed}\n")
    table = [line.split("\t") for line in text.split("\n\n")[1].splitlines()[1:]]
    assert [row[1] for row in table] == ["report", "alert", "report", "report", "correction", "alert"]
    assert [row[4] for row in table if row[1] in {"report", "correction"}] == [
        asked,
        COUNTED,
        COUNTED + ", ministry says",
        fixed,
    ]
    assert "there is no story 9; 'strait story list' shows" in strait("story", "show", "9", code=2).stderr
