"""The whole program as processes, killed at random: no alert is lost, and none repeats but the one in flight."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from newsroom import FEEDS, newsroom
from servers import Mailbox, Receiver, mailbox, receiver

from monitor.edges.channels.email import message_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROUNDS = 30
CHANNELS = ("mail", "hook")
MOMENTS = ("clock", "alert", "polled", "hook", "mail", "sent")
"""When a process is killed: at some time of its run, while it decides and commits (``alert``), between that and the
first message (``polled``), while a message is in flight (``hook``, ``mail``), or between two messages (``sent``)."""
STRAIT = (sys.executable, "-c", "from monitor.cli import main; main()")
SENDER = "strait@example.org"
CONFIGURATION = """
[bundles]
over = 0
[fetch]
allow_networks = ["127.0.0.0/8"]
per_host_gap = "0s"
[channels.mail]
kind = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
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
    box: Mailbox
    hook: Receiver

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

    def sql(self, query: str) -> list[Any]:
        """Return the rows of a query, read from outside the program."""
        with closing(sqlite3.connect(self.home / "strait.db")) as connection, connection:
            return connection.execute(query).fetchall()

    def pass_time(self) -> None:
        """Let the lease of a killed process run out: what waits is due, as it would be ten minutes later."""
        self.sql("UPDATE deliveries SET due = '2020-01-01 00:00:00' WHERE sent IS NULL AND dead IS NULL")


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
    booked = {as_received(key) for (key,) in desk.sql("SELECT key FROM deliveries")}
    assert came.keys() == booked - before.keys(), "an alert decided was not delivered"
    assert sum(repeats.values()) <= (len(CHANNELS) if killed else 0), "more came twice than one in flight a channel"
    assert max(repeats.values(), default=0) <= 1
    return killed, sum(repeats.values())


def everything_is_told_once(desk: Desk) -> tuple[int, int]:
    """Check the books at the end; return how many alerts and messages there were."""
    decided = [key for (key,) in desk.sql("SELECT key FROM deliveries WHERE sent IS NOT NULL AND dead IS NULL")]
    assert desk.sql("SELECT count(*) FROM deliveries") == [(len(decided),)]
    assert desk.received().keys() == {as_received(key) for key in decided}
    alerts = desk.sql("SELECT rule, story_id, revision FROM alerts")
    assert max(Counter(alerts).values()) == 1
    headlines = Counter(desk.sql("SELECT rule, headline FROM alerts"))
    assert max(headlines.values()) == 1
    undecided = "SELECT count(*) FROM entries WHERE id NOT IN (SELECT entry_id FROM decisions)"
    assert desk.sql(undecided) == [(0,)], "an item was lost"
    bodies = {(headers["Idempotency-Key"], body) for headers, body in desk.hook.got}
    assert len(bodies) == len(alerts), "a repeat is the same message"
    mails = {(str(mail["Message-ID"]), mail["Date"], mail["Subject"]) for mail in desk.box.mails}
    assert len(mails) == len(alerts), "a repeat is the same mail"
    return len(alerts), len(decided)


@pytest.mark.slow
def test_killed_at_random_nothing_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Thirty rounds: every alert decided arrives on both channels, and a kill repeats what was in flight at most."""
    chance, killed, again = random.Random(20_260_504), Counter[str](), 0
    with newsroom() as room, mailbox() as box, receiver() as hook:
        hook.delay = 0.05
        configuration = CONFIGURATION.format(port=box.port, url=hook.url)
        (tmp_path / "monitor.toml").write_text(configuration, encoding="utf-8")
        desk = Desk(tmp_path, box, hook)
        for feed in range(FEEDS):
            desk.strait("feeds", "add", f"{room.url}/{feed}", "--outlet", f"Outlet {feed}")
        usual = desk.strait("run", "--once")
        assert not desk.received(), "the first poll of a feed is silent"
        for number in range(ROUNDS):
            room.release(number)
            name = MOMENTS[number % len(MOMENTS)]
            count = 1 if name == "polled" else chance.randint(1, FEEDS)
            due = desk.moment(name, count, chance.uniform(0.3, 1.0) * usual)
            hit, repeats = kill_and_finish(desk, due)
            killed[name] += hit
            again += repeats
        alerts, messages = everything_is_told_once(desk)
    # A report that joins a story already told of is no alert of its own.
    assert 0 < alerts <= ROUNDS * FEEDS
    assert desk.sql("SELECT count(*) FROM entries")[0][0] >= ROUNDS * FEEDS
    # Where a round decides nothing new there is no message to be killed over.
    assert sum(killed.values()) >= ROUNDS // 5
    told = f"{alerts} alerts decided, {messages} messages delivered, {again} repeated, 0 lost"
    with capsys.disabled():
        sys.stdout.write(f"\n{ROUNDS} rounds, {sum(killed.values())} killed {dict(killed)}: {told}\n")
