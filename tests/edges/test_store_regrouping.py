"""What the store keeps of stories that people split and joined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select
from store_samples import DAY, HOUR, MINUTE, NOON, add_item, alert, story

from monitor.edges.store import FollowUp, Regrouping
from monitor.edges.store.tables import revisions, story_bands
from monitor.model import Told

if TYPE_CHECKING:
    from monitor.edges.store import Store


def test_reports_go_to_another_story_with_what_is_to_be_looked_at(store: Store) -> None:
    """Each into its part; what a rule wants to look at again goes along, the later change of one rule counting."""
    with store.begin() as work:
        one, other = (work.save_story(story(), []).id for _ in range(2))
        stays, goes = add_item(work, "a", story_id=one), add_item(work, "b", story_id=other)
        work.look_again(FollowUp("R", one, stays, NOON, corrected=True))
        for rule in ("R", "S"):
            work.look_again(FollowUp(rule, other, goes, NOON + HOUR, corrected=False))
        work.move_reports({goes: other}, one)
        assert [item.id for item in work.reports_of(one)] == [stays, goes]
        assert work.reports_of(other) == []
        assert work.parts_of(one) == {goes: other}
        assert work.follow_ups(NOON + DAY) == [
            FollowUp("R", one, stays, NOON + HOUR, corrected=True),
            FollowUp("S", one, goes, NOON + HOUR, corrected=False),
        ]
        work.move_reports({goes: 0}, other)
        assert (work.parts_of(one), work.parts_of(other)) == ({}, {})
        assert [(f.rule, f.story_id) for f in work.follow_ups(NOON + DAY)] == [("R", one), ("S", other)]


def test_reports_come_in_the_order_in_which_they_came_into_their_story(store: Store) -> None:
    """One that got its first theme by an edit came then; of those that came together, the earlier published first."""
    with store.begin() as work:
        kept = work.save_story(story(), []).id
        late = add_item(work, "late", seen=NOON + HOUR, published=NOON + HOUR, story_id=kept)
        early = add_item(work, "early", seen=NOON + HOUR, published=NOON, story_id=kept)
        first = add_item(work, "first", story_id=kept)
        assert [item.id for item in work.reports_of(kept)] == [first, early, late]


def test_a_story_made_anew_is_found_by_its_new_keys_alone(store: Store) -> None:
    """What it was found by before leads elsewhere, or nowhere."""
    with store.begin() as work:
        made = work.save_story(story(), ["a", "b"])
        assert work.replace_story(made, ["b", "c", "c"]) == made
        kept = work.connection.execute(select(story_bands.c.band).order_by(story_bands.c.band)).scalars().all()
        assert kept == ["b", "c"]


def test_a_joined_story_is_none_of_its_own(store: Store) -> None:
    """Neither listed, nor counted, nor found; those joined to it before go along."""
    with store.begin() as work:
        one, two, three = (work.save_story(story(), [name]).id for name in "abc")
        work.mark_joined(one, two)
        assert (work.joined_into(one), work.joined_into(two), work.joined_to(two)) == (two, None, [one])
        work.mark_joined(two, three)
        assert [work.joined_into(each) for each in (one, two, three)] == [three, three, None]
        assert work.joined_to(three) == [one, two]
        assert work.crowd(NOON) == 1
        assert [found.id for found in work.stories_since(NOON)] == [three]
        assert work.reached(["a", "b", "c"], NOON) == {"c": [three]}


@pytest.mark.parametrize("revision", [1, 2, 3])
def test_what_people_count_as_told_holds_until_the_next_alert(store: Store, revision: int) -> None:
    """An alert of a higher revision came after the split or join; one of the same came before."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        other = work.save_story(story(), [])
        work.save_alert(alert(about, revision=revision, figures={"aircraft": (9, 9)}))
        said = [
            Told("Large drills", about.id, 2, 7, NOON - HOUR, {"aircraft": (1, 2)}, ("trade",)),
            Told("Large drills", other.id, 2, 1, NOON, None, None),
        ]
        work.save_retold(said)
        work.save_retold(said)
        found = {one.story: one for one in work.told([about.id, other.id])}
        assert found[other.id] == said[1]
        if revision > 2:
            assert (found[about.id].revision, found[about.id].publishers) == (revision, 2)
        else:
            assert found[about.id] == said[0]


def test_the_last_correction_is_one_that_people_could_have_been_told_of(store: Store) -> None:
    """Edits that correct nothing, and what was corrected before the report had a theme, do not count."""
    with store.begin() as work:
        kept = work.save_story(story(), []).id
        ids = [add_item(work, name, story_id=kept, themes=("exercises", "trade")) for name in "ab"]
        assert work.last_correction(kept) is None
        old = {"title": "", "summary": "", "text_hash": ""}
        rows = [(0, NOON - HOUR, True), (0, NOON + HOUR, True), (1, NOON + MINUTE, True), (1, NOON + DAY, False)]
        made = [{"entry_id": ids[n], "at": at, "correction": correction, **old} for n, at, correction in rows]
        work.connection.execute(insert(revisions), made[:1])
        assert work.last_correction(kept) is None
        work.connection.execute(insert(revisions), made[1:])
        assert work.last_correction(kept) == NOON + HOUR


def test_who_did_what_is_kept_with_the_reports_that_went(store: Store) -> None:
    """Found by either story and by each report, the oldest first."""
    with store.begin() as work:
        items = [add_item(work, name) for name in "abc"]
        done = [
            Regrouping(NOON, "Mei", "split", 1, 2, tuple(items[:2])),
            Regrouping(NOON + HOUR, "lin", "join", 3, 2, tuple(items[1:])),
        ]
        kept = [replace(one, id=work.save_regrouping(one)) for one in done]
        assert [work.regroupings_of(n) for n in (1, 2, 3, 4)] == [kept[:1], kept, kept[1:], []]
        assert [work.regroupings_with(item) for item in items] == [kept[:1], kept, kept[1:]]


def test_a_joined_story_is_kept_as_long_as_the_one_that_it_became(store: Store) -> None:
    """With the alerts about it; what people did is forgotten with the items of its time."""
    later = NOON + 40 * DAY
    with store.begin() as work:
        kept, joined = work.save_story(story(), []), work.save_story(story(), [])
        work.save_regrouping(Regrouping(NOON, "Mei", "join", kept.id, joined.id, (add_item(work, "old"),)))
        add_item(work, "new", seen=later, story_id=kept.id)
        work.save_alert(alert(joined, at=later))
        work.mark_joined(joined.id, kept.id)
        while any(work.prune(later, 30 * DAY, 14 * DAY).values()):
            pass
        assert work.story(joined.id)
        assert [a.story_id for a in work.alerts_about([joined.id])] == [joined.id]
        assert work.regroupings_of(kept.id) == []
        while any(work.prune(later + 40 * DAY, 30 * DAY, 14 * DAY).values()):
            pass
        assert (work.story(kept.id), work.story(joined.id)) == (None, None)
