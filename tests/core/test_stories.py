"""Reports of one event become one story, and what it costs to find out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import HOUR, NOON, article, feed, story

from monitor.core.stories import (
    WINDOW,
    Around,
    all_keys,
    article_keys,
    bands,
    begin,
    gather,
    place,
    signed,
    story_keys,
)
from monitor.core.stories.growing import FIRST_REPORTS, LATEST_REPORTS
from monitor.core.stories.index import NEAREST, REACH, Index

if TYPE_CHECKING:
    from monitor.model import Article

WIRE = "Eleven naval vessels were tracked through the strait before dawn, the ministry said in its report on Monday"


def told(*titles: str, apart: timedelta = HOUR) -> list[Article]:
    """Return reports of different outlets, one after another."""
    return [article(title, feed=feed(n), seen=NOON + n * apart) for n, title in enumerate(titles)]


def test_edited_wire_copy_is_one_story() -> None:
    """The second outlet's report joins, and confirms nothing; the headline stays that of the first."""
    first = article("Navy tracks vessels in the strait", WIRE)
    second = article("Navy tracks vessels in the strait", WIRE + ", adding that it kept watch", feed=feed(2))
    placing = place([first, second], [])
    assert [placed.story for placed in placing.placed] == [0, 0]
    (found,) = placing.stories
    assert found.headline == first.entry.title
    assert found.publishers == {"Publisher 1"}
    assert [source.origin for source in found.sources] == ["", "Publisher 1"]


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


def test_articles_are_placed_by_their_time_and_returned_as_they_came() -> None:
    """The earliest report begins the story, wherever it stands; what comes back are the very articles."""
    later, other, first = (
        article("Beijing fires missiles into waters off Hualien", seen=NOON + HOUR, feed=feed(2)),
        article("A museum of ceramics opens in Tainan", seen=NOON),
        article("China launches missiles toward Hualien", seen=NOON),
    )
    placing = place([later, other, first], [])
    assert [placed.article for placed in placing.placed] == [later, other, first]
    assert all(placed.article is given for placed, given in zip(placing.placed, (later, other, first), strict=True))
    assert [placed.story for placed in placing.placed] == [0, 1, 0]
    assert [s.headline for s in placing.stories] == [first.entry.title, other.entry.title]
    assert [source.title for source in placing.stories[0].sources] == [first.entry.title, later.entry.title]
    assert placing.placed[0].source.outlet == "Outlet 2"


def test_a_story_stored_without_signatures_still_grows() -> None:
    """Its headlines are read again."""
    first, second = told("China launches missiles toward Hualien", "Missiles fired by China land off Hualien coast")
    old = story(first, id=4, signatures=())
    assert not old.signatures
    (grown,) = place([second], [old]).stories
    assert (grown.id, len(grown.sources), len(grown.signatures)) == (4, 2, 2)
    assert set(story_keys(old)) & set(article_keys(second))


def test_what_a_story_keeps_of_its_reports_is_bounded() -> None:
    """Its first signatures and its latest; every report stays a source."""
    count = 3 * (FIRST_REPORTS + LATEST_REPORTS)
    reports = told(*["China fires missiles into waters off Hualien"] * count, apart=HOUR / 10)
    (found,) = place(reports, []).stories
    assert len(found.sources) == count
    moments = [signature.when for signature in found.signatures]
    assert moments[:FIRST_REPORTS] == [a.when for a in reports[:FIRST_REPORTS]]
    assert moments[-LATEST_REPORTS:] == [a.when for a in reports[-LATEST_REPORTS:]]
    assert len(moments) == FIRST_REPORTS + LATEST_REPORTS


def test_a_chain_of_small_steps_does_not_drift() -> None:
    """What resembles only the latest report of a story does not join it: the whole story counts."""
    steps = (
        "China bans mangoes from Taiwan",
        "China bans mangoes and squid from Taiwan",
        "China bans squid, Japan complains of cable cut",
        "Japan complains of cable cut off Yonaguni",
        "Ship that cut cable off Yonaguni is held in Okinawa",
    )
    placed = place(told(*steps), []).placed
    assert placed[0].story == placed[1].story
    assert placed[-1].story != placed[0].story


def test_a_crowd_makes_it_harder() -> None:
    """Two vague headlines that meet on a quiet day do not among a thousand reports."""
    vague = told("Drills near Taiwan alarm shippers", "Shippers alarmed as drills go on near Taiwan")
    quiet, busy = (len(place(vague, [], Around(many, many)).stories) for many in (0, 100_000))
    assert (quiet, busy) == (1, 2)


def test_only_so_many_reports_are_compared_with_one() -> None:
    """However many titles are nearly the same, and whether they are one story or each its own."""
    most = NEAREST * (FIRST_REPORTS + LATEST_REPORTS)
    for title in ("Ministry reports {} aircraft around Taiwan in a day", "Ministry reports aircraft around Taiwan"):
        counts = []
        for many in (200, 400, 800):
            reports = [article(title.format(n + 3000), seen=NOON + n * HOUR / 60) for n in range(many)]
            counts.append(place(reports, []).comparisons / many)
        assert max(counts) <= most
        assert all(later <= 1.5 * sooner for sooner, later in pairwise(counts))


def test_what_is_over_is_forgotten() -> None:
    """An index gives up the stories that are not wanted any more, with their keys."""
    index = Index()
    for at in range(3 * REACH):
        index.add(at, ["all", f"own {at}"])
    index.keep(lambda at: at >= 2 * REACH)
    assert len(index) == REACH + 1
    assert index.nearest(["all", "own 0"], lambda _: 1.0, lambda _: True) == [
        *range(3 * REACH - 1, 3 * REACH - 1 - NEAREST, -1)
    ]


@given(st.lists(st.text(max_size=40), max_size=6), st.permutations(range(6)))
def test_every_article_is_placed_once(titles: list[str], order: list[int]) -> None:
    """In whichever order they come, the stories hold exactly the reports, and are the same."""
    reports = told(*titles)
    shuffled = [reports[n] for n in order if n < len(reports)]
    placing, again = place(reports, []), place(shuffled, [])
    assert sum(len(s.sources) for s in placing.stories) == len(reports)
    assert {frozenset(s.sources) for s in placing.stories} == {frozenset(s.sources) for s in again.stories}


def test_signing_before_changes_nothing() -> None:
    """The work that needs no other article may be done early."""
    reports = told("China fires missiles into waters off Hualien", "中國向花蓮外海發射飛彈")
    early = [signed(report) for report in reports]
    assert [s.signatures for s in place(early, []).stories] == [s.signatures for s in place(reports, []).stories]
    assert begin(early[0]) == place(early[:1], []).stories[0]
    assert begin(reports[0]).signatures == ()


def test_a_joined_story_takes_what_fits_one_of_its_parts() -> None:
    """What was two stories stays alike to neither as a whole; a report of either goes into the one they became."""
    missiles = told(*["China fires missiles into waters off Hualien"] * 5)
    fruit = told(*["China bans mangoes from Taiwan"] * 2)
    report = article("Beijing suspends imports of Taiwanese mangoes", feed=feed(9), seen=NOON + 6 * HOUR)
    both = [signed(one) for one in (*fruit, *missiles)]
    mixed = replace(gather(both), id=5)
    assert [found.id for found in place([report], [mixed]).stories] == [0]
    joined = replace(gather(both, parts=[7] * 2 + [0] * 5), id=5)
    placing = place([report], [joined])
    assert [found.id for found in placing.stories] == [5]
    assert [placed.part for placed in placing.placed] == [7]
    assert placing.stories[0].signatures[-1].part == 7


def test_each_part_of_a_joined_story_keeps_its_own_signatures() -> None:
    """So that the reports of one do not crowd out those of the other."""
    reports = [signed(one) for one in told(*["China bans mangoes from Taiwan"] * 30)]
    found = gather(reports, parts=[7 * (n % 3 == 0) for n in range(30)])
    assert [sum(one.part == part for one in found.signatures) for part in (0, 7)] == [
        FIRST_REPORTS + LATEST_REPORTS
    ] * 2
    assert len(found.sources) == 30


def test_a_story_made_anew_is_found_by_all_its_reports() -> None:
    """As one that grew is, whose keys were kept as they came."""
    reports = [signed(one) for one in told(*(f"China bans {thing} from Taiwan" for thing in "abcdefghijkl"))]
    found = gather(reports)
    keys = set(all_keys(found, reports))
    assert set(story_keys(found)) <= keys
    assert all(set(article_keys(one)) - set(bands(one.fingerprint)) <= keys for one in reports)
