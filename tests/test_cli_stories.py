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
    assert [(row["life"], row["confirmed_by"], row["reports"]) for row in rows] == [
        ("developing", 1, 1),
        ("confirmed", 2, 2),
    ]
    assert [row["headline"] for row in rows][1] == DRILL
    assert rows[1]["publishers"] == ["Publisher 0", "Publisher 1"]
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
    assert [subject.split(": ")[1] for subject in desk.desk.subjects] == [asked, fixed]
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


def test_a_story_is_split_and_joined(strait: Strait, desk: StoryDesk) -> None:
    """By whom stands with each report that went, and in the course of both stories; nobody is told again."""
    desk.report(0, DRILL)
    item = desk.report(1, DRILL + ", again")
    told = desk.told
    assert (
        strait("story", "split", "1", str(item), "--author", "lin").stdout == "story 2: 1 of the reports of story 1\n"
    )
    assert [(row["id"], row["headline"]) for row in strait.json("story", "list")] == [
        (2, DRILL + ", again"),
        (1, DRILL),
    ]
    assert "split from story 1 into story 2, by lin, " in strait("alerts", "explain", str(item)).stdout
    assert strait("story", "join", "2", "1").stdout == "story 2: 2 reports, with those of story 1\n"
    (shown,) = strait.json("story", "show", "1")
    assert (shown["id"], shown["headline"]) == (2, DRILL + ", again")
    acts = [(row["deed"], row["story"], row["other"]) for row in shown["regroupings"]]
    assert acts == [("split", 1, 2), ("join", 2, 1)]
    assert shown["regroupings"][0]["author"] == "lin"
    assert shown["regroupings"][1]["author"]
    assert [(row["story"], row["reason"]) for row in shown["alerts"]] == [(1, "first")]
    text = strait("story", "show", "2").stdout
    assert f"items {item} of story 1 became story 2" in text
    assert f"story 1 went to story 2, items {shown['reports'][0]['item']}" in text
    assert (
        "joined to story 2, with the others of story 1, by"
        in strait("alerts", "explain", str(shown["reports"][0]["item"])).stdout
    )
    desk.round()
    assert desk.told == told


def test_an_alert_about_a_joined_story_has_the_facts_of_what_it_became(strait: Strait, desk: StoryDesk) -> None:
    """The alert itself stays about the story that it was about."""
    desk.report(0, DRILL)
    desk.report(1, COUNTED.replace("the drill", "a drill of firemen"))
    assert [story for story, _, _ in desk.told] == [1, 2]
    strait("story", "join", "1", "2")
    alerts = [strait.json("alerts", "show", row["id"])[0] for row in ({"id": "1"}, {"id": "2"})]
    assert [(alert["story"], [fact["text"] for fact in alert["facts"]]) for alert in alerts] == [
        (1, ["45 aircraft"]),
        (2, ["45 aircraft"]),
    ]


def test_rules_are_tested_on_the_stories_as_they_are_now(strait: Strait, desk: StoryDesk) -> None:
    """What people split makes alerts of its own; what they joined makes one."""
    desk.report(0, DRILL)
    item = desk.report(1, DRILL + ", again")

    def found() -> list[str]:
        return [row["headline"] for row in strait.json("rules", "test", "1d")]

    assert found() == [DRILL]
    strait("story", "split", "1", str(item))
    assert found() == [DRILL, DRILL + ", again"]
    strait("story", "join", "1", "2")
    assert found() == [DRILL]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("split", "1"), "Missing argument 'ITEM...'"),
        (("split", "1", "99"), "no reports of story 1: 99; 'strait story show 1' lists them"),
        (("split", "7", "1"), "there is no story 7"),
        (("join", "1"), "Missing argument 'OTHER'"),
        (("join", "1", "1"), "story 1 cannot be joined to itself"),
        (("join", "1", "7"), "there is no story 7"),
    ],
)
def test_what_cannot_be_mended_is_said(strait: Strait, desk: StoryDesk, arguments: tuple[str, ...], says: str) -> None:
    """With exit code 2, and nothing is kept of it."""
    desk.report(0, DRILL)
    assert says in strait("story", *arguments, code=2).output
    assert strait.json("story", "show", "1")[0]["regroupings"] == []
