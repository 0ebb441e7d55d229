"""Labelled items from elsewhere: JSON lines with an id, a text and its themes; other keys are ignored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifiers.errors import CorpusError
from classifiers.model import Text
from classifiers.text import language
from classifiers.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TEXTS = ("title", "summary", "text", "lang")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item and what is true of it."""

    id: str
    lang: str
    text: Text
    themes: tuple[str, ...]


def read_labelled(path: Path | str, themes: Sequence[str] = THEMES) -> list[Labelled]:
    """Read a file of labelled items; raises ``CorpusError`` at the first bad line."""
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(str(path), 0, f"cannot be read ({error})") from error
    items, faults = parse_labelled(enumerate(lines, 1), str(path), themes)
    if faults:
        raise faults[0]
    if not items:
        raise CorpusError(str(path), 0, "holds no labelled item")
    return items


def parse_labelled(
    lines: Iterable[tuple[int, str]], source: str, themes: Sequence[str] = THEMES
) -> tuple[list[Labelled], list[CorpusError]]:
    """Return the items of numbered lines, and what is wrong with the lines that hold none; blank lines are passed."""
    items: list[Labelled] = []
    faults: list[CorpusError] = []
    seen: dict[str, int] = {}
    for number, line in lines:
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            faults.append(CorpusError(source, number, f"no JSON ({error})"))
            continue
        reason = _fault(row, themes, seen)
        if reason:
            faults.append(CorpusError(source, number, reason))
        else:
            seen[str(row["id"])] = number
            items.append(_item(row))
    return items, faults


def _item(row: dict[str, Any]) -> Labelled:
    text = Text(*(row.get(key) or "" for key in _TEXTS))
    lang = text.lang or language(f"{text.title} {text.summary}")
    return Labelled(str(row["id"]), lang, text, tuple(row["themes"]))


def _fault(row: Any, themes: Sequence[str], seen: Mapping[str, int]) -> str:
    """Say what is wrong with a line; empty when nothing is."""
    if not isinstance(row, dict):
        return "not an object"
    if not isinstance(row.get("id"), str | int):
        return "no id"
    wrong = [key for key in _TEXTS if not isinstance(row.get(key, ""), str | None)]
    if wrong:
        reason = f"{wrong[0]} is not a text"
    elif not any(row.get(key) for key in ("title", "summary", "text")):
        reason = "no title, summary or text"
    elif str(row["id"]) in seen:
        reason = f"its id was used at line {seen[str(row['id'])]}"
    else:
        reason = _label_fault(row.get("themes"), themes)
    return reason and f"item {row['id']}: {reason}"


def _label_fault(labels: Any, themes: Sequence[str]) -> str:
    if labels is None:
        return "no themes; an item that carries none says so with []"
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        return "themes is not a list of texts"
    unknown = [label for label in labels if label not in themes]
    if unknown:
        return f"unknown theme {unknown[0]!r}; one of {', '.join(themes)}"
    return "a theme is named twice" if len(set(labels)) < len(labels) else ""
