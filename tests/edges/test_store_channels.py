"""What the store remembers of channels: first messages of threads, and outages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store_samples import DAY, HOUR, MINUTE, NOON, delivery

from monitor.model import Delivery, Message, Opening, Outage

if TYPE_CHECKING:
    from monitor.edges.store import Store

TOLD = Message("Subject", "Text", link="https://news.test/1", thread="story/7")


def of(key: str, channel: str = "desk", thread: str = "story/7") -> Delivery:
    """Return a message of a thread."""
    return delivery(key, channel=channel, message=replace(TOLD, thread=thread))


def test_the_first_message_of_a_thread_is_remembered_for_each_channel(store: Store) -> None:
    """Later ones change nothing; the first one itself, sent again, goes on from nothing."""
    with store.begin() as work:
        assert work.opening(of("a")) is None
        work.open_thread(of("a"), "17.01", NOON)
        work.open_thread(of("b"), "17.02", NOON + MINUTE)
        assert work.opening(of("b")) == Opening("a", "17.01")
        assert work.opening(of("a")) is None
        assert work.opening(of("b", channel="mail")) is None
        assert work.opening(of("b", thread="story/8")) is None


def test_link_and_thread_stay_with_a_message(store: Store) -> None:
    """What it goes on from is looked up when it is sent, and not stored."""
    with store.begin() as work:
        work.queue([replace(of("a"), opening=Opening("x", "y"))])
        (taken,) = work.claim(NOON, 1, MINUTE)
    assert taken.message == TOLD
    assert taken.opening is None


def test_an_outage_lasts_from_the_first_failure_to_the_next_success(store: Store) -> None:
    """Its error is the latest."""
    with store.begin() as work:
        assert work.channel_worked("desk") is None
        work.channel_failed("desk", NOON, "HTTP 500")
        work.channel_failed("desk", NOON + HOUR, "HTTP 503")
        work.channel_failed("mail", NOON + MINUTE, "reset")
        assert work.outages() == [Outage("desk", NOON, "HTTP 503"), Outage("mail", NOON + MINUTE, "reset")]
        assert work.channel_worked("desk") == Outage("desk", NOON, "HTTP 503")
        assert [outage.channel for outage in work.outages()] == ["mail"]
        work.forget_outages({"desk"})
        assert work.outages() == []


def test_an_outage_is_told_once(store: Store) -> None:
    """By whoever comes first; one that is over, or another one, is not told."""
    with store.begin() as work:
        work.channel_failed("desk", NOON, "HTTP 500")
        (outage,) = work.outages()
        assert not work.tell_outage(replace(outage, since=NOON - DAY), "mail", NOON)
        assert work.tell_outage(outage, "mail", NOON + HOUR)
        assert not work.tell_outage(outage, "mail", NOON + HOUR)
        assert work.channel_worked("desk") == replace(outage, told=NOON + HOUR, over="mail")
        assert not work.tell_outage(outage, "mail", NOON + HOUR)


def test_old_threads_are_pruned(store: Store) -> None:
    """With the items of their time."""
    with store.begin() as work:
        work.open_thread(of("a"), "17.01", NOON)
        work.open_thread(of("c", thread="story/8"), "17.03", NOON + DAY)
        work.prune(NOON + DAY + HOUR, DAY, DAY)
        assert work.opening(of("b")) is None
        assert work.opening(of("d", thread="story/8"))
