from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from classifiers import CorpusError, read_corpus
from classifiers.corpus import corpus_hash

if TYPE_CHECKING:
    from pathlib import Path

LINE = {"id": "a", "lang": "en", "title": "T", "summary": "", "themes": ["exercises"], "note": "n"}


def write(folder: Path, *rows: Any) -> Path:
    """Write lines as one corpus file; texts are written as they are."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_lines_become_items(tmp_path: Path) -> None:
    """A good file is read in order, and the classifier sees title and summary."""
    first, second = read_corpus(write(tmp_path, LINE, {**LINE, "id": "b", "themes": []}))
    assert (first.id, first.themes, second.themes) == ("a", ("exercises",), ())
    assert first.text.title == "T"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ([1], "exactly the keys"),
        ({**LINE, "extra": 1}, "exactly the keys"),
        ({**LINE, "title": 1}, "title has the wrong type"),
        ({**LINE, "themes": "exercises"}, "themes has the wrong type"),
        ({**LINE, "title": " "}, "must not be empty"),
        ({**LINE, "lang": "fr"}, "unknown language 'fr'"),
        ({**LINE, "themes": ["drills"]}, "unknown theme 'drills'"),
        ({**LINE, "themes": [["exercises"]]}, "unknown theme"),
        ({**LINE, "themes": ["exercises", "exercises"]}, "named twice"),
        (LINE, "id 'a' was used at x.jsonl:1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: Any, reason: str) -> None:
    """The error says file, line and reason."""
    with pytest.raises(CorpusError, match=reason) as caught:
        read_corpus(write(tmp_path, LINE, row, {**LINE, "id": "z"}))
    assert (caught.value.file, caught.value.line) == ("x.jsonl", 2)
    assert str(caught.value).startswith("x.jsonl:2: ")


def test_an_empty_folder_and_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    """Faults of a whole file have no line."""
    with pytest.raises(CorpusError, match="holds no"):
        read_corpus(tmp_path)
    (tmp_path / "y.jsonl").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CorpusError, match=r"y\.jsonl: ") as caught:
        read_corpus(tmp_path)
    assert caught.value.line == 0


def test_the_hash_follows_the_labels(tmp_path: Path) -> None:
    """A changed label is another corpus; a changed note is not."""
    one = corpus_hash(read_corpus(write(tmp_path, LINE)))
    assert one == corpus_hash(read_corpus(write(tmp_path, {**LINE, "note": "other"})))
    assert one != corpus_hash(read_corpus(write(tmp_path, {**LINE, "themes": []})))
