"""What the store answers about stories."""

from __future__ import annotations

import threading
import time
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import insert, update
from store_samples import DAY, HOUR, MINUTE, NOON, add_item, alert, story

from monitor.edges.store.schema import _config
from monitor.edges.store.tables import revisions
from monitor.edges.store.tables import stories as table
from monitor.errors import StoreError
from monitor.model import Signature

if TYPE_CHECKING:
    from monitor.edges.store import Store

_FULL: dict[str, Any] = {"bool": True, "int": 7, "str": "text"}


def test_a_story_comes_back_whole(store: Store) -> None:
    """Sources, reasons and fingerprint are those that were saved."""
    with store.begin() as work:
        saved = work.save_story(story(), ["1:a", "2:b", "1:a"])
        assert saved == story(id=saved.id)
        assert work.story(saved.id) == saved
        assert work.story(saved.id + 1) is None
        corrected = work.save_story(story(corrected=NOON + HOUR, apart=(7, 8)), [])
        assert work.story(corrected.id) == corrected


def test_stories_corrected_before_they_were_marked_are_marked(store: Store) -> None:
    """The migration finds the latest correction of their reports; other edits and other stories leave no mark."""
    with store.begin() as work:
        ids = [work.save_story(story(headline=name), [name]).id for name in ("corrected", "edited", "plain")]
        for n, story_id in enumerate(ids):
            entry_id = add_item(work, f"report {n}", story_id=story_id)
            kept = {"entry_id": entry_id, "title": "", "summary": "", "text_hash": ""}
            edits = [{**kept, "at": NOON + k * HOUR, "correction": n == 0} for k in range(3 if n < 2 else 0)]
            if edits:
                work.connection.execute(insert(revisions), edits)
    with store.begin() as work:
        config = _config()
        config.attributes["connection"] = work.connection
        command.downgrade(config, "0012")
        command.upgrade(config, "head")
    with store.read() as work:
        assert [found.corrected for found in work.stories_of(ids)] == [NOON + 2 * HOUR, None, None]


def test_a_grown_story_replaces_what_was_known(store: Store) -> None:
    """Saving with an id changes that story and adds to the bands it is found by."""
    with store.begin() as work:
        first = work.save_story(story(), ["a"])
        grown = replace(first, last_seen=NOON + DAY, sources=first.sources[:1], headline="Grown")
        assert work.save_story(grown, ["a", "b"]) == grown
        for band in "ab":
            assert work.reached([band], NOON + DAY) == {band: [grown.id]}
        assert work.stories_of([grown.id]) == [grown]


def test_a_story_that_is_gone_cannot_grow(store: Store) -> None:
    """Growing a pruned story is an error and not a silent loss."""
    with pytest.raises(StoreError, match="story 5 is no longer stored"), store.begin() as work:
        work.save_story(story(id=5), [])


def test_keys_lead_to_recent_stories(store: Store) -> None:
    """Each key to those that share it, the latest first; to old ones not at all."""
    with store.begin() as work:
        one = work.save_story(story(), ["a", "b"])
        two = work.save_story(story(last_seen=NOON + HOUR), ["b", "c"])
        table = [
            (["a"], NOON, {"a": [one.id]}),
            (["a", "b", "c"], NOON, {"a": [one.id], "b": [two.id, one.id], "c": [two.id]}),
            (["b"], NOON + MINUTE, {"b": [two.id]}),
            (["z"], NOON, {}),
            ([], NOON, {}),
            ([f"x{n}" for n in range(2000)] + ["c"], NOON, {"c": [two.id]}),
        ]
        for keys, since, expected in table:
            assert work.reached(keys, since) == expected, keys


def test_signatures_come_back_as_they_were(store: Store) -> None:
    """Every part of what is compared of a report, and who wrote it; a row of an earlier version has none."""
    full = Signature(
        when=NOON,
        **{
            part.name: frozenset({"act:drill", "演習"}) if part.type == "frozenset[str]" else _FULL[part.type]
            for part in fields(Signature)
            if part.name != "when"
        },
    )
    reports = (full, Signature(when=NOON + MINUTE))
    sources = (replace(story().sources[0], origin="Reuters"), story().sources[1])
    with store.begin() as work:
        saved = work.save_story(story(signatures=reports, sources=sources), ["a"])
        assert work.story(saved.id) == saved
        assert saved.signatures == reports
        work.connection.execute(update(table).values(signatures=None))
        assert work.story(saved.id) == replace(saved, signatures=())


def test_a_key_leads_to_the_latest_stories(store: Store) -> None:
    """However many share it, so that what many have in common costs no more."""
    with store.begin() as work:
        saved = [work.save_story(story(last_seen=NOON + n * MINUTE), ["common", f"own {n}"]) for n in range(7)]
        ids = [each.id for each in saved]
        found = work.reached(["common", "own 0", "none"], NOON, reach=3)
        assert found == {"common": ids[:3:-1], "own 0": ids[:1]}
        assert work.stories_of([ids[4], ids[0], 99]) == [saved[0], saved[4]]


def test_a_crowd_is_counted_from_a_moment_on(store: Store) -> None:
    """A story counts as long as it grows."""
    with store.begin() as work:
        for n in range(3):
            work.save_story(story(last_seen=NOON + n * HOUR), [])
        assert [work.crowd(NOON + n * HOUR) for n in range(4)] == [3, 2, 1, 0]


def test_stories_of_a_day_are_those_with_a_tagged_report_seen_then(store: Store) -> None:
    """The window holds its start and not its end; untagged reports and reports alone do not count."""
    with store.begin() as work:
        names = ("start", "end", "before", "untagged", "grown")
        saved = {name: work.save_story(story(headline=name), [name]) for name in names}
        moments = {"start": NOON, "end": NOON + DAY, "before": NOON - MINUTE, "untagged": NOON, "grown": NOON - DAY}
        for name, seen in moments.items():
            themes = () if name == "untagged" else ("exercises", "trade")
            add_item(work, name, seen=seen, themes=themes, story_id=saved[name].id)
        add_item(work, "grown2", seen=NOON + HOUR, story_id=saved["grown"].id)
        add_item(work, "alone", seen=NOON + HOUR)
        found = work.stories_between(NOON, NOON + DAY)
    assert [s.headline for s in found] == ["start", "grown"]


def test_what_people_were_told_last(store: Store) -> None:
    """Per rule and story the last revision counts, with the publishers of then."""
    with store.begin() as work:
        one, two = work.save_story(story(), []), work.save_story(story(), [])
        for rule, about, revision in [("R", one, 1), ("R", one, 2), ("S", one, 1), ("R", two, 1)]:
            work.save_alert(alert(about, rule=rule, revision=revision, at=NOON + revision * HOUR))
        told = work.told([one.id, 99])
    assert [(t.rule, t.story, t.revision, t.publishers, t.at) for t in told] == [
        ("R", one.id, 2, 2, NOON + 2 * HOUR),
        ("S", one.id, 1, 2, NOON + HOUR),
    ]


def test_one_worker_places_stories_at_a_time(store: Store) -> None:
    """A second worker waits at the lock until the first has committed, and then sees its story."""
    seen: list[int] = []
    started = threading.Event()

    def second() -> None:
        started.set()
        with store.begin() as work:
            work.lock_stories()
            seen.append(len(work.reached(["a"], NOON)))

    thread = threading.Thread(target=second)
    with store.begin() as work:
        work.lock_stories()
        thread.start()
        started.wait()
        time.sleep(0.1)
        work.save_story(story(), ["a"])
    thread.join()
    assert seen == [1]
