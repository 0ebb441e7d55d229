"""One round of lemon24's reader over a folder's feeds, run by an interpreter that has it.

python benchmarks/poll_reader.py FOLDER prepare WORKERS < addresses
python benchmarks/poll_reader.py FOLDER round WORKERS    # writes what it took to FOLDER/took.json
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from reader import make_reader


def main(folder: Path, what: str, workers: int) -> None:
    """Follow the feeds, or update them all."""
    with make_reader(str(folder / "reader.db")) as reader:
        if what == "prepare":
            for url in sys.stdin.read().split():
                reader.add_feed(url)
            return
        wall, cpu = time.perf_counter(), time.process_time()
        reader.update_feeds(scheduled=False, workers=workers)
        took = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    (folder / "took.json").write_text(json.dumps(took), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
