"""OPML 2.0, both ways, with folders and what we say of a feed in attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from lxml import etree

from monitor.core.html import one_line
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.model import Feed

MAX_FEEDS = 20_000
MAX_DEPTH = 20
_KINDS = frozenset({"official", "wire", "press", "state_media", "think_tank"})


class Fields(TypedDict):
    """What an outline says of its feed."""

    title: str
    outlet: str
    publisher: str
    kind: str
    lang: str
    folder: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed as a subscription list names it."""

    url: str
    title: str = ""
    outlet: str = ""
    publisher: str = ""
    kind: str = "press"
    lang: str = ""
    folder: str = ""

    def fields(self) -> Fields:
        """Return what is said of the feed besides its address."""
        return Fields(
            title=self.title,
            outlet=self.outlet,
            publisher=self.publisher,
            kind=self.kind,
            lang=self.lang,
            folder=self.folder,
        )


def read(text: str | bytes, name: str) -> list[Outline]:
    """Return the feeds of an OPML text, each address once; *name* stands in the error when it is none."""
    # No entities are replaced and nothing is fetched: a list may come from anywhere.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode() if isinstance(text, str) else text, parser)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{name}: is not OPML ({error.msg})") from error
    body = root.find("body") if root.tag == "opml" else None
    if body is None:
        raise UsageError(f"{name}: is not OPML: an <opml> element with a <body> is missing")
    found = {outline.url: outline for outline in _outlines(body, ())}
    if len(found) > MAX_FEEDS:
        raise UsageError(f"{name}: names {len(found)} feeds; at most {MAX_FEEDS} are taken from one list")
    return list(found.values())


def _outlines(parent: etree._Element, folders: tuple[str, ...]) -> Iterator[Outline]:
    for element in parent.findall("outline"):
        text = one_line(element.get("text") or element.get("title") or "")
        url = (element.get("xmlUrl") or "").strip()
        if url.startswith(("http://", "https://")):
            yield _outline(element, url, "/".join(folders))
        if len(folders) < MAX_DEPTH:
            yield from _outlines(element, (*folders, text) if text else folders)


def _outline(element: etree._Element, url: str, folder: str) -> Outline:
    def said(name: str) -> str:
        return one_line(element.get(name) or "")

    kind = said("kind")
    return Outline(
        url=url,
        title=said("title") or said("text"),
        outlet=said("outlet") or said("text"),
        publisher=said("publisher"),
        kind=kind if kind in _KINDS else "press",
        lang=said("language"),
        folder=folder,
    )


def write(feeds: Iterable[Feed]) -> str:
    """Return feeds as OPML, in their folders."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Strait Monitor"
    folders: dict[tuple[str, ...], etree._Element] = {(): etree.SubElement(root, "body")}
    for feed in feeds:
        parent = _folder(folders, tuple(part for part in feed.folder.split("/") if part))
        said = {"outlet": feed.outlet, "publisher": feed.publisher, "kind": feed.kind, "language": feed.lang}
        given = {name: value for name, value in said.items() if value}
        etree.SubElement(parent, "outline", type="rss", text=feed.name, title=feed.title, xmlUrl=feed.url, **given)
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text.decode()


def _folder(known: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]) -> etree._Element:
    if path not in known:
        known[path] = etree.SubElement(_folder(known, path[:-1]), "outline", text=path[-1])
    return known[path]
