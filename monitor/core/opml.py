"""OPML 2.0, both ways, with folders and what we say of a feed in attributes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from lxml import etree

from monitor.core import access
from monitor.core.html import one_line
from monitor.core.urls import bare_url, without_login
from monitor.errors import UsageError
from monitor.model import KINDS, Access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.model import Feed

MAX_FEEDS = 20_000
MAX_DEPTH = 20
_YES = frozenset({"yes", "true", "1"})
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Fields(TypedDict):
    """What an outline says of its feed."""

    title: str
    outlet: str
    publisher: str
    kind: str
    lang: str
    folder: str
    country: str
    full_text: bool


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
    country: str = ""
    full_text: bool = False
    verified: str = ""
    """The day when it was last seen to work, or ``no``."""
    access: str = ""
    """How it is asked for, as JSON; taken over only from a list that is trusted, since it names files and variables."""

    def fields(self) -> Fields:
        """Return what is said of the feed besides its address."""
        return Fields(
            title=self.title,
            outlet=self.outlet,
            publisher=self.publisher,
            kind=self.kind,
            lang=self.lang,
            folder=self.folder,
            country=self.country,
            full_text=self.full_text,
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
        url = _address(element)
        if url.startswith(("http://", "https://")):
            yield _outline(element, url, "/".join(folders) or _category(element))
        if len(folders) < MAX_DEPTH:
            # A slash in a name would make two folders of it on the way out.
            yield from _outlines(element, (*folders, text.replace("/", "\N{FULLWIDTH SOLIDUS}")) if text else folders)


def _address(element: etree._Element) -> str:
    """Return a feed's address; some programs spell the attribute in their own way."""
    return next((value.strip() for name, value in element.items() if str(name).lower() == "xmlurl"), "")


def _category(element: etree._Element) -> str:
    """Return the first category, which is a folder's path with slashes where a list is flat."""
    return one_line(element.get("category") or "").partition(",")[0].strip("/ ")


def _outline(element: etree._Element, url: str, folder: str) -> Outline:
    def said(name: str) -> str:
        return one_line(element.get(name) or "")

    kind, country = said("kind"), said("country").upper()
    return Outline(
        url=url,
        title=said("title") or said("text"),
        outlet=said("outlet") or said("text"),
        publisher=said("publisher"),
        kind=kind if kind in KINDS else "press",
        lang=said("language"),
        folder=folder,
        country=country if re.fullmatch(r"[A-Z]{2}", country) else "",
        full_text=said("fullText").lower() in _YES,
        verified=said("verified"),
        access=element.get("access") or "",
    )


def access_of(outline: Outline) -> Access:
    """Return how a feed is asked for by its outline; raise UsageError for what may not stand there."""
    try:
        said = json.loads(outline.access or "{}")
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{bare_url(outline.url)}: its access is not JSON") from error
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise UsageError(f"{bare_url(outline.url)}: its access wants names and texts")
    return access.with_words(Access(), said.items())


def write(feeds: Iterable[Feed], *, with_access: bool = False) -> str:
    """Return feeds as OPML, in their folders; pages without a feed are left out, they stand in the configuration.

    How feeds are asked for, passwords in addresses included, is written only *with_access*.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Strait Monitor"
    folders: dict[tuple[str, ...], etree._Element] = {(): etree.SubElement(root, "body")}
    for feed in feeds:
        if not feed.selectors:
            parent = _folder(folders, _path(feed.folder))
            etree.SubElement(parent, "outline", _attributes(feed, with_access=with_access))
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text.decode()


def _attributes(feed: Feed, *, with_access: bool) -> dict[str, str]:
    keys = access.words(feed.access) if with_access else {}
    said = {
        "outlet": feed.outlet,
        "publisher": feed.publisher,
        "kind": feed.kind,
        "language": feed.lang,
        "country": feed.country,
        "fullText": "yes" if feed.full_text else "",
        "verified": f"{feed.last_success:%Y-%m-%d}" if feed.last_success else "no",
        "access": json.dumps(dict(keys), ensure_ascii=False) if keys else "",
    }
    fixed = {
        "type": "rss",
        "text": feed.name,
        "title": feed.title,
        "xmlUrl": feed.url if with_access else without_login(feed.url),
    }
    return {name: _fit(value) for name, value in (fixed | {n: v for n, v in said.items() if v}).items()}


def _path(folder: str) -> tuple[str, ...]:
    return tuple(name for part in folder.split("/") if (name := one_line(_fit(part))))


def _fit(value: str) -> str:
    """Return a value without what XML cannot hold."""
    return _UNFIT.sub("", value)


def _folder(known: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]) -> etree._Element:
    if path not in known:
        known[path] = etree.SubElement(_folder(known, path[:-1]), "outline", text=path[-1])
    return known[path]
