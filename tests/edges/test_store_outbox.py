"""What the store answers about alerts and the messages that carry them."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from store_samples import DAY, HOUR, MINUTE, NOON, alert, delivery, story

from monitor.errors import StoreError

if TYPE_CHECKING:
    from monitor.edges.store import Store, Work

LATER = NOON + HOUR


def claimed(work: Work) -> int:
    """Queue one message, claim it and return its id."""
    work.queue([delivery("k")])
    return work.claim(NOON, 1, MINUTE)[0].id


def test_a_message_comes_out_as_it_went_in(store: Store) -> None:
    """A claim counts the attempt and moves the moment ahead; all else is as queued."""
    with store.begin() as work:
        assert work.queue([delivery("k")]) == 1
        (taken,) = work.claim(NOON, 5, MINUTE)
        assert taken == delivery("k", id=taken.id, attempts=1, due=NOON + MINUTE)
        assert work.delivery(taken.id) == taken
        assert work.delivery(99) is None


def test_a_key_is_queued_once(store: Store) -> None:
    """A message that is queued again, or was sent, is not queued."""
    with store.begin() as work:
        work.sent(claimed(work), NOON)
        assert work.queue([delivery("k"), delivery("new"), delivery("new")]) == 1
        assert [d.key for d in work.claim(NOON, 5, MINUTE)] == ["new"]


def test_without_a_moment_of_making_it_is_the_moment_due(store: Store) -> None:
    """Every stored message says when it was made."""
    with store.begin() as work:
        work.queue([delivery("k", created=None)])
        assert work.claim(NOON, 1, MINUTE)[0].created == NOON


def test_the_longest_due_go_first(store: Store) -> None:
    """By moment, then in the order queued; what is not due waits, and a channel can be asked alone."""
    with store.begin() as work:
        work.queue([delivery("b"), delivery("c"), delivery("a", due=NOON - MINUTE)])
        work.queue([delivery("later", due=LATER), delivery("mail", channel="mail")])
        assert [d.key for d in work.claim(NOON, 1, MINUTE, channel="mail")] == ["mail"]
        assert [d.key for d in work.claim(NOON, 2, MINUTE)] == ["a", "b"]
        assert [d.key for d in work.claim(NOON, 5, MINUTE)] == ["c"]
        assert work.claim(NOON, 5, MINUTE) == []


def test_a_story_is_told_in_order_on_each_channel(store: Store) -> None:
    """What was told first leaves first: while it waits, later word of its story does; other stories go on."""
    with store.begin() as work:
        one, other = work.save_story(story(), ["a"]), work.save_story(story(), ["b"])
        for about, key, revision in [(one, "first", 1), (one, "update", 2), (other, "other", 1)]:
            told = work.save_alert(alert(about, revision=revision))
            work.queue([delivery(key), delivery(f"{key}/mail", channel="mail")], told)
        work.queue([delivery("digest")])
        (first,) = work.claim(NOON, 1, MINUTE, channel="desk")
        work.retry(first.id, LATER, "busy")
        assert [d.key for d in work.claim(NOON, 9, DAY, channel="desk")] == ["other", "digest"]
        (mail,) = work.claim(NOON, 1, DAY, channel="mail")
        work.sent(mail.id, NOON)
        assert [d.key for d in work.claim(NOON, 9, DAY, channel="mail")] == ["update/mail", "other/mail"]
        assert [d.key for d in work.claim(LATER, 9, DAY, channel="desk")] == ["first"]
        work.dead(first.id, LATER, "refused")
        assert [d.key for d in work.claim(LATER, 9, DAY, channel="desk")] == ["update"]


def test_a_lost_claim_comes_back(store: Store) -> None:
    """When a worker dies with a message in hand, another gets it after the lease, under the same key."""
    with store.begin() as work:
        first = claimed(work)
    with store.begin() as work:
        (again,) = work.claim(NOON + MINUTE, 5, MINUTE)
    assert (again.id, again.key, again.attempts) == (first, "k", 2)


def test_what_becomes_of_a_message(store: Store) -> None:
    """It is tried again, given up, or sent; once sent it stays sent, and a late word of success wins."""
    with store.begin() as work:
        delivery_id = claimed(work)
        work.retry(delivery_id, LATER, "busy")
        waiting = work.delivery(delivery_id)
        assert waiting
        assert (waiting.due, waiting.error, waiting.sent, waiting.dead) == (LATER, "busy", None, None)
        work.dead(delivery_id, LATER, "refused")
        given_up = replace(waiting, dead=LATER, error="refused")
        assert work.delivery(delivery_id) == given_up
        assert work.dead_letters() == [given_up]
        work.retry(delivery_id, LATER + HOUR, "late")
        assert work.delivery(delivery_id) == given_up
        work.sent(delivery_id, LATER, "message 7")
        sent = replace(given_up, dead=None, sent=LATER, error="")
        work.dead(delivery_id, LATER, "late")
        found = work.delivery(delivery_id)
        assert found
        assert replace(found, **{n: getattr(sent, n) for n in ("sent", "dead", "error", "due")}) == found
        assert work.dead_letters() == []
        assert work.claim(NOON + DAY, 5, MINUTE) == []


def test_a_channel_that_is_gone_gives_up_its_messages(store: Store) -> None:
    """What waits for a channel nobody configured becomes a dead letter; what was sent is left."""
    with store.begin() as work:
        work.queue([delivery("a"), delivery("b", channel="old"), delivery("c", channel="old")])
        work.sent(2, NOON)
        assert work.abandon({"desk"}, NOON, "no such channel") == 1
        assert [(d.key, d.error) for d in work.dead_letters()] == [("c", "no such channel")]
        assert work.abandon(set(), NOON, "no such channel") == 1


def test_dead_letters_are_replayed(store: Store) -> None:
    """By alert or one by one, at once, with every attempt before them; living ones are left alone."""
    with store.begin() as work:
        alert_id = work.save_alert(alert(work.save_story(story(), [])))
        work.queue([delivery("a"), delivery("b"), delivery("c")], alert_id)
        work.queue([delivery("digest")])
        ids = {d.key: d.id for d in work.claim(NOON, 5, MINUTE)}
        for key in ("a", "b", "digest"):
            work.dead(ids[key], NOON, "refused")
        assert work.replay(alert_id, LATER) == 2
        assert work.replay(alert_id, LATER) == 0
        assert work.replay_delivery(ids["digest"], LATER) == 1
        assert work.replay_delivery(ids["c"], LATER) == 0
        back = work.claim(LATER, 9, MINUTE)
    assert {(d.key, d.attempts, d.error, d.dead) for d in back} == {
        ("a", 1, "", None),
        ("b", 1, "", None),
        ("digest", 1, "", None),
        ("c", 2, "", None),
    }


def test_the_outbox_is_counted_by_channel(store: Store) -> None:
    """What waits, what of it is due, what was sent and what is dead."""
    with store.begin() as work:
        assert work.outbox_counts(NOON) == {}
        work.queue([delivery(key) for key in "abcd"] + [delivery("e", due=LATER), delivery("f", channel="mail")])
        work.sent(1, NOON)
        work.dead(2, NOON, "refused")
        assert work.outbox_counts(NOON) == {
            "desk": {"waiting": 3, "due": 2, "sent": 1, "dead": 1},
            "mail": {"waiting": 1, "due": 1, "sent": 0, "dead": 0},
        }


def test_an_alert_is_kept_with_its_deliveries(store: Store) -> None:
    """What was told, why, when, over what; saving it again changes nothing."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        alert_id = work.save_alert(alert(about))
        work.queue([delivery("a"), delivery("b", channel="mail")], alert_id)
        assert work.save_alert(alert(about, score=0.1)) == alert_id
        kept = work.alert(alert_id)
        assert work.alert(alert_id + 1) is None
    assert kept
    assert (kept.rule, kept.severity, kept.story_id, kept.revision) == ("Large drills", "critical", about.id, 1)
    assert (kept.theme, kept.score, kept.reason, kept.at) == ("exercises", 0.9, "alert", NOON)
    assert (kept.words, kept.headline, kept.url) == (("drill", "演習"), "Large drill", "https://news.test/drill")
    assert (kept.publishers, kept.acked_at, kept.acked_by) == (2, None, "")
    assert [d.key for d in kept.deliveries] == ["a", "b"]


def test_the_latest_alerts_come_first(store: Store) -> None:
    """Limit and moment narrow the list."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        for revision in (1, 2, 3):
            work.save_alert(alert(about, revision=revision, at=NOON + revision * HOUR))
        assert [a.revision for a in work.alerts()] == [3, 2, 1]
        assert [a.revision for a in work.alerts(2)] == [3, 2]
        assert [a.revision for a in work.alerts(9, NOON + 2 * HOUR)] == [3, 2]


def test_the_first_to_take_note_is_remembered(store: Store) -> None:
    """An alert is acknowledged once."""
    with store.begin() as work:
        alert_id = work.save_alert(alert(work.save_story(story(), [])))
        assert work.ack(alert_id, "Mei", NOON)
        assert not work.ack(alert_id, "Ann", LATER)
        assert not work.ack(alert_id + 1, "Ann", LATER)
        kept = work.alert(alert_id)
    assert kept
    assert (kept.acked_by, kept.acked_at) == ("Mei", NOON)


def test_an_alert_is_about_a_stored_story(store: Store) -> None:
    """An alert about nothing is refused."""
    with pytest.raises(StoreError), store.begin() as work:
        work.save_alert(alert(story()))


def test_alert_and_deliveries_are_kept_together_or_not_at_all(store: Store) -> None:
    """An error before the end leaves nothing of the step."""
    naive = delivery("naive", due=NOON.replace(tzinfo=None))
    with pytest.raises(StoreError, match="has no time zone"), store.begin() as work:
        work.queue([delivery("k"), naive], work.save_alert(alert(work.save_story(story(), []))))
    with store.read() as work:
        assert work.alerts() == []
        assert work.outbox_counts(NOON) == {}


def test_two_workers_never_get_the_same_message(store: Store) -> None:
    """Claims are taken by one worker each, also at the same moment."""
    with store.begin() as work:
        work.queue([delivery(f"k{n}") for n in range(80)])
    taken: list[str] = []
    start = threading.Barrier(2)

    def worker() -> None:
        start.wait()
        idle = 0
        while idle < 2:
            with store.begin() as work:
                messages = work.claim(NOON, 3, HOUR)
            taken.extend(d.key for d in messages)
            idle = 0 if messages else idle + 1

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"k{n}" for n in range(80))
