"""Which reports tell of one event, and who confirms it. The method is described in ``docs/stories.md``."""

from __future__ import annotations

from monitor.core.stories.confirmation import Confirmation, confirmation
from monitor.core.stories.fingerprint import BANDS, bands, fingerprint, similarity
from monitor.core.stories.growing import begin, gather, grow, revised
from monitor.core.stories.life import CONFIRMERS, QUIET, life
from monitor.core.stories.placing import (
    DAY,
    WINDOW,
    Around,
    Placed,
    Placing,
    all_keys,
    article_keys,
    likely,
    place,
    signed,
    story_keys,
)

__all__ = [
    "BANDS",
    "CONFIRMERS",
    "DAY",
    "QUIET",
    "WINDOW",
    "Around",
    "Confirmation",
    "Placed",
    "Placing",
    "all_keys",
    "article_keys",
    "bands",
    "begin",
    "confirmation",
    "fingerprint",
    "gather",
    "grow",
    "life",
    "likely",
    "place",
    "revised",
    "signed",
    "similarity",
    "story_keys",
]
