from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from classifiers import Item, Text
from classifiers.check import check, main, near_duplicates, templates, too_like, variety_table
from classifiers.labelled import Labelled

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "Ministry counts eleven ships near the outer islands at dawn"
OTHER = "Reservists complain about rusty rifles and cold lunches in Hualien"


def item(name: str, title: str, *themes: str, summary: str = "", lang: str = "en") -> Item:
    """Return an item at a place of its own."""
    return Item(name, lang, title, summary, themes, place=f"x.jsonl:{name}")


def elsewhere(title: str, summary: str = "") -> list[Labelled]:
    """Return one item from elsewhere."""
    return [Labelled("e1", "en", Text(title, summary), ())]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (item("2", TITLE, "exercises"), "x.jsonl:2: 2 is a duplicate of 1 (x.jsonl:1), same labels"),
        (item("2", TITLE.upper() + "!", "exercises"), "duplicate of 1"),
        (item("2", f"{TITLE} and dusk", "exercises"), "same labels"),
        (item("2", TITLE, "exercises", summary="Quite another lead, of many words."), "like (title 1.00) 1"),
        (item("2", TITLE), "labels clash: none and exercises"),
    ],
)
def test_pairs_that_say_the_same_are_named(second: Item, reason: str) -> None:
    """Both places, how much alike, and whether the labels agree."""
    faults, looks = near_duplicates([item("1", TITLE, "exercises"), second, item("3", OTHER)])
    assert len(faults) == 1
    assert reason in str(faults[0])
    assert looks == []


def test_contrasts_are_shown_but_allowed() -> None:
    """Alike in half of their words, with different labels: worth a look; with the same labels: a fault."""
    other = "Ministry counts eleven ships near the Finnish skerries in a Baltic storm"
    faults, looks = near_duplicates([item("1", TITLE, "exercises"), item("2", other)])
    assert faults == []
    assert "labels clash: none and exercises" in str(looks[0])


def test_two_scripts_are_one_text() -> None:
    """A line told again in the other script is a duplicate."""
    pair = [
        item("1", "國防部公布今日臺海周邊動態共機十一架次", lang="zh-Hant"),
        item("2", "国防部公布今日台海周边动态共机十一架次", lang="zh-Hans"),
    ]
    assert "duplicate" in str(near_duplicates(pair)[0][0])


@pytest.mark.parametrize(
    ("title", "summary", "faulty", "near"),
    [
        (TITLE, "", 1, 0),
        ("Eleven ships were seen near the islands, says the ministry", "", 0, 1),
        (OTHER, "Before lunch the ministry counts eleven ships near the outer islands at dawn.", 1, 0),
        (OTHER, "", 0, 0),
    ],
)
def test_lines_like_an_item_from_elsewhere_are_named(title: str, summary: str, faulty: int, near: int) -> None:
    """By their titles, by the whole, or by a run of words; what comes near is shown."""
    faults, looks = too_like([item("1", title, summary=summary)], elsewhere(TITLE), "news.jsonl")
    assert (len(faults), len(looks)) == (faulty, near)
    for finding in faults + looks:
        assert "news.jsonl, item e1" in str(finding)
        assert finding.place == "x.jsonl:1"


def test_a_template_is_named() -> None:
    """Two may meet by chance, the third headline of one frame is a template."""
    made = [item(str(n), f"Ministry slowly counts {n} brown cows before lunch") for n in range(3)]
    assert templates(made[:2]) == []
    (finding,) = templates(made)
    assert "3 headlines fill" in finding.reason
    assert finding.place == "x.jsonl:2"


def test_variety_is_told_beside_that_from_elsewhere() -> None:
    """Language by language, where there is text; on as many headlines and tokens as both have."""
    mine = [item(str(n), f"{TITLE} {n}") for n in range(4)]
    assert [row[0] for row in variety_table(mine)] == ["", "en corpus"]
    rows = variety_table(mine, elsewhere(TITLE))
    assert [row[0] for row in rows] == ["", "en corpus", "en elsewhere"]
    assert rows[1][1] == rows[2][1] == "1"
    assert rows[1][4] == rows[2][4]


def test_the_report_has_every_part() -> None:
    """Coverage, variety, thin cells, what is worth a look, what must be mended."""
    report, faults = check([item("1", TITLE, "exercises"), item("2", TITLE, "exercises")], [("n", elsewhere(OTHER))])
    for part in ("with summary", "en elsewhere", "thin cells", "to mend:", "2 items, wants 3000"):
        assert part in report
    assert len(faults) > 1


def row(name: str, title: str, **more: Any) -> str:
    """Return a line of a corpus."""
    full = {"id": name, "lang": "en", "title": title, "summary": "", "themes": [], "note": ""}
    return json.dumps({**full, **more})


def test_the_command_names_what_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File, line and reason, and exit code 1; a line that cannot be read, here or elsewhere, ends it."""
    (tmp_path / "x.jsonl").write_text(f"{row('a', TITLE)}\n{row('b', TITLE)}\n", encoding="utf-8")
    like = tmp_path / "like.txt"
    like.write_text(row("c", OTHER), encoding="utf-8")
    assert main(["--corpus", str(tmp_path), "--like", str(like)]) == 1
    assert "x.jsonl:2: b is a duplicate of a (x.jsonl:1)" in capsys.readouterr().out
    like.write_text(row("c", OTHER, themes=["drills"]), encoding="utf-8")
    assert main(["--corpus", str(tmp_path), "--like", str(like)]) == 1
    assert "like.txt:1: item c: unknown theme 'drills'" in capsys.readouterr().err


def test_a_good_corpus_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """Exit code 0 when nothing is to mend."""
    monkeypatch.setattr("classifiers.coverage.shortfalls", lambda *_: [])
    (tmp_path / "x.jsonl").write_text(f"{row('a', TITLE)}\n{row('b', OTHER)}\n", encoding="utf-8")
    assert main(["--corpus", str(tmp_path)]) == 0
    assert "2 items, 0 to mend" in capsys.readouterr().out
