"""What ``strait alerts explain`` says: for each rule what was there and what it wants, or who muted it until when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, DRILL, Strait
from newsroom import Newsroom, newsroom

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

RULES = """
[[rules]]
name = "Two publishers"
themes = ["exercises"]
min_publishers = 2
channels = ["terminal"]
[[rules]]
name = "Many aircraft"
themes = ["exercises"]
facts = { aircraft = ">= 20" }
channels = ["terminal"]
"""


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """Return a newsroom of three feeds."""
    with newsroom() as served:
        yield served


@pytest.fixture
def strait(tmp_path: Path, room: Newsroom) -> Strait:
    """Return the command over rules that differ, after a silent first poll of one feed."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION + RULES, encoding="utf-8")
    command = Strait(tmp_path)
    command("feeds", "add", f"{room.url}/0", "--outlet", "Outlet 0", "--kind", "press")
    command("run", "--once")
    return command


def explained(strait: Strait, title: str) -> tuple[str, dict[str, object]]:
    """Return what the command says of an item: in words, and what was compared by rule."""
    (item,) = [str(row["id"]) for row in strait.json("items") if row["title"] == title]
    rows = strait.json("alerts", "explain", item)
    return strait("alerts", "explain", item).stdout, {row["rule"]: row["compared"] for row in rows}


def test_it_says_what_was_compared(strait: Strait, room: Newsroom) -> None:
    """In words for people, as values for programs."""
    room.items[0].insert(0, DRILL.replace("drill", "drill with 12 aircraft"))
    strait("run", "--once", "--force")
    words, compared = explained(strait, room.items[0][0])
    assert compared["Two publishers"] == {"publishers": 1, "wants": 2}
    assert "publishers 1, wants 2" in words
    assert "aircraft 12, wants aircraft >= 20" in words


def test_it_names_the_silence(strait: Strait, room: Newsroom) -> None:
    """With who muted it and why."""
    strait("silence", "add", "--rule", "Drills", "--until", "6h", "--comment", "yearly", "--by", "lin")
    room.items[0].insert(0, DRILL)
    strait("run", "--once", "--force")
    words, compared = explained(strait, DRILL)
    assert compared["Drills"]["silence"] == 1  # type: ignore[index] # values by name
    assert "by lin, comment yearly" in words


def test_an_item_without_an_address_shows_none(strait: Strait, room: Newsroom) -> None:
    """No comma is left over."""
    words, _ = explained(strait, room.items[0][0])
    assert words.splitlines()[1].endswith(" UTC")


@pytest.mark.parametrize("stored", [True, False])
def test_rules_that_ask_for_figures_are_tested_too(
    strait: Strait, room: Newsroom, tmp_path: Path, stored: bool
) -> None:
    """Over stored items and over a file; a figure that grew is told again where the rule does not wait."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION + RULES + 'repeat = "0s"\n', encoding="utf-8")
    titles = [DRILL.replace("drill", f"drill with {count} aircraft") for count in (24, 31)]
    for title in titles:
        room.items[0].insert(0, title)
        strait("run", "--once", "--force")
    lines = "\n".join(json.dumps({"id": n, "title": title, "source": "One"}) for n, title in enumerate(titles))
    rows = strait.json("rules", "test", "1d") if stored else _rows(strait("rules", "test", "-", "--json", input=lines))
    told = [row["reason"] for row in rows if row["rule"] == "Many aircraft"]
    sent = [row["reason"] for row in reversed(strait.json("alerts", "list")) if row["rule"] == "Many aircraft"]
    assert told == sent
    assert "first" in sent


def _rows(result: Result) -> list[dict[str, str]]:
    return [json.loads(line) for line in result.stdout.splitlines()]
