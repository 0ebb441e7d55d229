"""What the store answers about digests, labels, models, and what is old."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from store_samples import DAY, HOUR, NOON, add_item, alert, delivery, story

from monitor.edges.store import StoredFeedback, StoredModel
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.edges.store import Store, Work

TODAY = date(2026, 3, 4)
OLD, OLDER = NOON - 50 * DAY, NOON - 500 * DAY


def prune(work: Work, **options: int) -> dict[str, int]:
    """Prune with a year for what is tagged and a month for the rest, and leave out what is nothing."""
    counts = work.prune(NOON, 365 * DAY, 30 * DAY, **options)
    return {name: count for name, count in counts.items() if count}


def test_a_digest_is_made_once(store: Store) -> None:
    """Edition and day together are one digest; the second worker hears that it is second."""
    with store.begin() as work:
        assert not work.has_digest("daily", TODAY)
        assert work.save_digest("daily", TODAY, NOON)
        assert not work.save_digest("daily", TODAY, NOON + HOUR)
        assert work.has_digest("daily", TODAY)
        assert not work.has_digest("weekly", TODAY)
        assert not work.has_digest("daily", date(2026, 3, 5))


def test_the_daemons_beat(store: Store) -> None:
    """The last sign of life stands."""
    with store.begin() as work:
        assert work.last_beat() is None
        work.beat(NOON)
        work.beat(NOON + HOUR)
        assert work.last_beat() == NOON + HOUR


def test_labels_come_with_the_text_to_learn_from(store: Store) -> None:
    """A reader's later word on the same theme replaces the earlier; another reader's stands beside it."""
    with store.begin() as work:
        item_id = add_item(work, "a", lang="en")
        work.add_feedback(item_id, "trade", label=True, author="Mei", at=NOON)
        work.add_feedback(item_id, "trade", label=True, author="Ann", at=NOON)
        work.add_feedback(item_id, "trade", label=False, author="Mei", at=NOON + HOUR)
        assert work.feedback() == [
            StoredFeedback(item_id, "Title a", "Summary a", "en", "trade", label=True, author="Ann", at=NOON),
            StoredFeedback(item_id, "Title a", "Summary a", "en", "trade", label=False, author="Mei", at=NOON + HOUR),
        ]


def test_one_model_is_active(store: Store) -> None:
    """A version that is added waits; activating one retires the other; an unknown one is refused."""
    with store.begin() as work:
        assert work.active_model() is work.active_version() is None
        work.add_model(StoredModel("v1", NOON))
        work.add_model(StoredModel("v2", NOON))
        assert work.active_model() is None
        work.activate("v2")
        work.activate("v1")
        work.add_model(StoredModel("v1", NOON + HOUR, {"f1": 0.8}, b"\0arrays"))
        assert work.active_version() == "v1"
        assert work.active_model() == StoredModel("v1", NOON + HOUR, {"f1": 0.8}, b"\0arrays", active=True)
        with pytest.raises(UsageError, match="no model version 'v3'"):
            work.activate("v3")
        work.activate(None)
        assert work.active_version() is None


def test_the_newest_models_stay_and_the_active_one(store: Store) -> None:
    """Listed newest first, without their arrays."""
    with store.begin() as work:
        for n in range(5):
            work.add_model(StoredModel(f"v{n}", NOON + n * HOUR, {"n": n}, b"arrays"))
        work.activate("v0")
        work.forget_models(2)
        assert work.models() == [
            StoredModel("v4", NOON + 4 * HOUR, {"n": 4}),
            StoredModel("v3", NOON + 3 * HOUR, {"n": 3}),
            StoredModel("v0", NOON, {"n": 0}, active=True),
        ]


def test_a_label_can_be_taken_back(store: Store) -> None:
    """All that its reader said of the item, and nothing that others said."""
    with store.begin() as work:
        one, other = add_item(work, "a"), add_item(work, "b")
        for theme, author in (("trade", "Mei"), ("coercion", "Mei"), ("trade", "Ann")):
            work.add_feedback(one, theme, label=True, author=author, at=NOON)
        work.add_feedback(other, "trade", label=True, author="Mei", at=NOON)
        work.withdraw_feedback(one, "Mei")
        assert [(f.entry_id, f.author) for f in work.feedback()] == [(one, "Ann"), (other, "Mei")]
        assert work.labelled() == {one, other}


def test_what_the_model_had_decided_is_known_of_labelled_items(store: Store) -> None:
    """And of no others."""
    with store.begin() as work:
        one, _ = add_item(work, "a"), add_item(work, "b")
        work.add_feedback(one, "trade", label=True, author="Mei", at=NOON)
        assert work.guesses() == {one: ("exercises",)}


def test_items_are_found_by_their_titles(store: Store) -> None:
    """Many at once, oldest first."""
    with store.begin() as work:
        ids = [add_item(work, name) for name in "abc"]
        titles = [f"no such title {n}" for n in range(2000)]
        assert work.entries_titled(["Title c", *titles, "Title a"]) == [
            (ids[0], "Title a", "Summary a"),
            (ids[2], "Title c", "Summary c"),
        ]
        assert work.entries_titled([]) == []


@pytest.mark.parametrize(
    ("seen", "themes", "goes"),
    [
        (OLD, ("exercises",), False),
        (OLDER, ("exercises",), True),
        (OLD, (), True),
        (NOON - 30 * DAY, (), False),
        (NOON - 365 * DAY, ("exercises",), False),
    ],
    ids=["tagged", "tagged, older", "untagged", "untagged, just in time", "tagged, just in time"],
)
def test_how_long_items_stay(store: Store, seen: object, themes: object, goes: bool) -> None:
    """Untagged items go sooner, with their tags, decisions and facts."""
    with store.begin() as work:
        item_id = add_item(work, "a", seen=seen, themes=themes)
        assert prune(work) == ({"items": 1} if goes else {})
        assert (work.item(item_id) is None) is goes
        assert work.doubtful(OLDER, NOON, 9) == []


def test_labelled_items_stay(store: Store) -> None:
    """What readers taught is not forgotten."""
    with store.begin() as work:
        item_id = add_item(work, "a", seen=OLDER)
        work.add_feedback(item_id, "trade", label=True, author="Mei", at=OLDER)
        assert prune(work) == {}
        assert len(work.feedback()) == 1


def test_a_story_goes_with_its_last_report(store: Store) -> None:
    """An old story stays while a report does; its alert stays without it while the alert is young."""
    with store.begin() as work:
        gone, kept = (work.save_story(story(last_seen=OLDER), [band]) for band in "ab")
        add_item(work, "gone", seen=OLDER, story_id=gone.id)
        add_item(work, "kept", seen=OLD, story_id=kept.id)
        alert_id = work.save_alert(alert(gone))
        assert prune(work) == {"items": 1, "stories": 1}
        assert (work.story(gone.id), work.story(kept.id)) == (None, kept)
        assert work.reached(["a", "b"], OLDER) == {}  # nothing is placed into what is long over
        told = work.alert(alert_id)
    assert told
    assert (told.story_id, told.headline) == (None, "Large drill")


def test_what_waits_to_be_sent_stays(store: Store) -> None:
    """However old, an unsent message keeps its alert; sent and given up ones go."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        for revision, key in enumerate(("waiting", "sent", "dead"), 1):
            work.queue([delivery(key, created=OLDER)], work.save_alert(alert(about, revision=revision, at=OLDER)))
        work.sent(2, OLDER)
        work.dead(3, OLDER, "refused")
        assert prune(work) == {"deliveries": 2, "alerts": 2}
        assert [d.key for a in work.alerts() for d in a.deliveries] == ["waiting"]


def test_pruning_goes_by_batches(store: Store) -> None:
    """One call deletes a batch, so that no other worker waits long; repeated calls delete all."""
    with store.begin() as work:
        for number in range(5):
            add_item(work, str(number), seen=OLDER)
        assert [prune(work, batch=2) for _ in range(4)] == [{"items": 2}, {"items": 2}, {"items": 1}, {}]
