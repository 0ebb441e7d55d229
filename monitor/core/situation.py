"""What a decision looks at besides the rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from monitor.model import Article, Figures, Rule, Silence, Story, Told


@dataclass(frozen=True, slots=True)
class Situation:
    """An article, its story, and what people know of it."""

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
    figures: Figures = field(default_factory=dict)
    """What the story's reports count, the article's among them."""
    silences: Sequence[Silence] = ()

    def threshold(self, rule: Rule, theme: str) -> float:
        """Return the probability from which on a rule takes a theme."""
        return self.sure.get(theme, 0.0) if rule.min_score is None else rule.min_score
