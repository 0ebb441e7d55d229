"""Where a job runs: inline, or in threads. The same functions everywhere; a job may run twice and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Literal

from monitor import pipeline
from monitor.pipeline import Polled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from monitor.app import App
    from monitor.model import Job

THREADS = 2
"""Batches at once: one waits for the network while the other is read and tagged."""


def run(app: App, jobs: Iterable[Job]) -> Polled:
    """Do polling jobs one after the other."""
    return sum((pipeline.poll(app, job.ids) for job in jobs), Polled())


def poll_round(
    app: App, kind: Literal["inline", "threads"], *, force: bool = False, ending: Callable[[], bool] = lambda: False
) -> Polled:
    """Poll every feed that is due, all of them with *force*, until none is left or *ending* says so between batches."""
    drain = partial(_drain, app, app.now(), force=force, ending=ending)
    if kind == "inline":
        return drain()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="poll") as pool:
        rounds = [pool.submit(drain) for _ in range(THREADS)]
        return sum((done.result() for done in rounds), Polled())


def _drain(app: App, since: datetime, *, force: bool, ending: Callable[[], bool]) -> Polled:
    total = Polled()
    while not ending() and (jobs := pipeline.tick(app, force=force, since=since)):
        total += run(app, jobs)
    return total
