"""What is told once a round: sources that are late, and themes that are reported far more than usual."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from newsdesk import Clock, Desk, Keywords, build
from store_samples import article

from config.settings import Loaded, Settings
from monitor import app as composition
from monitor import outbox, pipeline, watch
from monitor.core.expected import Watch
from monitor.core.stories import place
from monitor.daemon import Daemon
from monitor.edges.store import Store
from monitor.model import Fact, FeedState

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.app import App
    from monitor.edges.store import Work

TAIPEI = ZoneInfo("Asia/Taipei")
DAY = date(2026, 5, 4)
BULLETIN = Watch("Bulletin", "Ministry", time(10, 30), ("desk",))
JETS = "Chinese jets cross the median line near Taiwan"


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    """Return a moment in Taipei, in UTC."""
    return datetime.combine(day, time(hour, minute), TAIPEI).astimezone(UTC)


def add(work: Work, name: str, seen: datetime, outlet: str = "Ministry", title: str = JETS) -> None:
    """Store a report of an outlet, with a story of its own."""
    feed = work.add_feed(f"https://{outlet.lower()}.test/f", outlet=outlet)
    facts = (Fact("aircraft", 45, "45 aircraft"),)
    told = article(feed, name, seen=seen, title=title, facts=facts)
    placed = place([told], []).stories[0]
    work.save_article(told, work.save_story(placed, []).id)


def desk(store: Store, **changes: object) -> tuple[App, Desk, Clock]:
    """Return an app that watches, its desk and its clock."""
    app, _, kept, clock = build(store)
    return replace(app, **{"watches": (BULLETIN,), **changes}), kept, clock  # type: ignore[arg-type]


def rounds(app: App, clock: Clock, *moments: datetime) -> list[int]:
    """Let the daemon's rounds come at these moments, and return how many messages each queued."""
    queued = []
    for moment in moments:
        clock.at = moment
        queued.append(watch.look(app))
        outbox.deliver(app)
    return queued


def test_a_late_source_is_told_of_once_a_day(store: Store) -> None:
    """From its time on, on every day anew, with a key that says which."""
    app, kept, clock = desk(store)
    tomorrow = DAY + timedelta(days=1)
    moments = [at(10, 29), at(10, 30), at(10, 31), at(23), at(9, 0, tomorrow), at(10, 45, tomorrow)]
    assert rounds(app, clock, *moments) == [0, 1, 0, 0, 0, 1]
    assert kept.subjects == ["[high] Late: Bulletin"] * 2
    assert [d.key for d in kept.got] == [f"watch/Bulletin/{day}/desk" for day in (DAY, tomorrow)]


def test_a_source_that_came_is_not_late(store: Store) -> None:
    """Yesterday's bulletin is not today's; another outlet's is none."""
    app, kept, clock = desk(store)
    with store.begin() as work:
        add(work, "old", at(23, 59, DAY - timedelta(days=1)))
        add(work, "other", at(9), outlet="Daily")
    assert rounds(app, clock, at(10, 30)) == [1]
    app, kept, clock = desk(store, watches=(replace(BULLETIN, name="Second"),))
    with store.begin() as work:
        add(work, "new", at(10, 29))
    assert rounds(app, clock, at(10, 31)) == [0]
    assert kept.subjects == []


def test_every_channel_is_told(store: Store) -> None:
    """One that is named twice once."""
    app, kept, clock = desk(store, watches=(replace(BULLETIN, channels=("desk", "mail", "desk")),))
    mail = Desk("mail")
    app = replace(app, channels={"desk": kept, "mail": mail})
    assert rounds(app, clock, at(12), at(13)) == [2, 0]
    assert len(kept.got) == len(mail.got) == 1


def test_a_feed_that_cannot_be_read_is_the_reason(store: Store) -> None:
    """The silent source and the broken feed are told apart."""
    app, kept, clock = desk(store)
    with store.begin() as work:
        feed = work.add_feed("https://ministry.test/f", outlet="Ministry")
        work.save_state(FeedState(feed.id, "timeout", at(13), 3, "no answer in 20 s"))
    rounds(app, clock, at(12))
    assert "Its feed cannot be read: no answer in 20 s" in kept.got[0].message.text


@pytest.mark.parametrize(
    ("seen", "line"),
    [
        (at(11, 42), "Bulletin (Ministry) came at 11:42; it was expected by 10:30."),
        (None, "Bulletin (Ministry) did not come; it was expected by 10:30."),
        (at(9), ""),
    ],
)
def test_the_digest_tells_what_became_of_it(store: Store, seen: datetime | None, line: str) -> None:
    """Late, not at all, or in time."""
    app, *_ = desk(store)
    if seen:
        with store.begin() as work:
            add(work, "a", seen)
    digest = pipeline.digest_of(app, DAY)
    assert digest.late == ((line,) if line else ())
    assert line in app.renderer.digest(digest, "text").text
    assert line in app.renderer.digest_html(digest)


def month(work: Work, days: int = 40, each: int = 2) -> None:
    """Store quiet days up to yesterday."""
    for back in range(1, days + 1):
        for number in range(each):
            name = f"{back}-{number}"
            title = f"Taiwan prosecutors question soldier {name} over leaked files"
            add(work, name, at(12, number, DAY - timedelta(days=back)), f"Outlet{number}", title)


def burst(work: Work, count: int = 12) -> None:
    """Store a busy morning."""
    for number in range(count):
        add(work, f"now-{number}", at(8, number), f"Outlet{number % 6}", f"{JETS}, {number} of them")


def test_a_surge_is_told_once_a_day_and_theme(store: Store) -> None:
    """With index, what is usual, what it is about, and the top stories."""
    app, kept, clock = desk(store, watches=(), surge_channels=("desk",))
    with store.begin() as work:
        month(work)
        burst(work)
    assert rounds(app, clock, at(9), at(10), at(23)) == [1, 0, 0]
    (told,) = kept.got
    assert told.key == f"surge/exercises/{DAY}/desk"
    assert told.message.subject == "[high] Surge: Drills, 12 stories"
    for part in ("12 stories from 6 publishers", "usual are 2", "Activity index 56", "(scale 1)", "median line", JETS):
        assert part in told.message.text
    assert told.message.data["usual"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("days", "count", "channels"),
    [(20, 12, ("desk",)), (40, 3, ("desk",)), (40, 12, ()), (40, 0, ("desk",))],
    ids=["learning", "usual", "nobody to tell", "nothing"],
)
def test_no_surge(store: Store, days: int, count: int, channels: tuple[str, ...]) -> None:
    """While learning, on a usual day, and where nobody is named."""
    app, kept, clock = desk(store, watches=(), surge_channels=channels)
    with store.begin() as work:
        month(work, days)
        burst(work, count)
    assert rounds(app, clock, at(9)) == [0]
    assert kept.got == []


def test_the_digest_shows_thirty_days(store: Store) -> None:
    """A bar a day and the index, in text, page and data; a theme without a report in a month has no line."""
    app, *_ = desk(store)
    with store.begin() as work:
        month(work, 10)
        burst(work)
    digest = pipeline.digest_of(app, DAY)
    ((theme, days),) = digest.activity
    assert (theme, len(days), days[:19], days[19:]) == ("exercises", 30, (None,) * 19, (24,) * 10 + (56,))
    chart = "·" * 19 + "▄" * 10 + "█"
    assert f"{chart} Drills 56 (highest 56)" in app.renderer.digest(digest, "text").text
    assert chart in app.renderer.digest_html(digest)
    assert chart in str(app.renderer.digest(digest, "slack").blocks)
    assert app.renderer.digest(digest, "webhook").data["activity"] == [{"theme": "exercises", "index": list(days)}]


def test_the_daemon_looks_once_a_round(sqlite_url: str, tmp_path: Path) -> None:
    """After the polling, so that what has just come is not late."""
    with closing(Store(sqlite_url)) as store:
        app, kept, clock = desk(store)
        clock.at = at(12)
        loaded = Loaded(Settings(), tmp_path, {}, ())
        Daemon(app, loaded, lambda: (app, loaded), lambda _: None)._poll()
        outbox.deliver(app)
    assert kept.subjects == ["[high] Late: Bulletin"]


def test_the_configuration_becomes_watches(tmp_path: Path, sqlite_url: str) -> None:
    """Days by number, every day unless told."""
    table = {"name": "Bulletin", "source": "Ministry", "by": "10:30", "channels": ["t"]}
    settings = {
        "channels": {"t": {"kind": "console"}},
        "watch": [table, {**table, "name": "W", "days": ["mon", "sun"]}],
    }
    loaded = Loaded(Settings.model_validate(settings | {"surge": {"channels": ["t"]}}), tmp_path, {}, ())
    with closing(Store(sqlite_url)) as store:
        app = composition.build(loaded, store, Keywords())
    assert app.watches[0] == replace(BULLETIN, channels=("t",))
    assert app.watches[1].days == {0, 6}
    assert app.surge_channels == ("t",)
