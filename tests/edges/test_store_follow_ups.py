"""What the store answers about alerts nobody took note of, and about changes that came too soon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store_samples import DAY, HOUR, MINUTE, NOON, add_item, alert, story

from monitor.edges.store import FollowUp

if TYPE_CHECKING:
    from monitor.edges.store import Store, Work

LATER = NOON + HOUR


def alerts(work: Work, *revisions: int) -> list[int]:
    """Store alerts about one story, each to be escalated a minute after the one before, the first at noon."""
    about = work.save_story(story(), [])
    return [
        work.save_alert(alert(about, revision=number, escalate_at=NOON + n * MINUTE))
        for n, number in enumerate(revisions)
    ]


def test_an_alert_is_escalated_once(store: Store) -> None:
    """When its time has come, by whoever is first."""
    with store.begin() as work:
        (one,) = alerts(work, 1)
        assert work.unheard(NOON - MINUTE) == []
        assert [found.id for found in work.unheard(NOON)] == [one]
        assert work.escalated(one, LATER)
        assert not work.escalated(one, LATER)
        assert work.unheard(NOON) == []
        kept = work.alert(one)
    assert kept
    assert (kept.escalate_at, kept.escalated_at) == (NOON, LATER)


def test_an_alert_without_escalation_is_left_alone(store: Store) -> None:
    """Most rules ask for none."""
    with store.begin() as work:
        work.save_alert(alert(work.save_story(story(), [])))
        assert work.unheard(NOON + 999 * DAY) == []


def test_who_takes_note_of_the_latest_took_note_of_all(store: Store) -> None:
    """Of the same rule about the same story; taking note of an earlier one leaves the later ones."""
    with store.begin() as work:
        first = alerts(work, 1, 2, 3)
        others = alerts(work, 1)
        assert work.ack(first[1], "Mei", NOON)
        assert [found.id for found in work.unheard(LATER)] == [others[0], first[2]]
        assert not work.escalated(first[1], LATER)
        assert [found.id for found in work.unheard(LATER, 1)] == others


def test_a_change_waits_for_its_time(store: Store) -> None:
    """One for each rule and story, the longest due first, until it is dropped."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        item = add_item(work, "a")
        for rule, due in (("One", LATER), ("Two", NOON)):
            work.look_again(FollowUp(rule, about.id, item, due, corrected=False))
        assert [found.rule for found in work.follow_ups(NOON)] == ["Two"]
        assert [found.rule for found in work.follow_ups(LATER)] == ["Two", "One"]
        assert len(work.follow_ups(LATER, 1)) == 1
        work.drop_follow_up("Two", about.id)
        work.drop_follow_up("Two", about.id)
        assert [found.rule for found in work.follow_ups(LATER)] == ["One"]


def test_the_latest_change_counts_but_a_correction_is_not_forgotten(store: Store) -> None:
    """The item that corrected is the one to be looked at."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        items = [add_item(work, name) for name in "abcd"]
        plain = FollowUp("R", about.id, items[0], NOON, corrected=False)
        for change, expected in (
            (plain, plain),
            (replace(plain, entry_id=items[1]), replace(plain, entry_id=items[1])),
            (replace(plain, entry_id=items[2], corrected=True), replace(plain, entry_id=items[2], corrected=True)),
            (replace(plain, entry_id=items[3], due=NOON), replace(plain, entry_id=items[2], corrected=True)),
        ):
            work.look_again(change)
            assert work.follow_ups(NOON) == [expected]


def test_what_is_pruned_is_not_looked_at_again(store: Store) -> None:
    """A change goes with its item or its story."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        work.look_again(FollowUp("R", about.id, add_item(work, "a"), NOON, corrected=False))
        work.prune(NOON + 9 * DAY, DAY, DAY)
        assert work.follow_ups(NOON) == []
