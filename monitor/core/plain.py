"""Which items leave no trace in feedparser, so that what comes after them reads the same without them.

feedparser keeps some thirty flags and stacks while it reads. An item sets and clears them; whether all are as before
at its end depends on how its elements nest. The rules here are stricter than need be: an item that breaks one is merely
read at every poll.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.parsers import expat

from monitor.core.feedxml import HANDLED, NAMESPACES
from monitor.core.lean import Child, ending, lean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Pairs = frozenset[tuple[str, str]]
"""Prefixes and the namespaces they are declared for."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ITEMS_IN = (["rss", "channel"], ["rss"], ["rdf"], ["rdf", "channel"], ["feed"])
_RDF_KINDS = frozenset({"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"})
_MEDIA = {
    ("media", uri)
    for uri in ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss", "http://www.rssboard.org/media-rss")
}
_CUT = "strait-cut"
"""The instruction that stands for an item while the head is looked at."""

_TEXTS = _names(
    "title subtitle tagline rights copyright description abstract info browserfriendly summary content encoded fullitem"
    " body"
)
"""Elements within which markup counts as text, while the ends of known elements in it still take effect."""
_TYPES = frozenset({"", "text", "html", "xhtml", "text/plain", "text/html", "application/xhtml+xml"})
_XHTML = frozenset({"xhtml", "application/xhtml+xml"})
_NEVER = frozenset({"item", "entry", "channel", "feed", "rss", "rdf", "textinput", "svg", "math", "chapters"})
_PERSON = _names("name uri url email homepage image")
_MEDIA_PARTS = _names(
    "title description thumbnail credit category keywords rating copyright license restriction player"
)
_CONTAINERS: Mapping[str, frozenset[str]] = {
    "author": _PERSON,
    "contributor": _PERSON,
    "owner": _PERSON,
    "source": _PERSON | _names("title subtitle id link updated published rights icon logo author category"),
    "category": frozenset({"category"}),
    "group": _MEDIA_PARTS | {"media:content"},
    "media:content": _MEDIA_PARTS,
}
"""Elements that may hold others that feedparser knows, and which."""
_HEAD_CONTAINERS: Mapping[str, frozenset[str]] = {
    **_CONTAINERS,
    "image": _names("url title link width height description"),
    "textinput": _names("title description name link"),
}
_NOT_IN_HEAD = _TEXTS & {"content", "encoded", "fullitem", "body"} | _NEVER - {"textinput"}
_KNOWN = HANDLED | {"media:content"}
_OURS = frozenset({"", "media", "content", "slash", "wfw"})
"""The prefixes of elements that may be left out, as feedparser calls them."""


@dataclass(slots=True)
class _Nesting:
    """Whether the elements of an item, or of the head, nest in a plain way."""

    containers: Mapping[str, frozenset[str]]
    never: frozenset[str]
    sound: bool = True
    path: list[str] = field(default_factory=list)
    kind: str = ""
    """The declared type of the outermost element."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self.path:
            self.kind = attributes.get("type", "").lower()
        self.sound = self.sound and name not in self.never and (not self.path or self._may_hold(name))
        self.path.append(name)

    def end(self) -> None:
        self.path.pop()

    def _may_hold(self, name: str) -> bool:
        outer, parent = self.path[0], self.path[-1]
        if outer in _TEXTS:
            # Whatever stands in an unexpected <div>, it loses count of how deep it is.
            div = name != "div" or self.kind in _XHTML
            return name not in _KNOWN and div and self.kind in _TYPES
        if parent in _TEXTS:
            return False
        return name not in _KNOWN or name in self.containers.get(parent, ())


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says around its items."""

    digest: bytes
    """Of the tags that items stand in: other namespaces, another base or language make another item."""
    declared: Pairs
    usual: bool
    """There is no default namespace of another kind, and the prefixes of what may be left out mean what they should."""

    @classmethod
    def of(cls, gaps: Sequence[bytes]) -> Head | None:
        """Return the head of a page with these *gaps* between its items; None unless plain and of a known kind."""
        frame = _Frame()
        try:
            frame.read(f"<?{_CUT}?>".encode().join(gaps))
        except expat.ExpatError:
            return None
        if not (frame.sound and frame.nesting.sound):
            return None
        meant = {(prefix, NAMESPACES.get(uri.lower(), uri)) for prefix, uri in frame.declared}
        foreign = any(meaning != prefix for prefix, meaning in meant if prefix in _OURS)
        return cls(frame.digest, frame.declared, not foreign)


@dataclass(slots=True)
class _Frame:
    """A page without its items, looked at: where those stood, and whether all else is plain."""

    nesting: _Nesting = field(default_factory=lambda: _Nesting(_HEAD_CONTAINERS, _NOT_IN_HEAD))
    sound: bool = True
    outer: list[str] = field(default_factory=list)
    """The elements that items may stand in, as far as they are open."""
    tags: list[str] = field(default_factory=list)
    declared: Pairs = frozenset()
    digest: bytes = b""

    def read(self, frame: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.ProcessingInstructionHandler = self._instruction
        parser.Parse(frame, True)

    def _start(self, qname: str, attributes: dict[str, str]) -> None:
        name = _local(qname, self.declared)
        if not self.nesting.path and [*self.outer, name] in (*_ITEMS_IN, ["rdf"]):
            self.outer.append(name)
            self.tags.append(f"{qname} {sorted(attributes.items())}")
            self.declared |= set(_declarations(attributes))
        else:
            self.sound = self.sound and bool(self.outer)
            self.nesting.start(name, attributes)

    def _end(self, _qname: str) -> None:
        if self.nesting.path:
            self.nesting.end()
        else:
            self.outer.pop()

    def _instruction(self, target: str, _data: str) -> None:
        if target != _CUT:
            return
        versioned = self.outer[:1] != ["rdf"] or any(uri in _RDF_KINDS for _, uri in self.declared)
        if self.nesting.path or self.outer not in _ITEMS_IN or not versioned:
            self.sound = False
        self.digest = self.digest or hashlib.blake2b("\n".join(self.tags).encode(), digest_size=16).digest()


class Look(NamedTuple):
    """What was seen of an item."""

    plain: bool
    """It leaves no trace."""
    lean: bytes
    """It without what nobody reads; all of it where that is not known for sure."""


def look(item: bytes, head: Head) -> Look | None:
    """Look at an item; None when these bytes are not one element."""
    parser = expat.ParserCreate()
    seen = _Item(head, item, parser)
    parser.StartElementHandler, parser.EndElementHandler = seen.start, seen.end
    try:
        parser.Parse(item, True)
    except expat.ExpatError:
        return None
    is_plain = seen.sound and seen.nesting.sound
    is_usual = is_plain and head.usual and seen.usual
    return Look(is_plain, lean(item, seen.children, seen.names) if is_usual else item)


@dataclass(slots=True)
class _Item:
    """An item, looked at."""

    head: Head
    item: bytes
    parser: Any
    nesting: _Nesting = field(default_factory=lambda: _Nesting(_CONTAINERS, _NEVER))
    sound: bool = True
    inside: bool = False
    usual: bool = True
    """It is of RSS, and nothing in it declares a namespace."""
    children: list[Child] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """What the elements in it are called, without prefixes."""

    def start(self, qname: str, attributes: dict[str, str]) -> None:
        if attributes and (declared := [*_declarations(attributes)]):
            self.sound = self.sound and all(self._is_usual(*pair) for pair in declared)
            self.usual = False
        if not self.inside:
            self.inside = True
            self.usual = self.usual and qname == "item"
            return
        if self.nesting.path:
            self.children[-1].leaf = False
        else:
            self.children.append(Child(qname, attributes, self.parser.CurrentByteIndex))
        name = _local(qname, self.head.declared)
        self.names.append(name)
        self.nesting.start(name, attributes)

    def end(self, _qname: str) -> None:
        if self.nesting.path:
            self.nesting.end()
            if not self.nesting.path:
                ending(self.item, self.children[-1], self.parser.CurrentByteIndex)

    def _is_usual(self, prefix: str, uri: str) -> bool:
        """Say whether a declaration tells feedparser nothing that would change how it names other elements."""
        return not prefix or NAMESPACES.get(uri.lower()) == prefix or (prefix, uri) in self.head.declared


def _declarations(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name[6:], uri) for name, uri in attributes.items() if name == "xmlns" or name.startswith("xmlns:"))


def _local(qname: str, declared: Pairs) -> str:
    """Return an element's name without its prefix, in lower case; that of media:content tells it from Atom's."""
    if qname == "media:content" and not _MEDIA.isdisjoint(declared):
        return qname
    return qname.rpartition(":")[2].lower()
