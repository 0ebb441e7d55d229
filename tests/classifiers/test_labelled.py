from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import CorpusError
from classifiers.labelled import parse_labelled, read_labelled

if TYPE_CHECKING:
    from pathlib import Path

ROW = {"id": "a", "lang": "en", "title": "T", "themes": ["exercises"]}


def lines(*rows: Any) -> list[tuple[int, str]]:
    """Return rows as numbered lines; texts stay as they are."""
    return list(enumerate((row if isinstance(row, str) else json.dumps(row) for row in rows), 1))


def test_good_lines_become_items() -> None:
    """Other keys are ignored, blank lines passed, a missing language is guessed, a number is an id."""
    more = {"id": 7, "title": "國防部發布臺海周邊動態", "themes": [], "source": "x", "doubtful": True}
    items, faults = parse_labelled(lines({**ROW, "summary": None, "text": "Body"}, "", more), "f")
    assert faults == []
    assert [(i.id, i.lang, i.themes) for i in items] == [("a", "en", ("exercises",)), ("7", "zh-Hant", ())]
    assert (items[0].text.title, items[0].text.summary, items[0].text.text) == ("T", "", "Body")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ([1], "not an object"),
        ({"title": "T", "themes": []}, "no id"),
        ({**ROW, "title": 3}, "item a: title is not a text"),
        ({**ROW, "lang": ["en"]}, "item a: lang is not a text"),
        ({**ROW, "title": ""}, "item a: no title, summary or text"),
        ({"id": 1, "title": "T"}, "item 1: no themes"),
        ({**ROW, "themes": None}, "no themes; an item that carries none says so with []"),
        ({**ROW, "themes": "exercises"}, "themes is not a list of texts"),
        ({**ROW, "themes": [3]}, "themes is not a list of texts"),
        ({**ROW, "themes": ["drills"]}, "unknown theme 'drills'; one of exercises, arms_sales"),
        ({**ROW, "themes": ["coercion", "coercion"]}, "a theme is named twice"),
        ({**ROW, "id": "first"}, "item first: its id was used at line 1"),
    ],
)
def test_a_bad_line_is_named(row: Any, reason: str) -> None:
    """The fault says file, line and reason; the lines around it are kept."""
    items, faults = parse_labelled(lines({**ROW, "id": "first"}, row, {**ROW, "id": "last"}), "x.jsonl")
    assert [item.id for item in items] == ["first", "last"]
    assert len(faults) == 1
    assert (faults[0].file, faults[0].line) == ("x.jsonl", 2)
    assert reason in faults[0].reason


def test_a_file_is_read_strictly(tmp_path: Path) -> None:
    """The first bad line, an empty file, no file and no text are errors that name it."""
    path = tmp_path / "x.jsonl"
    for content, reason in ((b"", "holds no"), (b"{}\n", ":1: no id"), (b"\xff", "cannot be read")):
        path.write_bytes(content)
        with pytest.raises(CorpusError, match=reason):
            read_labelled(path)
    with pytest.raises(CorpusError, match="cannot be read"):
        read_labelled(tmp_path / "none.jsonl")
    path.write_text(json.dumps(ROW), encoding="utf-8")
    assert [item.id for item in read_labelled(path)] == ["a"]
    with pytest.raises(CorpusError, match="one of fishing"):
        read_labelled(path, ["fishing"])


@given(st.lists(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | st.just(ROW)))
def test_no_line_breaks_the_reader(rows: list[Any]) -> None:
    """Every line is an item or a fault."""
    items, faults = parse_labelled([(n, json.dumps(row)) for n, row in enumerate(rows, 1)], "f")
    assert len(items) + len(faults) == len(rows)
