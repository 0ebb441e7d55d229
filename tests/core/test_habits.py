"""When a feed is worth asking, by what it says and shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import HOUR, NOON, feed

from monitor.core.habits import KEPT, asks, learned, typical_gap
from monitor.core.parse import parse
from monitor.model import Entry, Habits, Page, ParsedFeed

T = int(NOON.timestamp())
SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"


def head(markup: str) -> Habits:
    """Return what a feed with this head says."""
    body = f"<rss version='2.0' {SY}><channel><title>F</title>{markup}<item><title>T</title></item></channel></rss>"
    return parse(Page("https://a.example/", body.encode()), feed(), NOON).habits


@pytest.mark.parametrize(
    ("markup", "habits"),
    [
        ("", Habits()),
        ("<ttl>60</ttl>", Habits(every=3600)),
        ("<ttl>soon</ttl>", Habits()),
        ("<ttl>-5</ttl>", Habits()),
        ("<ttl>99999999999</ttl>", Habits()),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", Habits(every=3600)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", Habits(every=21_600)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", Habits(every=86_400)),
        ("<sy:updatePeriod>never</sy:updatePeriod>", Habits()),
        ("<ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", Habits(every=5400)),
        ("<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour></skipHours>", Habits(skip_hours=(0, 23))),
        ("<skipHours><hour>25</hour><hour>x</hour></skipHours>", Habits()),
        ("<SkipDays><day>Sunday</day><day>monday</day><day>Noday</day></SkipDays>", Habits(skip_days=(0, 6))),
    ],
)
def test_what_a_feed_says_of_when_to_come(markup: str, habits: Habits) -> None:
    """Its ttl in minutes, its updatePeriod, the hours and days that it wants to be left alone; nonsense is nothing."""
    assert head(markup) == habits


def entry(name: str, **changes: Any) -> Entry:
    """Return an entry."""
    return Entry(name, "", name, "", **changes)


def test_entries_tell_when_a_feed_publishes() -> None:
    """By their own dates; those without one count when first seen; what a feed says is what it says now."""
    dated, undated = entry("a", published=NOON - HOUR), entry("b", dated="unknown")
    capped = entry("c", published=NOON, dated="future")
    page = ParsedFeed("F", "en", (dated, undated, capped), Habits(every=60))
    assert learned(Habits((1,), every=99), page, (), NOON) == Habits((1, T - 3600), every=60)
    assert learned(Habits(), page, (dated,), NOON) == Habits((T - 3600,), every=60)
    assert learned(Habits(), page, (undated,), NOON) == Habits((T - 3600, T), every=60)


def test_only_the_last_moments_are_kept() -> None:
    """However many entries a page has."""
    page = ParsedFeed("F", "en", tuple(entry(str(n), published=NOON - n * HOUR) for n in range(500)))
    recent = learned(Habits(), page, (), NOON).recent
    assert len(recent) == KEPT
    assert recent[-1] == T
    assert recent == tuple(sorted(recent))


@given(st.dictionaries(st.sampled_from(["ttl", "sy_updateperiod", "sy_updatefrequency"]), st.text()), st.binary())
def test_any_head_says_something_usable(channel: dict[str, str], body: bytes) -> None:
    """Whatever stands there, the hours are hours and the days are days."""
    habits = asks(channel, b"<skipHours>" + body + b"</skipHours><skipDays>" + body + b"</skipDays>")
    assert timedelta(seconds=habits.every) >= timedelta(0)
    assert set(habits.skip_hours) <= set(range(24))
    assert set(habits.skip_days) <= set(range(7))


@pytest.mark.parametrize(
    ("moments", "gap"),
    [((), 0), ((1,), 0), ((0, 600), 0), ((0, 600, 1800), 900), ((0, 5, 10, 600, 601, 1800), 900), ((0, 10, 20), 0)],
)
def test_the_typical_gap(moments: tuple[int, ...], gap: float) -> None:
    """The median; what came within a minute came at once, and two moments are no rhythm."""
    assert typical_gap(moments) == gap
