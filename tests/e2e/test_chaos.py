"""Delivery under everything at once: receivers that fail and hang, kills, a full disk, a jumping clock, two daemons."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from newsdesk import build
from newsroom import FEEDS, Newsroom, newsroom
from servers import Mailbox, Receiver, mailbox, receiver
from sqlalchemy import NullPool, create_engine, select, update

from monitor import jobs, outbox
from monitor.core.bundles import Burst
from monitor.edges.channels.email import message_id
from monitor.edges.store.tables import alerts, deliveries, entries, feeds, revisions
from monitor.errors import DeliveryError
from monitor.model import Page, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.edges.store import Store

ROUNDS = 4
CHANNELS = ("mail", "hook", "pager")
PATIENCE = 120.0
HANGS = 15.0
"""Seconds that a receiver takes for a message when it hangs, less than the program waits."""
JUMPS = (2, -3, 9, 0)
"""How many days the daemon's clock is off, by round."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STRAIT = (sys.executable, str(Path(__file__).parent.parent / "shifted.py"))
CORRECTED = "Correction: "
HOOK_TROUBLE: tuple[tuple[int, dict[str, str]], ...] = ((500, {}), (429, {"Retry-After": "1"}), (0, {}), (-1, {}))
MAIL_TROUBLE = ("451 Busy", "hang", "reset", "451 Greylisted")
CONFIGURATION = """
[bundles]
over = 0
[database]
url = "{database}"
[schedule]
tick = "1s"
poll_min = "1s"
poll_default = "1s"
poll_max = "2s"
[fetch]
allow_networks = ["127.0.0.0/8"]
per_host = 8
per_host_gap = "0s"
[channels.mail]
kind = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
max_per_minute = 0
from = "strait@example.org"
to = ["desk@example.org"]
[channels.hook]
kind = "webhook"
url = "{hook}"
allow_private = true
[channels.pager]
kind = "webhook"
url = "{pager}"
allow_private = true
[[rules]]
name = "Strait"
themes = ["exercises", "arms_sales", "us_policy"]
min_score = 0.2
updates = ["corrections"]
repeat = "0s"
channels = ["mail", "hook", "pager"]
"""


def page_of(titles: Sequence[str]) -> bytes:
    """Return a feed as RSS; an item keeps its id when it is corrected."""
    item = "<item><title>{0}</title><guid isPermaLink='false'>{1}</guid></item>"
    rows = "".join(item.format(escape(title), escape(title.removeprefix(CORRECTED))) for title in titles)
    return f"<rss version='2.0'><channel><title>Feed</title>{rows}</channel></rss>".encode()


@dataclass
class Desk:
    """The program over one database, its feeds, and those who receive from it."""

    home: Path
    database: str
    room: Newsroom
    box: Mailbox
    hook: Receiver
    pager: Receiver
    shown: int = 0
    """Items that are out by now."""
    kills: int = 0
    days: int = 0
    """How many days the clock is off."""
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        values = {"database": self.database, "port": self.box.port, "hook": self.hook.url, "pager": self.pager.url}
        (self.home / "monitor.toml").write_text(CONFIGURATION.format(**values), encoding="utf-8")
        self.log = self.home / "log"
        self.shift = self.home / "shift"
        self.shift.write_text("0", encoding="utf-8")
        self.room.page = self._page  # type: ignore[method-assign] # its items are corrected
        self.engine = create_engine(self.database, poolclass=NullPool)
        for feed in range(FEEDS):
            assert self.strait("feeds", "add", f"{self.room.url}/{feed}", "--outlet", f"Outlet {feed}") == 0
        assert self.strait("run", "--once") == 0, self.log.read_text(encoding="utf-8")

    def _page(self, feed: int) -> bytes:
        return page_of(self.room.items[feed])

    def start(self, *arguments: str, limit: int = 0) -> subprocess.Popen[bytes]:
        """Start a command; with *limit* no file that it writes grows beyond so many bytes."""

        def small() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        with self.log.open("ab") as log:
            command = [*STRAIT, *arguments, "--config", str(self.home)]
            early = small if limit else None
            known = os.environ | {"SHIFT": str(self.shift), "PYTHONPATH": os.pathsep.join(sys.path)}
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log, preexec_fn=early, env=known)  # noqa: PLW1509

    def strait(self, *arguments: str, limit: int = 0) -> int:
        """Run a command to its end and return its exit code."""
        with self.start(*arguments, limit=limit) as process:
            return process.wait(PATIENCE)

    def rows(self, query: Any) -> list[Any]:
        """Return what the database says, asked from outside the program."""
        with self.engine.connect() as connection:
            return list(connection.execute(query).all())

    def pass_time(self, span: timedelta = HOUR) -> None:
        """Let time pass for what waits: retries and leases of killed processes run out, in the order they would."""
        waiting = (deliveries.c.sent.is_(None), deliveries.c.dead.is_(None))
        for ident, due in self.rows(select(deliveries.c.id, deliveries.c.due).where(*waiting)):
            earlier = update(deliveries).where(deliveries.c.id == ident, deliveries.c.due == due, *waiting)
            with self.engine.begin() as connection:
                connection.execute(earlier.values(due=due - span))

    def jump(self, days: int) -> None:
        """Set the clock of whatever runs; if it goes back, let what was planned ahead come as that time is reached."""
        back, self.days = self.days - days, days
        new = self.shift.with_suffix(".new")
        new.write_text(str(days), encoding="utf-8")
        new.replace(self.shift)
        self.pass_time(max(back, 0) * DAY)

    def waiting(self) -> int:
        """Return how many messages are still to leave."""
        return len(self.rows(select(deliveries.c.id).where(deliveries.c.sent.is_(None))))

    def release(self, number: int) -> None:
        """Show an item more in each feed."""
        self.room.release(number)
        self.shown += FEEDS

    def news(self, number: int) -> None:
        """Show an item more in each feed, and correct it as soon as people are to be told of it."""
        self.release(number)
        # What the rules say of an item, and the messages about it, are committed together with it.
        wait_for(lambda: len(self.rows(select(entries.c.id))) == FEEDS + self.shown)
        self.correct()
        wait_for(lambda: len(self.rows(select(revisions.c.id))) == self.shown)

    def correct(self) -> None:
        """Correct the latest item of each feed."""
        for items in self.room.items:
            items[0] = CORRECTED + items[0]

    def received(self) -> dict[str, list[str]]:
        """Return the keys that each channel took, in order; a mail's key is its Message-ID."""
        return {
            "mail": [str(mail["Message-ID"]) for mail in self.box.mails],
            "hook": [headers["Idempotency-Key"] for headers, _ in self.hook.taken],
            "pager": [headers["Idempotency-Key"] for headers, _ in self.pager.taken],
        }

    def kill(self, daemon: subprocess.Popen[bytes]) -> None:
        """Kill the program as nothing else does."""
        assert daemon.poll() is None, self.log.read_text(encoding="utf-8")
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        self.kills += 1
        with (
            self.engine.begin() as connection
        ):  # the lease of a poll in hand, and polls planned before the clock jumped
            connection.execute(update(feeds).values(next_poll=None))

    def empty_outbox(self) -> None:
        """Let the receivers recover, and time pass until all has left."""
        self.hook.answers.clear()
        self.box.answers.clear()

        def over() -> bool:
            self.pass_time()
            return not self.waiting()

        wait_for(over, every=1.0)


def wait_for(met: Callable[[], bool], every: float = 0.05) -> None:
    """Wait until something is so; fail when it never is."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(every)


@contextmanager
def desk_of(home: Path, database: str) -> Iterator[Desk]:
    """Return a desk whose first, silent poll is over, and end what it started."""
    with ExitStack() as parts:
        room, box = parts.enter_context(newsroom()), parts.enter_context(mailbox())
        hook, pager = parts.enter_context(receiver()), parts.enter_context(receiver())
        yield Desk(home, database, room, box, hook, pager)


@contextmanager
def running(desk: Desk) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run the daemon; the list holds the one that runs now."""
    daemons = [desk.start("run")]
    try:
        yield daemons
    finally:
        daemons[-1].kill()
        daemons[-1].wait()


def the_books_agree(desk: Desk, decided: int) -> str:
    """Check that nothing is lost, that repeats are few and known by key, and the order; return the figures.

    Of the alerts that there would be if no report joined the story of another, *decided*, most are there.
    """
    query = select(deliveries.c.key, deliveries.c.channel, deliveries.c.created, deliveries.c.sent, deliveries.c.dead)
    booked = desk.rows(query.order_by(deliveries.c.id))
    told = Counter((row.rule, row.story_id, row.revision) for row in desk.rows(select(alerts)))
    assert max(told.values()) == 1
    assert decided * 2 / 3 <= len(told) <= decided, "an item or a correction was not told"
    assert len(booked) == len(told) * len(CHANNELS)
    assert all(row.sent and not row.dead for row in booked)
    repeated = lost = 0
    for channel, got in desk.received().items():
        keys = [row.key for row in booked if row.channel == channel]
        known = {message_id(key, "strait@example.org") if channel == "mail" else key: key for key in keys}
        assert set(got) <= known.keys(), f"{channel}: told what was never decided"
        lost += len(known.keys() - set(got))
        again = len(got) - len(set(got))
        assert again <= desk.kills, f"{channel}: more than one repeat a crash"
        repeated += again
        in_order(channel, [known[key] for key in dict.fromkeys(got)])
    # The clock jumps by whole days, and nothing takes that long.
    worst = max(((row.sent - row.created) % DAY).total_seconds() for row in booked)
    figures = f"{len(told)} alerts decided, {len(booked)} messages delivered, {repeated} repeated, {lost} lost"
    assert lost == 0, figures
    return f"{desk.kills} kills: {figures}, worst delay {worst:.1f} s"


def in_order(channel: str, keys: list[str]) -> None:
    """Check that each story was told from its beginning on; *keys* are those of a channel as they first came."""
    told: dict[str, list[int]] = {}
    for _, _, story, revision, _ in (key.split("/") for key in keys):
        told.setdefault(story, []).append(int(revision))
    wrong = {story: revisions for story, revisions in told.items() if revisions != sorted(revisions)}
    assert not wrong, f"{channel}: told out of order: {wrong}"
    assert max(map(len, told.values())) > 1, f"{channel}: no story was told twice, so its order says nothing"


def a_second_daemon_is_refused(desk: Desk) -> None:
    """Start another by mistake: it ends at once and says why."""
    assert desk.strait("run") != 0
    assert "already runs" in desk.log.read_text(encoding="utf-8")


def others_are_on_time(desk: Desk, number: int) -> None:
    """While one receiver takes its time, the others get all that is decided meanwhile."""
    desk.empty_outbox()
    before = len(desk.rows(select(alerts.c.id)))
    desk.hook.delay = HANGS
    desk.news(number)
    decided = len(desk.rows(select(alerts.c.id)))
    wait_for(lambda: all(len(set(desk.received()[name])) == decided for name in ("mail", "pager")))
    late = decided - len(set(desk.received()["hook"]))
    desk.hook.delay = 0.0
    assert decided >= before + FEEDS, "too little to be late"
    assert late > 0, "nothing hung"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_in_chaos(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Receivers fail, hang and recover while the daemon is killed again and again, at drawn moments."""
    chance = random.Random(20_260_601)
    database = f"sqlite:///{tmp_path / 'strait.db'}" if kind == "sqlite" else request.getfixturevalue("empty_postgres")
    with desk_of(tmp_path, database) as desk, running(desk) as daemons:
        for number in range(ROUNDS):
            desk.hook.answers += chance.sample(HOOK_TROUBLE, 2)
            desk.box.answers += chance.sample(MAIL_TROUBLE, 2)
            desk.pager.delay = desk.hook.delay = 0.5
            desk.news(number)
            time.sleep(chance.uniform(0, 2))
            desk.jump(JUMPS[number])
            desk.pass_time()
            time.sleep(chance.uniform(0, 6))  # the outbox is looked at every five
            desk.kill(daemons[-1])
            daemons.append(desk.start("run"))
        assert not desk.days
        others_are_on_time(desk, ROUNDS)
        a_second_daemon_is_refused(desk)
        desk.empty_outbox()
        figures = the_books_agree(desk, 2 * desk.shown)
    with capsys.disabled():
        sys.stdout.write(f"\n{kind}: {figures}\n")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of a few megabytes; skip where that is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk of a few megabytes cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607 - found where it is


def fill(disk: Path) -> Path:
    """Fill a disk to the last byte; return what takes the room."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


def one_round_fails(desk: Desk, limit: int = 0) -> str:
    """Let a round meet a full disk; return what it says, which no traceback is."""
    before = len(desk.log.read_bytes())
    assert desk.strait("run", "--once", "--force", limit=limit) != 0
    said = desk.log.read_bytes()[before:].decode()
    assert "Traceback" not in said
    return said


@pytest.mark.slow
def test_a_full_disk_fails_the_round_and_loses_nothing(tmp_path: Path) -> None:
    """The error says what to do; with room again, all is told once."""
    with small_disk(tmp_path / "disk") as disk, desk_of(tmp_path, f"sqlite:///{disk / 'strait.db'}") as desk:
        ballast = fill(disk)
        desk.release(0)
        assert "full" in one_round_fails(desk)
        assert not desk.received()["hook"]
        ballast.unlink()
        assert desk.strait("run", "--once", "--force") == 0
        desk.correct()
        assert desk.strait("run", "--once", "--force") == 0
        the_books_agree(desk, 2 * FEEDS)


@pytest.mark.slow
def test_a_file_that_may_not_grow_fails_the_round_and_loses_nothing(tmp_path: Path) -> None:
    """As a quota would: the error names the database and what to look at."""
    with desk_of(tmp_path, f"sqlite:///{tmp_path / 'strait.db'}") as desk:
        desk.release(0)
        said = one_round_fails(desk, limit=60_000)
        assert "strait.db" in said
        assert "quota" in said
        assert not desk.received()["hook"]
        assert desk.strait("run", "--once", "--force") == 0
        desk.correct()
        assert desk.strait("run", "--once", "--force") == 0
        the_books_agree(desk, 2 * FEEDS)


@pytest.mark.parametrize("seed", range(3))
def test_a_jumping_clock_loses_nothing(store: Store, seed: int) -> None:
    """Forward by weeks and back again, while a channel fails now and then: all is told once, each story in order."""
    chance, url = random.Random(seed), "https://one.example/feed"
    rule = Rule("Drills", themes=("exercises",), updates=("corrections",), channels=("desk",))
    app, pages, desk, clock = build(store, replace(rule, repeat=timedelta(0), max_age=10_000 * DAY))
    app = replace(app, burst=Burst(0))
    start, titles = clock.at, ["Harvest"]
    with store.begin() as work:
        work.add_feed(url)
    for number in range(12):
        pages.answers[url] = Page(url, page_of(titles), "application/rss+xml")
        jobs.poll_round(app, "inline", force=True)
        desk.failures += [DeliveryError("desk: cannot be reached")] * chance.randint(0, 1)
        outbox.deliver(app)
        titles = [title if title.startswith(CORRECTED) else CORRECTED + title for title in titles]
        titles.insert(0, f"A drill with {number + 100} ships in area {chr(65 + number)}")
        clock.go(timedelta(hours=chance.choice((-300, -30, -1, 1, 30, 300))))
    clock.at = max(start, clock.at) + 365 * DAY
    desk.failures.clear()
    outbox.deliver(app)
    with store.read() as work:
        decided = work.alerts()
    keys = [delivery.key for delivery in desk.got]
    assert len(decided) == 11 + 10
    assert len(keys) == len(set(keys)) == len(decided)
    in_order("desk", keys)
