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
from monitor.core.policy import Situation, again, decide, storm
from monitor.model import Bound, Comparison, Edit, Entry, Habits, Rule, Silence, Told

RULE = Rule("Drills", themes=("exercises",), channels=("desk",))
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


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
        ({"min_score": 0.0}, "first"),
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
        ({"facts": (Bound("vessels", ">=", 1),)}, "facts_unknown"),
        ({"facts": (Bound("aircraft", ">", 45),)}, "facts_short"),
        ({"facts": (Bound("aircraft", ">=", 45),)}, "first"),
    ],
)
def test_a_rule_says_why(changes: dict[str, Any], reason: str) -> None:
    """Each condition of a rule has its reason; only a first one alerts."""
    (decision,) = decide([replace(RULE, **changes)], situation(figures={"aircraft": (45, 45)}))
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
    ("changes", "publishers", "age", "reason", "revision"),
    [
        ({"updates": ()}, 2, 9 * HOUR, "told", 0),
        ({}, 1, 9 * HOUR, "told", 0),
        ({}, 2, 5 * HOUR, "too_soon", 0),
        ({}, 2, 6 * HOUR, "confirmed", 4),
        ({"repeat": HOUR}, 2, HOUR, "confirmed", 4),
        ({"repeat": timedelta(0)}, 2, timedelta(0), "confirmed", 4),
    ],
)
def test_a_story_is_told_again_only_when_it_changed(
    changes: dict[str, Any], publishers: int, age: timedelta, reason: str, revision: int
) -> None:
    """It takes a change that the rule wants to hear of, and the rule's repeat time."""
    grown = story(*(article(feed=feed(n + 1)) for n in range(publishers)), id=7)
    told = {"Drills": Told("Drills", 7, 3, 1, NOON - age)}
    (decision,) = decide([replace(RULE, **changes)], situation(story=grown, told=told))
    assert (decision.reason, decision.revision) == (reason, revision)


@pytest.mark.parametrize("why", ["first_poll", "storm"])
def test_a_silent_poll_says_what_would_have_alerted(why: str) -> None:
    """The reason names the silence only where the rule would have alerted."""
    quiet, excluded = decide([RULE, replace(RULE, name="b", kinds=("wire",))], situation(silent=why))
    assert (quiet.alert, quiet.reason, excluded.reason) == (False, why, "kind_excluded")


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


def test_a_correction_opens_a_story_again_where_a_rule_wants_it() -> None:
    """A rule that asks for corrections tells of one, no sooner than its repeat time; another edit changes nothing."""
    told = {name: Told(name, 7, 1, 1, NOON - HOUR) for name in ("plain", "wants", "later")}
    rules = [
        replace(RULE, name="plain", updates=("facts",), repeat=HOUR),
        replace(RULE, name="wants", repeat=HOUR),
        replace(RULE, name="later", repeat=2 * HOUR),
    ]
    said = decide(rules, situation(told=told, corrected=True))
    assert [(d.reason, d.revision) for d in said] == [("told", 0), ("corrected", 2), ("too_soon", 0)]
    assert {d.reason for d in decide(rules, situation(told=told))} == {"told"}


def test_a_silence_mutes_what_would_alert() -> None:
    """The reason says which, until when, by whom; what would not alert anyway keeps its own reason."""
    muted = Silence(NOON + HOUR, rule="Drills", comment="known", author="lin", id=3)
    other = replace(RULE, name="b")
    excluded = replace(RULE, kinds=("wire",))
    said = decide([RULE, other, excluded], situation(silences=[muted]))
    assert [(d.reason, d.alert, d.revision) for d in said] == [
        ("silenced", False, 0),
        ("first", True, 1),
        ("kind_excluded", False, 0),
    ]
    until = (NOON + HOUR).isoformat()
    expected = {"change": "first", "silence": 3, "until": until, "by": "lin", "comment": "known"}
    assert said[0].compared == expected
    assert decide([RULE], situation(silences=[muted], now=NOON + HOUR))[0].alert


def test_what_is_too_soon_says_when_it_is_due() -> None:
    """With what changed, so that it can be looked at again then."""
    grown = story(article(), article(feed=feed(2)), id=7)
    told = {"Drills": Told("Drills", 7, 1, 1, NOON - HOUR)}
    (decision,) = decide([RULE], situation(story=grown, told=told))
    until = (NOON + 5 * HOUR).isoformat()
    assert decision.compared == {"change": "confirmed", "publishers": 2, "told": 1, "until": until}


def page(count: int, *, published: Any = None, apart: timedelta = timedelta(0)) -> tuple[Entry, ...]:
    """Return so many entries, published one after the other."""
    moments = [published + n * apart if published else None for n in range(count)]
    return tuple(Entry(str(n), "", "T", "S", published=when) for n, when in enumerate(moments))


NEW = page(30, published=NOON - MINUTE, apart=timedelta(seconds=1))
EDIT = Edit(1, None, Entry("1", "", "T", "S"), "Old", "", "")


@pytest.mark.parametrize(
    ("changes", "found", "total", "expected"),
    [
        ({}, Comparison(page(30)), 30, True),
        ({}, Comparison(page(30, published=NOON - 9 * HOUR, apart=MINUTE)), 30, True),
        ({}, Comparison(page(30, published=NOON)), 30, True),
        ({}, Comparison(NEW), 30, False),
        ({}, Comparison(page(9)), 9, False),
        ({}, Comparison(page(10)), 30, False),
        ({}, Comparison(edits=(EDIT,) * 30), 30, True),
        ({}, Comparison(page(2), (EDIT,) * 8), 11, True),
        ({"last_success": None}, Comparison(page(30)), 30, False),
        ({"habits": Habits()}, Comparison(page(30)), 30, False),
    ],
)
def test_a_page_that_is_all_new_is_a_storm(changes: Any, found: Comparison, total: int, *, expected: bool) -> None:
    """For a feed that showed something before, unless its entries say, each for itself, that they are new."""
    source = feed(**{"last_success": NOON - HOUR, "habits": Habits((1,)), **changes})
    assert storm(source, found, total) is expected
