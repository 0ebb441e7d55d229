"""What is new of a story since people were told of it: a named change, or none."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from monitor.core import figures
from monitor.core.stories import QUIET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.core.situation import Situation
    from monitor.model import Change, Rule, Told

    Values = Mapping[str, Any]
    Found = Callable[[Rule, Situation, Told], Values | None]


def change(rule: Rule, at: Situation, told: Told) -> tuple[str, Values] | None:
    """Return the most telling change that the rule wants to hear of, with what it was and what it is."""
    for reason, (kind, find) in _CHANGES.items():
        values = find(rule, at, told) if kind in rule.updates else None
        if values is not None:
            return reason, values
    return None


def _corrected(_rule: Rule, at: Situation, _told: Told) -> Values | None:
    return {"report": at.article.entry.title} if at.corrected else None


def _fact_corrected(_rule: Rule, at: Situation, told: Told) -> Values | None:
    return _beside(figures.corrected(told.figures or {}, at.figures), at, told)


def _fact_grew(_rule: Rule, at: Situation, told: Told) -> Values | None:
    return _beside(figures.grown(told.figures or {}, at.figures), at, told)


def _fact_new(_rule: Rule, at: Situation, told: Told) -> Values | None:
    return None if told.figures is None else _beside(figures.added(told.figures, at.figures), at, told)


def _beside(keys: list[str], at: Situation, told: Told) -> Values | None:
    """Return what figures are now and what people were told they are."""
    before = told.figures or {}
    if not keys:
        return None
    now = {key: list(at.figures[key]) for key in keys}
    return now | {"told": {key: list(before[key]) for key in keys if key in before}}


def _confirmed(_rule: Rule, at: Situation, told: Told) -> Values | None:
    count = len(at.story.publishers)
    return {"publishers": count, "told": told.publishers} if count > told.publishers else None


def _theme(rule: Rule, at: Situation, told: Told) -> Values | None:
    if told.themes is None:
        return None
    story = at.story
    wanted = [t for t in story.themes if t not in told.themes and (not rule.themes or t in rule.themes)]
    sure = [t for t in wanted if story.scores.get(t, 0.0) >= at.threshold(rule, t)]
    return {"themes": sure, "told": list(told.themes)} if sure else None


def _renewed(_rule: Rule, at: Situation, told: Told) -> Values | None:
    moments = sorted(source.seen for source in at.story.sources)
    for before, after in pairwise(moments):
        if after > told.at and after - before >= QUIET:
            return {"quiet_since": before.isoformat()}
    return None


_CHANGES: Mapping[str, tuple[Change, Found]] = {
    "corrected": ("corrections", _corrected),
    "fact_corrected": ("facts", _fact_corrected),
    "fact_grew": ("facts", _fact_grew),
    "fact_new": ("facts", _fact_new),
    "confirmed": ("confirmed", _confirmed),
    "new_theme": ("themes", _theme),
    "renewed": ("renewed", _renewed),
}
"""By reason, the most telling first: the kind by which a rule asks for it, and what finds it."""

CHANGED = tuple(_CHANGES)
"""The reasons for which a story is told again."""
