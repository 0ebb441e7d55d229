"""The programs that are measured: how each follows feeds, polls them once, and what it has stored then."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import process_tree
from process_tree import Took

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
OURS = "strait"


@dataclass(frozen=True)
class Round:
    """What one round of polling took: a round alone, without what starting the program takes."""

    seconds: float
    cpu: float
    whole: Took
    """The process that did it."""
    stored: int
    """Items in its store afterwards."""
    size: float
    """MB of its store on disk."""


@dataclass(frozen=True)
class Poller:
    """A program that polls. It says itself what a round takes, in took.json, or what *start* takes is subtracted."""

    name: str
    prepare: tuple[str, ...]
    """A command that takes the addresses on its standard input; none where a list in a file does."""
    round: tuple[str, ...]
    start: tuple[str, ...] = ()
    """A command that starts, opens the store and ends."""
    store: tuple[str, ...] = ()
    """The names of its files."""
    env: Mapping[str, str] = field(default_factory=dict)

    def follow(self, folder: Path, urls: Sequence[str]) -> None:
        """Begin with an empty store in a new folder."""
        folder.mkdir(parents=True)
        if self.name == "newsboat":
            (folder / "urls").write_text("\n".join(urls), encoding="utf-8")
            (folder / "config").write_text("reload-threads 10\n", encoding="utf-8")
        elif self.name == "rss2email":
            feeds = "".join(f"[feed.f{n}]\nurl = {url}\n" for n, url in enumerate(urls))
            head = "[DEFAULT]\nfrom = a@b.example\nto = a@b.example\n"
            (folder / "rss2email.cfg").write_text(head + feeds, encoding="utf-8")
        else:
            self._run(self.prepare, folder, "\n".join(urls))

    def poll(self, folder: Path) -> Round:
        """Poll every feed once."""
        took = folder / "took.json"
        took.unlink(missing_ok=True)
        start = self._run(self.start, folder) if self.start else Took(0, 0, 0, 0)
        whole = self._run(self.round, folder)
        said = json.loads(took.read_text(encoding="utf-8")) if took.exists() else {}
        seconds = said.get("seconds", whole.seconds - start.seconds)
        cpu = said.get("cpu", whole.cpu - start.cpu)
        files = [path for name in self.store for path in folder.glob(f"{name}*") if path.suffix != ".lock"]
        size = sum(path.stat().st_size for path in files) / 1e6
        return Round(seconds, cpu, whole, stored(self.name, folder), size)

    def _run(self, command: Sequence[str], folder: Path, given: str = "") -> Took:
        env = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PYTHONPATH": "", **self.env}
        return process_tree.run([part.replace("FOLDER", str(folder)) for part in command], env, given)


def stored(name: str, folder: Path) -> int:
    """Return how many items a program has stored."""
    if name == "rss2email":
        data = json.loads((folder / "rss2email.json").read_text(encoding="utf-8"))
        return sum(len(feed["seen"]) for feed in data["feeds"])
    file, table = {
        OURS: ("strait.db", "entries"),
        "reader": ("reader.db", "entries"),
        "newsboat": ("cache.db", "rss_item"),
    }[name]
    with closing(sqlite3.connect(folder / file)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - one of three


def ours() -> Poller:
    """Return this program."""
    script = (sys.executable, str(HERE / "poll_strait.py"), "FOLDER")
    paths = os.pathsep.join([str(HERE.parent), str(HERE)])
    env = {"PYTHONPATH": paths}
    return Poller(OURS, (*script, "prepare"), (*script, "round"), store=("strait.db",), env=env)


def reader(python: str, workers: int) -> Poller:
    """Return lemon24's reader, run by an interpreter that has it."""
    script = (python, str(HERE / "poll_reader.py"), "FOLDER")
    prepare, once = (*script, "prepare", str(workers)), (*script, "round", str(workers))
    return Poller("reader", prepare, once, store=("reader.db",))


def newsboat(program: str) -> Poller:
    """Return newsboat."""
    files = ("-u", "FOLDER/urls", "-c", "FOLDER/cache.db", "-C", "FOLDER/config", "-x")
    return Poller("newsboat", (), (program, *files, "reload"), (program, *files, "print-unread"), ("cache.db",))


def rss2email(program: str) -> Poller:
    """Return rss2email, which sends nothing."""
    files = ("-c", "FOLDER/rss2email.cfg", "-d", "FOLDER/rss2email.json")
    return Poller("rss2email", (), (program, *files, "run", "-n"), (program, *files, "list"), ("rss2email.json",))
