"""What is decided, and why: which rules fire, and when a delivery is tried again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.cadence import jitter
from monitor.model import Article, Comparison, Decision, Feed, Rule, Story, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

REASONS: Mapping[str, str] = {
    "first": "the first alert of this rule about the story",
    "grew": "the story is confirmed by more publishers than when it was last told",
    "no_theme": "no theme of the rule was decided",
    "below_score": "the probability is below the rule's min_score, or else below the alert threshold of the theme",
    "keyword_missing": "none of the rule's keywords occurs",
    "keyword_excluded": "one of the rule's not_keywords occurs",
    "source_excluded": "the source is not among those of the rule",
    "kind_excluded": "the kind of source is not among those of the rule",
    "language_excluded": "the language is not among those of the rule",
    "too_old": "published longer ago than the rule's max_age",
    "unconfirmed": "fewer independent publishers than the rule's min_publishers",
    "corrected": "a report that people were told of was corrected",
    "told": "people were told of this story, and nothing changed",
    "too_soon": "the story grew, but the rule's repeat time has not passed",
    "first_poll": "the first poll of a feed is silent; the rule would have alerted",
    "storm": "most of a known feed looks new or edited at once; the rule would have alerted",
}
"""Every reason that a decision can carry, in words."""

_ALERTS = frozenset({"first", "grew", "corrected"})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision looks at besides the rule."""

    article: Article
    story: Story
    """The story with the article in it."""
    now: datetime
    told: Mapping[str, Told]
    """Per rule, what was last told of the story."""
    silent: str = ""
    """``first_poll`` or ``storm`` when the article may not alert; else empty."""
    sure: Mapping[str, float] = field(default_factory=dict)
    """From which probability on the classifier is sure enough of a theme to alert, for rules without a min_score."""
    corrected: bool = False
    """The article is a correction of one that was seen before."""


def decide(rules: Iterable[Rule], at: Situation) -> list[Decision]:
    """Return what each rule says about an article."""
    return [_decide(rule, at) for rule in rules]


def _decide(rule: Rule, at: Situation) -> Decision:
    theme, score = _best_theme(rule, at.article)
    reason = _refusal(rule, at, theme, score)
    if reason:
        return Decision(rule.name, alert=False, reason=reason, theme=theme, score=score)
    reason = _news(rule, at)
    alert = reason in _ALERTS
    if alert and at.silent:
        return Decision(rule.name, alert=False, reason=at.silent, theme=theme, score=score)
    told = at.told.get(rule.name)
    revision = (told.revision + 1 if told else 1) if alert else 0
    return Decision(rule.name, alert=alert, reason=reason, theme=theme, score=score, revision=revision)


def _best_theme(rule: Rule, article: Article) -> tuple[str, float]:
    """Return the most probable decided theme that the rule wants, or an empty one."""
    wanted = [t for t in article.themes if not rule.themes or t in rule.themes]
    if not wanted:
        return "", max((article.scores.get(t, 0.0) for t in rule.themes), default=0.0)
    best = max(wanted, key=lambda t: article.scores.get(t, 0.0))
    return best, article.scores.get(best, 0.0)


def _refusal(rule: Rule, at: Situation, theme: str, score: float) -> str:
    """Return the first condition of the rule that the article fails, or nothing."""
    if not theme:  # as of most articles: looking further would only take time
        return "no_theme"
    entry, feed = at.article.entry, at.article.feed
    text = f"{entry.title}\n{entry.summary}".casefold()
    checks = (
        ("below_score", score < (at.sure.get(theme, 0.0) if rule.min_score is None else rule.min_score)),
        ("keyword_missing", bool(rule.keywords) and not _contains(text, rule.keywords)),
        ("keyword_excluded", _contains(text, rule.not_keywords)),
        ("source_excluded", not _source_wanted(rule, feed)),
        ("kind_excluded", bool(rule.kinds) and feed.kind not in rule.kinds),
        ("language_excluded", bool(rule.languages) and not _language_wanted(rule, entry.lang or feed.lang)),
        ("too_old", at.now - at.article.when > rule.max_age),
        ("unconfirmed", not _confirmed(rule, at.story)),
    )
    return next((name for name, failed in checks if failed), "")


def _contains(text: str, words: Sequence[str]) -> bool:
    return any(word.casefold() in text for word in words)


def _source_wanted(rule: Rule, feed: Feed) -> bool:
    names = {feed.name.casefold(), feed.title.casefold(), feed.publisher.casefold(), feed.url.casefold()} - {""}
    wanted = {s.casefold() for s in rule.sources}
    unwanted = {s.casefold() for s in rule.not_sources}
    return not names & unwanted and (not wanted or bool(names & wanted))


def _language_wanted(rule: Rule, lang: str) -> bool:
    """Say whether a language is wanted; ``zh`` in the rule stands for both scripts."""
    return any(
        lang.casefold() == want.casefold() or lang.casefold().startswith(want.casefold() + "-")
        for want in rule.languages
    )


def _confirmed(rule: Rule, story: Story) -> bool:
    return len(story.publishers) >= rule.min_publishers or (rule.or_official and story.official)


def _news(rule: Rule, at: Situation) -> str:
    """Return whether the story is new to the people of this rule, and why."""
    told = at.told.get(rule.name)
    if told is None:
        return "first"
    corrected, grew = at.corrected and rule.corrections, len(at.story.publishers) > told.publishers
    if not corrected and not (grew and rule.repeat):
        return "told"
    if at.now - told.at < (rule.repeat or timedelta(0)):
        return "too_soon"
    return "corrected" if corrected else "grew"


MAX_ATTEMPTS = 12
"""Tries of one delivery before it is a dead letter: with the waits below, a little over two days."""
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=12)


def again(key: str, attempts: int, now: datetime, retry_after: float | None = None) -> datetime | None:
    """Return when a delivery that failed *attempts* times is tried again, or None when it is given up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    wait: timedelta = min(FIRST_WAIT * 3 ** min(attempts - 1, 12), LONGEST_WAIT)
    wait *= 1 + 0.2 * jitter(key, attempts)
    return now + max(wait, timedelta(seconds=min(retry_after or 0.0, LONGEST_WAIT.total_seconds())))


STORM_LEAST = 10
STORM_SHARE = 0.9


def storm(feed: Feed, found: Comparison, total: int) -> bool:
    """Say whether a known feed shows so much as new or edited that its ids or dates must have changed, not the world.

    Entries that were published after the last poll, each at a moment of its own, are news however many they are.
    """
    changed = len(found.fresh) + len(found.edits)
    if feed.last_success is None or not feed.habits.recent or changed < max(STORM_LEAST, STORM_SHARE * total):
        return False
    dates = {e.published for e in found.fresh if e.published and not e.dated and e.published > feed.last_success}
    return 2 * len(dates) < changed
