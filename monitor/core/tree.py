"""A web page as a tree that can be asked by selectors, without what only hostile pages have."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DEPTH = 200
MAX_ATTRIBUTES = 50
"""Of one element; a tree takes time by the square of their number."""
MAX_ELEMENTS = 200_000
_NAME = re.compile(r"[a-zA-Z_][\w.-]{0,99}", re.ASCII)
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Builder:
    """The target of lxml's parser: builds the tree, and leaves out what is beyond reason together with its end."""

    def __init__(self) -> None:
        self._tree = etree.TreeBuilder()
        self._tree.start("page", {})
        self._kept: list[bool] = []
        self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        keep = len(self._kept) < MAX_DEPTH and self._elements < MAX_ELEMENTS and bool(_NAME.fullmatch(tag))
        self._kept.append(keep)
        if keep:
            self._elements += 1
            few = islice(attributes.items(), MAX_ATTRIBUTES)
            self._tree.start(tag, {n: _UNFIT.sub(" ", value or "") for n, value in few if _NAME.fullmatch(n)})

    def end(self, tag: str) -> None:
        if self._kept and self._kept.pop():
            self._tree.end(tag)

    def data(self, text: str) -> None:
        self._tree.data(_UNFIT.sub(" ", text))

    def close(self) -> etree._Element:
        while self._kept:
            self.end("")
        self._tree.end("page")
        return self._tree.close()


def tree_of(page: str) -> etree._Element:
    """Return the page below an element of its own, whatever it is; comments are left out."""
    parser = etree.HTMLParser(target=_Builder(), encoding="utf-8", huge_tree=True)
    # lxml ends at a NUL and cannot read half a surrogate pair; neither is text.
    parser.feed(page.replace("\0", " ").encode("utf-8", "replace"))
    return parser.close()
