"""What people are told of a theme that is reported far more than usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.activity import SCALE, Count, Verdict
from monitor.core.digest import plural
from monitor.core.render import one_line
from monitor.model import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from monitor.model import Story

TOP = 5


@dataclass(frozen=True, slots=True)
class Surge:
    """A theme's day that stands out, with all that is told of it."""

    theme: str
    name: str
    """As it is shown."""
    day: date
    count: Count
    index: int
    verdict: Verdict
    usual_index: int
    causes: Sequence[str]
    stories: Sequence[Story]
    """The day's, the weightiest first."""


def message(surge: Surge) -> Message:
    """Return the message of a surge."""
    verdict, name = surge.verdict, one_line(surge.name, 100)
    told = plural(surge.count.stories, "story", "stories")
    lines = [
        f"{name}: {told} from {surge.count.publishers} publishers on {surge.day}, usual are {verdict.expected:.0f}.",
        f"Activity index {surge.index}, usual {surge.usual_index} (scale {SCALE}); score {verdict.score:.1f}.",
    ]
    if surge.causes:
        lines.append(f"More than usual it is about: {', '.join(one_line(term, 60) for term in surge.causes)}")
    for story in surge.stories[:TOP]:
        by = plural(len(story.publishers), "publisher", "publishers")
        lines += ["", f"{one_line(story.headline, 200)} ({by})", story.url]
    return Message(
        one_line(f"[high] Surge: {name}, {told}"),
        "\n".join(lines) + "\n",
        data=_data(surge),
        severity="high",
        link=surge.stories[0].url if surge.stories else "",
    )


def _data(surge: Surge) -> dict[str, object]:
    return {
        "event": "surge",
        "theme": surge.theme,
        "date": str(surge.day),
        "stories": surge.count.stories,
        "publishers": surge.count.publishers,
        "usual": round(surge.verdict.expected, 1),
        "score": round(surge.verdict.score, 2),
        "index": surge.index,
        "usual_index": surge.usual_index,
        "scale": SCALE,
        "causes": list(surge.causes),
        "top": [{"story": s.id, "headline": s.headline, "url": s.url} for s in surge.stories[:TOP]],
    }
