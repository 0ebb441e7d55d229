"""What the store answers about a channel's part of the outbox: what waits, what goes together, what became of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from store_samples import DAY, HOUR, MINUTE, NOON, alert, delivery, story

from monitor.model import Message

if TYPE_CHECKING:
    from monitor.edges.store import Store, Work
    from monitor.model import Delivery, Severity

LATER = NOON + HOUR


def urgent(key: str, severity: Severity, **changes: Any) -> Delivery:
    """Return a message of a severity."""
    return delivery(key, message=Message("Subject", "Text", severity=severity), **changes)


def queue_alerts(work: Work, *rules: str) -> list[int]:
    """Queue an alert for each rule, about a story each, and return the ids of their deliveries."""
    for number, rule in enumerate(rules):
        about = work.save_story(story(), [])
        work.queue([delivery(f"alert/{rule}/{number}/1/desk")], work.save_alert(alert(about, rule=rule)))
    return [row.id for row in work.waiting("desk", NOON)]


def test_the_most_urgent_leave_first(store: Store) -> None:
    """Then the longest due, then in the order queued."""
    with store.begin() as work:
        work.queue([urgent("low", "low", due=NOON - HOUR), urgent("a", "normal"), urgent("b", "critical")])
        work.queue([urgent("c", "critical"), urgent("d", "critical", due=NOON - MINUTE), urgent("e", "high")])
        assert [row.key for row in work.waiting("desk", NOON)] == ["d", "b", "c", "e", "a", "low"]
        assert [d.key for d in work.claim(NOON, 9, MINUTE)] == ["d", "b", "c", "e", "a", "low"]


def test_what_waits_on_a_channel(store: Store) -> None:
    """What is due or was put aside, with its rule; not what is in hand, was sent, given up or goes with another."""
    with store.begin() as work:
        ids = queue_alerts(work, "One", "Two", "Three", "Four")
        work.queue([delivery("digest"), delivery("later", due=LATER), delivery("mail", channel="mail")])
        work.put_aside([ids[1]], "quiet", LATER)
        work.sent(ids[2], NOON)
        work.dead(ids[3], NOON, "refused")
        rows = work.waiting("desk", NOON)
        assert [(row.key, row.rule, row.held, row.due) for row in rows] == [
            ("alert/One/0/1/desk", "One", "", NOON),
            ("digest", "", "", NOON),
            ("alert/Two/1/1/desk", "Two", "quiet", LATER),
        ]
        assert [d.key for d in work.claim(NOON, 9, MINUTE, channel="desk")] == ["alert/One/0/1/desk", "digest"]
        assert [row.key for row in work.waiting("desk", NOON)] == ["alert/Two/1/1/desk"]


def test_what_is_put_aside_is_not_taken_until_it_is_released(store: Store) -> None:
    """Even when its time has come; the listing says why it waits."""
    with store.begin() as work:
        (one,) = queue_alerts(work, "One")
        work.put_aside([one], "quiet", LATER)
        assert work.claim(LATER, 9, MINUTE) == []
        kept = work.delivery(one)
        assert kept
        assert (kept.held, kept.due, work.outbox_counts(LATER)["desk"]["due"]) == ("quiet", LATER, 0)
        work.release([one], LATER)
        assert [d.held for d in work.claim(LATER, 9, MINUTE)] == [""]


def test_several_go_together_and_share_their_fate(store: Store) -> None:
    """One message in their place: sent with it, given up with it, and back with it."""
    with store.begin() as work:
        ids = queue_alerts(work, "One", "Two", "Three")
        assert work.pack(delivery("bundle/desk/1", created=NOON), ids[:2])
        assert [row.key for row in work.waiting("desk", NOON)] == ["alert/Three/2/1/desk", "bundle/desk/1"]
        assert work.outbox_counts(NOON)["desk"]["waiting"] == 2
        bundle = next(d for d in work.claim(NOON, 9, DAY) if d.key == "bundle/desk/1")
        work.dead(bundle.id, NOON, "refused")
        parts = [part for one in ids[:2] if (part := work.delivery(one))]
        assert [(part.dead, part.error, part.bundle) for part in parts] == [(NOON, "refused", bundle.id)] * 2
        assert [letter.key for letter in work.dead_letters()] == ["bundle/desk/1"]
        first = work.alerts(9)[-1]
        assert work.replay(first.id, LATER) == 1
        assert work.replay(first.id, LATER) == 0
        assert [d.key for d in work.claim(LATER, 1, MINUTE)] == ["bundle/desk/1"]
        work.sent(bundle.id, LATER, "message 7")
        assert [(d.sent, d.dead) for one in ids[:2] if (d := work.delivery(one))] == [(LATER, None)] * 2
        assert work.replay_delivery(bundle.id, LATER) == 0


def test_a_part_can_be_named_to_bring_the_whole_back(store: Store) -> None:
    """A dead letter of several is replayed as one, whichever of them is named."""
    with store.begin() as work:
        ids = queue_alerts(work, "One", "Two")
        work.pack(delivery("bundle/desk/1"), ids)
        (bundle,) = work.claim(NOON, 9, MINUTE)
        work.dead(bundle.id, NOON, "refused")
        assert work.replay_delivery(ids[1], LATER) == 1
        assert work.dead_letters() == []
        assert [d.id for d in work.claim(LATER, 9, MINUTE)] == [bundle.id]


def test_a_key_packs_once(store: Store) -> None:
    """What could not be put under a key stays as it was."""
    with store.begin() as work:
        ids = queue_alerts(work, "One", "Two")
        assert work.pack(delivery("bundle/desk/1"), ids[:1])
        assert not work.pack(delivery("bundle/desk/1"), ids[1:])
        left = work.delivery(ids[1])
        assert left
        assert left.bundle is None


def test_what_a_channel_carried_lately(store: Store) -> None:
    """Tries in a minute, alerts that left alone by rule, and the last burst."""
    with store.begin() as work:
        ids = queue_alerts(work, "One", "One", "Two", "Three")
        work.queue([delivery("digest", due=NOON + MINUTE)])
        work.pack(delivery("bundle/desk/9", created=NOON + MINUTE, due=NOON + MINUTE), ids[3:])
        for at in (NOON, NOON, NOON + MINUTE, NOON + MINUTE, NOON + MINUTE):
            work.claim(at, 1, DAY)
        assert work.tried_since("desk", NOON - MINUTE) == 5
        assert work.tried_since("desk", NOON) == 3
        assert work.tried_since("mail", NOON - MINUTE) == 0
        assert work.alone_since("desk", NOON - MINUTE) == {"One": (2, NOON), "Two": (1, NOON + MINUTE)}
        assert work.alone_since("desk", NOON) == {"Two": (1, NOON + MINUTE)}
        assert work.bundled_since("desk", NOON) == NOON + MINUTE
        assert work.bundled_since("desk", NOON + MINUTE) is None


def test_alerts_are_found_by_what_carries_them(store: Store) -> None:
    """A message without an alert carries none."""
    with store.begin() as work:
        ids = queue_alerts(work, "One", "Two")
        work.queue([delivery("digest")])
        digest = work.claim(NOON, 9, MINUTE)[-1].id
        assert {one: alert.rule for one, alert in work.carried([*ids, digest]).items()} == dict(
            zip(ids, ("One", "Two"), strict=True)
        )


def test_a_more_urgent_alert_does_not_wait_for_a_less_urgent_one(store: Store) -> None:
    """On a channel a story is told in order, but what breaks through quiet hours is not held by what does not."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        for number, severity in enumerate(("normal", "critical", "critical")):
            about_alert = replace(alert(about, rule=f"R{number}"), severity=severity)
            work.queue([urgent(f"alert/R{number}/1/1/desk", severity)], work.save_alert(about_alert))
        held = next(row.id for row in work.waiting("desk", NOON) if row.urgency == 1)
        work.put_aside([held], "quiet", LATER)
        assert [d.key for d in work.claim(NOON, 1, MINUTE)] == ["alert/R1/1/1/desk"]
        assert work.claim(NOON, 1, MINUTE) == []


def test_one_worker_at_a_time_decides_for_a_channel(store: Store) -> None:
    """Another one waits for its turn and sees what the first did; other channels go on."""
    with store.begin() as work:
        queue_alerts(work, "One", "Two")
    seen: list[int] = []
    ready = threading.Event()

    def second() -> None:
        ready.wait()
        with store.begin() as work:
            work.lock_channel("desk")
            seen.append(len(work.waiting("desk", NOON)))

    thread = threading.Thread(target=second)
    thread.start()
    with store.begin() as work:
        work.lock_channel("desk")
        ready.set()
        ids = [row.id for row in work.waiting("desk", NOON)]
        work.pack(delivery("bundle/desk/1"), ids)
    thread.join()
    assert seen == [1]
