"""The daemon: it works by itself, ends cleanly, reloads, and never runs twice."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Self

import pytest
import structlog
from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from newsdesk import Desk as Newsdesk
from newsdesk import build
from newsroom import Newsroom, newsroom
from servers import receiver
from shifted import CLOCKS, shifted
from store_samples import delivery

from config.settings import ConfigError, Loaded, Settings
from monitor import app as composition
from monitor import pipeline
from monitor.daemon import Daemon, Health
from monitor.edges.store import Store
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitor.app import App
    from monitor.model import Delivery, Receipt

ONE = "https://one.example/feed"
STRAIT = (sys.executable, "-c", "from monitor.cli import main; main()")
CONFIGURATION = """
[schedule]
tick = "1s"
poll_min = "1s"
poll_default = "1s"
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
    end = monotonic() + seconds
    while not met():
        assert monotonic() < end, "waited in vain"
        sleep(0.05)


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


def test_a_clock_that_goes_back_does_not_stop_it(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it planned while the clock was two days ahead is done now, not in two days."""
    off = [2]
    for module in CLOCKS:
        monkeypatch.setattr(module, "datetime", shifted(lambda: off[0]))
    with closing(Store(sqlite_url)) as store:
        app, pages, desk, _ = build(store)
        with store.begin() as work:
            work.add_feed(ONE)
        pages.show(ONE, "Harvest")
        with running(daemon_of(replace(app, now=composition.clock), loaded(tmp_path))):
            wait_for(lambda: _successes(store))
            off[0] = 0
            pages.show(ONE, "A drill", "Harvest", published=composition.clock())
            with store.begin() as work:
                work.update_feed(1, next_poll=None)
            wait_for(lambda: desk.got)


@dataclass
class Hanging(Newsdesk):
    """A channel that takes a message in hand and does not let go of it until told."""

    free: threading.Event = field(default_factory=threading.Event)

    def send(self, delivery: Delivery) -> Receipt:
        """Hang, then take it."""
        assert self.free.wait(60)
        return super().send(delivery)


def test_a_channel_that_hangs_holds_up_no_other(sqlite_url: str, tmp_path: Path) -> None:
    """What is queued while one hangs leaves over the others all the same."""
    stuck, well = Hanging("stuck"), Newsdesk("well")
    with closing(Store(sqlite_url)) as store:
        app = replace(build(store)[0], now=composition.clock, channels={"stuck": stuck, "well": well})
        with running(daemon_of(app, loaded(tmp_path))):
            for key in ("a", "b"):
                with store.begin() as work:
                    work.queue([delivery(f"{key}/{name}", channel=name) for name in app.channels])
                wait_for(lambda: len(well.got) == ord(key) - ord("a") + 1)  # noqa: B023 - asked at once
            assert not stuck.got
            stuck.free.set()
            wait_for(lambda: len(stuck.got) == 2)
    assert [one.key for one in well.got] == ["a/well", "b/well"]


def _successes(store: Store) -> bool:
    with store.read() as work:
        return work.feeds()[0].last_success is not None


def test_a_failing_job_is_told_and_stops_the_heartbeat(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go on; when the job succeeds again, so does the heartbeat."""
    beats: list[bool] = []
    broken = threading.Event()
    with closing(Store(sqlite_url)) as store, structlog.testing.capture_logs() as logs:
        app, _, _, _ = build(store)

        def poll_round(*_: Any, **_named: Any) -> None:
            if broken.is_set():
                raise RuntimeError("broken on purpose")

        monkeypatch.setattr("monitor.daemon.jobs.poll_round", poll_round)
        settings = loaded(tmp_path, heartbeat={"every": "1s"})
        with running(daemon_of(replace(app, now=composition.clock), settings, lambda: beats.append(True))):
            wait_for(lambda: beats)
            broken.set()
            wait_for(lambda: any(log["event"].startswith("no heartbeat") for log in logs))
            broken.clear()
            count = len(beats)
            wait_for(lambda: len(beats) > count)
    assert any(log["event"].startswith("job failed") for log in logs)


def test_one_success_does_not_hide_another_failure() -> None:
    """All is well only when every job that failed has succeeded since."""
    health = Health()
    for job, error, failed in [
        ("poll", None, set()),
        ("prune", OSError(), {"prune"}),
        ("poll", OSError(), {"prune", "poll"}),
        ("poll", None, {"prune"}),
        ("poll", None, {"prune"}),
        ("prune", None, set()),
    ]:
        health.note(JobExecutionEvent(EVENT_JOB_EXECUTED, job, "default", composition.clock(), exception=error))
        assert health.failed == failed


def test_jobs_that_come_too_late_are_told(sqlite_url: str, tmp_path: Path) -> None:
    """After a sleep of a day what runs often is done once; what is over half a day late is logged and planned anew."""
    with closing(Store(sqlite_url)) as store, structlog.testing.capture_logs() as logs:
        app, _, _, _ = build(store)
        app = replace(app, now=lambda: composition.clock() - timedelta(days=1))
        with running(daemon_of(app, loaded(tmp_path))):
            wait_for(lambda: _seen(store))
    assert [log["job"] for log in logs if log["event"] == "job missed"] == ["prune"]


def _seen(store: Store) -> bool:
    with store.read() as work:
        return work.last_beat() is not None


def test_it_sends_the_digest_and_forgets_what_is_old(sqlite_url: str, tmp_path: Path) -> None:
    """A digest that is due is sent at the start, and the pruning job deletes what is past its keeping."""
    with closing(Store(sqlite_url)) as store:
        app, pages, desk, clock = build(store)
        clock.at = composition.clock() - timedelta(days=3)
        with store.begin() as work:
            work.add_feed(ONE)
        pages.show(ONE, "A drill", published=clock.at)
        pipeline.poll(app, [1])
        app = replace(app, now=composition.clock, digest_at=time(0))
        daemon = daemon_of(app, loaded(tmp_path, retention={"items": "1d"}))
        with running(daemon):
            wait_for(lambda: desk.got)
        assert [delivery.key.split("/")[0] for delivery in desk.got] == ["digest"]
        daemon._prune()
        with store.read() as work:
            assert work.first_seen() is None


def test_a_heartbeat_that_is_not_taken_is_only_logged(sqlite_url: str, tmp_path: Path) -> None:
    """The dead-man's switch being away is no reason to stop."""

    def refuse() -> None:
        raise DeliveryError("heartbeat: cannot be reached")

    settings = loaded(tmp_path)
    with closing(Store(sqlite_url)) as store, structlog.testing.capture_logs() as logs:
        daemon = daemon_of(replace(build(store)[0], now=composition.clock), settings, refuse)
        with running(daemon):
            wait_for(lambda: any(log["event"] == "heartbeat not taken" for log in logs))


def test_the_heartbeat_calls_its_address(sqlite_url: str, tmp_path: Path) -> None:
    """The configured address is called again and again; none is configured by default."""
    assert composition.heartbeat(loaded(tmp_path)) is None
    with closing(Store(sqlite_url)) as store, receiver() as server:
        settings = loaded(tmp_path, heartbeat={"url": server.url, "allow_private": True, "every": "1s"})
        app = replace(build(store)[0], now=composition.clock)
        with running(Daemon(app, settings, lambda: (app, settings), composition.heartbeat)):
            wait_for(lambda: len(server.got) > 1)
    assert {body for _, body in server.got} == {b""}


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


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Put back the handlers of signals that a daemon in this process takes over."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Interrupted:
    """A log that gets a signal in the middle of a line, and cannot be entered a second time."""

    def __init__(self, at: dict[str, list[int]]) -> None:
        self.at = at
        self.events: list[str] = []
        self.writing = False

    def msg(self, event: str) -> None:
        """Note a line, with the signals that come meanwhile."""
        assert not self.writing, "the handler of a signal writes to the log"
        self.writing = True
        for number in self.at.pop(event, ()):
            signal.raise_signal(number)
        self.writing = False
        self.events.append(event)

    info = warning = error = msg


@pytest.mark.parametrize(
    ("at", "events"),
    [
        ({"running": [signal.SIGTERM]}, ["running", "ending", "stopped"]),
        ({"running": [signal.SIGHUP, signal.SIGINT]}, ["running", "ending", "stopped"]),
        (
            {"running": [signal.SIGHUP], "configuration reloaded": [signal.SIGTERM]},
            ["running", "configuration reloaded", "stopped"],
        ),
    ],
)
def test_a_signal_may_come_in_the_middle_of_a_log_line(
    sqlite_url: str, tmp_path: Path, at: dict[str, list[int]], events: list[str], own_signals: None
) -> None:
    """Its handler takes no lock that the interrupted code could hold, so the daemon ends instead of hanging."""
    log = Interrupted(at)
    structlog.configure(processors=[lambda _, __, event: event["event"]], logger_factory=lambda *_: log)
    try:
        with closing(Store(sqlite_url)) as store:
            daemon_of(replace(build(store)[0], now=composition.clock), loaded(tmp_path)).run()
    finally:
        structlog.reset_defaults()
    assert log.events == events


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
        with self.process.stderr as log:
            for line in log:
                self.lines.put(line)

    def wait_for(self, event: str) -> dict[str, Any]:
        """Return the log line of an event once it is there."""
        end = monotonic() + 30
        while True:
            row: dict[str, Any] = json.loads(self.lines.get(timeout=max(0.0, end - monotonic())))
            assert {"level", "timestamp"} <= set(row)
            if row["event"].startswith(event):
                return row

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(15)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no process behind, whatever happened."""
        self.process.kill()
        self.process.wait()
        self.reader.join()


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """Serve feeds."""
    with newsroom() as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, room: Newsroom) -> Path:
    """Return a folder with a configuration and a feed that is served."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    outline = f'<opml><body><outline text="One" xmlUrl="{room.url}/0"/></body></opml>'
    (tmp_path / "feeds.opml").write_text(outline, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_after_the_batch_in_hand(home: Path, room: Newsroom, number: int) -> None:
    """The page that is being fetched is still stored; then the exit code is 0."""
    room.delay = 1.0
    with Process(home) as daemon:
        wait_for(lambda: room.asked)
        assert daemon.end(number) == 0
        assert daemon.wait_for("ending")["signal"] == signal.Signals(number).name
        assert daemon.wait_for("polled")["items"] == 1
        assert daemon.wait_for("stopped")


def test_its_log_tells_of_alerts_by_id(home: Path, room: Newsroom) -> None:
    """Each line is a JSON object; an alert names its story, a message sent its key."""
    with Process(home) as daemon:
        assert daemon.wait_for("polled")["feeds"] == 1
        room.release(0)
        alert = daemon.wait_for("alert")
        assert (alert["rule"], alert["story"], alert["revision"]) == ("Drills", 1, 1)
        assert daemon.wait_for("sent")["delivery"] == "alert/Drills/1/1/terminal"
        assert daemon.end() == 0


def test_a_hang_up_reloads_and_a_second_daemon_is_refused(home: Path) -> None:
    """A wrong configuration is refused with its reason and the daemon goes on; a second one does not start."""
    with Process(home) as daemon:
        daemon.wait_for("running")
        second = subprocess.run([*STRAIT, "run", "--config", str(home)], capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert f"process {daemon.process.pid} already runs on {home / 'strait.db'}; stop it first" in second.stderr
        (home / "monitor.toml").write_text("[fetch]\ntimout = 1\n", encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        assert "monitor.toml:2: fetch.timout" in daemon.wait_for("configuration refused")["error"]
        assert daemon.wait_for("running")["channels"] == ["terminal"]
        other = '[database]\nurl = "sqlite:///other.db"\n' + CONFIGURATION.replace("terminal", "screen")
        (home / "monitor.toml").write_text(other, encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        assert "that takes a restart" in daemon.wait_for("the database's url changed")["event"]
        daemon.wait_for("configuration reloaded")
        assert daemon.wait_for("running")["channels"] == ["screen"]
        assert daemon.end() == 0
