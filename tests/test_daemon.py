"""The daemon: it works by itself, ends cleanly, reloads, and never runs twice."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from newsdesk import build
from newsroom import Newsroom, newsroom
from servers import receiver

from config.settings import ConfigError, Loaded, Settings
from monitor import app as composition
from monitor.daemon import Daemon
from monitor.edges.store import Store
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitor.app import App

ONE = "https://one.example/feed"
STRAIT = (sys.executable, "-c", "from monitor.cli import main; main()")
CONFIGURATION = """
[schedule]
tick = "1s"
[fetch]
allow_networks = ["127.0.0.0/8"]
[channels.terminal]
kind = "console"
[[rules]]
name = "Drills"
themes = ["exercises"]
channels = ["terminal"]
"""


def wait_for(met: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something is so; fail when it never is."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def loaded(tmp_path: Path, **schedule: Any) -> Loaded:
    """Return a configuration with a quick tick."""
    return Loaded(Settings.model_validate({"schedule": {"tick": "1s"}, **schedule}), tmp_path, {}, ())


@contextmanager
def running(daemon: Daemon) -> Iterator[None]:
    """Run a daemon in a thread, and end it."""
    stop = threading.Event()
    thread = threading.Thread(target=daemon.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def daemon_of(app: App, settings: Loaded, beat: Callable[[], None] | None = None) -> Daemon:
    """Return a daemon whose reload brings the same."""
    return Daemon(app, settings, lambda: (app, settings), lambda _: beat)


def test_it_polls_and_delivers_by_itself(sqlite_url: str, tmp_path: Path) -> None:
    """An item that appears while it runs is told."""
    with closing(Store(sqlite_url)) as store:
        app, pages, desk, clock = build(store)
        clock.at = composition.clock()
        with store.begin() as work:
            work.add_feed(ONE)
        pages.show(ONE, "Harvest", published=clock.at)
        with running(daemon_of(replace(app, now=composition.clock), loaded(tmp_path))):
            wait_for(lambda: _successes(store))
            pages.show(ONE, "A drill", "Harvest", published=clock.at)
            with store.begin() as work:
                work.update_feed(1, next_poll=None)
            wait_for(lambda: desk.got)
        assert desk.subjects == ["[high] Drills: A drill"]


def _successes(store: Store) -> bool:
    with store.read() as work:
        return work.feeds()[0].last_success is not None


def test_a_failing_job_is_told_and_stops_the_heartbeat(sqlite_url: str, tmp_path: Path) -> None:
    """The others go on; when the job succeeds again, so does the heartbeat."""
    beats: list[bool] = []
    broken = threading.Event()
    with closing(Store(sqlite_url)) as store, structlog.testing.capture_logs() as logs:
        app, _, _, _ = build(store)

        def now() -> Any:
            if broken.is_set():
                raise RuntimeError("broken on purpose")
            return composition.clock()

        settings = loaded(tmp_path, heartbeat={"every": "1s"})
        with running(daemon_of(replace(app, now=now), settings, lambda: beats.append(True))):
            wait_for(lambda: beats)
            broken.set()
            wait_for(lambda: any(log["event"].startswith("no heartbeat") for log in logs))
            broken.clear()
            count = len(beats)
            wait_for(lambda: len(beats) > count)
    assert any(log["event"].startswith("job failed") for log in logs)


def test_a_heartbeat_that_is_not_taken_is_only_logged(sqlite_url: str, tmp_path: Path) -> None:
    """The dead-man's switch being away is no reason to stop."""

    def refuse() -> None:
        raise DeliveryError("heartbeat: cannot be reached")

    settings = loaded(tmp_path)
    with closing(Store(sqlite_url)) as store, structlog.testing.capture_logs() as logs:
        daemon = daemon_of(replace(build(store)[0], now=composition.clock), settings, refuse)
        with running(daemon):
            wait_for(lambda: any(log["event"] == "heartbeat not taken" for log in logs))


def test_the_heartbeat_calls_its_address(tmp_path: Path) -> None:
    """A GET to the configured address; none is configured by default."""
    assert composition.heartbeat(loaded(tmp_path)) is None
    with receiver() as server:
        beat = composition.heartbeat(loaded(tmp_path, heartbeat={"url": server.url, "allow_private": True}))
        assert beat is not None
        beat()
    assert len(server.got) == 1


@pytest.mark.parametrize("error", [None, ConfigError("monitor.toml:3: wrong")])
def test_a_reload_takes_what_is_right_and_refuses_what_is_wrong(
    sqlite_url: str, tmp_path: Path, error: ConfigError | None
) -> None:
    """The old configuration stays in force until there is a good one."""
    with closing(Store(sqlite_url)) as store, structlog.testing.capture_logs() as logs:
        old, new = build(store)[0], build(store)[0]

        def reload() -> tuple[App, Loaded]:
            if error:
                raise error
            return new, loaded(tmp_path)

        daemon = Daemon(old, loaded(tmp_path), reload, lambda _: None)
        daemon._reload()
    assert daemon.app is (old if error else new)
    assert ("refused" in logs[0]["event"]) is (error is not None)


class Process:
    """The daemon as a process, its log read line by line."""

    def __init__(self, home: Path) -> None:
        command = [*STRAIT, "run", "--config", str(home)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line)

    def wait_for(self, event: str) -> dict[str, Any]:
        """Return the log line of an event once it is there."""
        while True:
            row: dict[str, Any] = json.loads(self.lines.get(timeout=30))
            if row["event"].startswith(event):
                return row

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()
        return code


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a folder with a configuration and feeds that are served."""
    with newsroom() as room:
        (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
        (tmp_path / "feeds.opml").write_text(_outlines(room), encoding="utf-8")
        yield tmp_path


def _outlines(room: Newsroom) -> str:
    return f'<opml><body><outline text="One" xmlUrl="{room.url}/0"/></body></opml>'


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_cleanly(home: Path, number: int) -> None:
    """The exit code is 0, and the log is JSON lines that say so."""
    daemon = Process(home)
    assert daemon.wait_for("polled")["feeds"] == 1
    assert daemon.end(number) == 0
    assert daemon.wait_for("stopped")


def test_a_hang_up_reloads_and_a_second_daemon_is_refused(home: Path) -> None:
    """A wrong configuration is refused with its reason and the daemon goes on; a second one does not start."""
    daemon = Process(home)
    try:
        daemon.wait_for("running")
        second = subprocess.run([*STRAIT, "run", "--config", str(home)], capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "already runs on" in second.stderr
        (home / "monitor.toml").write_text("[fetch]\ntimout = 1\n", encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        assert "monitor.toml:2: fetch.timout" in daemon.wait_for("configuration refused")["error"]
        (home / "monitor.toml").write_text(CONFIGURATION.replace('"Drills"', '"Other"'), encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("configuration reloaded")
        daemon.wait_for("running")
    finally:
        assert daemon.end() == 0
