"""Items asked about one by one: what is shown of each, and what the keys do."""

from __future__ import annotations

import string
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import click

from monitor.cli.shared import cell, read_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from monitor.learning import Question

ACCEPT, NONE, SKIP, UNDO, QUIT = "y", "n", "s", "u", "q"
_TAKEN = {ACCEPT, NONE, SKIP, UNDO, QUIT}
THEME_KEYS = "123456789" + "".join(letter for letter in string.ascii_lowercase if letter not in _TAKEN)
ENDS = "\x03\x04"
"""Control C and D."""
HELP = "a theme's key puts it on or off; y or enter: as shown; n: none of them; s: skip; u: undo; q: quit"


class Notebook(Protocol):
    """Where answers are written down, each at once, so that whatever ends the work loses none."""

    def write(self, question: Question, themes: Collection[str]) -> None:
        """Keep an answer."""

    def strike(self, question: Question) -> None:
        """Take an answer back."""


@dataclass(slots=True)
class Interview:
    """A reader's way through the questions. *wrong* counts what was no key."""

    questions: Sequence[Question]
    notebook: Notebook
    answered: int = 0
    skipped: int = 0
    wrong: int = 0
    _at: int = 0
    _on: set[str] = field(default_factory=set)
    _past: list[tuple[bool, set[str]]] = field(default_factory=list)

    def run(self, keys: Iterable[str]) -> None:
        """Go on until the questions or the keys end, or one says so."""
        if not self.questions:
            return
        click.echo(HELP)
        self._turn(0, None)
        for key in keys:
            if key == QUIT:
                return
            self._press(key)
            if self._at == len(self.questions):
                return

    def _press(self, key: str) -> None:
        question = self.questions[self._at]
        themes = dict(zip(THEME_KEYS, question.scores, strict=False))
        if key in themes:
            self._on ^= {themes[key]}
            click.echo(f"  → {self._shown()}")
        elif key in {ACCEPT, "\r", "\n"}:
            self._answer(question, self._on)
        elif key == NONE:
            self._answer(question, set())
        elif key == SKIP:
            self._past.append((False, self._on))
            self.skipped += 1
            self._turn(self._at + 1, None)
        elif key == UNDO:
            self._undo()
        else:
            self.wrong += 1
            click.echo(f"  {cell(key) or '?'} is no key here; {HELP}", err=True)

    def _answer(self, question: Question, themes: set[str]) -> None:
        self.notebook.write(question, themes)
        self._past.append((True, set(themes)))
        self.answered += 1
        click.echo(f"  kept: {', '.join(sorted(themes)) or 'none'}")
        self._turn(self._at + 1, None)

    def _undo(self) -> None:
        if not self._past:
            click.echo("  nothing to undo", err=True)
            return
        kept, themes = self._past.pop()
        if kept:
            self.notebook.strike(self.questions[self._at - 1])
        self.answered -= kept
        self.skipped -= not kept
        self._turn(self._at - 1, themes)

    def _turn(self, place: int, themes: set[str] | None) -> None:
        self._at = place
        if place == len(self.questions):
            return
        question = self.questions[place]
        self._on = set(question.themes) if themes is None else set(themes)
        for line in told(question, f"{place + 1}/{len(self.questions)}"):
            click.echo(line)
        click.echo(f"  → {self._shown()}")

    def _shown(self) -> str:
        return ", ".join(theme for theme in self.questions[self._at].scores if theme in self._on) or "none"


def told(question: Question, place: str) -> Iterator[str]:
    """Yield an item as lines: where it comes from, its text, its link, and how the model sees it."""
    item = question.item
    yield ""
    yield f"{place}  {cell(item.outlet)}, {item.when:%Y-%m-%d %H:%M} UTC{', ' + item.lang if item.lang else ''}"
    yield click.style(cell(item.title), bold=True)
    if item.summary:
        yield cell(item.summary)[:600]
    if item.url:
        yield cell(item.url)
    for key, (theme, score) in zip(THEME_KEYS, question.scores.items(), strict=False):
        words = ", ".join(f"{cell(text)} {weight:+.1f}" for text, weight in question.reasons.get(theme, ())[:4])
        doubted = "?" if theme in question.doubtful else " "
        lacks = ", ".join(map(cell, question.lacks.get(theme, ())))
        yield f"  {key} {theme:16}{score:5.2f} {doubted} {words}{f'; lacks {lacks}' * bool(lacks)}".rstrip()


def keys() -> Iterator[str]:
    """Yield keys as they are pressed; when input is piped, the characters of each line, an empty one being enter."""
    if not sys.stdin.isatty():
        with read_lines("-") as lines:
            for _, line in lines:
                yield from line.strip().lower() or "\n"
        return
    while True:
        try:
            pressed = click.getchar()
        except (EOFError, KeyboardInterrupt):
            return
        # Keys that come fast arrive together; an arrow is one key of several characters.
        for key in [pressed] if pressed.startswith("\x1b") else pressed.lower():
            if key in ENDS:
                return
            yield key
