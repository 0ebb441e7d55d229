"""The store as a whole: opening, migrating, checking, copying, locking, and how it fails."""

from __future__ import annotations

import inspect
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from store_samples import DAY, HOUR, NOON, add_item, alert, article, delivery, entry, story

from monitor.edges.store import FollowUp, Regrouping, Store, StoredModel, Work
from monitor.edges.store.tables import metadata
from monitor.errors import AlreadyRunning, StoreError
from monitor.model import Decision, Edit, Feed, FeedState, Outage, Silence, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
FEED = Feed(1, "https://one.test/")
EDIT = Edit(1, None, entry("a"), "Before", "", "before")
WRITES: dict[str, Callable[[Work], Any]] = {
    "add_feed": lambda w: w.add_feed("https://one.test/"),
    "remove_feed": lambda w: w.remove_feed("https://one.test/"),
    "update_feed": lambda w: w.update_feed(1, title="T"),
    "save_state": lambda w: w.save_state(FeedState(1, "ok", NOON, 0)),
    "save_states": lambda w: w.save_states([FeedState(1, "ok", NOON, 0)]),
    "due_feeds": lambda w: w.due_feeds(NOON, 5, HOUR),
    "due_ids": lambda w: w.due_ids(NOON, 5, HOUR),
    "end_leases": lambda w: w.end_leases(),
    "asked_lately": lambda w: w.asked_lately([1], NOON),
    "save_edit": lambda w: w.save_edit(EDIT, article(FEED, "a"), None, correction=False),
    "sync_pages": lambda w: w.sync_pages([FEED]),
    "save_text": lambda w: w.save_text(1, "https://one.test/a", "T", NOON),
    "count_scores": lambda w: w.count_scores("m", {("coercion", date(2026, 3, 2), 0): 1}),
    "lock_stories": lambda w: (w.lock_stories(), w.beat(NOON)),
    "save_article": lambda w: w.save_article(article(FEED, "a"), None),
    "save_articles": lambda w: w.save_articles([article(FEED, "a")]),
    "save_all_decisions": lambda w: w.save_all_decisions([(1, [Decision("R", alert=False, reason="theme")])], NOON),
    "save_decisions": lambda w: w.save_decisions(1, [Decision("R", alert=False, reason="theme")], NOON),
    "save_story": lambda w: w.save_story(story(), ["a"]),
    "save_alert": lambda w: w.save_alert(alert(story(id=1))),
    "ack": lambda w: w.ack(1, "Mei", NOON),
    "escalated": lambda w: w.escalated(1, NOON),
    "look_again": lambda w: (
        w.save_story(story(), []),
        w.look_again(FollowUp("R", 1, add_item(w, "a"), NOON, corrected=False)),
    ),
    "replace_story": lambda w: w.replace_story(story(), ["a"]),
    "move_reports": lambda w: w.move_reports({add_item(w, "a"): 0}, w.save_story(story(), []).id),
    "save_part": lambda w: w.save_part(add_item(w, "a"), 7),
    "mark_joined": lambda w: w.mark_joined(w.save_story(story(), []).id, w.save_story(story(), []).id),
    "save_retold": lambda w: w.save_retold([Told("R", w.save_story(story(), []).id, 1, 1, NOON)]),
    "save_regrouping": lambda w: w.save_regrouping(Regrouping(NOON, "Mei", "split", 1, 2)),
    "drop_follow_up": lambda w: w.drop_follow_up("R", 1),
    "add_silence": lambda w: w.add_silence(Silence(NOON, rule="R"), NOON),
    "end_silence": lambda w: w.end_silence(1, NOON),
    "lock_channel": lambda w: (w.lock_channel("desk"), w.put_aside([1], "quiet", NOON)),
    "put_aside": lambda w: w.put_aside([1], "quiet", NOON),
    "release": lambda w: w.release([1], NOON),
    "pack": lambda w: w.pack(delivery("bundle/desk/1"), [1]),
    "queue": lambda w: w.queue([delivery("k")]),
    "claim": lambda w: w.claim(NOON, 5, HOUR),
    "sent": lambda w: w.sent(1, NOON),
    "retry": lambda w: w.retry(1, NOON, "busy"),
    "dead": lambda w: w.dead(1, NOON, "refused"),
    "abandon": lambda w: w.abandon(["desk"], NOON, "gone"),
    "replay": lambda w: w.replay(1, NOON),
    "replay_delivery": lambda w: w.replay_delivery(1, NOON),
    "open_thread": lambda w: w.open_thread(delivery("k"), "m", NOON),
    "channel_failed": lambda w: w.channel_failed("desk", NOON, "busy"),
    "channel_worked": lambda w: w.channel_worked("desk"),
    "tell_outage": lambda w: w.tell_outage(Outage("desk", NOON, "busy"), "mail", NOON),
    "forget_outages": lambda w: w.forget_outages(["desk"]),
    "save_digest": lambda w: w.save_digest("daily", date(2026, 3, 4), NOON),
    "beat": lambda w: w.beat(NOON),
    "prune": lambda w: w.prune(NOON, DAY, DAY),
    "add_feedback": lambda w: w.add_feedback(1, "trade", label=True, author="Mei", at=NOON),
    "withdraw_feedback": lambda w: w.withdraw_feedback(1, "Mei"),
    "add_model": lambda w: w.add_model(StoredModel("v1", NOON)),
    "activate": lambda w: w.activate("v1"),
    "lock_models": lambda w: (w.lock_models(), w.activate(None)),
    "forget_models": lambda w: w.forget_models(3),
}
READS: dict[str, Callable[[Work], Any]] = {
    "feeds": lambda w: w.feeds(),
    "feed": lambda w: w.feed(1),
    "feed_by_url": lambda w: w.feed_by_url("https://one.test/"),
    "feeds_of": lambda w: w.feeds_of([1]),
    "marks_of": lambda w: w.marks_of([1]),
    "last_successes": lambda w: w.last_successes([1]),
    "feed_numbers": lambda w: w.feed_numbers(NOON),
    "text_of": lambda w: w.text_of(1),
    "texts_at": lambda w: w.texts_at(["https://one.test/a"]),
    "compare": lambda w: w.compare(1, [entry("a")]),
    "unseen": lambda w: w.unseen(1, [entry("a")]),
    "stored_idents": lambda w: w.stored_idents(1, ["a"]),
    "standing": lambda w: w.standing([EDIT]),
    "revisions": lambda w: w.revisions(1),
    "decisions_of": lambda w: w.decisions_of(1),
    "items": lambda w: w.items(),
    "item": lambda w: w.item(1),
    "first_seen": lambda w: w.first_seen(),
    "doubtful": lambda w: w.doubtful(NOON, NOON + DAY, 5),
    "reached": lambda w: w.reached(["a"], NOON),
    "stories_of": lambda w: w.stories_of([1]),
    "crowd": lambda w: w.crowd(NOON),
    "story": lambda w: w.story(1),
    "stories_between": lambda w: w.stories_between(NOON, NOON + DAY),
    "stories_since": lambda w: w.stories_since(NOON),
    "reports_of": lambda w: w.reports_of(1),
    "parts_of": lambda w: w.parts_of(1),
    "last_correction": lambda w: w.last_correction(1),
    "joined_into": lambda w: w.joined_into(1),
    "joined_to": lambda w: w.joined_to(1),
    "regroupings_of": lambda w: w.regroupings_of(1),
    "regroupings_with": lambda w: w.regroupings_with(1),
    "alerts_about": lambda w: w.alerts_about([1]),
    "story_facts": lambda w: w.story_facts(1),
    "facts_of_stories": lambda w: w.facts_of_stories([1]),
    "told": lambda w: w.told([1]),
    "theme_counts": lambda w: w.theme_counts(NOON, NOON + DAY),
    "tellings": lambda w: w.tellings(NOON, NOON + DAY, ["aircraft"]),
    "watched": lambda w: w.watched(NOON, NOON + DAY),
    "first_from": lambda w: w.first_from("Daily", NOON, NOON + DAY),
    "queued": lambda w: w.queued(["k"]),
    "alerts": lambda w: w.alerts(),
    "alert": lambda w: w.alert(1),
    "unheard": lambda w: w.unheard(NOON),
    "follow_ups": lambda w: w.follow_ups(NOON),
    "follow_ups_of": lambda w: w.follow_ups_of([1]),
    "silences": lambda w: w.silences(),
    "waiting": lambda w: w.waiting("desk", NOON),
    "tried_since": lambda w: w.tried_since("desk", NOON),
    "alone_since": lambda w: w.alone_since("desk", NOON),
    "bundled_since": lambda w: w.bundled_since("desk", NOON),
    "carried": lambda w: w.carried([1]),
    "delivery": lambda w: w.delivery(1),
    "dead_letters": lambda w: w.dead_letters(),
    "outbox_counts": lambda w: w.outbox_counts(NOON),
    "opening": lambda w: w.opening(delivery("k")),
    "outages": lambda w: w.outages(),
    "has_digest": lambda w: w.has_digest("daily", date(2026, 3, 4)),
    "last_beat": lambda w: w.last_beat(),
    "feedback": lambda w: w.feedback(),
    "guesses": lambda w: w.guesses(),
    "labelled": lambda w: w.labelled(),
    "entries_titled": lambda w: w.entries_titled(["Title"]),
    "active_version": lambda w: w.active_version(),
    "active_model": lambda w: w.active_model(),
    "models": lambda w: w.models(),
    "score_weeks": lambda w: w.score_weeks("m", date(2026, 3, 2)),
}
QUESTIONS = WRITES | READS


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Return a way to open a store that is closed at the end of the test."""
    stores: list[Store] = []

    def open_store(url: str, patience: float = 5.0) -> Store:
        stores.append(Store(url, patience=patience))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


def test_every_question_is_in_the_tables_of_failures() -> None:
    """The tests below meet every method there is."""
    methods = {name for name, _ in inspect.getmembers(Work, inspect.isfunction) if not name.startswith("_")}
    assert methods - {"insert"} == set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_database_without_tables_says_how_to_make_them(tmp_path: Path, opened: Any, name: str) -> None:
    """No method lets the database's own error out."""
    store = opened(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(StoreError, match=r"empty.db: .*no such table.*run `strait db upgrade`"), store.begin() as work:
        QUESTIONS[name](work)


def test_an_empty_server_database_says_how_to_make_them(empty_postgres: str, opened: Any) -> None:
    """No method lets the server's own error out either."""
    store = opened(empty_postgres)
    for name in QUESTIONS:
        with pytest.raises(StoreError, match="run `strait db upgrade`"), store.begin() as work:
            QUESTIONS[name](work)


@pytest.mark.parametrize("name", WRITES)
def test_a_locked_file_says_so(sqlite_url: str, opened: Any, name: str) -> None:
    """Whoever cannot write because another process does hears that, after waiting its patience."""
    holder, store = opened(sqlite_url), opened(sqlite_url, 0.01)
    with holder.begin():
        with pytest.raises(StoreError, match=r"strait.db: database is locked; another process"), store.begin() as work:
            WRITES[name](work)
        with store.read() as work:
            assert work.feeds() == []


def test_a_new_file_that_is_locked_says_so(tmp_path: Path, opened: Any) -> None:
    """The first opening of a file waits its patience too."""
    path = tmp_path / "new.db"
    store = opened(f"sqlite:///{path}", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="database is locked; another process"):
            store.upgrade()
    store.upgrade()


def test_a_locked_server_says_so(postgres_url: str, opened: Any) -> None:
    """Waiting for another worker's lock ends, on PostgreSQL too."""
    holder, store = opened(postgres_url), opened(postgres_url, 0.01)
    with holder.begin() as holding:
        holding.lock_stories()
        with pytest.raises(StoreError, match=r"lock timeout; another process"), store.begin() as work:
            work.lock_stories()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_file_that_is_no_database_says_so(tmp_path: Path, opened: Any, name: str) -> None:
    """A damaged or wrong file is named, with what to do."""
    path = tmp_path / "notes.db"
    path.write_bytes(b"shopping list\n" * 500)
    store = opened(f"sqlite:///{path}")
    with (
        pytest.raises(StoreError, match=r"notes.db: file is not a database; .*restore a backup"),
        store.begin() as work,
    ):
        QUESTIONS[name](work)


def test_reading_does_not_write(store: Store) -> None:
    """A reading transaction refuses to write, and writing works afterwards."""
    with pytest.raises(StoreError, match=r"readonly|read-only"), store.read() as work:
        work.beat(NOON)
    with store.begin() as work:
        work.beat(NOON)


def test_reading_sees_one_moment(store: Store) -> None:
    """What others commit meanwhile does not show until the next reading."""
    with store.read() as reader:
        assert reader.feeds() == []
        with store.begin() as writer:
            writer.add_feed("https://one.test/")
        assert reader.feeds() == []
    with store.read() as reader:
        assert len(reader.feeds()) == 1


def test_writers_wait_for_each_other(store: Store) -> None:
    """Threads that read and then write lose nothing of what the others wrote."""

    def add(number: int) -> None:
        for turn in range(5):
            with store.begin() as work:
                work.feeds()
                work.add_feed(f"https://h{number}.test/{turn}")

    threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as work:
        assert len(work.feeds()) == 20


KILLED = """
import os, signal, sys
sys.path[:0] = [{root!r}, {here!r}]
from monitor.edges.store import Store
from store_samples import NOON, HOUR, add_item, alert, delivery, story
store = Store({url!r})
with store.begin() as work:
    work.queue([delivery("committed")])
with store.begin() as work:
    work.claim(NOON, 1, HOUR)
    work.queue([delivery("lost")], work.save_alert(alert(work.save_story(story(), ["a"]))))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_leaves_whole_steps(url: str, opened: Any) -> None:
    """SIGKILL in the middle of a step undoes that step; the ones before stand and nothing stays locked."""
    script = KILLED.format(root=str(ROOT), here=str(Path(__file__).parent), url=url)
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with opened(url).begin() as work:
        assert [d.key for d in work.claim(NOON, 5, HOUR)] == ["committed"]
        assert work.alerts() == []


def test_the_migrations_make_the_tables(store: Store) -> None:
    """What the migrations build is what the queries are written for, and migrating again changes nothing."""
    store.upgrade()
    with store.begin() as work:
        work.connection.execute(text("SELECT 1"))
        context = MigrationContext.configure(work.connection, opts={"target_metadata": metadata})
        assert compare_metadata(context, metadata) == []


def test_two_processes_may_migrate_at_once(tmp_path: Path, empty_postgres: str, opened: Any) -> None:
    """The second waits and finds the work done."""
    for url in (f"sqlite:///{tmp_path}/new.db", empty_postgres):
        store = opened(url)
        threads = [threading.Thread(target=opened(url).upgrade) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store.check(thorough=True)


def test_a_migrated_database_passes_the_check(store: Store) -> None:
    """A good database is not complained of, and the check leaves it as it was."""
    store.check()
    store.check(thorough=True)
    with store.read() as work:
        assert work.last_beat() is None


def test_a_missing_file_is_not_made_by_the_check(tmp_path: Path, opened: Any) -> None:
    """The check says how to create the database and creates nothing."""
    with pytest.raises(StoreError, match=r"strait.db is not there: run `strait db upgrade`"):
        opened(f"sqlite:///{tmp_path}/strait.db").check()
    assert list(tmp_path.iterdir()) == []


def test_an_older_or_newer_database_fails_the_check(store: Store) -> None:
    """A database that lacks migrations wants an upgrade; one from a later version wants a later program."""
    with store.begin() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (store.check, store.upgrade):
        with pytest.raises(StoreError, match="written by a newer version"):
            act()
    with store.begin() as work:
        work.connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(StoreError, match="is not up to date: run `strait db upgrade`"):
        store.check()


def test_damaged_pages_fail_the_thorough_check(sqlite_url: str, opened: Any) -> None:
    """Damage that only a full reading finds is found by one."""
    store = opened(sqlite_url)
    with store.begin() as work:
        for number in range(50):
            add_item(work, str(number))
    store.close()
    with closing(sqlite3.connect(store.file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("DELETE FROM sqlite_master WHERE name = 'ix_tags_seen'")
        raw.commit()
    with pytest.raises(StoreError, match="damaged: restore a backup"):
        store.check(thorough=True)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, opened: Any) -> None:
    """An address that cannot be written to says which and why, whatever is asked of it."""
    store = opened(f"sqlite:///{tmp_path}/missing/strait.db")
    for act in (store.upgrade, lambda: store.daemon_lock().__enter__()):
        with pytest.raises(StoreError, match=r"missing/strait.db.*make sure that"):
            act()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "cannot be read"),
        ("postgresql://u:pw-secret@host:port/x", "cannot be read"),
        ("mysql://u:pw-secret@host/x", "mysql databases are not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_addresses_that_cannot_be_used(url: str, says: str) -> None:
    """A wrong address is refused at once, without repeating a password."""
    with pytest.raises(StoreError, match=says) as caught:
        Store(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_that_does_not_answer_is_named_without_its_password(opened: Any, scheme: str) -> None:
    """Every usual spelling reaches the one driver, and a password stays out of the words."""
    store = opened(f"{scheme}://user:pw-secret@127.0.0.1:1/x", 0.1)
    with pytest.raises(StoreError, match="the database server is running") as caught:
        store.check()
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value) + store.name + repr(store)


def test_a_copy_is_whole_while_others_write(sqlite_url: str, opened: Any, tmp_path: Path) -> None:
    """The copy holds what was committed, not what is under way, and replaces an earlier copy."""
    store = opened(sqlite_url)
    copy = tmp_path / "copy.db"
    copy.write_text("an earlier copy")
    with store.begin() as work:
        work.add_feed("https://one.test/")
    with store.begin() as work:
        work.add_feed("https://two.test/")
        store.backup(copy)
    restored = opened(f"sqlite:///{copy}")
    restored.check(thorough=True)
    with restored.read() as work:
        assert [feed.url for feed in work.feeds()] == ["https://one.test/"]
    assert not list(tmp_path.glob("*.part"))


def test_copies_that_cannot_be_made(sqlite_url: str, opened: Any, tmp_path: Path) -> None:
    """A copy onto itself or into nowhere is refused, and the database is unharmed."""
    store = opened(sqlite_url)
    with pytest.raises(StoreError, match="is the database itself"):
        store.backup(tmp_path / "strait.db")
    with pytest.raises(StoreError, match=r"nowhere/copy.db: unable to open"):
        store.backup(tmp_path / "nowhere" / "copy.db")
    store.check(thorough=True)


def test_a_server_is_copied_by_its_own_tool(postgres_url: str, opened: Any, tmp_path: Path) -> None:
    """On PostgreSQL the operator is sent to pg_dump."""
    with pytest.raises(StoreError, match="pg_dump"):
        opened(postgres_url).backup(tmp_path / "copy.db")


HOLDER = """
import sys
sys.path.insert(0, {root!r})
from monitor.edges.store import Store
with Store({url!r}).daemon_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_daemon_a_database(url: str, opened: Any) -> None:
    """A second daemon is told; when the first is killed, or ends, the next may run, and work goes on meanwhile."""
    store = opened(url)
    script = HOLDER.format(root=str(ROOT), url=url)
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match=r"already runs on .*; stop it first"), store.daemon_lock():
            pass
        with store.begin() as work:
            work.beat(NOON)
        holder.kill()
    for _ in range(2):
        _wait_for_lock(store)


def _wait_for_lock(store: Store) -> None:
    """Take the daemon's lock, giving a server a moment to notice that its holder died."""
    for _ in range(100):
        try:
            with store.daemon_lock():
                return
        except AlreadyRunning:
            threading.Event().wait(0.05)
    pytest.fail("the lock was not given back")


def test_a_daemons_own_error_goes_through_its_lock(store: Store) -> None:
    """The lock changes nothing about what goes wrong under it, and is given back."""
    with pytest.raises(ZeroDivisionError), store.daemon_lock():
        raise ZeroDivisionError
    with store.daemon_lock():
        pass


def test_a_copied_package_migrates(tmp_path: Path) -> None:
    """The migrations travel with the package: away from the checkout, under a path with strange signs, they run."""
    home = tmp_path / "100% installed"
    shutil.copytree(ROOT / "monitor", home / "monitor", ignore=shutil.ignore_patterns("__pycache__"))
    script = f"import sys; sys.path.insert(0, {str(home)!r})\nfrom monitor.edges.store import Store\n"
    script += f"s = Store('sqlite:///{tmp_path}/x.db'); s.upgrade(); s.check(); s.close()"
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stderr
