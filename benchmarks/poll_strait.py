"""One round of this program over a folder's feeds, in a process of its own, as ``strait run --once --force`` does it.

    python benchmarks/poll_strait.py FOLDER prepare < addresses    # a new folder, with its configuration and database
    python benchmarks/poll_strait.py FOLDER round                  # writes what it took to FOLDER/took.json

The configuration is the default one; loopback addresses are allowed. With the variable ``PROFILE`` naming a file, a
profile of the polling threads is left there.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import closing
from pathlib import Path

from config.settings import load, write_defaults
from monitor import jobs, outbox, pipeline
from monitor.app import build
from monitor.cli.shared import set_up_log
from monitor.edges.store import Store


def prepare(folder: Path, urls: list[str]) -> None:
    """Write the default configuration and follow the feeds."""
    write_defaults(folder)
    settings = folder / "monitor.toml"
    text = settings.read_text(encoding="utf-8").replace("allow_networks = []", 'allow_networks = ["127.0.0.0/8"]')
    settings.write_text(text, encoding="utf-8")
    with closing(Store(load(folder, {}).database_url)) as store:
        store.upgrade()
        with store.begin() as work:
            for url in urls:
                work.add_feed(url)


def processor() -> float:
    """Return the processor seconds of this process and of those that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def one_round(folder: Path) -> dict[str, float]:
    """Poll every feed and deliver; return what it took, less what starting takes."""
    set_up_log()
    loaded = load(folder, {})
    with closing(Store(loaded.database_url)) as store, store.daemon_lock():
        app = build(loaded, store)
        jobs.settle()
        wall, cpu = time.perf_counter(), processor()
        polled = jobs.poll_round(app, loaded.settings.runner.kind, force=True)
        pipeline.send_digest(app)
        outbox.deliver(app)
        wall = time.perf_counter() - wall
        app.parsers.close()  # so that what its processes used is counted
        cpu = processor() - cpu
    return {"seconds": wall, "cpu": cpu, "failed": polled.failed, "items": polled.items, "tagged": polled.tagged}


if __name__ == "__main__":
    where = Path(sys.argv[1])
    if sys.argv[2] == "prepare":
        prepare(where, sys.stdin.read().split())
    else:
        (where / "took.json").write_text(json.dumps(one_round(where)), encoding="utf-8")
