"""Who confirms a story: publishers that wrote for themselves, not feeds, nor those that print another's copy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.model import Article, Source

# Agencies by the names under which they are credited; feeds of theirs are known by the same names.
_AGENCIES = {
    "Reuters": ("reuters", "路透", "路透社", "路透社讯"),
    "AP": ("ap", "associated press", "the associated press", "美联社", "美聯社"),
    "AFP": ("afp", "agence france-presse", "法新社"),
    "CNA": ("cna", "focus taiwan", "中央社", "中央通讯社", "中央通訊社", "central news agency"),
    "Xinhua": ("xinhua", "xinhua news agency", "新华社", "新華社", "新华网", "新華網"),
    "CNS": ("cns", "china news service", "中新社", "中新网", "中新網"),
    "Kyodo": ("kyodo", "kyodo news", "共同社"),
    "Jiji": ("jiji", "jiji press", "时事社", "時事社"),
    "Bloomberg": ("bloomberg", "bloomberg news", "彭博", "彭博社"),
    "dpa": ("dpa", "deutsche presse-agentur", "德新社"),
    "EFE": ("efe", "埃菲社"),
    "Yonhap": ("yonhap", "yonhap news agency", "韩联社", "韓聯社"),
    "TASS": ("tass", "塔斯社"),
    "RIA Novosti": ("ria novosti", "俄新社"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani",),
    "UPI": ("upi",),
    "PA": ("pa media", "press association"),
}
_BY_NAME = {name: agency for agency, names in _AGENCIES.items() for name in names}
_LISTED = "|".join(sorted(map(re.escape, _BY_NAME), key=len, reverse=True))
_NAMED = rf"(?P<agency>{_LISTED})"
_DATELINE = r"(?:记者|記者)?[一-鿿]{0,8}?\d{0,2}月?\d{0,2}日?(?:电|電|讯|訊)"
_CREDITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[(（\[【]\s*{_NAMED}\s*(?:/[^)）\]】]{{1,30}})?[)）\]】]",  # (Reuters)
        rf"(?<![一-鿿]){_NAMED}\s*{_DATELINE}",  # 新华社北京8月4日电
        rf"(?:\bsource|\bcredit|\bby|来源|來源)\s*[:：]?\s*{_NAMED}(?![a-z])",  # Source: Kyodo
        rf"^{_NAMED}\s*(?:[-–—:：]|记者|記者)",  # AP -
        rf"\s[-–—|]\s*{_NAMED}\s*$",  # … - Reuters
    )
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who stands behind a story."""

    publishers: frozenset[str]
    """The independent ones, by publisher family or by the agency whose copy it is."""
    official: bool
    """An official source reports it itself."""


def confirmation(sources: Iterable[Source]) -> Confirmation:
    """Return who confirms what these sources report.

    Feeds of one publisher family count once, a near-verbatim copy as its first publisher, credited copy as its agency.
    """
    listed = tuple(sources)
    return Confirmation(
        frozenset(source.writer for source in listed), any(source.kind == "official" for source in listed)
    )


def agency_of(name: str) -> str:
    """Return the agency that goes by a name, or nothing."""
    return _BY_NAME.get(name.strip().casefold(), "")


def credited(article: Article) -> str:
    """Return the agency whose copy an article says it is, or nothing."""
    own = agency_of(article.feed.publisher) or agency_of(article.feed.name)
    if own:
        return own
    entry = article.entry
    for text in (entry.author, entry.title, entry.summary[:200], entry.summary[-80:]):
        for pattern in _CREDITS:
            if found := pattern.search(text):
                return agency_of(found["agency"])
    return agency_of(entry.author)
