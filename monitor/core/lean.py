"""Leave out of an item what nobody reads: categories, pictures, and the text beside a summary.

feedparser takes its time for every element, and of a usual item half the elements say nothing that is kept. Those are
taken out before it sees them where that changes nothing of the rest: each is an element of its own without others in
it, of a short list of names, and what it would have set stands for nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

UNREAD = frozenset({"category", "comments", "media:content", "media:thumbnail", "slash:comments", "wfw:commentRss"})
"""Elements that set nothing of an entry that is kept, as they are written."""
_SUMMARY, _TEXT = "description", "content:encoded"
_SUMMARIES = frozenset(
    {"description", "abstract", "info", "browserfriendly", "summary", "content", "encoded", "fullitem", "body"}
)
"""The local names of all that feedparser may take for a summary."""
_HIDDEN = re.compile(rb"<!--|<\?")
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|&[^;\s]{0,12};|<[^>]*>")
_WORD = re.compile(r"\w")


@dataclass(slots=True)
class Child:
    """An element that stands in an item, and where."""

    name: str
    attributes: Mapping[str, str]
    start: int
    inner: int = 0
    """Where its text ends."""
    end: int = 0
    leaf: bool = True
    """It holds no other element."""


def ending(item: bytes, child: Child, at: int) -> None:
    """Note where a child's end was met: at its closing tag or, of one that is empty, right behind it."""
    closes = item.startswith(f"</{child.name}".encode(), at)
    child.inner, child.end = at, item.find(b">", at) + 1 if closes else at


def lean(item: bytes, children: Sequence[Child], names: Collection[str]) -> bytes:
    """Return a plain item without what is not read; *names* are the local names of all elements within it."""
    unread = [child for child in children if child.leaf and child.name in UNREAD]
    text = _beside_summary(item, children, names)
    parts, at = [], 0
    for child in sorted([*unread, *text], key=lambda child: child.start):
        parts.append(item[at : child.start])
        at = child.end
    return b"".join([*parts, item[at:]])


def _beside_summary(item: bytes, children: Sequence[Child], names: Collection[str]) -> list[Child]:
    """Return the text of an article that stands after its summary, where nothing else could be either."""
    found = [child for child in children if child.name in (_SUMMARY, _TEXT)]
    if [child.name for child in found] != [_SUMMARY, _TEXT] or any(child.attributes for child in found):
        return []
    summary, text = found
    alone = sum(name in _SUMMARIES for name in names) == 2
    if not alone or not text.leaf:
        return []
    said = item[summary.start + len(f"<{_SUMMARY}>") : summary.inner]
    return [text] if not _HIDDEN.search(said) and _WORD.search(_MARKUP.sub(" ", said.decode())) else []
