"""Polls of invented feeds: this program beside reader, newsboat and rss2email, in one run, rounds interleaved.

    python benchmarks/polling.py --reader VENV/bin/python --newsboat /usr/bin/newsboat --rss2email VENV/bin/r2e
    python benchmarks/polling.py --feeds 200 --rounds 1        # a quick look; programs not named are skipped
    python benchmarks/polling.py --grow 1000 5000 10000 20000  # and this program alone with many feeds

The environment of reader and rss2email is the benchmark's own: `pip install reader 'feedparser==6.0.11'`, `pip install
rss2email`. Each program begins every round with an empty store and polls all feeds four times: at first; a second time,
which is not measured, since newsboat keeps validators from then on only; with all feeds unchanged; and with two new
items in one feed of twenty. The slower ones follow fewer feeds (`--fewer`); ratios are of rounds with as many feeds,
so this program polls that many too. Medians are printed, in Markdown, and drawn (`--chart FILE.svg`).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import newsstand
import pollers
from polling_chart import draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pollers import Poller, Round

PHASES = ("first", "unchanged", "changed")
TITLES = {"first": "first fetch", "unchanged": "all unchanged", "changed": "5 % changed"}
SLOW = ("rss2email",)


@dataclass(frozen=True)
class Entrant:
    """A program with a number of feeds."""

    poller: Poller
    feeds: int

    @property
    def label(self) -> str:
        """Name it in a table."""
        return f"{self.poller.name}, {self.feeds:,} feeds"


@dataclass
class Results:
    """All rounds, by entrant and phase."""

    rounds: dict[tuple[str, str], list[Round]] = field(default_factory=lambda: defaultdict(list))

    def median(self, entrant: Entrant, phase: str, what: str) -> float:
        """Return the median of one figure: feeds a second (``rate``), milliseconds a feed (``cpu``), MB."""
        found = self.rounds[entrant.label, phase]
        values = {
            "rate": [entrant.feeds / one.seconds for one in found],
            "cpu": [one.cpu / entrant.feeds * 1e3 for one in found],
            "pss": [one.whole.pss for one in found],
            "size": [one.size for one in found],
        }
        return statistics.median(values[what])

    def ratio(self, ours: Entrant, other: Entrant, phase: str) -> str:
        """Return how many times as fast we are: the median over the rounds, and the least and most."""
        pairs = zip(self.rounds[ours.label, phase], self.rounds[other.label, phase], strict=True)
        found = sorted(theirs.seconds / mine.seconds for mine, theirs in pairs)
        return f"{statistics.median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})"


@contextmanager
def stand(feeds: int, items: int = newsstand.ITEMS) -> Iterator[int]:
    """Serve so many feeds in another process and yield its port."""
    command = [sys.executable, str(Path(newsstand.__file__)), str(feeds), str(items)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        if server.stdout and server.stdin:
            yield int(server.stdout.readline())
            server.stdin.close()


def one_round(entrants: Sequence[Entrant], port: int, folder: Path, results: Results) -> None:
    """Let every entrant poll its feeds in each phase, one after the other."""
    names = {entrant.label: f"{folder.name}-{n}" for n, entrant in enumerate(entrants)}
    for entrant in entrants:
        name = names[entrant.label]
        entrant.poller.follow(folder / name, [newsstand.address(port, name, n) for n in range(entrant.feeds)])
    for phase in ("first", "again", "unchanged", "changed"):
        for entrant in entrants:
            name = names[entrant.label]
            if phase == "changed":
                newsstand.turn(port, name)
            found = entrant.poller.poll(folder / name)
            _check(entrant, phase, found.stored)
            say(f"{folder.name} {phase}: {entrant.label}: {entrant.feeds / found.seconds:,.0f} feeds/s")
            if phase != "again":
                results.rounds[entrant.label, phase].append(found)


def _check(entrant: Entrant, phase: str, stored: int) -> None:
    """Make sure that a program has done the work that it is measured by."""
    changed = len(range(1, entrant.feeds, newsstand.CHANGED)) if phase == "changed" else 0
    least = entrant.feeds * newsstand.ITEMS + changed * newsstand.NEW
    # rss2email forgets items that a page no longer shows.
    wanted = entrant.feeds * newsstand.ITEMS if entrant.poller.name in SLOW else least
    if stored < wanted * 0.999:  # what one feed says twice counts once
        raise RuntimeError(
            f"{entrant.label} has {stored:,} items after {phase}, not {wanted:,}: it did not do the work"
        )


def say(line: str) -> None:
    """Tell how far it is."""
    print(line, file=sys.stderr, flush=True)


def row(cells: Sequence[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def tables(entrants: Sequence[Entrant], results: Results) -> str:
    """Return what was measured."""
    lines = [row(["", *(f"{TITLES[p]}, feeds/s" for p in PHASES), "CPU ms a feed", "peak MB", "store MB"])]
    lines.append("| --- " * 7 + "|")
    for entrant in entrants:
        rates = [f"{results.median(entrant, phase, 'rate'):,.0f}" for phase in PHASES]
        cpu = " / ".join(f"{results.median(entrant, phase, 'cpu'):.2f}" for phase in PHASES)
        peak = max(results.median(entrant, phase, "pss") for phase in PHASES)
        size = results.median(entrant, "changed", "size")
        lines.append(row([entrant.label, *rates, cpu, f"{peak:.0f}", f"{size:.0f}"]))
    lines += ["", row(["times as fast as", *(TITLES[p] for p in PHASES)]), "| --- " * 4 + "|"]
    for ours, other in pairs(entrants):
        lines.append(row([other.label, *(results.ratio(ours, other, phase) for phase in PHASES)]))
    return "\n".join(lines)


def pairs(entrants: Sequence[Entrant]) -> Iterator[tuple[Entrant, Entrant]]:
    """Yield each other program with this one at the same number of feeds."""
    ours = {entrant.feeds: entrant for entrant in entrants if entrant.poller.name == pollers.OURS}
    yield from ((ours[other.feeds], other) for other in entrants if other.poller.name != pollers.OURS)


def grown(sizes: Sequence[int], items: int, folder: Path) -> str:
    """Return what unchanged feeds cost this program, and its memory, with more and more feeds."""
    heads = ["feeds", "first fetch, feeds/s", "unchanged, feeds/s", "CPU ms an unchanged feed", "peak MB", "sum of RSS"]
    lines = [row(heads), "| --- " * len(heads) + "|"]
    for size in sizes:
        poller, where = pollers.ours(), folder / f"grown-{size}"
        with stand(size, items) as port:
            poller.follow(where, [newsstand.address(port, "grown", n) for n in range(size)])
            first = poller.poll(where)
            again = [poller.poll(where) for _ in range(3)]
        rate = statistics.median(size / one.seconds for one in again)
        cpu = statistics.median(one.cpu / size * 1e3 for one in again)
        most = [max(one.whole.pss for one in (first, *again)), max(one.whole.rss for one in (first, *again))]
        figures = [f"{size / first.seconds:,.0f}", f"{rate:,.0f}", f"{cpu:.2f}", *(f"{value:.0f}" for value in most)]
        lines.append(row([f"{size:,}", *figures]))
        say(lines[-1])
        for path in where.iterdir():
            path.unlink()
    return "\n".join(lines)


def entered(options: argparse.Namespace) -> list[Entrant]:
    """Return who takes part, and say who does not."""
    found = {
        "reader": options.reader and pollers.reader(options.reader, options.reader_workers),
        "newsboat": options.newsboat and pollers.newsboat(options.newsboat),
        "rss2email": options.rss2email and pollers.rss2email(options.rss2email),
    }
    for name, poller in found.items():
        if not poller:
            say(f"{name} is skipped: name it with --{name}")
    others = [
        Entrant(p, min(options.feeds, options.fewer) if n in SLOW else options.feeds) for n, p in found.items() if p
    ]
    counts = dict.fromkeys([options.feeds, *(other.feeds for other in others)])
    return [*(Entrant(pollers.ours(), count) for count in counts), *others]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Polls of invented feeds, beside other programs.")
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--fewer", type=int, default=200, help="feeds of the programs that take long")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reader", metavar="PYTHON", help="an interpreter that has reader")
    parser.add_argument("--reader-workers", type=int, default=1)
    parser.add_argument("--newsboat", metavar="PROGRAM")
    parser.add_argument("--rss2email", metavar="PROGRAM", help="r2e")
    parser.add_argument("--grow", type=int, nargs="*", default=[], metavar="FEEDS")
    parser.add_argument("--items", type=int, default=newsstand.ITEMS, help="a page, with --grow")
    parser.add_argument("--chart", type=Path, metavar="FILE.svg")
    options = parser.parse_args()
    entrants, results = entered(options), Results()
    with tempfile.TemporaryDirectory(prefix="polling-") as folder:
        if options.rounds:
            with stand(options.feeds) as port:
                for number in range(options.rounds):
                    turned = entrants[number % len(entrants) :] + entrants[: number % len(entrants)]
                    one_round(turned, port, Path(folder) / f"round{number}", results)
                    say(tables(entrants, results))
            print(tables(entrants, results), flush=True)
        if options.grow:
            print(f"\n{grown(options.grow, options.items, Path(folder))}", flush=True)
    if options.chart and options.rounds:
        bars = {
            TITLES[phase]: [(one.label, results.median(one, phase, "rate")) for one in entrants] for phase in PHASES
        }
        options.chart.write_text(draw(bars, pollers.OURS), encoding="utf-8")


if __name__ == "__main__":
    main()
