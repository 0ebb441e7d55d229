"""The labelled corpus: read strictly, so that a slip in a line is an error with its place."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifiers.errors import CorpusError
from classifiers.model import Text
from classifiers.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES = ("en", "zh-Hant", "zh-Hans")
_KEYS = {"id", "lang", "title", "summary", "themes", "note"}


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled line."""

    id: str
    lang: str
    title: str
    summary: str
    themes: tuple[str, ...]
    note: str = ""
    place: str = field(default="", compare=False)
    """The file and the line it stands in."""

    @property
    def text(self) -> Text:
        """Return what the classifier is shown of it."""
        return Text(self.title, self.summary, lang=self.lang)


def read_corpus(folder: Path | str, themes: Sequence[str] = THEMES) -> list[Item]:
    """Read every ``*.jsonl`` file of a folder in the order of names; raises ``CorpusError`` at the first bad line."""
    paths = sorted(Path(folder).glob("*.jsonl"))
    if not paths:
        raise CorpusError(str(folder), 0, "holds no .jsonl file")
    items: list[Item] = []
    seen: dict[str, str] = {}
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            item = _item(path.name, number, line, themes)
            if item.id in seen:
                raise CorpusError(path.name, number, f"id {item.id!r} was used at {seen[item.id]}")
            seen[item.id] = item.place
            items.append(item)
    return items


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path.name, 0, str(error)) from error


def _item(file: str, number: int, line: str, themes: Sequence[str]) -> Item:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise CorpusError(file, number, f"not JSON: {error}") from error
    reason = _fault(row, themes)
    if reason:
        raise CorpusError(file, number, reason)
    return Item(**{**row, "themes": tuple(row["themes"])}, place=f"{file}:{number}")


def _fault(row: Any, themes: Sequence[str]) -> str:
    """Say what is wrong with a line; empty when nothing is."""
    if not isinstance(row, dict) or set(row) != _KEYS:
        return f"not an object with exactly the keys {', '.join(sorted(_KEYS))}"
    texts = {k: row[k] for k in ("id", "lang", "title", "summary", "note")}
    wrong = [k for k, v in texts.items() if not isinstance(v, str)]
    if wrong or not isinstance(row["themes"], list):
        return f"{', '.join(wrong) or 'themes'} has the wrong type"
    if not row["id"] or not row["title"].strip():
        return "id and title must not be empty"
    if row["lang"] not in LANGUAGES:
        return f"unknown language {row['lang']!r}; one of {', '.join(LANGUAGES)}"
    unknown = [t for t in row["themes"] if t not in themes]
    if unknown or len(set(map(str, row["themes"]))) < len(row["themes"]):
        return f"unknown theme {unknown[0]!r}; one of {', '.join(themes)}" if unknown else "a theme is named twice"
    return ""


def corpus_hash(items: Sequence[Item]) -> str:
    """Return a hash of every item."""
    total = hashlib.sha256()
    for item in items:
        total.update(repr((item.id, item.lang, item.title, item.summary, item.themes)).encode())
    return total.hexdigest()
