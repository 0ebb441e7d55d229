"""Reading pages apart from fetching them: what may take long goes to processes of their own, which a page may end."""

from __future__ import annotations

import io
import os
import pickle
import select
import subprocess
import sys
import weakref
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

import structlog

from monitor.model import Entry, Habits, ParsedFeed
from monitor.parser import LENGTH, Answer, Asked, Refused, answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIGHT = 8_000
"""Bytes of a page that is read on the spot: handing it over would cost as much."""
LIGHT_KNOWN = 200_000
LIGHT_TAGS = 4_000
"""The same for a page of which it is known what it showed last time, so that little of it will be new."""
PORTION = 500_000
"""Bytes of pages that are handed over at once."""
SECONDS = 5.0
"""Processor time for one page; one of 50 KB takes 4 ms."""
IDLE = 60.0
"""Seconds after which a process that is not asked ends, to give its memory back."""
PATIENCE = 60.0
"""Seconds without an answer, on a machine that has other things to do, before a process is given up."""
_ROOT = Path(__file__).parents[1]
log = structlog.get_logger()


class Parsers:
    """Reads pages, with up to so many processes besides this one; each is started when it is first wanted.

    Safe to share between threads: one that finds all processes busy waits.
    """

    def __init__(self, processes: int = 0, *, seconds: float = SECONDS, idle: float = IDLE) -> None:
        self._idle: SimpleQueue[_Process | None] = SimpleQueue()
        self._many = processes
        self._limits = (seconds, idle)
        for _ in range(processes):
            self._idle.put(None)
        self.close = weakref.finalize(self, _close, self._idle)
        """Ends the processes; happens by itself when the program ends."""

    def read(self, pages: Sequence[Asked], now: datetime) -> list[Answer]:
        """Return what each page says, in order."""
        heavy = [page for page in pages if not _is_light(page)] if self._many else []
        read = {id(page): told for page, told in zip(heavy, self._apart(heavy, now), strict=True)}
        return [read.get(id(page)) or answer(page, now) for page in pages]

    def _apart(self, pages: Sequence[Asked], now: datetime) -> list[Answer]:
        """Read pages in another process; one that ends it is refused, and another process goes on with the next."""
        told: list[Answer] = []
        if not pages:
            return told
        process = self._idle.get()
        try:
            while len(told) < len(pages):
                if process and not process.alive:
                    process.end()
                    process = None
                process = process or _Process(*self._limits)
                told += process.read(_portion(pages[len(told) :]), now)
                if process.fell_over:
                    told.append(_unreadable(pages[len(told)]))
        except BaseException:
            if process:  # answers that nobody has read would be taken for those to the next pages
                process.end()
                process = None
            raise
        finally:
            self._idle.put(process)
        return told


def _is_light(asked: Asked) -> bool:
    body = asked.page.body
    if asked.seen:
        return len(body) <= LIGHT_KNOWN and body.count(b"<") <= LIGHT_TAGS
    return len(body) <= LIGHT


def _portion(pages: Sequence[Asked]) -> Sequence[Asked]:
    size = 0
    for at, asked in enumerate(pages):
        size += len(asked.page.body)
        if size > PORTION and at:
            return pages[:at]
    return pages


def _unreadable(asked: Asked) -> Answer:
    name = asked.feed.name
    log.warning("a page could not be read", feed=asked.feed.id, bytes=len(asked.page.body))
    return Refused("unreadable", f"{name}: its page takes more time or memory to read than a page may; tell the outlet")


class _Process:
    """Another process that reads pages."""

    def __init__(self, seconds: float, idle: float) -> None:
        self.fell_over = False
        """The page after the last that it answered was too much for it."""
        paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        # A session of its own: Ctrl-C is for this process, which finishes the batch in hand.
        self._process = subprocess.Popen(  # noqa: S603 - our own code, by this Python
            [sys.executable, "-P", "-c", f"from monitor.parser import main; main({seconds}, {idle})"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._in: IO[bytes] = self._process.stdin  # type: ignore[assignment] # a pipe, as asked for
        self._out: IO[bytes] = self._process.stdout  # type: ignore[assignment] # likewise

    @property
    def alive(self) -> bool:
        return not self.fell_over and self._process.poll() is None

    def read(self, pages: Sequence[Asked], now: datetime) -> list[Answer]:
        """Return the answers to the first pages, as many as it came through."""
        told: list[Answer] = []
        with suppress(BrokenPipeError):
            pickle.dump((list(pages), now), self._in, pickle.HIGHEST_PROTOCOL)
            self._in.flush()
        told += self._answers(len(pages))
        if len(told) < len(pages):
            code = self.end()
            # 0: nobody had asked it for a while, and it was just leaving
            self.fell_over = self.fell_over or code != 0
        return told

    def _answers(self, count: int) -> Iterator[Answer]:
        for _ in range(count):
            head = self._exactly(LENGTH.size)
            told = self._exactly(LENGTH.unpack(head)[0]) if head else b""
            if not told:
                return
            try:
                yield _Told(io.BytesIO(told)).load()
            except pickle.UnpicklingError:
                self.fell_over = True
                return

    def _exactly(self, size: int) -> bytes:
        """Return the next bytes, nothing when the process ends or stands still."""
        parts: list[bytes] = []
        while size:
            ready, _, _ = select.select([self._out], [], [], PATIENCE)
            part = os.read(self._out.fileno(), size) if ready else b""
            if not part:
                return b""
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def end(self) -> int:
        """End it, if it has not ended, and return its exit code."""
        with suppress(BrokenPipeError):  # what could not be written
            self._in.close()
        try:
            code = self._process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._out.close()
        return code


def _close(idle: SimpleQueue[_Process | None]) -> None:
    while not idle.empty():
        if process := idle.get():
            process.end()


class _Told(pickle.Unpickler):
    """Takes answers only: a process that a page has got the better of cannot make this one do anything."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ANSWERS:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")


_ANSWERS = frozenset(
    (kind.__module__, kind.__qualname__) for kind in (ParsedFeed, Entry, Habits, Refused, datetime, timezone, timedelta)
)
