"""What the store answers about silences, and about what people were told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store_samples import DAY, HOUR, NOON, add_item, alert, story

from monitor.model import Decision, Silence

if TYPE_CHECKING:
    from monitor.edges.store import Store

MUTED = Silence(
    NOON + DAY, "exercises", "Large drills", "Daily", "漢光", 7, comment="known", author="lin", created=NOON
)


def test_a_silence_comes_out_as_it_went_in(store: Store) -> None:
    """With its id and when it was made."""
    with store.begin() as work:
        silence_id = work.add_silence(MUTED, NOON)
        other = work.add_silence(Silence(NOON + HOUR, keyword="drill"), NOON)
        assert work.silences() == [
            replace(MUTED, id=silence_id),
            Silence(NOON + HOUR, keyword="drill", id=other, created=NOON),
        ]


def test_silences_in_force(store: Store) -> None:
    """Neither those that are over nor those that were ended; these two are still there to explain."""
    with store.begin() as work:
        ids = [work.add_silence(replace(MUTED, until=NOON + n * HOUR), NOON) for n in (1, 2, 3)]
        assert work.end_silence(ids[2], NOON)
        assert [found.id for found in work.silences(NOON)] == ids[:2]
        assert [found.id for found in work.silences(NOON + HOUR)] == ids[1:2]
        assert [found.ended for found in work.silences()] == [None, None, NOON]


def test_a_silence_ends_once(store: Store) -> None:
    """What is over or was never there cannot be ended."""
    with store.begin() as work:
        silence_id = work.add_silence(MUTED, NOON)
        assert not work.end_silence(silence_id + 1, NOON)
        assert not work.end_silence(silence_id, NOON + DAY)
        assert work.end_silence(silence_id, NOON + HOUR)
        assert not work.end_silence(silence_id, NOON + HOUR)


def test_old_silences_are_pruned(store: Store) -> None:
    """They are kept as long as the items that they muted."""
    with store.begin() as work:
        work.add_silence(MUTED, NOON)
        assert work.prune(NOON + 3 * DAY, 2 * DAY, DAY)["silences"] == 0
        assert work.prune(NOON + 3 * DAY + HOUR, 2 * DAY, DAY)["silences"] == 1
        assert work.silences() == []


def test_what_people_were_told_is_remembered(store: Store) -> None:
    """Publishers, figures and themes of that moment; what an earlier version did not keep is unknown, not zero."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        alert_id = work.save_alert(alert(about, figures={"aircraft": (43, 45.5), "vessels": (0, 0)}))
        (told,) = work.told([about.id])
        kept = work.alert(alert_id)
    assert (told.publishers, told.figures) == (2, {"aircraft": (43, 45.5), "vessels": (0, 0)})
    assert told.themes == ("exercises",)
    assert kept
    assert (kept.figures, kept.themes) == ({"aircraft": [43, 45.5], "vessels": [0, 0]}, ("exercises",))


def test_what_an_earlier_version_told_is_not_compared(store: Store) -> None:
    """Its alerts have neither figures nor themes, and its decisions no values."""
    with store.begin() as work:
        about = work.save_story(story(), [])
        alert_id = work.save_alert(alert(about))
        entry_id = add_item(work, "a")
        work.save_decisions(entry_id, [Decision("R", alert=False, reason="told", compared={"a": 1})], NOON)
        for statement in (
            "UPDATE alerts SET figures = NULL, themes = NULL",
            "UPDATE decisions SET compared = NULL",
        ):
            work.connection.exec_driver_sql(statement)
        (told,) = work.told([about.id])
        kept = work.alert(alert_id)
        assert work.decisions_of(entry_id)[0].compared == {}
    assert (told.figures, told.themes) == (None, None)
    assert kept
    assert (kept.figures, kept.themes) == ({}, ())
