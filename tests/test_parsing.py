"""Pages read in processes of their own: the same answers, and no page that takes the program with it."""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from samples import NOON

from monitor import parsing
from monitor.model import Feed, Page
from monitor.parser import Asked, Refused, answer
from monitor.parsing import LIGHT, Parsers, _Told

if TYPE_CHECKING:
    from collections.abc import Iterator

RSS = "<rss version='2.0'><channel><title>T</title>{}</channel></rss>"
ITEM = "<item><title>Drill {0}</title><guid>{0}</guid><description>{1}</description></item>"
# Every prefix is looked for among all that came before: time by the square of their number.
SLOW = "".join(f"<p{n}:a xmlns:p{n}='urn:{n}'/>" for n in range(12_000))
ROOT = Path(__file__).parents[1]


def asked(number: int, items: str, seen: bytes = b"") -> Asked:
    """Return a page to read."""
    url = f"https://outlet.example/{number}"
    return Asked(Feed(number, url), Page(url, RSS.format(items).encode(), "application/rss+xml"), seen)


def heavy(number: int) -> Asked:
    """Return a page that is too long to be read on the spot."""
    return asked(number, "".join(ITEM.format(f"{number}.{n}", "x" * 1000) for n in range(LIGHT // 1000 + 1)))


@contextmanager
def parsers(processes: int = 1, seconds: float = 20.0, idle: float = 60.0) -> Iterator[Parsers]:
    """Run parsers, and end them."""
    made = Parsers(processes, seconds=seconds, idle=idle)
    try:
        yield made
    finally:
        made.close()


def children() -> set[int]:
    """Return the processes that this one has started."""
    return {int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()}


def test_the_same_answers_wherever_a_page_is_read() -> None:
    """Light pages, heavy ones, unchanged items and refusals come back in order."""
    known = answer(heavy(1), NOON)
    assert not isinstance(known, Refused)
    again = heavy(1)._replace(seen=known[0].marks)
    pages = [asked(1, ITEM.format(1, "x")), heavy(2), asked(3, "<item><title>A & B"), again]
    pages.append(Asked(Feed(5, "https://outlet.example/5"), Page("https://outlet.example/5", b"<p>" * LIGHT), b""))
    here = Parsers().read(pages, NOON)
    with parsers() as apart:
        assert apart.read(pages, NOON) == here == [answer(page, NOON) for page in pages]
    assert [isinstance(told, Refused) for told in here] == [False, False, False, False, True]


def test_light_pages_start_no_process() -> None:
    """A small page, or one of which little is new, is read on the spot."""
    before = children()
    with parsers() as made:
        made.read([asked(1, ITEM.format(1, "x")), heavy(2)._replace(seen=b"x" * 16)], NOON)
        assert children() == before
        made.read([heavy(3)], NOON)
        assert len(children() - before) == 1
    assert children() == before


def test_a_page_that_takes_too_long_is_refused_alone() -> None:
    """The pages before and after it are read, by another process."""
    pages = [heavy(1), asked(2, f"<item><title>T</title>{SLOW}</item>"), heavy(3)]
    with parsers(seconds=0.5) as made:
        told = made.read(pages, NOON)
        assert told[0::2] == [answer(heavy(1), NOON), answer(heavy(3), NOON)]
        assert isinstance(told[1], Refused)
        assert told[1].status == "unreadable"
        assert made.read([heavy(4)], NOON) == [answer(heavy(4), NOON)]


def test_a_process_that_was_killed_is_replaced() -> None:
    """Whether it was idle or was leaving, the next page is read."""
    before = children()
    with parsers() as made:
        made.read([heavy(1)], NOON)
        (pid,) = children() - before
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
        assert made.read([heavy(2)], NOON) == [answer(heavy(2), NOON)]


def test_what_is_no_answer_costs_its_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that says something else is given up with what it has yet to say, and the next page is read."""
    with parsers() as made:
        with monkeypatch.context() as patch:
            patch.setattr(parsing, "_ANSWERS", frozenset())
            told = made.read([heavy(1), heavy(2)], NOON)
        assert [page.status for page in told if isinstance(page, Refused)] == ["unreadable"] * 2
        assert made.read([heavy(3)], NOON) == [answer(heavy(3), NOON)]


def test_a_broken_off_reading_leaves_no_answers_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody read of a process is not taken for the answers to the next pages."""
    with parsers() as made:
        with monkeypatch.context() as patch:
            patch.setattr(_Told, "find_class", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                made.read([heavy(1), heavy(2)], NOON)
        assert made.read([heavy(3)], NOON) == [answer(heavy(3), NOON)]


def test_an_idle_process_gives_its_memory_back() -> None:
    """It ends by itself, and nothing is lost by that."""
    with parsers(idle=0.1) as made:
        for number in (1, 2):
            assert made.read([heavy(number)], NOON) == [answer(heavy(number), NOON)]
            time.sleep(0.4)


def test_threads_share_processes() -> None:
    """Each gets the answers to its own pages."""
    told: dict[int, list[object]] = {}

    def read(number: int) -> None:
        told[number] = list(made.read([heavy(number), heavy(number + 100)], NOON))

    with parsers(2) as made:
        threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert told == {n: [answer(heavy(n), NOON), answer(heavy(n + 100), NOON)] for n in range(6)}


PROGRAM = """
import sys, time
sys.path[:0] = [{root!r}, {tests!r}]
from test_parsing import Parsers, children, heavy, NOON
made = Parsers(1)
made.read([heavy(1)], NOON)
print(*children(), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_program(number: signal.Signals) -> None:
    """However the program ends; a signal that is meant for it does not reach them."""
    code = PROGRAM.format(root=str(ROOT), tests=str(ROOT / "tests"))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)
        time.sleep(0.1)
        assert Path(f"/proc/{pid}").exists()
        program.send_signal(number)
        program.wait()
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_an_answer_can_only_be_an_answer() -> None:
    """What a page has made of its process cannot make this one do anything."""
    with pytest.raises(pickle.UnpicklingError, match="is no part of an answer"):
        _Told(io.BytesIO(pickle.dumps(Path("x")))).load()
