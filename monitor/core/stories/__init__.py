"""Which reports tell of one event, and who confirms it. The method is described in ``docs/stories.md``."""

from __future__ import annotations

from monitor.core.stories.confirmation import Confirmation, confirmation
from monitor.core.stories.fingerprint import BANDS, bands, fingerprint, similarity
from monitor.core.stories.placing import (
    DAY,
    WINDOW,
    Crowd,
    Placed,
    Placing,
    article_keys,
    begin,
    place,
    signed,
    story_keys,
)

__all__ = [
    "BANDS",
    "DAY",
    "WINDOW",
    "Confirmation",
    "Crowd",
    "Placed",
    "Placing",
    "article_keys",
    "bands",
    "begin",
    "confirmation",
    "fingerprint",
    "place",
    "signed",
    "similarity",
    "story_keys",
]
