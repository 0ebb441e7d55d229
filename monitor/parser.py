"""Runs in a process of its own: reads the pages that it is given on standard input and answers on standard output.

A request is a pickle of pages and the moment; an answer is a pickle with its length before it, one for each page as
soon as it is read. The process ends at the first page that takes too much time or memory, or that breaks it: whoever
started it sees which one by counting the answers. It also ends when nobody asks for a while, and when its input does.
"""

from __future__ import annotations

import pickle
import resource
import select
import signal
import struct
import sys
from typing import TYPE_CHECKING, NamedTuple

from monitor.core.whole import whole
from monitor.errors import FeedError

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.model import Feed, Page, ParsedFeed

MEMORY = 1_500_000_000
LENGTH = struct.Struct("<I")


class Asked(NamedTuple):
    """A page to read."""

    feed: Feed
    page: Page
    seen: bytes
    """By what the items that it showed last time are known."""


class Refused(NamedTuple):
    """Why a page could not be read."""

    status: str
    text: str


Answer = tuple["ParsedFeed", bool] | Refused
"""What a page says and whether it breaks off, or why it says nothing."""


def answer(asked: Asked, now: datetime) -> Answer:
    """Read one page."""
    try:
        return whole(asked.page, asked.feed, now, asked.seen)
    except FeedError as error:
        return Refused(error.status, str(error))


def main(seconds: float, idle: float) -> None:
    """Answer until there is nothing more to answer, or nobody asks for *idle* seconds."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the batch in hand is finished; the end comes with the input's
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    requests, answers = open(0, "rb", closefd=False), sys.stdout.buffer  # noqa: SIM115 - the standard input
    while select.select([requests], [], [], idle)[0] and requests.peek(1):
        pages, now = pickle.load(requests)  # noqa: S301 - from the process that started this one
        for asked in pages:
            # Nobody listens to this signal, so the system ends the process, whatever library it is in.
            signal.setitimer(signal.ITIMER_PROF, seconds)
            told = pickle.dumps(answer(asked, now), pickle.HIGHEST_PROTOCOL)
            signal.setitimer(signal.ITIMER_PROF, 0)
            answers.write(LENGTH.pack(len(told)) + told)
            answers.flush()
