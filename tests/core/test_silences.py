"""Which silence mutes an alert."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from samples import HOUR, NOON, article, feed, story

from monitor.core.silences import silencing
from monitor.core.situation import Situation
from monitor.model import Rule, Silence

RULE = Rule("Drills", themes=("exercises",), channels=("desk",))
UNTIL = NOON + HOUR


def situation(*silences: Silence) -> Situation:
    """Return an article about jets of Outlet 1, its story being 7."""
    one = article(summary="Said the ministry")
    return Situation(one, story(one, id=7), NOON, {}, silences=silences)


@pytest.mark.parametrize(
    ("named", "mutes"),
    [
        ({}, False),
        ({"theme": "exercises"}, True),
        ({"theme": "arms_sales"}, False),
        ({"rule": "Drills"}, True),
        ({"rule": "drills"}, False),
        ({"source": "outlet 1"}, True),
        ({"source": "Publisher 1"}, True),
        ({"source": "Outlet 2"}, False),
        ({"keyword": "MEDIAN LINE"}, True),
        ({"keyword": "ministry"}, True),
        ({"keyword": "carrier"}, False),
        ({"story": 7}, True),
        ({"story": 8}, False),
        ({"theme": "exercises", "rule": "Drills", "source": "Outlet 1", "keyword": "jets", "story": 7}, True),
        ({"theme": "exercises", "keyword": "carrier"}, False),
        ({"theme": "jets", "keyword": "jets"}, False),
        ({"rule": "Drills", "ended": NOON}, False),
        ({"rule": "Drills", "until": NOON}, False),
    ],
)
def test_all_that_is_named_must_match(named: dict[str, Any], *, mutes: bool) -> None:
    """What is named nowhere mutes nothing, nor does what is over."""
    silence = Silence(**{"until": UNTIL, **named})
    assert (silencing(RULE, situation(silence)) is not None) is mutes


def test_the_theme_is_the_one_the_rule_tells_of() -> None:
    """Other themes of the item may be muted without muting this rule."""
    one = article(themes=("arms_sales", "exercises"), scores={"exercises": 0.8, "arms_sales": 0.9}, feed=feed())
    at = Situation(one, story(one, id=7), NOON, {}, silences=[Silence(UNTIL, theme="arms_sales")])
    assert silencing(RULE, at) is None
    assert silencing(replace(RULE, themes=()), at) is not None


def test_the_longest_is_named() -> None:
    """Of several the one that lasts longest explains."""
    short, long = Silence(UNTIL, rule="Drills", id=1), Silence(UNTIL + HOUR, keyword="jets", id=2, author="lin")
    found = silencing(RULE, situation(long, short))
    assert found == (long, {"silence": 2, "until": (UNTIL + HOUR).isoformat(), "by": "lin"})
