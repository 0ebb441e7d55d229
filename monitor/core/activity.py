"""How active a theme is: an index of a day on a frozen scale, and whether the day stands out from those before.

A day stands out by the modified z-score of B. Iglewicz and D. Hoaglin (How to Detect and Handle Outliers, 1993): the
distance from the median in units of the median absolute deviation, over 3.5. Counts are first brought to one variance
by F. J. Anscombe's root (The transformation of Poisson, binomial and negative-binomial data, 1948), and each day is
compared with its own weekday. docs/activity.md tells how often that is wrong, and how late it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import log, log1p, sqrt
from statistics import median
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

SCALE = 1
"""The version of the index: goes up whenever one of the constants below changes, for figures of two scales differ."""
FULL = 100.0
"""The points of a day with the index 100; there is no end above it."""
STORY = 1.0
"""The points of a story; what follows are those of one of what is counted, by its kind."""
POINTS: Mapping[str, float] = {
    "aircraft": 0.2,
    "crossings": 0.2,
    "vessels": 0.5,
    "official_ships": 0.5,
    "drones": 0.2,
    "balloons": 0.5,
    "missiles": 2.0,
}

WINDOW = 56
"""So many days before are compared with: eight of each weekday."""
LEARNING = 28
"""With fewer known days nothing stands out."""
LEAST_SAME = 3
"""With fewer known days of a weekday, all days stand for it."""
LATELY = 7
"""The days that tell a new level: while they lie higher than the weekday did, they are what is usual."""
THRESHOLD = 3.5
LEAST_STORIES = 5
LEAST_PUBLISHERS = 3
_NORMAL = 0.6745
"""The median absolute deviation of a normal distribution with deviation 1, which is what Anscombe's root gives."""

CAUSES = 6
_LEAST_CAUSE = 2
"""A term that one story has tells of that story, not of the day."""
_SMOOTHING = 0.5

BARS = "▁▂▃▄▅▆▇█"
UNKNOWN = "·"
"""Stands in a chart for a day on which nothing was watched."""


@dataclass(frozen=True, slots=True)
class Count:
    """A theme's day."""

    stories: int = 0
    publishers: int = 0
    facts: Mapping[str, float] = field(default_factory=dict)
    """Per kind the largest confirmed number."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A local day, counted."""

    day: date
    themes: Mapping[str, Count] = field(default_factory=dict)
    watched: bool = True
    """Whether anything came in at all; a day on which the program stood still says nothing."""

    def of(self, theme: str) -> Count:
        """Return a theme's count: nothing was reported where there is none."""
        return self.themes.get(theme, Count())


@dataclass(frozen=True, slots=True)
class Telling:
    """A number that one publisher gives within a story."""

    theme: str
    story: int
    kind: str
    value: float
    publisher: str
    official: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a day is beside those before."""

    state: Literal["learning", "usual", "surge"]
    expected: float = 0.0
    """How many stories are usual."""
    score: float = 0.0
    """The modified z-score."""


def index(count: Count) -> int:
    """Return the activity index of a day: 0 when nothing was reported, 100 at :data:`FULL` points, by logarithm."""
    points = STORY * count.stories + sum(POINTS.get(kind, 0.0) * value for kind, value in count.facts.items())
    return round(100 * log1p(points) / log1p(FULL))


def confirmed(told: Iterable[Telling]) -> dict[str, dict[str, float]]:
    """Return per theme and kind the largest number that two publishers give for a story, or an official source.

    The largest and not the sum: a day's sorties are told again in many stories.
    """
    who: dict[tuple[str, int, str, float], set[str]] = {}
    official: set[tuple[str, int, str, float]] = set()
    for one in told:
        key = (one.theme, one.story, one.kind, one.value)
        who.setdefault(key, set()).add(one.publisher)
        if one.official:
            official.add(key)
    out: dict[str, dict[str, float]] = {}
    for key, publishers in who.items():
        theme, _, kind, value = key
        if kind in POINTS and (len(publishers) > 1 or key in official):
            found = out.setdefault(theme, {})
            found[kind] = max(value, found.get(kind, 0.0))
    return out


def enough(count: Count) -> bool:
    """Say whether so much was reported, by so many, that a day may be told to people."""
    return count.stories >= LEAST_STORIES and count.publishers >= LEAST_PUBLISHERS


def judge(theme: str, today: Tally, before: Iterable[Tally]) -> Verdict:
    """Return whether a theme's day stands out from the known ones before it, up to :data:`WINDOW` days back.

    The day need not be over: what stands out at noon does at midnight.
    """
    past = [t for t in before if t.watched and 0 < (today.day - t.day).days <= WINDOW]
    if len(past) < LEARNING:
        return Verdict("learning")
    rooted = {t.day: _root(t.of(theme).stories) for t in past}
    whole = median(rooted.values())
    usual = {weekday: _usual(rooted, weekday, whole) for weekday in range(7)}
    spread = max(_NORMAL, median(abs(root - usual[day.weekday()]) for day, root in rooted.items()))
    lately = [root for day, root in rooted.items() if (today.day - day).days <= LATELY]
    level = max(usual[today.day.weekday()], median(lately or [whole]))
    count = today.of(theme)
    score = _NORMAL * (_root(count.stories) - level) / spread
    state: Literal["usual", "surge"] = "surge" if score > THRESHOLD and enough(count) else "usual"
    return Verdict(state, max(0.0, (level / 2) ** 2 - 3 / 8), score)


def _root(count: int) -> float:
    return 2 * sqrt(count + 3 / 8)


def _usual(rooted: Mapping[date, float], weekday: int, otherwise: float) -> float:
    same = [root for day, root in rooted.items() if day.weekday() == weekday]
    return median(same) if len(same) >= LEAST_SAME else otherwise


def causes(today: Sequence[AbstractSet[str]], before: Sequence[AbstractSet[str]], limit: int = CAUSES) -> list[str]:
    """Return the terms that stories of a day have more often than those before, by log-odds in units of their error.

    After B. Monroe, M. Colaresi and K. Quinn (Fightin' Words, 2008), with an even prior.
    """
    now, then = _counts(today), _counts(before)
    weights = {t: _weight(n, len(today), then[t], len(before)) for t, n in now.items() if n >= _LEAST_CAUSE}
    found = sorted((t for t, weight in weights.items() if weight > 1), key=lambda t: (-weights[t], t))
    return list(dict.fromkeys(_shown(term) for term in found))[:limit]


def _counts(stories: Iterable[AbstractSet[str]]) -> Counter[str]:
    return Counter(term for terms in stories for term in terms)


def _weight(now: int, of_now: int, then: int, of_then: int) -> float:
    parts = [now + _SMOOTHING, of_now - now + _SMOOTHING, then + _SMOOTHING, of_then - then + _SMOOTHING]
    odds = log(parts[0] / parts[1]) - log(parts[2] / parts[3])
    return odds / sqrt(sum(1 / part for part in parts))


def _shown(term: str) -> str:
    """Return a term for people: of ``act:ban+thing:fruit`` the words."""
    return " ".join(part.rpartition(":")[2] for part in term.split("+")).replace("_", " ")


def sparkline(values: Sequence[int | None]) -> str:
    """Return figures as bars from nothing to the highest, one character a day; a day not watched is a dot."""
    top = max((value for value in values if value is not None), default=0) or 1
    return "".join(UNKNOWN if v is None else BARS[round(v / top * (len(BARS) - 1))] for v in values)
