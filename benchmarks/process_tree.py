"""What a process and all that it starts take: wall and processor seconds, and the most memory at a moment."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EVERY = 0.1
"""Seconds between looks at the memory."""
PATIENCE = 3600


@dataclass(frozen=True)
class Took:
    """What a process took from its start to its end, in seconds and MB."""

    seconds: float
    cpu: float
    """Of all its processes that have ended and were waited for."""
    pss: float
    """The most that it and its children held at once, each page shared among those who have it."""
    rss: float
    """The most that the sizes of all added up to; what they share counts several times."""


def run(command: Sequence[str], env: Mapping[str, str] | None = None, given: str = "") -> Took:
    """Run a command to its end; raise RuntimeError with its last words when it fails."""
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(env or {})},
        text=True,
    ) as process:
        most = [0.0, 0.0]
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, most, ended))
        watch.start()
        words: list[str] = []
        listen = threading.Thread(target=lambda: words.extend(process.stderr or ()))
        listen.start()
        if process.stdin:
            process.stdin.write(given)
            process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watch.join()
        listen.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {''.join(words[-5:])}")
    return Took(seconds, used.ru_utime + used.ru_stime, *most)


def _watch(pid: int, most: list[float], ended: threading.Event) -> None:
    while not ended.wait(EVERY):
        sizes = [_sizes(one) for one in _tree(pid)]
        most[:] = [max(before, sum(now)) for before, now in zip(most, zip(*sizes, strict=True), strict=True)]


def _tree(pid: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _sizes(pid: int) -> tuple[float, float]:
    """Return PSS and RSS of one process in MB; zeros when it is gone."""
    found = {"Pss": 0.0, "Rss": 0.0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in found:
                found[name] = int(rest.split()[0]) / 1024
    return found["Pss"], found["Rss"]
