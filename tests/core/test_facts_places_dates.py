"""Places by their English names, and days against the day of publication."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app import extractor
from monitor.core.facts.dates import dates
from monitor.core.facts.sentences import plain

EXTRACTOR = extractor()
PUBLISHED = date(2026, 5, 6)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Jets near Kinmen, off Taiwan and Kinmen again", ("Kinmen", "Taiwan")),
        ("共機越過台灣海峽中線，現身東沙", ("Taiwan Strait", "median line", "Pratas")),
        ("解放军在巴士海峡、宫古海峡活动", ("Bashi Channel", "Miyako Strait")),
        ("The Taiwan Strait and the South China Sea", ("Taiwan Strait", "South China Sea")),
        ("A cake from nowhere", ()),
    ],
)
def test_places_are_named_once_in_order(text: str, places: tuple[str, ...]) -> None:
    """One name for a place, in whichever language it is told; the longer name wins."""
    assert EXTRACTOR.read(text, "").places == places


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on Aug. 7, 2022 and August 8 2022", ["2022-08-07", "2022-08-08"]),
        ("since 7 August 2022", ["2022-08-07"]),
        ("on April 30 and on May 7", ["2026-04-30", "2026-05-07"]),
        ("the 3rd of December", ["2025-12-03"]),
        ("2022-08-04", ["2022-08-04"]),
        ("2022年8月4日、5月2日", ["2022-08-04", "2026-05-02"]),
        ("said on Monday", ["2026-05-04"]),
        ("on Wednesday", ["2026-05-06"]),
        ("last Wednesday and next Wednesday", ["2026-04-29", "2026-05-13"]),
        ("today, yesterday and tomorrow", ["2026-05-06", "2026-05-05", "2026-05-07"]),
        ("國防部昨日公布，周二再說", ["2026-05-05", "2026-05-05"]),
        ("國防部5日表示，30日的演習", ["2026-05-05", "2026-04-30"]),
        ("29日", ["2026-04-29"]),
        ("31日", []),
        ("今日、日本、7日內、30日元", ["2026-05-06"]),
        ("February 30", []),
        ("Aug. 2,000 ships may 5 p.m.", []),
        ("Sundays in May", []),
    ],
)
def test_days_are_resolved(text: str, days: list[str]) -> None:
    """Years that are not told are the nearest; a weekday is the last one up to the publication."""
    assert [day.isoformat() for day in dates(plain(text), PUBLISHED)] == days


def test_without_a_publication_only_whole_dates_are_known() -> None:
    """Nothing is guessed."""
    assert list(dates("yesterday, Monday, 7日, May 7 and 4 May 2020", None)) == [date(2020, 5, 4)]


@given(st.text(), st.dates())
def test_no_text_breaks_it(text: str, published: date) -> None:
    """Any text on any day, the first and the last of the calendar too."""
    list(dates(text, published))
    list(dates(f"{text} Sunday 今日 next Monday tomorrow 昨日 1日 May 7", published))
