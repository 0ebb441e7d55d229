"""People split and join stories; what comes later respects it, and nobody is told twice."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import article
from storydesk import COUNTED, DRILL, HOUR, StoryDesk

from monitor import alerting, regrouping
from monitor.core import stories
from monitor.edges.store import Store
from monitor.errors import UsageError
from monitor.regrouping import By

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.app import Tags
    from monitor.edges.store import Work
    from monitor.model import Story

SHIPS = "Ships of the navy hold a drill in the harbour of Kaohsiung"
SHIPS_AGAIN = SHIPS + ", again"
AGAIN = DRILL + ", again"


def done(desk: StoryDesk, act: Callable[[Work, By], object]) -> None:
    """Let somebody split or join."""
    with desk.app.store.begin() as work:
        act(work, By("lin", desk.clock.at))


def split(desk: StoryDesk, story_id: int, *items: int) -> None:
    """Let reports be a story of their own."""
    done(desk, lambda work, by: regrouping.split(work, story_id, items, by))


def join(desk: StoryDesk, story_id: int, other_id: int) -> None:
    """Let the reports of another story go to a story."""
    done(desk, lambda work, by: regrouping.join(work, story_id, other_id, by))


def kept(desk: StoryDesk, story_id: int) -> Story:
    """Return a story as it is stored."""
    with desk.app.store.read() as work:
        found = work.story(story_id)
    assert found
    return found


def joined_by_mistake(desk: StoryDesk) -> int:
    """Let a report of something else be in the story of a drill, as by a mistake of the placing; return its id."""
    desk.report(0, DRILL)
    stranger = desk.report(1, SHIPS)
    join(desk, 1, 2)
    return stranger


def test_a_split_report_is_a_story_of_its_own(store: Store) -> None:
    """Both tell what their reports tell, and no alert comes of it."""
    desk = StoryDesk(store)
    first = desk.report(0, DRILL)
    copy = desk.report(1, AGAIN)
    told = desk.told
    split(desk, 1, copy)
    desk.round()
    assert desk.stories() == {DRILL: 1, AGAIN: 2}
    assert [kept(desk, n).publishers for n in (1, 2)] == [{"Publisher 0"}, {"Publisher 1"}]
    assert (kept(desk, 2).headline, kept(desk, 2).first_seen) == (AGAIN, kept(desk, 2).sources[0].seen)
    assert desk.told == told
    with store.read() as work:
        (made,) = work.regroupings_with(copy)
        assert (made.author, made.deed, made.story_id, made.other_id, made.items) == ("lin", "split", 1, 2, (copy,))
        assert [item.id for item in work.reports_of(1)] == [first]


def test_what_resembles_a_split_report_goes_to_it(store: Store) -> None:
    """And what resembles the rest stays with the rest."""
    desk = StoryDesk(store)
    stranger = joined_by_mistake(desk)
    split(desk, 1, stranger)
    desk.report(2, SHIPS_AGAIN)
    desk.report(3, AGAIN)
    assert desk.stories() == {DRILL: 1, SHIPS: 3, SHIPS_AGAIN: 3, AGAIN: 1}


def test_a_copy_of_a_split_report_goes_to_it(store: Store) -> None:
    """Though the placing had put the report itself into the old story, and what is like it would go there."""
    desk = StoryDesk(store)
    desk.report(0, DRILL)
    split(desk, 1, desk.report(1, AGAIN))
    desk.report(2, AGAIN)
    with store.read() as work:
        assert [len(work.reports_of(n)) for n in (1, 2)] == [1, 2]


@pytest.mark.parametrize(("copied", "story"), [(AGAIN, 2), (DRILL, 1)])
def test_a_copy_goes_to_what_it_copies_however_old(store: Store, copied: str, story: int) -> None:
    """Of two stories that were split, the one reported last is not the one for that."""
    desk = StoryDesk(store)
    desk.report(0, DRILL)
    split(desk, 1, desk.report(1, AGAIN))
    assert [kept(desk, n).apart for n in (1, 2)] == [(2,), (1,)]
    other = DRILL if copied == AGAIN else AGAIN
    desk.report(1, other + ", officials say", after=20 * HOUR)
    desk.report(0, other + ", officials say so", after=HOUR)
    item = desk.report(2, copied, after=HOUR)
    with store.read() as work:
        assert item in {found.id for found in work.reports_of(story)}


@dataclass
class Meddling:
    """Tags as another, while somebody does something."""

    other: Tags
    act: Callable[[], None]

    def __getattr__(self, name: str) -> Any:
        """Return what the other has."""
        return getattr(self.other, name)

    def score(self, *texts: Any, **more: Any) -> Any:
        """Let something happen, once, and return what the other says."""
        act, self.act = self.act, lambda: None
        act()
        return self.other.score(*texts, **more)


@pytest.mark.parametrize("meanwhile", [False, True])
def test_an_edit_of_a_split_report_stays_with_it(store: Store, *, meanwhile: bool) -> None:
    """However like the old story its new words are; even when the split comes between the poll and its commit."""
    desk = StoryDesk(store)
    desk.report(0, DRILL)
    item = desk.report(1, AGAIN, "report")
    if meanwhile:
        desk.app = replace(desk.app, classifier=Meddling(desk.app.classifier, lambda: split(desk, 1, item)))
    else:
        split(desk, 1, item)
    desk.report(1, DRILL, "report")
    with store.read() as work:
        assert [found.id for found in work.reports_of(2)] == [item]
    assert [source.title for source in kept(desk, 2).sources] == [DRILL]
    assert len(kept(desk, 1).sources) == 1


def test_what_is_new_of_a_split_story_is_told(store: Store) -> None:
    """Of both, under revisions that go on, so that each delivery has a key of its own; what was known is not."""
    desk = StoryDesk(store)
    stranger = joined_by_mistake(desk)
    desk.report(2, AGAIN, after=7 * HOUR)
    assert desk.told == [(1, "first", 1), (2, "first", 1), (1, "confirmed", 2)]
    split(desk, 1, stranger)
    desk.report(1, SHIPS_AGAIN, after=7 * HOUR)
    desk.report(2, DRILL)
    assert len(desk.told) == 3
    desk.report(2, SHIPS, after=HOUR)
    desk.report(3, DRILL, after=HOUR)
    assert desk.told[3:] == [(3, "confirmed", 3), (1, "confirmed", 3)]
    keys = [delivery.key for delivery in desk.desk.got]
    numbers = ((1, 1), (2, 1), (1, 2), (3, 3), (1, 3))
    assert keys == [f"alert/Drills/{story}/{revision}/desk" for story, revision in numbers]


@pytest.mark.parametrize("moved", [1, 2])
def test_a_change_that_waits_is_told_of_both(store: Store, moved: int) -> None:
    """What came too soon to be told is told when it is time, of each story whose reports tell it, whichever moved."""
    desk = StoryDesk(store)
    grown = COUNTED.replace("45", "75")
    items = [desk.report(0, COUNTED), desk.report(1, grown), desk.report(2, grown)]
    assert desk.told == [(1, "first", 1)]
    split(desk, 1, items[moved])
    desk.clock.go(7 * HOUR)
    alerting.follow_up(desk.app)
    assert sorted(desk.told) == [(1, "fact_grew", 2), (1, "first", 1), (2, "fact_corrected", 2)]
    desk.clock.go(7 * HOUR)
    assert alerting.follow_up(desk.app) == 0


def test_a_change_that_waits_is_told_of_a_story_that_has_it(store: Store) -> None:
    """The one whose reports tell nothing new is looked at, and nobody is told."""
    desk = StoryDesk(store)
    items = [desk.report(0, COUNTED), desk.report(1, COUNTED.replace("45", "75"))]
    split(desk, 1, items[1])
    desk.clock.go(7 * HOUR)
    alerting.follow_up(desk.app)
    assert desk.told == [(1, "first", 1), (2, "fact_corrected", 2)]


def test_joined_stories_are_one(store: Store) -> None:
    """With all their reports in the order of time, found by what either was found by, under the first's id."""
    desk = StoryDesk(store)
    desk.report(0, SHIPS)
    desk.report(1, DRILL)
    desk.report(0, SHIPS_AGAIN)
    told = desk.told
    assert [story for story, _, _ in told] == [1, 2]
    join(desk, 2, 1)
    desk.round(8 * HOUR)
    assert set(desk.stories().values()) == {2}
    found = kept(desk, 2)
    assert [source.title for source in found.sources] == [SHIPS, DRILL, SHIPS_AGAIN]
    assert (found.publishers, found.headline) == ({"Publisher 0", "Publisher 1"}, DRILL)
    assert desk.told == told
    with store.read() as work:
        assert work.joined_into(1) == 2
        assert [a.story_id for a in work.alerts_about([2, *work.joined_to(2)])] == [1, 2]


def test_later_reports_of_either_go_to_the_joined_story(store: Store) -> None:
    """However unlike the two are; and a publisher that people have not heard of is told, under the next revision."""
    desk = StoryDesk(store)
    desk.report(0, SHIPS)
    desk.report(1, DRILL)
    desk.report(1, DRILL + " at dawn", after=7 * HOUR)
    join(desk, 2, 1)
    desk.report(0, SHIPS_AGAIN, after=7 * HOUR)
    desk.report(0, AGAIN, after=HOUR)
    assert set(desk.stories().values()) == {2}
    assert len(desk.told) == 2
    desk.report(2, SHIPS_AGAIN + " and again")
    assert desk.told[2:] == [(2, "confirmed", 2)]
    with store.read() as work:
        parts = work.parts_of(2)
        assert {work.item(item).title for item in parts} == {SHIPS, SHIPS_AGAIN, SHIPS_AGAIN + " and again"}  # type: ignore[union-attr]


def test_the_highest_revision_of_each_rule_goes_on(store: Store) -> None:
    """Whichever of the two stories it was about; and an earlier alert of the other is no reason to tell again."""
    desk = StoryDesk(store)
    desk.report(0, SHIPS)
    desk.report(1, SHIPS_AGAIN, after=7 * HOUR)
    desk.report(0, DRILL)
    assert desk.told == [(1, "first", 1), (1, "confirmed", 2), (2, "first", 1)]
    join(desk, 2, 1)
    desk.report(2, AGAIN, after=7 * HOUR)
    assert desk.told[3:] == [(2, "confirmed", 3)]


def test_a_join_is_undone_by_a_split(store: Store) -> None:
    """The new story has an id of its own; the reports are those that came from the other."""
    desk = StoryDesk(store)
    stranger = joined_by_mistake(desk)
    before = kept(desk, 2)
    split(desk, 1, stranger)
    assert [source.title for source in kept(desk, 1).sources] == [DRILL]
    assert replace(kept(desk, 3), id=2, apart=()) == before
    join(desk, 1, 3)
    assert set(desk.stories().values()) == {1}


def test_a_corrected_report_takes_its_mark_along(store: Store) -> None:
    """The story it leaves has none, and the one that it joins has."""
    desk = StoryDesk(store)
    desk.report(0, COUNTED)
    item = desk.report(1, COUNTED, "report")
    desk.report(1, COUNTED.replace("45", "25"), "report")
    at = kept(desk, 1).corrected
    assert at == desk.clock.at
    split(desk, 1, item)
    assert [kept(desk, n).corrected for n in (1, 2)] == [None, at]
    join(desk, 1, 2)
    assert kept(desk, 1).corrected == at


def test_who_joins_waits_for_who_places(store: Store) -> None:
    """What another worker puts into a story meanwhile goes along."""
    desk = StoryDesk(store)
    desk.report(0, DRILL)
    desk.report(1, SHIPS)
    thread = threading.Thread(target=join, args=(desk, 1, 2))
    with store.begin() as work:
        work.lock_stories()
        thread.start()
        time.sleep(0.2)
        outlet = work.feed(3)
        assert outlet
        late = work.save_article(article(SHIPS_AGAIN, feed=outlet, seen=desk.clock.at), 2)
    thread.join()
    with store.read() as work:
        assert late in {item.id for item in work.reports_of(1)}
        assert work.reports_of(2) == []
    assert len(kept(desk, 1).sources) == 3


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda work, by: regrouping.split(work, 9, [1], by), "there is no story 9"),
        (lambda work, by: regrouping.split(work, 3, [99, 98], by), "no reports of story 3: 98, 99"),
        (lambda work, by: regrouping.split(work, 3, [], by), "name some of the reports of story 3, and not all"),
        (lambda work, by: regrouping.split(work, 3, [i.id for i in work.reports_of(3)], by), "and not all"),
        (lambda work, by: regrouping.split(work, 2, [1], by), "story 2 was joined to story 1; name that one"),
        (lambda work, by: regrouping.join(work, 3, 3, by), "story 3 cannot be joined to itself"),
        (lambda work, by: regrouping.join(work, 3, 9, by), "there is no story 9"),
        (lambda work, by: regrouping.join(work, 9, 3, by), "there is no story 9"),
        (lambda work, by: regrouping.join(work, 2, 3, by), "story 2 was joined to story 1; name that one"),
        (lambda work, by: regrouping.join(work, 3, 2, by), "story 2 was joined to story 1; name that one"),
    ],
)
def test_what_cannot_be_done_is_said(store: Store, act: Callable[[Work, By], object], says: str) -> None:
    """And nothing is changed."""
    desk = StoryDesk(store)
    joined_by_mistake(desk)
    desk.report(3, COUNTED)
    before = desk.stories()
    with pytest.raises(UsageError, match=says):
        done(desk, act)
    assert desk.stories() == before


def test_a_story_whose_reports_are_gone_is_not_joined(store: Store) -> None:
    """What was deleted cannot be placed anew."""
    desk = StoryDesk(store)
    desk.report(0, DRILL)
    with store.begin() as work:
        work.save_story(replace(kept(desk, 1), id=0), [])
    for pair in ((1, 2), (2, 1)):
        with pytest.raises(UsageError, match="of story 2 no report is kept any more"):
            join(desk, *pair)


TITLES = (DRILL, AGAIN, SHIPS, SHIPS_AGAIN, COUNTED, COUNTED + " again", "A drill of firemen ends in Taichung")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("report"), st.integers(0, 3), st.sampled_from(TITLES)),
        st.tuples(st.just("split"), st.integers(0, 9), st.integers(1, 255)),
        st.tuples(st.just("join"), st.integers(0, 9), st.integers(0, 9)),
    ),
    min_size=3,
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_report_is_in_one_story_and_every_story_counts_its_reports(
    steps: list[tuple[str, int, int | str]], migrated_sqlite: Path, tmp_path: Path
) -> None:
    """Whatever is placed, split and joined in whichever order; and only reports make alerts."""
    shutil.copy(migrated_sqlite, tmp_path / "strait.db")
    store = Store(f"sqlite:///{tmp_path}/strait.db")
    desk = StoryDesk(store)
    placed: set[tuple[int, str]] = set()
    for kind, one, other in steps:
        told = desk.told
        if isinstance(other, str):
            placed.add((one, other))
            desk.report(one, other)
        else:
            _regroup(desk, kind, one, other)
            assert desk.told == told
        _right(desk, len(placed))
    keys = [delivery.key for delivery in desk.desk.got]
    assert len(keys) == len(set(keys))
    store.close()


def _regroup(desk: StoryDesk, kind: str, one: int, other: int) -> None:
    """Split or join some of the stories that there are, if that can be done."""
    with desk.app.store.read() as work:
        ids = sorted(found.id for found in work.stories_since(desk.clock.at - timedelta(days=30)))
        if not ids:
            return
        story_id = ids[one % len(ids)]
        items = [item.id for n, item in enumerate(work.reports_of(story_id)) if other >> n & 1]
        count = len(work.reports_of(story_id))
    if kind == "split" and 0 < len(items) < count:
        split(desk, story_id, *items)
    elif kind == "join" and ids[other % len(ids)] != story_id:
        join(desk, story_id, ids[other % len(ids)])


def _right(desk: StoryDesk, placed: int) -> None:
    """Check that the stories are what their rows say."""
    with desk.app.store.read() as work:
        found = work.stories_since(desk.clock.at - timedelta(days=30))
        reports = {story.id: work.reports_of(story.id) for story in found}
        assert sum(len(some) for some in reports.values()) == placed
        assert len({item.id for some in reports.values() for item in some}) == placed
        for story in found:
            parts = work.parts_of(story.id)
            articles = regrouping._articles(work, reports[story.id])
            again = stories.gather(articles, story, [parts.get(item.id, 0) for item in reports[story.id]])
            assert replace(again, id=story.id, apart=story.apart) == story
            assert set(work.reached(stories.all_keys(story, articles), story.last_seen)) == set(
                stories.all_keys(story, articles)
            )
