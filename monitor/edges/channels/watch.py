"""Watch what a library of others does on the network in our name: refuse private addresses, and see the answers.

Apprise's services connect by themselves, most through requests, some through sockets of their own. What they connect
to is judged where Python makes the connection, so that literal addresses, resolved names and redirects are seen alike.
Only the thread that is watched is seen.
"""

from __future__ import annotations

import contextvars
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

from monitor.edges.channels.http import Answer, seconds
from monitor.edges.guard import PRIVATE, allowed

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


@dataclass(slots=True)
class Watch:
    """What one sending did."""

    allow_private: bool = False
    refused: bool = False
    """It wanted to connect to an address that is not allowed."""
    answers: list[Answer] = field(default_factory=list)
    trouble: str = ""
    """The kind of the last error in asking."""

    @property
    def failure(self) -> Answer | None:
        """Return the last answer that was no yes."""
        return next((answer for answer in reversed(self.answers) if not answer.taken), None)


_current: contextvars.ContextVar[Watch | None] = contextvars.ContextVar("watch", default=None)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Watch what this thread does on the network until the end of the block."""
    _install()
    token = _current.set(watch)
    try:
        yield
    finally:
        _current.reset(token)


@lru_cache(maxsize=1)
def _install() -> None:
    """Look at connections and at the answers of requests from now on; what nobody watches passes untouched."""
    sys.addaudithook(_judge)
    adapter: Any = import_module("requests.adapters").HTTPAdapter
    adapter.send = _seen(adapter.send)


def _judge(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a connection that is not allowed."""
    if event not in _CONNECTS:
        return
    watch = _current.get()
    address = arguments[1]
    if watch is None or address is None or _fine(address, watch):  # None: of a socket that is connected already
        return
    watch.refused = True
    raise PermissionError("a private, local or reserved address is refused")  # they close their sockets on OSError


def _fine(address: Any, watch: Watch) -> bool:
    """Say whether an address may be connected to; one that is no host and port is a service of this machine."""
    if not isinstance(address, tuple):
        return watch.allow_private
    return allowed(str(address[0]), PRIVATE if watch.allow_private else ())


def _seen(send: Any) -> Any:
    @wraps(send)
    def seen(*arguments: Any, **named: Any) -> Any:
        watch = _current.get()
        try:
            answer = send(*arguments, **named)
        except Exception as error:
            if watch:
                watch.trouble = type(error).__name__
            raise
        if watch:
            wait = seconds(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
            watch.answers.append(Answer(answer.status_code, retry_after=wait))
        return answer

    return seen
