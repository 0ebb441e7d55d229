"""What rules would have sent over past items: the same placing and deciding as in the pipeline, without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitor.alerting import article_of
from monitor.core import policy, stories
from monitor.core.figures import figures
from monitor.model import Alert, Article, Entry, Feed, Reason, Said, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifiers.model import Scored
    from monitor.model import Decision, Fact, Rule, Story

__all__ = ["Article", "alerts", "article_from", "article_of"]


def article_from(row: Mapping[str, Any], scored: Scored, now: datetime, facts: Sequence[Fact] = ()) -> Article:
    """Return a tagged input row as an article seen when it was published."""
    title, summary = row.get("title") or "", row.get("summary") or ""
    when = _when(row.get("published") or "", now)
    entry = Entry(str(row["id"]), row.get("url") or "", title, summary, published=when, lang=row.get("lang") or "")
    reasons = {theme: tuple(Reason(*word) for word in words) for theme, words in scored.reasons.items()}
    feed = Feed(0, "", outlet=row.get("source") or "")
    print_ = stories.fingerprint(title, summary)
    return Article(entry, feed, when, scored.scores, scored.themes, reasons, "", print_, tuple(facts))


def _when(text: str, now: datetime) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return now
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def alerts(
    rules: Sequence[Rule],
    articles: Iterable[Article],
    sure: Mapping[str, float] | None = None,
    kept: Mapping[str, int] | None = None,
) -> list[Alert]:
    """Return the alerts that the rules would have sent, in order of time; the channels do not matter.

    *sure* holds for each theme the probability that a rule without a min_score asks for, *kept* for the articles that
    are stored their stories, as the placing and people left them.
    """
    ordered = sorted((a for a in articles if a.themes), key=lambda article: article.seen)
    grown: dict[int, Story] = {}
    said: dict[int, list[Said]] = {}
    told: dict[tuple[str, int], Told] = {}
    out: list[Alert] = []
    for article, number in _placed([stories.signed(article) for article in ordered], kept or {}):
        story = stories.grow(grown[number], article) if number in grown else stories.begin(article)
        grown[number] = story
        known = {r: t for (r, s), t in told.items() if s == number}
        said.setdefault(number, []).extend(Said(article.feed.name, fact) for fact in article.facts)
        at = policy.Situation(article, story, article.seen, known, sure=sure or {}, figures=figures(said[number]))
        for rule, decision in zip(rules, policy.decide(rules, at), strict=True):
            if decision.alert:
                told[rule.name, number] = _told(number, decision, at)
                out.append(_alert(rule, decision, at))
    return out


def _told(number: int, decision: Decision, at: policy.Situation) -> Told:
    """Return what people would know of a story from then on."""
    count = len(at.story.publishers)
    return Told(decision.rule, number, decision.revision, count, at.now, at.figures, at.story.themes)


def _alert(rule: Rule, decision: Decision, at: policy.Situation) -> Alert:
    asked = decision.theme, decision.score, decision.reason, decision.revision
    return Alert(rule.name, rule.severity, at.story, *asked, at.now)


def _placed(articles: Sequence[Article], kept: Mapping[str, int]) -> Iterator[tuple[Article, int]]:
    """Yield each article with a number of its story: the stored one, or below 0 one that only the placing found."""
    placed = stories.place(articles, []).placed
    stored = {one.story: kept[ident] for one in reversed(placed) if (ident := one.article.entry.ident) in kept}
    for one in placed:
        yield one.article, kept.get(one.article.entry.ident, stored.get(one.story, -1 - one.story))
