"""What a rule asks of an item and its story: each condition with the reason for which it refuses, and the values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.core import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.core.situation import Situation
    from monitor.model import Article, Rule

    Values = Mapping[str, Any]
    Condition = Callable[[Rule, Situation], Values | None]


def best_theme(rule: Rule, article: Article) -> tuple[str, float]:
    """Return the most probable decided theme that the rule wants, or an empty one."""
    wanted = [t for t in article.themes if not rule.themes or t in rule.themes]
    if not wanted:
        return "", max((article.scores.get(t, 0.0) for t in rule.themes), default=0.0)
    best = max(wanted, key=lambda t: article.scores.get(t, 0.0))
    return best, article.scores.get(best, 0.0)


def refusal(rule: Rule, at: Situation) -> tuple[str, Values] | None:
    """Return the reason of the first condition of the rule that does not hold, with what was compared."""
    for reason, condition in _CONDITIONS.items():
        values = condition(rule, at)
        if values is not None:
            return reason, values
    return None


def _theme(rule: Rule, at: Situation) -> Values | None:
    theme, _ = best_theme(rule, at.article)
    if theme:
        return None
    return {"themes": list(at.article.themes)} if at.article.themes else {}  # most items have none: kept short


def _score(rule: Rule, at: Situation) -> Values | None:
    theme, score = best_theme(rule, at.article)
    wants = at.threshold(rule, theme)
    return {"score": round(score, 4), "wants": wants} if score < wants else None


def _keywords(rule: Rule, at: Situation) -> Values | None:
    missing = rule.keywords and not found_in(at.article, rule.keywords)
    return {"wants": list(rule.keywords)} if missing else None


def _not_keywords(rule: Rule, at: Situation) -> Values | None:
    found = found_in(at.article, rule.not_keywords)
    return {"keyword": found} if found else None


def _source(rule: Rule, at: Situation) -> Values | None:
    wanted = not rule.sources or is_from(at.article, rule.sources)
    if wanted and not is_from(at.article, rule.not_sources):
        return None
    return {"source": at.article.feed.name, "wants": list(rule.sources), "not": list(rule.not_sources)}


def _kind(rule: Rule, at: Situation) -> Values | None:
    kind = at.article.feed.kind
    return {"kind": kind, "wants": list(rule.kinds)} if rule.kinds and kind not in rule.kinds else None


def _language(rule: Rule, at: Situation) -> Values | None:
    lang = at.article.entry.lang or at.article.feed.lang
    wanted = not rule.languages or any(_speaks(lang.casefold(), want.casefold()) for want in rule.languages)
    return None if wanted else {"language": lang, "wants": list(rule.languages)}


def _speaks(lang: str, want: str) -> bool:
    """Say whether a language is wanted; ``zh`` in the rule stands for both scripts."""
    return lang == want or lang.startswith(want + "-")


def _age(rule: Rule, at: Situation) -> Values | None:
    age = at.now - at.article.when
    return {"published": at.article.when.isoformat(), "max_age": str(rule.max_age)} if age > rule.max_age else None


def _publishers(rule: Rule, at: Situation) -> Values | None:
    count = len(at.story.publishers)
    if count >= rule.min_publishers or (rule.or_official and at.story.official):
        return None
    return {"publishers": count, "wants": rule.min_publishers}


def _facts_known(rule: Rule, at: Situation) -> Values | None:
    unknown = [bound.kind for bound in rule.facts if figures.counted(bound, at.figures) is None]
    return {"unknown": unknown} if unknown else None


def _facts_hold(rule: Rule, at: Situation) -> Values | None:
    short = [bound for bound in rule.facts if not figures.holds(bound, at.figures)]
    if not short:
        return None
    return {bound.kind: list(figures.counted(bound, at.figures) or ()) for bound in short} | {
        "wants": [f"{bound.kind} {bound.sign} {bound.value:g}" for bound in short]
    }


def found_in(article: Article, words: Sequence[str]) -> str:
    """Return the first of these words that stands in an article's title or summary, or nothing."""
    text = f"{article.entry.title}\n{article.entry.summary}".casefold()
    return next((word for word in words if word.casefold() in text), "")


def is_from(article: Article, names: Sequence[str]) -> bool:
    """Say whether an article's feed goes by one of these names: its own, its title, its publisher's, its address."""
    feed = article.feed
    known = {name.casefold() for name in (feed.name, feed.title, feed.publisher, feed.url)} - {""}
    return not known.isdisjoint(name.casefold() for name in names)


_CONDITIONS: Mapping[str, Condition] = {
    "no_theme": _theme,
    "below_score": _score,
    "keyword_missing": _keywords,
    "keyword_excluded": _not_keywords,
    "source_excluded": _source,
    "kind_excluded": _kind,
    "language_excluded": _language,
    "too_old": _age,
    "unconfirmed": _publishers,
    "facts_unknown": _facts_known,
    "facts_short": _facts_hold,
}
"""By reason, in the order in which they are asked; a condition returns what was compared, or None when it holds."""
