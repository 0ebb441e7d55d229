"""What people count as told of once stories were split or joined, so that neither makes an alert by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.model import Figures, Story, Told


def parted(told: Told, before: Story, after: Story, figures: Figures) -> Told:
    """Return what was told of a story as it holds for *after*, one of the two that it was split into.

    Of what people were told it keeps what *after* has: the publishers, the themes, and the figures, which *after*
    counts as *figures* now. So what is new of *after* later is told, and what it always had is not.
    """
    names = _named(told, before)
    known = {s.writer for s in after.sources if s.seen <= told.at or s.writer in names}
    return replace(
        told,
        story=after.id,
        publishers=max(1, min(told.publishers, len(known))),
        figures=None if told.figures is None else _within(told.figures, figures),
        themes=None if told.themes is None else tuple(theme for theme in told.themes if theme in after.themes),
    )


def joined(told: Sequence[tuple[Told, Story]], after: Story) -> Told:
    """Return what one rule told of stories, each with what was told of it, as it holds for *after*, all of them joined.

    It is all that people were told: every publisher, theme and figure, under the highest revision.
    """
    last = max((one for one, _ in told), key=lambda one: one.at)
    names = {name for one, story in told for name in _named(one, story)}
    known = len({s.writer for s in after.sources if s.writer in names})
    return replace(
        last,
        story=after.id,
        revision=max(one.revision for one, _ in told),
        publishers=min(max(known, *(one.publishers for one, _ in told)), max(1, len(after.publishers))),
        figures=_together([one.figures for one, _ in told]),
        themes=_all_themes([one.themes for one, _ in told]),
    )


def _named(told: Told, story: Story) -> set[str]:
    """Return the publishers that people knew of, by their own names and by whose text they printed."""
    known = [source for source in story.sources if source.seen <= told.at]
    return {name for source in known for name in (source.writer, source.publisher or source.outlet)}


def _within(told: Figures, now: Figures) -> Figures:
    """Return the told figures that are still counted, cut to what is counted now unless they differ."""
    kept = {key: span for key, span in told.items() if key in now}
    cut = {key: (max(low, now[key][0]), min(high, now[key][1])) for key, (low, high) in kept.items()}
    return {key: span if span[0] <= span[1] else kept[key] for key, span in cut.items()}


def _together(told: Sequence[Figures | None]) -> Figures | None:
    """Return spans that hold all that was told; what was not kept stays unknown."""
    out: dict[str, tuple[float, float]] = {}
    for figures in told:
        if figures is None:
            return None
        for key, (low, high) in figures.items():
            held = out.get(key, (low, high))
            out[key] = (min(low, held[0]), max(high, held[1]))
    return out


def _all_themes(told: Sequence[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    themes = [theme for some in told for theme in some or ()]
    return None if any(some is None for some in told) else tuple(dict.fromkeys(themes))
