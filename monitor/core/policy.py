"""What is decided, and why: which rules fire, and when a delivery is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor.core.cadence import jitter
from monitor.core.changes import CHANGED, change
from monitor.core.conditions import best_theme, refusal
from monitor.core.silences import silencing
from monitor.core.situation import Situation
from monitor.model import Comparison, Decision, Feed, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = ["REASONS", "Situation", "again", "decide", "storm"]

REASONS: Mapping[str, str] = {
    "first": "the first alert of this rule about the story",
    "corrected": "a report that people were told of was corrected",
    "fact_corrected": "a figure that people were told is told otherwise now",
    "fact_grew": "a figure is larger by a step than people were told",
    "fact_new": "a kind of figure is told that people were not told before",
    "confirmed": "the story is confirmed by more publishers than when it was last told",
    "new_theme": "the story has a theme that it had not when it was last told",
    "renewed": "the story is reported again after it was quiet for a day",
    "no_theme": "no theme of the rule was decided",
    "below_score": "the probability is below the rule's min_score, or else below the alert threshold of the theme",
    "keyword_missing": "none of the rule's keywords occurs",
    "keyword_excluded": "one of the rule's not_keywords occurs",
    "source_excluded": "the source is not among those of the rule",
    "kind_excluded": "the kind of source is not among those of the rule",
    "language_excluded": "the language is not among those of the rule",
    "too_old": "published longer ago than the rule's max_age",
    "unconfirmed": "fewer independent publishers than the rule's min_publishers",
    "facts_unknown": "no report tells a figure that the rule's facts ask for",
    "facts_short": "the figures told do not meet the rule's facts",
    "told": "people were told of this story, and nothing changed that the rule tells again",
    "too_soon": "the story changed, but the rule's repeat time has not passed; it is looked at again then",
    "silenced": "a silence mutes it; the rule would have alerted",
    "first_poll": "the first poll of a feed is silent; the rule would have alerted",
    "storm": "most of a known feed looks new or edited at once; the rule would have alerted",
}
"""Every reason that a decision can carry, in words."""

_ALERTS = frozenset({"first", *CHANGED})


def decide(rules: Iterable[Rule], at: Situation) -> list[Decision]:
    """Return what each rule says about an article."""
    return [_decide(rule, at) for rule in rules]


def _decide(rule: Rule, at: Situation) -> Decision:
    theme, score = best_theme(rule, at.article)
    reason, compared = _verdict(rule, at)
    alert = reason in _ALERTS
    told = at.told.get(rule.name)
    revision = (told.revision + 1 if told else 1) if alert else 0
    return Decision(
        rule.name, alert=alert, reason=reason, theme=theme, score=score, revision=revision, compared=compared
    )


def _verdict(rule: Rule, at: Situation) -> tuple[str, Mapping[str, Any]]:
    """Return the reason of a decision, with what was compared for it."""
    refused = refusal(rule, at)
    if refused:
        return refused
    told = at.told.get(rule.name)
    news = change(rule, at, told) if told else ("first", {"publishers": len(at.story.publishers)})
    if news is None:
        return "told", {"told": told.at.isoformat()} if told else {}
    if at.silent:
        return at.silent, {"change": news[0]}
    if told and at.now - told.at < rule.repeat:
        return "too_soon", {"change": news[0], **news[1], "until": (told.at + rule.repeat).isoformat()}
    muted = silencing(rule, at)
    return ("silenced", {"change": news[0], **muted[1]}) if muted else news


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
