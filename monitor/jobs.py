"""Where a job runs: inline, or in threads. The same functions everywhere; a job may run twice and nothing is lost."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import TYPE_CHECKING, Literal

from monitor import pipeline
from monitor.pipeline import Polled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from monitor.app import App
    from monitor.model import Job

_THRESHOLDS = (20_000, 20, 20)
THREADS = 2
"""Batches at once: one waits for the network while the other is read and tagged."""


def settle() -> None:
    """Let the garbage collector come less often, and spare it what was loaded to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


def run(app: App, jobs: Iterable[Job]) -> Polled:
    """Do polling jobs one after the other."""
    return sum((pipeline.poll(app, job.ids) for job in jobs), Polled())


def poll_round(
    app: App, kind: Literal["inline", "threads"], *, force: bool = False, ending: Callable[[], bool] = lambda: False
) -> Polled:
    """Poll every feed that is due, all of them with *force*, until none is left or *ending* says so between batches."""
    drain = _Round(app, app.now(), force=force, ending=ending).drain
    if kind == "inline":
        return drain()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="poll") as pool:
        rounds = [pool.submit(drain) for _ in range(THREADS)]
        return sum((done.result() for done in rounds), Polled())


class _Round:
    """One round that threads share: a host that one of them holds is free for the others when its batch is done."""

    def __init__(self, app: App, since: datetime, *, force: bool, ending: Callable[[], bool]) -> None:
        self._app, self._since, self._force, self._ending = app, since, force, ending
        self._batch_done = Condition()
        self._busy = 0

    def drain(self) -> Polled:
        """Take batch after batch until nothing is due, neither now nor when the others' batches are done."""
        total = Polled()
        while not self._ending():
            with self._batch_done:
                # A clock that went back would leave due, again and again, what was polled since.
                self._since = min(self._since, self._app.now())
                jobs = pipeline.tick(self._app, force=self._force, since=self._since)
                if not jobs and not self._busy:
                    break
                if not jobs:
                    self._batch_done.wait()
                    continue
                self._busy += 1
            try:
                total += run(self._app, jobs)
            finally:
                with self._batch_done:
                    self._busy -= 1
                    self._batch_done.notify_all()
        return total
