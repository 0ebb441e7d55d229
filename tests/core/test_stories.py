"""Near-identical reports become one story."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import NOON, article, feed, story

from monitor.core.stories import BANDS, WINDOW, bands, fingerprint, place, similarity

WIRE = "Eleven naval vessels were tracked through the strait before dawn, the ministry said in its report on Monday"


def test_edited_wire_copy_is_one_story() -> None:
    """The second outlet's report joins, and confirms nothing; the headline stays that of the first."""
    first = article("Navy tracks vessels in the strait", WIRE)
    second = article("Navy tracks vessels in the strait", WIRE + ", adding that it kept watch", feed=feed(2))
    placing = place([first, second], [])
    assert [placed.story for placed in placing.placed] == [0, 0]
    (found,) = placing.stories
    assert found.headline == first.entry.title
    assert found.publishers == {"Publisher 1"}


@pytest.mark.parametrize(
    ("title", "summary", "days"),
    [
        ("A museum of ceramics opens in Tainan", "", 0),
        ("Ministry tracks 12 aircraft around the island in a day", WIRE, 0),
        ("Ministry tracks 45 aircraft around the island in a day", WIRE, 8),
    ],
)
def test_what_differs_is_a_story_of_its_own(title: str, summary: str, days: int) -> None:
    """Another subject, another count under the same words, or the same words a week later."""
    first = article("Ministry tracks 45 aircraft around the island in a day", WIRE)
    later = NOON + timedelta(days=days)
    assert len(place([first, article(title, summary, seen=later, feed=feed(2))], []).stories) == 2


def test_a_known_story_grows() -> None:
    """It keeps its id, takes the higher probability and the new theme."""
    known = story(article("Navy tracks vessels", WIRE), id=9)
    more = article(
        "Navy tracks vessels",
        WIRE,
        feed=feed(2),
        seen=NOON + WINDOW / 2,
        themes=("coercion",),
        scores={"coercion": 0.8},
    )
    (grown,) = place([more], [known]).stories
    assert (grown.id, grown.themes, grown.last_seen) == (9, ("exercises", "coercion"), NOON + WINDOW / 2)
    assert grown.scores == {"exercises": 0.9, "us_policy": 0.1, "coercion": 0.8}


def test_untouched_stories_are_not_returned() -> None:
    """Only what is new or grew comes back, in the order of the articles."""
    known = [story(article("A quite different thing entirely", ""), id=1)]
    placing = place([article()], known)
    assert [s.id for s in placing.stories] == [0]


@given(st.text(), st.text())
def test_every_text_has_a_fingerprint_or_none(title: str, summary: str) -> None:
    """It is the same each time, like itself, and has its bands."""
    print_ = fingerprint(title, summary)
    assert print_ == fingerprint(title, summary)
    if print_:
        assert similarity(print_, print_) == 1.0
        assert len(set(bands(print_))) == BANDS


def test_texts_without_words_are_like_nothing() -> None:
    """No bands, no similarity, and so a story each."""
    assert bands(fingerprint("!!!", "…")) == ()
    assert similarity((), ()) == 0.0
    assert len(place([article("!!!"), article("???")], []).stories) == 2
