"""Which silence mutes an alert: all that it names must match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.core.conditions import best_theme, found_in, is_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.situation import Situation
    from monitor.model import Rule, Silence


def silencing(rule: Rule, at: Situation) -> tuple[Silence, Mapping[str, Any]] | None:
    """Return the silence that mutes what a rule would tell of an article, the one that lasts longest, and its words."""
    muting = [silence for silence in at.silences if silence.active(at.now) and _matches(silence, rule, at)]
    if not muting:
        return None
    last = max(muting, key=lambda silence: (silence.until, silence.id))
    words = {"by": last.author, "comment": last.comment}
    return last, {"silence": last.id, "until": last.until.isoformat(), **{k: v for k, v in words.items() if v}}


def _matches(silence: Silence, rule: Rule, at: Situation) -> bool:
    """Say whether everything that a silence names is there; one that names nothing mutes nothing."""
    named: tuple[tuple[object, bool], ...] = (
        (silence.theme, silence.theme == best_theme(rule, at.article)[0]),
        (silence.rule, silence.rule == rule.name),
        (silence.source, is_from(at.article, (silence.source,))),
        (silence.keyword, bool(found_in(at.article, (silence.keyword,)))),
        (silence.story, silence.story == at.story.id),
    )
    asked = [holds for name, holds in named if name]
    return bool(asked) and all(asked)
