"""The daemon: the only APScheduler. It calls the pipeline on time and ends cleanly."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from config.settings import ConfigError, Loaded
from monitor import jobs, outbox, pipeline, watch
from monitor.app import up_to_date
from monitor.errors import DeliveryError, MonitorError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from monitor.app import App

DELIVER_EVERY = 5
"""Seconds between looks at the outbox."""
LOOK = 0.2
"""Seconds between looks at what signals asked for."""
BACK = timedelta(seconds=10)
"""A clock that went back so far was set; less is its usual correction."""
GRACE = 3600 * 12
"""Seconds by which a job may be late and still run: a laptop that slept catches up, once."""
log = structlog.get_logger()


@dataclass(slots=True)
class Health:
    """Which jobs failed when they last ran; the heartbeat is sent only while none did."""

    failed: set[str] = field(default_factory=set)

    def note(self, event: JobExecutionEvent) -> None:
        """Remember how a job's last run ended."""
        if event.exception is None:
            self.failed.discard(event.job_id)
        else:
            self.failed.add(event.job_id)


@dataclass(slots=True)
class Asked:
    """What signals asked for.

    Plain values: a handler runs in the middle of whatever the main thread does, so a lock that it took, in an event or
    in the log, could be one that the main thread holds, and both would wait for ever.
    """

    end: str = ""
    """The name of the signal."""
    reload: bool = False


@dataclass(slots=True)
class Daemon:
    """Runs an app until told to stop. *reload* returns the app of the configuration as it is now."""

    app: App
    loaded: Loaded
    reload: Callable[[], tuple[App, Loaded]]
    heartbeat: Callable[[Loaded], Callable[[], None] | None]
    health: Health = field(default_factory=Health)
    asked: Asked = field(default_factory=Asked)

    def run(self, stop: threading.Event | None = None) -> None:
        """Work until SIGTERM or SIGINT, or until *stop* is set; the batch in hand is finished."""
        with suppress(ValueError):  # signals are the main thread's; elsewhere the caller has the stop event
            _listen(self.asked)
        while not self.asked.end and self._work(self.asked, stop or threading.Event()):
            self._reload()
        log.info("stopped")

    def _work(self, asked: Asked, stop: threading.Event) -> bool:
        """Do what is due until asked for something else; say whether to go on with the configuration read again."""
        scheduler = self._schedule()
        scheduler.start()
        log.info("running", rules=len(self.app.rules), channels=sorted(self.app.channels), zone=str(self.app.zone))
        shown = self.app.now()
        while not (asked.end or asked.reload or stop.wait(LOOK)):
            before, shown = shown, self.app.now()
            if before - shown > BACK:
                _plan_anew(scheduler, before - shown)
        again, asked.reload = asked.reload, False
        if asked.end:
            log.info("ending", signal=asked.end)
        scheduler.shutdown(wait=True)
        return again and not asked.end

    def _reload(self) -> None:
        """Take the new configuration, or keep the old one when the new one is wrong."""
        try:
            app, loaded = self.reload()
        except (ConfigError, MonitorError) as error:
            log.error("configuration refused; the old one stays in force", error=str(error))  # noqa: TRY400 - the text says it all
            return
        self.app, self.loaded = app, loaded
        log.info("configuration reloaded")

    def _schedule(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=self.app.zone,
            executors={"default": ThreadPoolExecutor(6 + len(self.app.channels))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": GRACE},
        )
        settings, now = self.loaded.settings, self.app.now()
        scheduler.add_listener(self.health.note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        scheduler.add_listener(_told_of, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        # Every hour, at the minute of the digest: what the right hour missed or failed to send is made up for.
        hourly = CronTrigger(minute=settings.schedule.digest.minute, timezone=self.app.zone)
        work: list[tuple[str, Callable[[], Any], Any, datetime]] = [
            ("poll", self._poll, IntervalTrigger(seconds=settings.schedule.tick.total_seconds()), now),
            ("outbox", self._look_through, IntervalTrigger(seconds=DELIVER_EVERY), now),
            ("digest", self._digest, hourly, now),
            ("prune", self._prune, IntervalTrigger(hours=24), now + timedelta(minutes=10)),
        ]
        for name in self.app.channels:  # a job each, so that one that hangs holds up no other
            deliver = partial(self._deliver, name)
            work.append((f"deliver {name}", deliver, IntervalTrigger(seconds=DELIVER_EVERY), now))
        if beat := self.heartbeat(self.loaded):
            every = settings.heartbeat.every.total_seconds()
            work.append(("heartbeat", lambda: _beat(beat, self.health), IntervalTrigger(seconds=every), now))
        for name, function, trigger, first in work:
            scheduler.add_job(function, trigger, id=name, name=name, next_run_time=first)
        return scheduler

    def _ending(self) -> bool:
        return bool(self.asked.end)

    def _poll(self) -> None:
        self.app = up_to_date(self.app)
        jobs.poll_round(self.app, self.loaded.settings.runner.kind, ending=self._ending)
        if not self._ending():
            watch.look(self.app)

    def _look_through(self) -> None:
        outbox.look_through(self.app)

    def _deliver(self, channel: str) -> None:
        outbox.empty(self.app, channel, self._ending)

    def _digest(self) -> None:
        pipeline.send_digest(self.app)

    def _prune(self) -> None:
        keep = self.loaded.settings.retention
        pipeline.prune(self.app.store, self.app.now(), keep.items, keep.items_untagged)


def _plan_anew(scheduler: BackgroundScheduler, back: timedelta) -> None:
    """Do all jobs now: what was planned before the clock went *back* would wait until it shows that moment."""
    log.warning("the clock went back", seconds=round(back.total_seconds()))
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(scheduler.timezone))  # noqa: TID251 - the scheduler's own clock
    scheduler.wakeup()


def _listen(asked: Asked) -> None:
    def end(number: int, _frame: FrameType | None) -> None:
        asked.end = signal.Signals(number).name

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        asked.reload = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, hang_up)


def _told_of(event: JobExecutionEvent) -> None:
    """Log a job that failed or came too late."""
    if event.code == EVENT_JOB_MISSED:
        log.warning("job missed", job=event.job_id, planned=str(event.scheduled_run_time))
    else:
        kind = type(event.exception).__name__  # the text of a KeyError, say, means nothing alone
        log.error("job failed; it runs again at its next time", job=event.job_id, kind=kind, error=str(event.exception))


def _beat(beat: Callable[[], None], health: Health) -> None:
    """Call the dead-man's switch, unless something is wrong."""
    if health.failed:
        log.warning("no heartbeat: a job failed", jobs=sorted(health.failed))
        return
    try:
        beat()
    except DeliveryError as error:
        log.warning("heartbeat not taken", error=str(error))
