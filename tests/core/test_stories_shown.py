"""Which headline a story is known by."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import HOUR, NOON, article, feed, story

from monitor.core.stories import begin, gather, grow, revised, signed
from monitor.core.stories.shown import better, worth
from monitor.model import Edit

if TYPE_CHECKING:
    from monitor.model import Article

DRILL = "China begins a live-fire drill in the strait east of Pingtan"
COUNTED = "Taiwan detects 45 Chinese aircraft and 7 ships around the island"
HEADLINES = (
    DRILL,
    COUNTED,
    "Why is China holding drills in the strait?",
    "Opinion: the drill was a mistake",
    "Live updates: China's drill in the strait",
    "BREAKING: drill!",
    "Ministry holds a briefing on regional matters this week",
    "共機45架次擾台 國防部公布動態",
    "社评：演习是必要的",
    "Correction: Taiwan detects 25 Chinese aircraft and 7 ships around the island",
)


@pytest.mark.parametrize(
    ("shown", "other", "expected"),
    [
        (("Why is China drilling in the strait now?", "press"), (DRILL, "press"), True),
        (("Opinion: a drill too many for the strait", "wire"), (DRILL, "state_media"), True),
        (("Live updates: China's drill in the strait", "press"), (DRILL, "press"), True),
        (("社评：台海演习合理合法", "state_media"), ("解放军在台海举行实弹演习", "state_media"), True),
        ((DRILL, "state_media"), (DRILL + ", ministry says", "official"), True),
        ((DRILL, "state_media"), (DRILL + " on Monday", "wire"), True),
        (("Ministry issues its statement on regional affairs", "press"), (COUNTED, "press"), True),
        (("Drill!", "press"), (DRILL, "press"), True),
        (("DRILLS RATTLE THE REGION AGAIN", "state_media"), (DRILL, "press"), True),
        # Not clearly better: the one in place stays.
        ((DRILL, "press"), (COUNTED, "press"), False),
        ((DRILL, "press"), (DRILL + " on Monday", "wire"), False),
        ((COUNTED, "wire"), (DRILL, "official"), False),
        ((DRILL, "press"), (DRILL, "press"), False),
        ((DRILL, "press"), ("Is China's drill in the strait 30 hours long?", "official"), False),
        ((DRILL, "press"), ("Drill", "official"), False),
        # Another language needs more.
        (("解放军在台海举行实弹演习", "state_media"), (DRILL, "press"), False),
        (("为何解放军在台海举行实弹演习", "state_media"), (DRILL, "press"), True),
    ],
)
def test_a_headline_gives_way_to_a_clearly_better_one(
    shown: tuple[str, str], other: tuple[str, str], *, expected: bool
) -> None:
    """It tells a deed and figures, at a fit length, without a question or an opinion, from an official or a wire."""
    assert better(shown, other) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (COUNTED.replace("45", "25"), True),
        (COUNTED, False),
        (DRILL, False),
        ("Why did Taiwan count 25 aircraft?", False),
    ],
)
def test_a_correction_shows_its_figures(other: str, *, expected: bool) -> None:
    """Where it has others than those shown, and reports the event; whatever the kind of its source."""
    assert better((COUNTED, "official"), (other, "state_media"), corrects=True) is expected


def test_a_story_shows_the_best_report_and_knows_the_first() -> None:
    """Headline, address, language and summary are one report's; the first stays the first of the sources."""
    asked = article("Why is China drilling in the strait now?", lang="en", seen=NOON)
    told = article(DRILL, "It began at noon.", feed=feed(2), seen=NOON + HOUR)
    found = grow(begin(signed(asked)), signed(told))
    assert (found.headline, found.url, found.summary) == (DRILL, told.entry.url, "It began at noon.")
    assert (found.sources[0].title, found.sources[0].url) == (asked.entry.title, asked.entry.url)
    later = signed(article("Why does it matter that China drills in the strait?", feed=feed(3), seen=NOON + 2 * HOUR))
    assert grow(found, later).headline == DRILL


def _changes(reports: list[Article]) -> list[tuple[str, str]]:
    """Return the headlines that a growing story showed one after another, with the kinds of their sources."""
    found = begin(reports[0])
    shown = [(found.headline, reports[0].feed.kind)]
    for report in reports[1:]:
        found = grow(found, report)
        if found.headline != shown[-1][0]:
            shown.append((found.headline, report.feed.kind))
    return shown


@given(
    st.lists(
        st.tuples(st.sampled_from([h for h in HEADLINES if "Correction" not in h]), st.sampled_from(["press", "wire"])),
        min_size=1,
        max_size=12,
    )
)
def test_a_story_does_not_go_back_and_forth(drawn: list[tuple[str, str]]) -> None:
    """Whatever is reported in whichever order, each change is for the clearly better, so that there are few."""
    reports = [signed(article(title, feed=feed(n, kind=kind))) for n, (title, kind) in enumerate(drawn)]
    shown = [worth(*headline) for headline in _changes(reports)]
    assert all(after - before >= 1 for before, after in pairwise(shown))


@given(st.lists(st.sampled_from(HEADLINES), min_size=1, max_size=12))
def test_a_story_made_anew_is_the_one_that_grew(titles: list[str]) -> None:
    """Sources, writers, themes, signatures and all."""
    reports = [signed(article(title, "A lead. " * 12, feed=feed(n % 4))) for n, title in enumerate(titles)]
    grown = begin(reports[0])
    for report in reports[1:]:
        grown = grow(grown, report)
    assert gather(reports) == grown


def test_a_story_made_anew_shows_what_it_showed() -> None:
    """As long as that report is among those left and none is clearly better."""
    one, two, other = (
        signed(article(title, feed=feed(n))) for n, title in enumerate((DRILL, DRILL + " on Monday", COUNTED))
    )
    assert gather([one, two, other], begin(two)).headline == two.entry.title
    assert gather([one, other], begin(two)).headline == DRILL
    asked = signed(article(HEADLINES[2], feed=feed(5)))
    assert gather([one, asked], begin(asked)).headline == DRILL


def edited(title: str, summary: str = "") -> Edit:
    """Return an edit of what said this."""
    return Edit(1, 1, article().entry, title, summary, "")


def test_a_storys_headline_follows_the_report_that_it_came_from() -> None:
    """An edit of another report changes its title among the sources alone; themes and scores only grow."""
    first, second = article("45 jets"), article("45 jets seen", themes=("us_policy",), scores={"us_policy": 0.8})
    known = story(first, second)
    lead = revised(known, article("25 jets", "Now", scores={"exercises": 0.5, "coercion": 0.7}), edited("45 jets"))
    assert (lead.headline, lead.summary, lead.sources[0].title) == ("25 jets", "Now", "25 jets")
    assert lead.scores == {"exercises": 0.9, "us_policy": 0.8, "coercion": 0.7} | {
        "us_policy": known.scores["us_policy"]
    }
    other = revised(known, article("45 jets were seen"), edited("45 jets seen"))
    assert other.headline == "45 jets"
    assert len(other.sources) == len(known.sources)


def test_a_corrected_report_is_shown_for_its_figures() -> None:
    """When another is shown that still tells the old ones."""
    lead, second = article(COUNTED), article(COUNTED + ", ministry says", feed=feed(2))
    known = gather([signed(lead), signed(second)])
    fixed = article(COUNTED.replace("45", "25") + ", ministry says", "Corrected.", feed=feed(2))
    found = revised(known, fixed, edited(second.entry.title))
    assert (found.headline, found.summary) == (fixed.entry.title, "Corrected.")
