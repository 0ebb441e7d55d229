"""What people count as told of, once stories were split or joined."""

from __future__ import annotations

from typing import Any

import pytest
from samples import HOUR, NOON, article, feed, story

from monitor.core.retold import joined, parted
from monitor.core.stories import gather, signed
from monitor.model import Figures, Story, Told


def told(**changes: Any) -> Told:
    """Return what was told an hour after noon, of two publishers."""
    values: dict[str, Any] = {"rule": "Drills", "story": 1, "revision": 2, "publishers": 2, "at": NOON + HOUR}
    return Told(**values | {"figures": {"aircraft": (12, 45)}, "themes": ("exercises", "us_policy")} | changes)


def of(*reports: tuple[int, int], story_id: int = 1, themes: tuple[str, ...] = ("exercises",)) -> Story:
    """Return the story of reports, each by its outlet and how many hours after noon it came."""
    titles = "Jets near the island", "Ships leave a port", "A minister speaks", "Drones seen", "A drill ends"
    made = [article(titles[n], feed=feed(n), seen=NOON + hours * HOUR, themes=themes) for n, hours in reports]
    return story(id=story_id, **_parts(gather([signed(one) for one in made])))


def _parts(found: Story) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Story.__dataclass_fields__ if name != "id"}


@pytest.mark.parametrize(
    ("left", "publishers"),
    [
        (((0, 0), (1, 1)), 2),
        (((0, 0),), 1),
        # One that came after people were told, of a publisher that they had not heard of; then of one that they had.
        (((2, 2),), 1),
        (((0, 0), (2, 2)), 1),
        (((0, 0), (0, 3)), 1),
    ],
)
def test_a_part_counts_as_told_with_the_publishers_that_people_knew(
    left: tuple[tuple[int, int], ...], publishers: int
) -> None:
    """At least one, and none that they were not told of, so that it can still be confirmed."""
    before = of((0, 0), (1, 1), (2, 2), (0, 3))
    after = parted(told(), before, of(*left, story_id=8), {})
    assert (after.story, after.rule, after.revision, after.at) == (8, "Drills", 2, NOON + HOUR)
    assert after.publishers == publishers


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        ({"aircraft": (12, 45)}, {"aircraft": (12, 12)}, {"aircraft": (12, 12)}),
        ({"aircraft": (12, 45)}, {"aircraft": (45, 45)}, {"aircraft": (45, 45)}),
        ({"aircraft": (12, 45), "vessels": (7, 7)}, {"aircraft": (12, 45)}, {"aircraft": (12, 45)}),
        # What people were not told yet is still to be told.
        ({"aircraft": (12, 12)}, {"aircraft": (45, 45)}, {"aircraft": (12, 12)}),
        ({"aircraft": (12, 12)}, {"aircraft": (12, 45)}, {"aircraft": (12, 12)}),
        ({"aircraft": (12, 12)}, {"aircraft": (12, 12), "vessels": (7, 7)}, {"aircraft": (12, 12)}),
        (None, {"aircraft": (12, 12)}, None),
        ({}, {}, {}),
    ],
)
def test_a_part_counts_as_told_with_the_figures_that_it_has(
    before: Figures | None, now: Figures, after: Figures | None
) -> None:
    """Cut to what it counts, so that its growth is told; never widened by what was not told."""
    assert parted(told(figures=before), of((0, 0), (1, 0)), of((0, 0)), now).figures == after


def test_a_part_counts_as_told_with_the_themes_that_it_has() -> None:
    """One that it takes on later is new."""
    both = of((0, 0), (1, 0), themes=("exercises", "us_policy"))
    assert parted(told(), both, of((0, 0)), {}).themes == ("exercises",)
    assert parted(told(themes=None), both, of((0, 0)), {}).themes is None


def test_a_joined_story_counts_as_told_with_all_that_people_were_told() -> None:
    """Under the highest revision, from the latest moment on."""
    one, other = of((0, 0), (1, 1)), of((2, 0), (3, 1), story_id=2)
    both = of((0, 0), (1, 1), (2, 0), (3, 1))
    first = told(revision=3, figures={"aircraft": (12, 45)}, themes=("exercises",))
    second = told(story=2, at=NOON + 2 * HOUR, figures={"aircraft": (9, 20), "vessels": (7, 7)}, themes=("us_policy",))
    for given in ([(first, one), (second, other)], [(second, other), (first, one)]):
        found = joined(given, both)
        assert (found.story, found.revision, found.publishers, found.at) == (1, 3, 4, NOON + 2 * HOUR)
        assert found.figures == {"aircraft": (9, 45), "vessels": (7, 7)}
        assert set(found.themes or ()) == {"exercises", "us_policy"}
    assert joined([(first, one)], both).publishers == 2
    unknown = joined([(first, one), (told(figures=None, themes=None), other)], both)
    assert (unknown.figures, unknown.themes) == (None, None)


def test_what_was_told_never_counts_more_publishers_than_there_are() -> None:
    """Where two that were told apart turn out to print one text, the next one of its own still confirms."""
    one, other = of((0, 0), (1, 1)), of((0, 0), story_id=2)
    assert joined([(told(publishers=3), one), (told(story=2, publishers=1), other)], of((0, 0), (1, 1))).publishers == 2
