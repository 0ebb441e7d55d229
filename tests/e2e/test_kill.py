"""The whole program as processes, killed at random: no alert is lost, and none repeats but the one in flight."""

from __future__ import annotations

import random
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from newsroom import FEEDS, newsroom
from servers import Mailbox, Receiver, mailbox, receiver

from monitor.edges.channels.email import message_id

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 30
STRAIT = (sys.executable, "-c", "from monitor.cli import main; main()")
CONFIGURATION = """
[fetch]
allow_networks = ["127.0.0.0/8"]
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
channels = ["mail", "hook"]
"""


def strait(home: Path, *arguments: str, kill_after: float | None = None) -> int:
    """Run a command to its end, or kill it after some seconds; return its exit code."""
    command = [*STRAIT, *arguments, "--config", str(home)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            return process.wait(timeout=kill_after or 60)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return process.wait()


def pass_time(home: Path) -> None:
    """Let the lease of a killed process run out: what waits is due, as it would be ten minutes later."""
    with closing(sqlite3.connect(home / "strait.db")) as connection, connection:
        connection.execute("UPDATE deliveries SET due = '2020-01-01 00:00:00' WHERE sent IS NULL AND dead IS NULL")


def unsent(home: Path) -> int:
    """Return how many messages wait."""
    with closing(sqlite3.connect(home / "strait.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM deliveries WHERE sent IS NULL").fetchone()[0])


def keys(home: Path) -> Counter[str]:
    """Return the keys of all messages that were decided."""
    with closing(sqlite3.connect(home / "strait.db")) as connection:
        return Counter(row[0] for row in connection.execute("SELECT key FROM deliveries"))


def repeats(decided: Counter[str], box: Mailbox, hook: Receiver) -> int:
    """Return how many messages came more than once, after checking that each came at all."""
    hooked = Counter(headers["Idempotency-Key"] for headers, _ in hook.got)
    mailed = Counter(str(mail["Message-ID"]) for mail in box.mails)
    assert set(hooked) == {key for key in decided if key.endswith("/hook")}
    assert set(mailed) == {message_id(key, "strait@example.org") for key in decided if key.endswith("/mail")}
    return sum(hooked.values()) - len(hooked) + sum(mailed.values()) - len(mailed)


@pytest.mark.slow
def test_killed_at_random_nothing_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Thirty rounds: every alert decided arrives on both channels, and a kill repeats what was in flight at most."""
    chance, killed = random.Random(20_260_504), 0
    with newsroom() as room, mailbox() as box, receiver() as hook:
        hook.delay = 0.05
        (tmp_path / "monitor.toml").write_text(CONFIGURATION.format(port=box.port, url=hook.url), encoding="utf-8")
        for feed in range(FEEDS):
            assert strait(tmp_path, "feeds", "add", f"{room.url}/{feed}", "--outlet", f"Outlet {feed}") == 0
        assert strait(tmp_path, "run", "--once") == 0
        assert not box.mails
        for number in range(ROUNDS):
            room.release(number)
            killed += strait(tmp_path, "run", "--once", "--force", kill_after=chance.uniform(0.8, 2.6)) < 0
            pass_time(tmp_path)
        assert strait(tmp_path, "run", "--once", "--force") == 0
        decided = keys(tmp_path)
        again = repeats(decided, box, hook)
    assert unsent(tmp_path) == 0
    assert killed >= ROUNDS // 3
    assert again <= 2 * killed  # one in flight on each of two channels
    assert max(decided.values()) == 1
    stories = {re.sub(r"/[^/]+$", "", key) for key in decided}
    assert len(stories) >= 0.8 * ROUNDS * FEEDS
    told = f"{len(stories)} alerts, {len(decided)} messages, {again} repeated, 0 lost"
    with capsys.disabled():
        sys.stdout.write(f"\n{ROUNDS} rounds, {killed} killed: {told}\n")
