"""What a batch of polls writes at once is what its parts would have written one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import event, select
from store_samples import HOUR, NOON, article

from monitor.edges.store import batch
from monitor.edges.store.tables import page_marks, tags, texts
from monitor.model import Decision, Fact, FeedState

if TYPE_CHECKING:
    import pytest

    from monitor.edges.store import Store

A, B, C = "https://a.test/feed", "https://b.test/feed", "https://c.test/feed"


def test_many_polls_are_one_statement(store: Store) -> None:
    """Unchanged feeds share theirs however many they are; others change what is theirs alone."""
    with store.begin() as work:
        feeds = [work.add_feed(f"https://a.test/{n}") for n in range(50)]
        statements: list[str] = []
        event.listen(work.connection, "before_cursor_execute", lambda *said: statements.append(str(said[2])))
        unchanged = [FeedState(f.id, "unchanged", NOON + f.id * HOUR, 0, succeeded=NOON) for f in feeds[:-1]]
        failed = FeedState(feeds[-1].id, "http_500", NOON, 2, error="it said 500")
        work.save_states([*unchanged, failed])
        assert sum(statement.startswith("UPDATE feeds") for statement in statements) == 2
        *quiet, broken = work.feeds()
    assert [(f.status, f.next_poll, f.last_success) for f in quiet] == [
        ("unchanged", NOON + f.id * HOUR, NOON) for f in quiet
    ]
    assert (broken.status, broken.failures, broken.error, broken.last_success) == ("http_500", 2, "it said 500", None)


def test_a_batch_of_moves(store: Store) -> None:
    """Two feeds that move in one batch both arrive; one that moves onto a third stays."""
    with store.begin() as work:
        one, two, three = (work.add_feed(url) for url in (A, B, C))
        moves = ((one, "https://new.test/1"), (two, "https://new.test/2"), (three, A))
        work.save_states([FeedState(feed.id, "ok", NOON, 0, url=url) for feed, url in moves[:2]])
        work.save_states([FeedState(three.id, "ok", NOON, 0, url="https://new.test/1")])
        assert [feed.url for feed in work.feeds()] == ["https://new.test/1", "https://new.test/2", C]


def test_marks_are_kept_until_others_come(store: Store) -> None:
    """A poll without marks leaves them, others take their place, and they go with their feed."""
    with store.begin() as work:
        one, two = work.add_feed(A), work.add_feed(B)
        work.save_states([FeedState(f.id, "ok", NOON, 0, marks=bytes([f.id] * 16)) for f in (one, two)])
        work.save_states([FeedState(one.id, "unchanged", NOON, 0), FeedState(two.id, "ok", NOON, 0, marks=b"")])
        assert work.marks_of([one.id, two.id, 99]) == {one.id: bytes([one.id] * 16), two.id: b""}
        work.remove_feed(A)
        assert work.connection.execute(select(page_marks.c.feed_id)).scalars().all() == [two.id]


def test_more_items_than_one_statement_takes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is kept under the id that is returned for it, the last few too."""
    monkeypatch.setattr(batch, "AT_ONCE", 2)
    with store.begin() as work:
        feed = work.add_feed(A)
        ids = work.save_articles([article(feed, name) for name in "abcde"])
        kept = [work.item(entry_id) for entry_id in ids]
    assert [item.title for item in kept if item] == [f"Title {name}" for name in "abcde"]
    assert all(item.themes == ("exercises",) for item in kept if item)


def test_when_feeds_last_succeeded(store: Store) -> None:
    """It tells whether another worker has been at them."""
    with store.begin() as work:
        one, two = work.add_feed(A), work.add_feed(B)
        work.save_state(FeedState(one.id, "ok", NOON, 0, succeeded=NOON))
        assert work.last_successes([one.id, two.id, 99]) == {one.id: NOON, two.id: None}


def test_articles_of_a_batch(store: Store) -> None:
    """They get their ids in order, each with its themes, facts and text."""
    with store.begin() as work:
        feed = work.add_feed(A)
        plain = [article(feed, str(n), themes=(), scores={"trade": n / 100}) for n in range(60)]
        fact = Fact("aircraft", 45, "45 aircraft came.", (0, 11))
        plain[7] = replace(plain[7], facts=(fact,), text="The whole text.")
        ids = work.save_articles(plain)
        assert ids == sorted(set(ids))
        kept = {item.id: item for item in work.items(limit=100)}
        assert [kept[n].title for n in ids] == [a.entry.title for a in plain]
        assert [n for n in ids if kept[n].facts] == [ids[7]]
        assert kept[ids[7]].facts == (fact,)
        assert work.connection.execute(select(texts.c.entry_id)).scalars().all() == [ids[7]]
        assert set(work.connection.execute(select(tags.c.entry_id)).scalars()) == set(ids[5:])
        assert work.save_articles([]) == []


def test_decisions_of_a_batch(store: Store) -> None:
    """What the rules said comes back with its item."""
    said = [Decision("One", False, "no_theme"), Decision("Two", False, "below_score", "trade", 0.3)]
    with store.begin() as work:
        feed = work.add_feed(A)
        one, two = work.save_articles([article(feed, "a", themes=()), article(feed, "b", themes=())])
        work.save_all_decisions([(one, said), (two, said[:1])], NOON)
        work.save_all_decisions([], NOON)
        assert (work.decisions_of(one), work.decisions_of(two)) == (said, said[:1])
