"""The whole program as processes, killed at random: no alert is lost, and none repeats but the one in flight."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from newsroom import FEEDS, newsroom
from servers import Mailbox, Receiver, mailbox, receiver
from sqlalchemy import NullPool, create_engine, func, select, update

from monitor.edges.channels.email import message_id
from monitor.edges.store.tables import alerts, decisions, deliveries, entries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROUNDS = {"sqlite": 30, "postgresql": 18}
CHANNELS = ("mail", "hook")
MOMENTS = ("clock", "alert", "polled", "hook", "mail", "sent")
"""When a process is killed: at some time of its run, while it decides and commits (``alert``), between that and the
first message (``polled``), while a message is in flight (``hook``, ``mail``), or between two messages (``sent``)."""
STRAIT = (sys.executable, "-c", "from monitor.cli import main; main()")
SENDER = "strait@example.org"
LEAST_KILLED = 0.8
"""Of the rounds; the others were over before their moment came."""
LEAST_TOLD = 2 / 3
"""Of the items: each is an event of its own, and few join a story that was told."""
CONFIGURATION = """
[bundles]
over = 0
[database]
url = "{database}"
[fetch]
allow_networks = ["127.0.0.0/8"]
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
url = "{url}"
allow_private = true
[[rules]]
name = "Drills"
themes = ["exercises"]
min_score = 0.2
channels = ["mail", "hook"]
[[rules]]
name = "Arms"
themes = ["arms_sales"]
min_score = 0.2
channels = ["mail", "hook"]
[[rules]]
name = "Washington"
themes = ["us_policy"]
min_score = 0.2
channels = ["mail", "hook"]
"""


@dataclass
class Desk:
    """A set-up of the program with those who receive from it."""

    home: Path
    database: str
    box: Mailbox
    hook: Receiver

    def __post_init__(self) -> None:
        values = {"database": self.database, "port": self.box.port, "url": self.hook.url}
        (self.home / "monitor.toml").write_text(CONFIGURATION.format(**values), encoding="utf-8")
        self.engine = create_engine(self.database, poolclass=NullPool)

    def strait(self, *arguments: str) -> float:
        """Run a command to its end, which is to be a good one; return the seconds that it took."""
        start = time.monotonic()
        with self._start(*arguments) as process:
            assert process.wait(60) == 0, self._log()
        return time.monotonic() - start

    def killed(self, due: Callable[[float], bool]) -> bool:
        """Start a round and kill it once *due* says so after some seconds; say whether it lived that long."""
        start = time.monotonic()
        with self._start("run", "--once", "--force") as process:
            while process.poll() is None and not due(time.monotonic() - start):
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
        return process.returncode == -signal.SIGKILL

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.home / "log").open("wb") as log:
            command = [*STRAIT, *arguments, "--config", str(self.home)]
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)

    def _log(self) -> str:
        return (self.home / "log").read_text(encoding="utf-8")

    def moment(self, name: str, count: int, seconds: float) -> Callable[[float], bool]:
        """Return what says that the time for a kill has come."""
        got = {"hook": self.hook.got, "mail": self.box.mails}
        if name == "clock":
            return lambda gone: gone >= seconds
        if name in got:
            wanted = len(got[name]) + count
            return lambda _: len(got[name]) >= wanted
        return lambda _: self._log().count(f'"event": "{name}"') >= count

    def received(self) -> Counter[str]:
        """Return how often each key was received; a mail's key is its Message-ID."""
        hooked = Counter(headers["Idempotency-Key"] for headers, _ in self.hook.got)
        return hooked + Counter(str(mail["Message-ID"]) for mail in self.box.mails)

    def rows(self, query: Any) -> list[Any]:
        """Return what the database says, asked from outside the program."""
        with self.engine.connect() as connection:
            return list(connection.execute(query).all())

    def pass_time(self) -> None:
        """Let the lease of a killed process run out: what waits is due, as it would be ten minutes later."""
        waits = (deliveries.c.sent.is_(None), deliveries.c.dead.is_(None))
        with self.engine.begin() as connection:
            connection.execute(update(deliveries).where(*waits).values(due=deliveries.c.created))


@dataclass
class Books:
    """What became of the alerts of all rounds."""

    rounds: int
    killed: Counter[str] = field(default_factory=Counter)
    """By the kind of moment."""
    alerts: int = 0
    messages: int = 0
    repeated: int = 0
    lost: int = 0
    worst: timedelta = timedelta(0)
    """The longest time from a decision to its delivery, the restart in it."""

    def __str__(self) -> str:
        kills = ", ".join(f"{name} {count}" for name, count in self.killed.items())
        told = f"{self.alerts} alerts decided, {self.messages} messages delivered, {self.repeated} repeated"
        worst = f"worst delay {self.worst.total_seconds():.1f} s"
        return f"{self.rounds} rounds, {self.killed.total()} killed ({kills}): {told}, {self.lost} lost, {worst}"


def as_received(key: str) -> str:
    """Return a delivery's key as its channel carries it."""
    return message_id(key, SENDER) if key.endswith("/mail") else key


def kill_and_finish(desk: Desk, due: Callable[[float], bool]) -> tuple[bool, int]:
    """Kill a round over the news that is out and finish it with another; return whether, and how much came twice."""
    before = desk.received()
    killed = desk.killed(due)
    desk.pass_time()
    desk.strait("run", "--once", "--force")
    came = desk.received() - before
    repeats = {key: count - 1 for key, count in came.items() if count > 1}
    assert not before.keys() & came.keys(), "what was told in an earlier round is told again"
    booked = {as_received(key) for (key,) in desk.rows(select(deliveries.c.key))}
    assert came.keys() == booked - before.keys(), "an alert decided was not delivered"
    assert sum(repeats.values()) <= (len(CHANNELS) if killed else 0), "more came twice than one in flight a channel"
    assert max(repeats.values(), default=0) <= 1
    return killed, sum(repeats.values())


def everything_is_told_once(desk: Desk, books: Books) -> None:
    """Check the books at the end, and fill in what they come to."""
    booked = desk.rows(select(deliveries))
    assert all(row.sent and not row.dead for row in booked)
    books.lost = len({as_received(row.key) for row in booked} - desk.received().keys())
    assert desk.received().keys() <= {as_received(row.key) for row in booked}, "told what was not decided"
    told = desk.rows(select(alerts))
    assert max(Counter((row.rule, row.story_id, row.revision) for row in told).values()) == 1
    assert max(Counter((row.rule, row.headline) for row in told).values()) == 1
    undecided = select(func.count()).where(entries.c.id.not_in(select(decisions.c.entry_id)))
    assert desk.rows(undecided) == [(0,)], "an item was lost"
    bodies = {(headers["Idempotency-Key"], body) for headers, body in desk.hook.got}
    assert len(bodies) == len(told), "a repeat is the same message"
    mails = {(str(mail["Message-ID"]), mail["Date"], mail["Subject"]) for mail in desk.box.mails}
    assert len(mails) == len(told), "a repeat is the same mail"
    books.alerts, books.messages = len(told), len(booked)
    books.worst = max(row.sent - row.created for row in booked)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ROUNDS)
def test_killed_at_random_nothing_is_lost(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Round by round: every alert decided arrives on both channels, and a kill repeats what was in flight at most."""
    chance, books = random.Random(20_260_504), Books(ROUNDS[kind])
    database = f"sqlite:///{tmp_path / 'strait.db'}" if kind == "sqlite" else request.getfixturevalue("empty_postgres")
    with newsroom() as room, mailbox() as box, receiver() as hook:
        hook.delay = 0.05
        desk = Desk(tmp_path, database, box, hook)
        for feed in range(FEEDS):
            desk.strait("feeds", "add", f"{room.url}/{feed}", "--outlet", f"Outlet {feed}")
        usual = desk.strait("run", "--once")
        assert not desk.received(), "the first poll of a feed is silent"
        for number in range(books.rounds):
            room.release(number)
            name = MOMENTS[number % len(MOMENTS)]
            count = 1 if name == "polled" else chance.randint(1, FEEDS - 1)
            hit, repeats = kill_and_finish(desk, desk.moment(name, count, chance.uniform(0.3, 1.0) * usual))
            books.killed[name] += hit
            books.repeated += repeats
        everything_is_told_once(desk, books)
    with capsys.disabled():
        sys.stdout.write(f"\n{kind}: {books}\n")
    assert books.lost == 0
    assert books.repeated <= len(CHANNELS) * books.killed.total()
    assert LEAST_TOLD * FEEDS <= books.alerts / books.rounds <= FEEDS
    assert books.killed.total() >= books.rounds * LEAST_KILLED
    assert all(books.killed[name] for name in MOMENTS)
