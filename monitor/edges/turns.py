"""Whose turn it is at a host: so many requests at once, with a gap between their starts."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_MANY = 10_000


class Starts:
    """When each host may be asked next: one memory for all the threads of a process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next: dict[str, float] = {}

    def book(self, host: str, now: float, gap: float) -> float:
        """Return when a request may start that wants to at *now*, and keep that start for it."""
        with self._lock:
            if len(self._next) > _MANY:
                self._next = {name: moment for name, moment in self._next.items() if moment > now}
            start = max(now, self._next.get(host, now))
            self._next[host] = start + gap
            return start

    def rest(self, host: str, until: float) -> None:
        """Let a host that somebody else has asked rest until then."""
        with self._lock:
            self._next[host] = max(until, self._next.get(host, until))


class Host:
    """A host's turnstile within one batch."""

    def __init__(self, name: str, at_once: int, gap: float, starts: Starts) -> None:
        self._name = name
        self._slots = asyncio.Semaphore(at_once)
        self._gap = gap
        self._starts = starts

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        async with self._slots:
            if self._gap:
                now = asyncio.get_running_loop().time()  # the monotonic clock, the same in every thread
                wait = self._starts.book(self._name, now, self._gap) - now
                if wait > 0:
                    await asyncio.sleep(wait)
            yield
