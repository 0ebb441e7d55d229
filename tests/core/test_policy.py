"""What is decided, as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import HOUR, NOON, article, feed, story

from monitor.core import policy
from monitor.core.policy import Cadence, Situation, again, decide, due, storm
from monitor.model import Rule, Told

RULE = Rule("Drills", themes=("exercises",), channels=("desk",))
DAY = timedelta(days=1)


def situation(**changes: Any) -> Situation:
    """Return an ordinary case: one fresh article, its story, nobody told."""
    one = changes.pop("article", article())
    values = {"article": one, "story": story(one, id=7), "now": NOON, "told": {}}
    return Situation(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "first"),
        ({"themes": ()}, "first"),
        ({"themes": ("arms_sales",)}, "no_theme"),
        ({"min_score": 0.9}, "first"),
        ({"min_score": 0.91}, "below_score"),
        ({"keywords": ("MEDIAN", "carrier")}, "first"),
        ({"keywords": ("carrier",)}, "keyword_missing"),
        ({"not_keywords": ("jets",)}, "keyword_excluded"),
        ({"sources": ("outlet 1",)}, "first"),
        ({"sources": ("Outlet 2",)}, "source_excluded"),
        ({"not_sources": ("Publisher 1",)}, "source_excluded"),
        ({"kinds": ("press",)}, "first"),
        ({"kinds": ("official",)}, "kind_excluded"),
        ({"languages": ("en",)}, "first"),
        ({"languages": ("zh",)}, "language_excluded"),
        ({"max_age": HOUR}, "first"),
        ({"min_publishers": 2}, "unconfirmed"),
        ({"min_publishers": 2, "or_official": True}, "unconfirmed"),
    ],
)
def test_a_rule_says_why(changes: dict[str, Any], reason: str) -> None:
    """Each condition of a rule has its reason; only a first one alerts."""
    (decision,) = decide([replace(RULE, **changes)], situation())
    assert (decision.reason, decision.alert) == (reason, reason == "first")
    assert decision.reason in policy.REASONS


def test_zh_stands_for_both_scripts() -> None:
    """A rule for zh takes Traditional and Simplified; a rule for one script only that."""
    at = situation(article=article("共機逾越中線", lang="zh-Hant"))
    rules = [replace(RULE, name=lang, languages=(lang,)) for lang in ("zh", "zh-Hant", "zh-Hans")]
    assert [d.alert for d in decide(rules, at)] == [True, True, False]


def test_an_old_item_never_alerts() -> None:
    """What was published longer ago than max_age stays quiet, whenever it is seen."""
    at = situation(article=article(published=NOON - 4 * DAY))
    assert decide([RULE], at)[0].reason == "too_old"


def test_two_publishers_or_one_official_confirm() -> None:
    """Feeds of one family confirm nothing for each other."""
    rule = replace(RULE, min_publishers=2, or_official=True)
    family = story(article(), article(feed=feed(2, publisher="Publisher 1")))
    others = story(article(), article(feed=feed(2)))
    official = story(article(feed=feed(3, kind="official")))
    reasons = [decide([rule], situation(story=s))[0].reason for s in (family, others, official)]
    assert reasons == ["unconfirmed", "first", "first"]


@pytest.mark.parametrize(
    ("repeat", "publishers", "age", "reason", "revision"),
    [
        (None, 2, 9 * HOUR, "told", 0),
        (6 * HOUR, 1, 9 * HOUR, "told", 0),
        (6 * HOUR, 2, 5 * HOUR, "too_soon", 0),
        (6 * HOUR, 2, 6 * HOUR, "grew", 4),
    ],
)
def test_a_story_is_told_again_only_when_it_grew(
    repeat: timedelta | None, publishers: int, age: timedelta, reason: str, revision: int
) -> None:
    """It takes more publishers than last time, and the rule's repeat time."""
    grown = story(*(article(feed=feed(n + 1)) for n in range(publishers)), id=7)
    told = {"Drills": Told("Drills", 7, 3, 1, NOON - age)}
    (decision,) = decide([replace(RULE, repeat=repeat)], situation(story=grown, told=told))
    assert (decision.reason, decision.revision) == (reason, revision)


@pytest.mark.parametrize("why", ["first_poll", "storm"])
def test_a_silent_poll_says_what_would_have_alerted(why: str) -> None:
    """The reason names the silence only where the rule would have alerted."""
    quiet, excluded = decide([RULE, replace(RULE, name="b", kinds=("wire",))], situation(silent=why))
    assert (quiet.alert, quiet.reason, excluded.reason) == (False, why, "kind_excluded")


@pytest.mark.parametrize(
    ("failures", "retry_after", "least", "most"),
    [
        (0, None, 15, 16.5),
        (1, None, 30, 33),
        (3, None, 120, 132),
        (30, None, 1440, 1584),
        (1, 120, 5, 5.5),
        (1, 7200, 120, 132),
        (5, 120, 480, 528),
        (1, 10**9, 1440, 1584),
    ],
)
def test_when_a_feed_is_polled_again(failures: int, retry_after: float | None, least: float, most: float) -> None:
    """Minutes to wait: doubled by every failure, a Retry-After honoured, between poll_min and poll_max."""
    wait = due(Cadence(), feed(), NOON, failures=failures, retry_after=retry_after) - NOON
    assert timedelta(minutes=least) <= wait <= timedelta(minutes=most)


@given(st.text(), st.integers(1, 40), st.none() | st.floats(0, 1e9))
def test_a_delivery_is_tried_later_or_given_up(key: str, attempts: int, retry_after: float | None) -> None:
    """The next try is never sooner than Retry-After asks within reason, and there is a last one."""
    when = again(key, attempts, NOON, retry_after)
    if attempts >= policy.MAX_ATTEMPTS:
        assert when is None
    else:
        assert when is not None
        assert when - NOON >= timedelta(seconds=min(retry_after or 15, policy.LONGEST_WAIT.total_seconds()))
        assert when - NOON <= policy.LONGEST_WAIT * 1.2


@given(st.text(), st.integers())
def test_jitter_is_the_same_every_time(name: str, count: int) -> None:
    """It lies from 0 to 1 and depends on nothing but its arguments."""
    assert 0 <= policy.jitter(name, count) <= 1
    assert policy.jitter(name, count) == policy.jitter(name, count)


@pytest.mark.parametrize(
    ("known", "fresh", "total", "expected"),
    [(True, 30, 30, True), (True, 9, 9, False), (True, 10, 30, False), (False, 30, 30, False)],
)
def test_a_page_that_is_all_new_is_a_storm(known: bool, fresh: int, total: int, expected: bool) -> None:
    """Only for a feed that was read before, and not for a handful of items."""
    source = feed(last_success=NOON if known else None)
    assert storm(source, fresh, total) is expected
