"""Items placed per second with 10,000 to 1,000,000 stories stored, and memory; beside datasketch and rensa.

    python benchmarks/stories.py                                  # 10,000 and 100,000
    python benchmarks/stories.py --sizes 10000 100000 1000000     # takes minutes and gigabytes of disk
    python benchmarks/stories.py --others /path/to/python         # an interpreter that has datasketch and rensa

Stories are invented from the lexicon with a fixed seed and lie within 400 days, so that more of them also make each day
fuller. A database holds them as it would after pruning: keys for a week. Batches of articles of the last day are then
placed as the pipeline does: look up, compare, save; the transaction is rolled back. Times are of the processor, so
that a busy machine does not disturb them. Each size runs in a process of its own, whose peak memory is printed.
datasketch and rensa index MinHashes of the same titles and look one up: they find copies, not stories, and hold
everything in memory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

with suppress(ModuleNotFoundError):  # the other engines' interpreter need not have this project's libraries
    from monitor.core.stories import DAY, WINDOW, Around, article_keys, begin, likely, place, signed, story_keys
    from monitor.edges.store import Store
    from monitor.edges.store.stories import KEYS_KEPT, _row
    from monitor.edges.store.tables import stories, story_bands
    from monitor.model import Article, Entry, Feed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.edges.store import Work

SEED = 11
END = datetime(2030, 6, 1, tzinfo=UTC)
SPAN = timedelta(days=400)
PLACED, BATCH = 400, 20
LOADED_AT_ONCE = 2_000
WHO = ("Beijing", "Taiwan's navy", "Tokyo", "The Pentagon", "Manila", "Canberra", "Prosecutors", "The cabinet")
DID = ("warns of", "bans", "inspects", "approves", "cancels", "deploys", "tests", "delays", "seizes", "repairs")
WHAT = ("missiles", "mangoes", "a cable", "submarines", "drones", "tariffs", "a ferry", "radars", "wafers", "balloons")
WHERE = (
    "off Hualien",
    "near Kinmen",
    "in Tainan",
    "off Penghu",
    "in Geneva",
    "in Kaohsiung",
    "near Guam",
    "off Pratas",
)
SYLLABLES = ("ba", "do", "ki", "lu", "mo", "na", "pe", "ri", "su", "ta", "ve", "zo")


def drawing(seed: int) -> random.Random:
    """Return a source of chance that is the same each time."""
    return random.Random(seed)  # noqa: S311 - a fixed draw


def title(draw: random.Random) -> str:
    """Return an invented headline."""
    name = "".join(draw.choice(SYLLABLES) for _ in range(3)).title()
    parts = [draw.choice(WHO), draw.choice(DID), draw.choice(WHAT), draw.choice(WHERE)]
    return " ".join([*parts, f"as {name} talks enter day {draw.randint(3, 99)}"])


def articles(draw: random.Random, count: int, start: datetime, end: datetime) -> Iterator[Article]:
    """Yield invented articles in order of time."""
    for n in range(count):
        when = start + (end - start) * ((n + draw.random()) / count)
        source = Feed(0, "", outlet=f"Outlet {draw.randint(1, 150)}")
        entry = Entry(f"{n}", f"https://outlet.example/{n}", title(draw), "", published=when, lang="en")
        yield Article(entry, source, when, {"exercises": 0.9}, ("exercises",))


def fill(store: Store, size: int) -> None:
    """Store *size* stories of one report each; those that nothing is placed into any more repeat a few texts."""
    draw, rows, keys = drawing(SEED), [], []
    old = [_row(begin(signed(article))) for article in articles(draw, 500, END - SPAN, END)]
    with store.begin() as work:
        for at in range(1, size + 1):
            when = END - timedelta(days=1) - (SPAN - timedelta(days=1)) * (1 - at / size)
            if END - when < KEYS_KEPT:
                story = begin(signed(next(articles(draw, 1, when, when))))
                keys += [{"band": k, "story_id": at, "seen": when} for k in dict.fromkeys(story_keys(story))]
                rows.append({"id": at, **_row(story)})
            else:
                rows.append({"id": at, **old[at % len(old)], "first_seen": when, "last_seen": when})
            if len(rows) == LOADED_AT_ONCE or at == size:
                work.connection.execute(stories.insert(), rows)
                if keys:
                    work.connection.execute(story_bands.insert(), keys)
                rows, keys = [], []


def placed(work: Work, batch: Sequence[Article]) -> int:
    """Place a batch as the pipeline does; return how many pairs were compared."""
    batch = [signed(article) for article in batch]
    keys = sorted({key for article in batch for key in article_keys(article)})
    first = min(article.when for article in batch)
    reached = work.reached(keys, first - WINDOW)
    around = Around(work.crowd(first - WINDOW), work.crowd(first - DAY), reached)
    placing = place(batch, work.stories_of(likely(batch, reached)), around)
    for story in placing.stories:
        work.save_story(story, story_keys(story))
    return placing.comparisons


def ours(size: int, folder: Path) -> dict[str, Any]:
    """Measure placing with *size* stories stored."""
    store = Store(f"sqlite:///{folder / 'stories.db'}")
    store.upgrade()
    fill(store, size)
    new = list(articles(drawing(SEED + 1), PLACED, END - timedelta(days=1), END))
    seconds, comparisons = [], 0
    with suppress(_RollBack), store.begin() as work:
        for at in range(0, PLACED, BATCH):
            begun = time.process_time()
            comparisons += placed(work, new[at : at + BATCH])
            seconds.append(time.process_time() - begun)
        raise _RollBack
    store.close()
    disk = sum(file.stat().st_size for file in folder.iterdir())
    return {"per_second": BATCH / statistics.median(seconds), "compared": comparisons / PLACED, "disk_mb": disk / 1e6}


class _RollBack(Exception):  # noqa: N818 - it ends a measurement and is no error
    """Leaves the database as it was."""


def shingles(text: str) -> list[str]:
    """Return the pairs of words of a text."""
    words = text.lower().split()
    return [" ".join(words[i : i + 2]) for i in range(len(words) - 1)]


def datasketch(size: int, _folder: Path) -> dict[str, Any]:
    """Measure datasketch's MinHashLSH."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 - in its own interpreter

    def hashed(text: str) -> MinHash:
        found = MinHash(num_perm=64)
        found.update_batch([s.encode() for s in shingles(text)])
        return found

    index = MinHashLSH(threshold=0.6, num_perm=64)
    draw = drawing(SEED)
    for n in range(size):
        index.insert(str(n), hashed(title(draw)))
    return _looked_up(lambda n, text: (index.query(hashed(text)), index.insert(f"new {n}", hashed(text))))


def rensa(size: int, _folder: Path) -> dict[str, Any]:
    """Measure rensa's RMinHashLSH."""
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415 - in its own interpreter

    def hashed(text: str) -> RMinHash:
        found = RMinHash(num_perm=64, seed=SEED)
        found.update(shingles(text))
        return found

    index = RMinHashLSH(threshold=0.6, num_perm=64, num_bands=16)
    draw = drawing(SEED)
    for n in range(size):
        index.insert(n, hashed(title(draw)))
    return _looked_up(lambda n, text: (index.query(hashed(text)), index.insert(size + n, hashed(text))))


def _looked_up(one: Any) -> dict[str, Any]:
    draw, seconds = drawing(SEED + 1), []
    for at in range(0, PLACED, BATCH):
        begun = time.process_time()
        for n in range(at, at + BATCH):
            one(n, title(draw))
        seconds.append(time.process_time() - begun)
    return {"per_second": BATCH / statistics.median(seconds)}


ENGINES = {"ours": ours, "datasketch": datasketch, "rensa": rensa}


def child(engine: str, size: int) -> None:
    """Run one measurement in this process and print it."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        found = ENGINES[engine](size, Path(folder))
        found["whole_s"] = time.process_time() - begun
    found["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def measure(python: str, engine: str, size: int) -> dict[str, Any] | None:
    """Run one measurement in a process of its own; None when the engine is not installed there."""
    command = [python, __file__, "--child", engine, str(size)]
    here = os.environ if engine == "ours" else {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=here)
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        sys.exit(done.stderr or f"{engine} with {size} stored was ended by signal {-done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--others", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child[0], int(given.child[1]))
        return
    print(f"{'engine':12} {'stored':>9} {'items/s':>9} {'compared':>9} {'memory MB':>10} {'disk MB':>8} {'whole s':>8}")
    for engine in ENGINES:
        python = sys.executable if engine == "ours" else given.others
        for size in given.sizes:
            found = measure(python, engine, size)
            if found is None:
                print(f"{engine:12} not installed: give --others an interpreter that has it")
                break
            compared = f"{found['compared']:.1f}" if "compared" in found else "-"
            disk = f"{found['disk_mb']:.0f}" if "disk_mb" in found else "-"
            row = (
                f"{found['per_second']:9.0f} {compared:>9} {found['memory_mb']:10.0f} {disk:>8} {found['whole_s']:8.0f}"
            )
            print(f"{engine:12} {size:9} {row}", flush=True)


if __name__ == "__main__":
    main()
