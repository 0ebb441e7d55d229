"""Markup to text, by lxml's event parser: no tree is built, so hostile depth and size cost no more than reading."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_MARKUP = 100_000
_SILENT = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title"})
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
# Direction overrides can make a headline read as another; zero-width spaces and marks hide in words.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class _Text:
    """Collects what a reader would see; the target of lxml's parser."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._silent: list[str] = []

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag not in _INLINE:
            self._parts.append("\n")

    def end(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()
        elif tag not in _INLINE:
            self._parts.append("\n")

    def data(self, text: str) -> None:
        if not self._silent:
            # A line break in the source is a space; only elements make lines.
            self._parts.append(text.replace("\n", " "))

    def close(self) -> str:
        return "".join(self._parts)


def text_of(markup: str, limit: int) -> str:
    """Return the visible text, at most *limit* characters: one line for each block, spaces collapsed."""
    markup = markup[:_MAX_MARKUP]
    if "<" in markup or "&" in markup:
        markup = _visible(markup)
    lines = (one_line(line) for line in re.split(r"[\r\n]+", markup))
    return cut("\n".join(line for line in lines if line), limit)


def _visible(markup: str) -> str:
    parser = etree.HTMLParser(target=_Text(), encoding="utf-8", huge_tree=True)
    # lxml ends at a NUL and cannot read half a surrogate pair; neither is text.
    parser.feed(markup.replace("\0", " ").encode("utf-8", "replace"))
    return str(parser.close())


def one_line(text: str) -> str:
    """Return the text as one line without control and direction characters."""
    text = _INVISIBLE.sub("", text)
    return (
        " ".join("".join(" " if _is_control(c) else c for c in text).split())
        if not text.isprintable()
        else " ".join(text.split())
    )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def cut(text: str, limit: int) -> str:
    """Return the text, cut to a length with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
