"""Whose voice a headline is, whether something is said or done, and what is still to come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.stories.headline import asks, says, voice


@pytest.mark.parametrize(
    ("title", "names", "states"),
    [
        ("Chinese Foreign Ministry denounces the trip", {"body:cn_mfa"}, {"state:china"}),
        ("Mao Ning: the trip was a provocation", {"body:cn_mfa"}, set()),
        ("The trip was a farce from start to finish: Chinese FM", {"body:cn_diplomacy"}, {"state:china"}),
        ("Invasion would fail within weeks, Pentagon says", {"body:pentagon"}, set()),
        ("Beijing's missiles were reckless - Taiwan", set(), {"state:taiwan"}),
        ("Senator's visit draws criticism from White House", {"body:white_house"}, set()),
        ("Foreign Ministry office in Macao rejects the claim", set(), {"state:macao"}),
        ("國台辦：訪問是倒行逆施", {"body:tao"}, set()),
        ("陸委會譴責悬赏 籲停止", {"body:mac"}, set()),
        ("東部戰區宣布演習結束", {"body:etc"}, set()),
        ("Rain again", set(), set()),
    ],
)
def test_who_speaks(title: str, names: set[str], states: set[str]) -> None:
    """Before the act, before or behind a colon, behind a comma or a dash, behind by and from."""
    found = voice(title)
    assert found.names == names
    assert found.states == states


@pytest.mark.parametrize(
    ("title", "said", "announced"),
    [
        ("China denounces the trip", True, False),
        ("Tokyo: no change in policy", True, False),
        ("China fires missiles off Hualien", False, False),
        ("China to fire missiles off Hualien", False, True),
        ("Taiwan will deploy launchers on Penghu", False, True),
        ("中國譴責訪問 並發射飛彈", True, False),
        ("中國發射飛彈 日本譴責", False, False),
        ("A quiet day", True, False),
    ],
)
def test_said_or_done(title: str, said: bool, announced: bool) -> None:
    """By the first act of the headline; in Chinese a saying in the first clause decides."""
    assert says(title) == (said, announced)


@pytest.mark.parametrize(
    ("title", "asking"),
    [
        ("Why the strait matters", True),
        ("Taiwan: what comes next", True),
        ("Is a blockade likely?", True),
        ("會不會打起來？", True),
        ("China fires missiles off Hualien", False),
        ("Ministry asks who leaked the plan", False),
    ],
)
def test_questions(title: str, asking: bool) -> None:
    """An item that asks, or promises an answer, reports no event."""
    assert asks(title) == asking


@given(st.text(max_size=200))
def test_every_headline_can_be_read(title: str) -> None:
    """Whatever it is, nothing is raised, and it reads the same each time."""
    assert (voice(title), says(title), asks(title)) == (voice(title), says(title), asks(title))
