"""What rules would have sent over past items: the same placing and deciding as in the pipeline, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor.core import policy, stories
from monitor.model import Alert, Article, Entry, Feed, Reason, Rule, Story, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from classifiers.model import Scored
    from monitor.edges.store import StoredItem

__all__ = ["Article", "alerts", "article_from", "article_of"]


def article_of(item: StoredItem) -> Article:
    """Return a stored item as the article that it was."""
    entry = Entry(str(item.id), item.url, item.title, item.summary, published=item.when, lang=item.lang)
    feed = Feed(item.feed_id or 0, "", outlet=item.outlet, publisher=item.publisher, kind=item.kind, lang=item.lang)
    print_ = stories.fingerprint(item.title, item.summary)
    return Article(entry, feed, item.seen, item.scores, item.themes, item.reasons, item.model, print_, item.facts)


def article_from(row: Mapping[str, Any], scored: Scored, now: datetime) -> Article:
    """Return a tagged input row as an article seen when it was published."""
    title, summary = row.get("title") or "", row.get("summary") or ""
    when = _when(row.get("published") or "", now)
    entry = Entry(str(row["id"]), row.get("url") or "", title, summary, published=when, lang=row.get("lang") or "")
    reasons = {theme: tuple(Reason(*word) for word in words) for theme, words in scored.reasons.items()}
    feed = Feed(0, "", outlet=row.get("source") or "")
    return Article(entry, feed, when, scored.scores, scored.themes, reasons, "", stories.fingerprint(title, summary))


def _when(text: str, now: datetime) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return now
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def alerts(rules: Sequence[Rule], articles: Iterable[Article], sure: Mapping[str, float] | None = None) -> list[Alert]:
    """Return the alerts that the rules would have sent, in order of time; the channels do not matter.

    *sure* holds for each theme the probability that a rule without a min_score asks for.
    """
    ordered = sorted((a for a in articles if a.themes), key=lambda article: article.seen)
    grown: dict[int, Story] = {}
    told: dict[tuple[str, int], Told] = {}
    out: list[Alert] = []
    for placed in stories.place(ordered, []).placed:
        story = grown[placed.story] = _with(grown.get(placed.story), placed)
        known = {r: t for (r, s), t in told.items() if s == placed.story}
        at = policy.Situation(placed.article, story, placed.article.seen, known, sure=sure or {})
        for rule, decision in zip(rules, policy.decide(rules, at), strict=True):
            if decision.alert:
                told[rule.name, placed.story] = Told(
                    rule.name, placed.story, decision.revision, len(story.publishers), at.now
                )
                out.append(
                    Alert(
                        rule.name,
                        rule.severity,
                        story,
                        decision.theme,
                        decision.score,
                        decision.reason,
                        decision.revision,
                        at.now,
                    )
                )
    return out


def _with(story: Story | None, placed: stories.Placed) -> Story:
    """Return a story as it was when this report came in: the placing knows only how it ended."""
    begun = replace(stories.begin(placed.article), sources=(placed.source,))
    return (
        begun if story is None else replace(story, sources=(*story.sources, *begun.sources), last_seen=begun.last_seen)
    )
