"""Where a site's feeds may be: what its page declares, what it links to, where feeds mostly are."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from monitor.core.html import cut, one_line
from monitor.core.urls import clean_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_DECLARED = 20
MAX_LINKED = 15
COMMON_PATHS = (
    "feed",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "rss",
    "index.xml",
    "feed.json",
    "feeds/posts/default",
    "?feed=rss2",
)
_TYPES = re.compile(r"(application|text)/(rss\+xml|atom\+xml|rdf\+xml|feed\+json|xml)", re.IGNORECASE)
_LOOKS = re.compile(
    r"(^|[/._?=&-])(rss\d?|atom|feeds?|rdf)([/._?=&-]|$)|\.(rss|atom|rdf)$|rss\w*\.(xml|php|aspx?|ashx)"
    r"|[?&](feed|format|output|type)=(rss|atom|xml)",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\b(rss|atom)\b|訂閱|订阅", re.IGNORECASE)
# Pages about feeds, and buttons that hand a feed to some other reader.
_NOT = re.compile(r"(feedback|feedly\.com|inoreader\.com|newsfeed\.html?$|/rss-?(help|info|faq))", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed, and why."""

    url: str
    how: str
    """``link`` when the page declares it, ``anchor`` when it links to it, ``path`` when it is guessed."""
    title: str = ""

    @property
    def of_comments(self) -> bool:
        """Say whether it tells of readers' comments, which are no news."""
        return bool(_COMMENTS.search(urlsplit(self.url).path) or _COMMENTS.search(self.title))


def candidates(page: str, url: str) -> list[Candidate]:
    """Return what a page declares and links to, each address once, the surest first, comments last."""
    found = _links(page)
    base = clean_url(found.base, url) if found.base else url
    declared = _absolute(found.declared[:MAX_DECLARED], base)
    linked = _absolute((one for one in found.linked if not _NOT.search(one.url)), base)
    sure = {one.url for one in declared}
    rest = [one for one in linked if one.url not in sure][:MAX_LINKED]
    return sorted([*declared, *rest], key=lambda one: one.of_comments)


def guesses(url: str) -> list[Candidate]:
    """Return where feeds mostly are: beside a page, and at the root of its site."""
    parts = urlsplit(url)
    folder = parts.path if parts.path.endswith("/") else parts.path.rsplit("/", 1)[0] + "/"
    page = "" if parts.path.endswith("/") or not parts.path else f"{parts.path}/"
    places = dict.fromkeys(p for p in (page, folder, "/") if p)
    return _absolute((Candidate(f"{place}{path}", "path") for path in COMMON_PATHS for place in places), url)


def _absolute(found: Iterable[Candidate], base: str) -> list[Candidate]:
    clean = (replace(one, url=clean_url(one.url, base)) for one in found)
    return list({one.url: one for one in reversed([*clean]) if one.url}.values())[::-1]


def _links(page: str) -> _Links:
    found = _Links()
    parser = etree.HTMLParser(target=found, encoding="utf-8", huge_tree=True)
    parser.feed(page.replace("\0", " ").encode("utf-8", "replace"))
    parser.close()
    return found


class _Links:
    """Collects what may lead to a feed; the target of lxml's parser, so that no tree is built."""

    def __init__(self) -> None:
        self.base = ""
        self.declared: list[Candidate] = []
        self.linked: list[Candidate] = []
        self._anchor: tuple[str, list[str]] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        href = (attributes.get("href") or "").strip()
        if tag == "base":
            self.base = self.base or href
        elif tag == "link" and href and len(self.declared) < MAX_DECLARED:
            self._declare(href, attributes)
        elif tag == "a":
            self._finish()
            self._anchor = (href, [attributes.get("title") or ""]) if href else None

    def _declare(self, href: str, attributes: Mapping[str, str]) -> None:
        related = (attributes.get("rel") or "").lower().split()
        kind = (attributes.get("type") or "").partition(";")[0].strip()
        if ("alternate" in related and _TYPES.fullmatch(kind)) or "feed" in related:
            self.declared.append(Candidate(href, "link", cut(one_line(attributes.get("title") or ""), 200)))

    def end(self, tag: str) -> None:
        if tag == "a":
            self._finish()

    def data(self, text: str) -> None:
        if self._anchor and len(self._anchor[1]) < 10:
            self._anchor[1].append(text[:200])

    def _finish(self) -> None:
        href, words = self._anchor or ("", [])
        self._anchor = None
        said = cut(one_line(" ".join(words)), 200)
        # A page of thousands of links is read to its end; only so many candidates are kept.
        if href and len(self.linked) < 4 * MAX_LINKED and (_LOOKS.search(href) or _SAYS.search(said)):
            self.linked.append(Candidate(href, "anchor", said))

    def close(self) -> None:
        self._finish()
