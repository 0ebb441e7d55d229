"""Silences as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from commands import CONFIGURATION, Strait

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def strait(tmp_path: Path) -> Strait:
    """Return the command over a fresh configuration."""
    (tmp_path / "monitor.toml").write_text('timezone = "Asia/Taipei"\n' + CONFIGURATION, encoding="utf-8")
    return Strait(tmp_path)


def test_a_silence_is_added_listed_and_ended(strait: Strait) -> None:
    """With what it mutes, until when, who and why."""
    said = strait(
        "silence", "add", "--rule", "Drills", "--keyword", "漢光", "--until", "6h", "--comment", "yearly", "--by", "lin"
    ).stdout
    assert said.startswith("silence 1: rule Drills, keyword 漢光, until ")
    (row,) = strait.json("silence", "list")
    assert (row["rule"], row["keyword"], row["theme"], row["story"]) == ("Drills", "漢光", "", None)
    assert (row["author"], row["comment"], row["state"]) == ("lin", "yearly", "active")
    assert timedelta(hours=5) < datetime.fromisoformat(row["until"]) - datetime.fromisoformat(row["created"])
    assert strait("silence", "end", "1").stdout == "ended 1\n"
    assert strait.json("silence", "list") == []
    assert [row["state"] for row in strait.json("silence", "list", "--all")] == ["ended"]


def test_a_time_is_local_unless_it_says_otherwise(strait: Strait) -> None:
    """The configured time zone is the desk's."""
    for until in ("2099-05-04T18:00", "2099-05-04T18:00+00:00", "2099-05-04"):
        strait("silence", "add", "--theme", "exercises", "--until", until)
    moments = [datetime.fromisoformat(row["until"]) for row in strait.json("silence", "list")]
    assert moments == [
        datetime(2099, 5, 4, 10, tzinfo=UTC),
        datetime(2099, 5, 4, 18, tzinfo=UTC),
        datetime(2099, 5, 3, 16, tzinfo=UTC),
    ]


def test_the_account_is_the_author(strait: Strait) -> None:
    """Unless another is named."""
    strait("silence", "add", "--story", "7", "--until", "1h")
    (row,) = strait.json("silence", "list")
    assert row["author"]
    assert row["story"] == 7


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "--until", "6h"), "name what to mute: --theme, --rule, --source, --keyword, --story"),
        (("add", "--keyword", " ", "--until", "6h"), "name what to mute"),
        (("add", "--keyword", "x"), "Missing option '--until'"),
        (("add", "--keyword", "x", "--until", "soon"), 'wants a duration such as "6h"'),
        (("add", "--keyword", "x", "--until", "2001-01-01"), "is over already"),
        (("add", "--keyword", "x", "--until", "0s"), "is over already"),
        (("add", "--rule", "Dril", "--until", "6h"), "there is no rule 'Dril'; there are Drills"),
        (("add", "--theme", "drills", "--until", "6h"), "there is no theme 'drills'; there are exercises"),
        (("end", "9"), "there is no silence 9 in force"),
    ],
)
def test_what_is_wrong_is_said(strait: Strait, arguments: tuple[Any, ...], says: str) -> None:
    """With exit code 2, and nothing is muted."""
    assert says in strait("silence", *arguments, code=2).output
    assert strait.json("silence", "list", "--all") == []


def test_several_end_together_or_none(strait: Strait) -> None:
    """One that is not in force leaves the others as they are."""
    for _ in range(2):
        strait("silence", "add", "--keyword", "x", "--until", "6h")
    strait("silence", "end", "1", "9", code=2)
    assert len(strait.json("silence", "list")) == 2
    strait("silence", "end", "1", "2")
    assert "No silences." in strait("silence", "list").stderr
