"""A story grows by reports, and is the same whenever it is made anew of them in their order."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from monitor.core.edits import is_correction
from monitor.core.stories.confirmation import credited
from monitor.core.stories.fingerprint import COPY_LENGTH
from monitor.core.stories.likeness import verbatim
from monitor.core.stories.shown import showing, shown_best
from monitor.core.stories.signature import signature
from monitor.model import Signature, Source, Story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Article, Edit

FIRST_REPORTS = 3
LATEST_REPORTS = 5
"""So many signatures a story keeps: its first, which say what it is, and its latest, which say where it stands."""


def begin(article: Article, part: int = 0) -> Story:
    """Return a story of one report."""
    source, reports = _source(article, (), part)
    blank = Story(
        id=0,
        headline="",
        url="",
        lang="",
        summary="",
        first_seen=article.seen,
        last_seen=article.seen,
        scores=article.scores,
        themes=article.themes,
        sources=(source,),
        fingerprint=article.fingerprint,
        reasons=article.reasons,
        signatures=reports,
    )
    return showing(blank, article)


def grow(story: Story, article: Article, part: int = 0) -> Story:
    """Return the story with one more report, which belongs to a part of it; it shows the one with the best headline."""
    themes = story.themes + tuple(t for t in article.themes if t not in story.themes)
    reports = signatures_of(story)
    source, report = _source(article, reports, part)
    grown = replace(
        story,
        last_seen=max(story.last_seen, article.seen),
        themes=themes,
        scores=_highest(story, article),
        sources=(*story.sources, source),
        reasons={**article.reasons, **story.reasons},
        signatures=_fewer((*reports, *report)),
    )
    return shown_best(grown, article)


def gather(articles: Sequence[Article], shown: Story | None = None, parts: Sequence[int] = ()) -> Story:
    """Return the story of these reports, signed and in their order; what *shown* shows it goes on to show if it can.

    *parts* says for each report to which part of the story it belongs.
    """
    parts = parts or [0] * len(articles)
    story = begin(articles[0], parts[0])
    for article, part in zip(articles[1:], parts[1:], strict=True):
        story = grow(story, article, part)
    kept = (a for a in articles if shown and (a.entry.url, a.entry.title) == (shown.url, shown.headline))
    first = next(kept, None)
    return reduce(shown_best, articles, showing(story, first)) if first else story


def revised(story: Story, article: Article, edit: Edit) -> Story:
    """Return a story after one of its reports was edited; what it shows of that report follows."""
    entry, before = article.entry, (article.feed.name, edit.title)
    leads = any((s.outlet, s.title, s.url) == (*before, story.url) and s.title == story.headline for s in story.sources)
    corrects = is_correction(edit.title, edit.summary, entry.title, entry.summary)
    grown = replace(
        story,
        sources=tuple(replace(s, title=entry.title) if (s.outlet, s.title) == before else s for s in story.sources),
        themes=story.themes + tuple(theme for theme in article.themes if theme not in story.themes),
        scores=_highest(story, article),
        reasons={**article.reasons, **story.reasons},
        corrected=article.seen if corrects else story.corrected,
    )
    if leads:
        return replace(grown, headline=entry.title, summary=entry.summary)
    return shown_best(grown, article, corrects=corrects)


def signatures_of(story: Story) -> tuple[Signature, ...]:
    """Return the signatures of a story; those of its headlines when it was stored without."""
    if story.signatures:
        return story.signatures
    first = signature(story.headline, story.summary, story.first_seen, story.fingerprint)
    later = (signature(source.title, "", source.seen, ()) for source in story.sources[1:][-LATEST_REPORTS:])
    return (first, *later)


def _highest(story: Story, article: Article) -> dict[str, float]:
    """Return per theme the highest probability."""
    return {t: max(story.scores.get(t, 0.0), article.scores.get(t, 0.0)) for t in {**story.scores, **article.scores}}


def _fewer(reports: Sequence[Signature]) -> tuple[Signature, ...]:
    """Return the first and the latest signatures of each part; only that of the last report can hold too many."""
    own = [at for at, report in enumerate(reports) if report.part == reports[-1].part]
    between = own[FIRST_REPORTS:-LATEST_REPORTS]
    return tuple(report for at, report in enumerate(reports) if at not in between)


def _source(article: Article, earlier: Sequence[Signature], part: int) -> tuple[Source, tuple[Signature, ...]]:
    """Return a report as a source of its story, with its signature, each naming who wrote the text."""
    feed, entry, report = article.feed, article.entry, article.signature
    own = feed.publisher or feed.name
    copied = next((other.writer for other in earlier if report and _copies(report, other)), "")
    writer = credited(article) or copied or own
    source = Source(feed.name, own, feed.kind, entry.url, entry.title, article.seen, "" if writer == own else writer)
    return source, (replace(report, writer=writer, part=part),) if report else ()


def _copies(report: Signature, other: Signature) -> bool:
    """Say whether a report is another's copy and no coincidence of short headlines."""
    return min(report.length, other.length) >= COPY_LENGTH and verbatim(report, other)
