"""What an edit of a stored entry means: a correction changes what people were told, other edits only its wording."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model import Article, Source, Story

_TAKES_BACK = re.compile(
    r"\b(?:correction|corrected|corrects|clarification|retract(?:s|ed|ion))\b|更正|勘誤|勘误|澄清|撤稿|撤回|修正",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def is_correction(title: str, summary: str, new_title: str, new_summary: str) -> bool:
    """Say whether a new wording corrects the old one: it says so, or the headline counts otherwise."""
    says_so = _TAKES_BACK.search(f"{new_title}\n{new_summary}") and not _TAKES_BACK.search(f"{title}\n{summary}")
    return bool(says_so) or _numbers(title) != _numbers(new_title)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


def revised(story: Story, article: Article, title: str) -> Story:
    """Return a story after one of its reports, *title* until then, was edited; a headline taken from it follows."""
    entry = article.entry
    leads = story.headline == title
    return replace(
        story,
        headline=entry.title if leads else story.headline,
        summary=entry.summary if leads else story.summary,
        sources=tuple(_renamed(source, article, title) for source in story.sources),
        themes=story.themes + tuple(theme for theme in article.themes if theme not in story.themes),
        scores={**article.scores, **story.scores, **_higher(story, article)},
        reasons={**article.reasons, **story.reasons},
    )


def _renamed(source: Source, article: Article, title: str) -> Source:
    same = source.outlet == article.feed.name and source.title == title
    return replace(source, title=article.entry.title) if same else source


def _higher(story: Story, article: Article) -> dict[str, float]:
    return {theme: score for theme, score in article.scores.items() if score > story.scores.get(theme, 0.0)}
