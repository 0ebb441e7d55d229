"""How far a story has come in its life."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.stories.confirmation import confirmation

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.model import Life, Story

QUIET = timedelta(hours=24)
"""A story that nobody reported for so long is quiet; its next report renews it."""
CONFIRMERS = 2
"""So many independent publishers confirm a story without an official source."""


def life(story: Story, now: datetime) -> Life:
    """Return a story's life; a correction outlasts the rest, since people may remember what was wrong."""
    if story.corrected:
        return "corrected"
    if now - story.last_seen >= QUIET:
        return "quiet"
    found = confirmation(story.sources)
    return "confirmed" if found.official or len(found.publishers) >= CONFIRMERS else "developing"
