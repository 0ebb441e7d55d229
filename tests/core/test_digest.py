"""A local day, composed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import NOON, article, feed, story

from monitor.core.digest import LINES, Day, compose, day_bounds, edition
from monitor.model import Fact, Said

TAIPEI, BERLIN = ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Berlin")
NAMES = {"exercises": "Drills", "us_policy": "US policy"}


def day(**changes: Any) -> Day:
    """Return a day with one story."""
    values: dict[str, Any] = {
        "date": date(2026, 5, 4),
        "zone": TAIPEI,
        "stories": [story()],
        "before": [],
        "themes": tuple(NAMES),
        "names": NAMES,
        "doubtful": [],
        "feeds": [],
    }
    return Day(**{**values, **changes})


def test_a_drift_is_told() -> None:
    """What is said of the classifier is passed on."""
    assert compose(day(drift=["Drills: higher"])).drift == ("Drills: higher",)
    assert compose(day()).drift == ()


@pytest.mark.parametrize(
    ("when", "zone", "hours"),
    [(date(2026, 5, 4), TAIPEI, 24), (date(2026, 3, 29), BERLIN, 23), (date(2026, 10, 25), BERLIN, 25)],
)
def test_a_day_has_the_hours_it_has(when: date, zone: ZoneInfo, hours: int) -> None:
    """Clock changes make a day shorter or longer."""
    start, end = day_bounds(when, zone)
    assert end - start == timedelta(hours=hours)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.sampled_from([TAIPEI, BERLIN]))
def test_every_moment_lies_in_its_day(moment: datetime, zone: ZoneInfo) -> None:
    """The bounds of days meet without a gap."""
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    start, end = day_bounds(local.date(), zone)
    assert start <= local < end


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 5, 4, 7, 59, tzinfo=TAIPEI), None),
        (datetime(2026, 5, 4, 8, 0, tzinfo=TAIPEI), date(2026, 5, 3)),
        (datetime(2026, 5, 4, 23, 59, tzinfo=TAIPEI), date(2026, 5, 3)),
    ],
)
def test_the_morning_tells_of_the_day_before(now: datetime, expected: date | None) -> None:
    """Before the hour nothing is due; after it the day before is, all day long."""
    assert edition(now, time(8), TAIPEI) == expected


def test_a_quiet_day_says_so() -> None:
    """A digest without stories has one line and no section."""
    digest = compose(day(stories=[]))
    assert digest.sections == ()
    assert digest.lines == ("No story of the seven themes was reported.",)


def test_the_day_in_five_lines() -> None:
    """The size of the day first, then the best confirmed stories."""
    confirmed = story(article(), article(feed=feed(2, kind="official")))
    digest = compose(day(stories=[story(article(f"Single report {'abcdefgh'[n]}")) for n in range(8)] + [confirmed]))
    assert len(digest.lines) == LINES
    assert digest.lines[0] == "9 stories from 2 publishers."
    assert digest.lines[1] == f"Drills: {confirmed.headline} (2 publishers, official)"


def test_a_story_stands_under_its_surest_theme_only() -> None:
    """It is new on the day it was first seen, and not when it only grew."""
    both = story(article(themes=("exercises", "us_policy"), scores={"exercises": 0.6, "us_policy": 0.9}))
    old = story(article("Another drill"), first_seen=NOON - timedelta(days=1))
    digest = compose(day(stories=[both, old]))
    assert [(theme, [row.new for row in rows]) for theme, rows in digest.sections] == [
        ("exercises", [False]),
        ("us_policy", [True]),
    ]


def test_what_changed_since_yesterday() -> None:
    """Per theme the counts of both days, where they differ."""
    assert compose(day()).changes == ("Drills: 1 story, 0 the day before",)
    assert compose(day(before=[story()])).changes == ()


def test_the_day_tells_the_facts() -> None:
    """Behind a headline stand the facts that its reports agree on, and the section keeps them all."""
    told = story()
    facts = [
        Said("Daily", Fact("aircraft", 45)),
        Said("Evening", Fact("aircraft", 43)),
        Said("Daily", Fact("vessels", 7)),
    ]
    digest = compose(day(stories=[told], facts={told.id: facts}))
    assert digest.lines[1] == f"Drills: {told.headline} (1 publisher): 43 to 45 aircraft, 7 ships"
    assert digest.sections[0][1][0].facts == tuple(facts)


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        ({"aircraft": 45}, {"aircraft": 12}, "aircraft: 45, 12 the day before"),
        ({"aircraft": 45}, {"aircraft": 45}, ""),
        ({"vessels": 1}, {}, "ships: 1, no figure the day before"),
        ({}, {"missiles": 11}, "missiles: no figure, 11 the day before"),
        (
            {"vessels": 8, "aircraft": 3},
            {},
            "aircraft: 3, no figure the day before; ships: 8, no figure the day before",
        ),
        ({}, {}, ""),
    ],
)
def test_what_was_counted_beside_yesterday(now: dict[str, float], before: dict[str, float], told: str) -> None:
    """The largest confirmed numbers where they differ; what nobody counted is unknown, never zero."""
    changes = compose(day(before=[story()], counted=now, counted_before=before)).changes
    assert changes == ((f"The most that is confirmed in one story: {told}",) if told else ())


def test_each_story_says_how_far_it_has_come() -> None:
    """As it stood when the day ended, whenever the digest is made."""
    reports = {"confirmed": [article(), article(feed=feed(2))], "developing": [article()]}
    stories = [story(*told, id=n) for n, told in enumerate(reports.values(), 1)]
    rows = dict(compose(day(stories=stories)).sections)["exercises"]
    assert {row.life: len(row.story.sources) for row in rows} == {"confirmed": 2, "developing": 1}
    old = story(article(seen=NOON - timedelta(days=2)))
    assert [row.life for row in dict(compose(day(stories=[old])).sections)["exercises"]] == ["quiet"]


def test_feeds_in_trouble_are_named() -> None:
    """Those that fail and those that are gone; a healthy one is not."""
    feeds = [feed(1), feed(2, failures=2, status="http_404"), feed(3, status="gone")]
    assert [f.id for f in compose(day(feeds=feeds)).troubled] == [2, 3]


def test_a_feed_that_may_have_lost_items_is_told_of_on_its_day() -> None:
    """With the reason and the local time; not on other days, and not twice when it fails as well."""
    missed = feed(1, missed=NOON)
    (told,) = compose(day(feeds=[missed, feed(2), feed(3, missed=NOON - timedelta(days=1))])).troubled
    assert (told.id, told.status) == (1, "missed")
    assert "may be missing (at 20:00)" in told.error
    assert [f.error for f in compose(day(feeds=[feed(1, missed=NOON, failures=1, error="503")])).troubled] == ["503"]


def test_the_longest_down_come_first() -> None:
    """What was never read before all; what may have lost items comes last."""
    week = timedelta(days=7)
    feeds = [
        feed(1, missed=NOON),
        feed(2, failures=1),
        feed(3, failures=9, last_success=NOON - week),
        feed(4, failures=2, last_success=None),
    ]
    assert [f.id for f in compose(day(feeds=feeds)).troubled] == [4, 3, 2, 1]
