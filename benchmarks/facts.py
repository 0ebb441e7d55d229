"""Texts read for facts per second on one core, and the longest any takes.

    python benchmarks/facts.py

The texts are the titles and summaries of the training corpus, most of which concern Taiwan; rounds are repeated and the
median is printed. Hostile texts of 50,000 characters are timed apart.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from classifiers import read_corpus
from monitor.app import extractor

CORPUS = Path(__file__).parent.parent / "classifiers" / "corpus"
ROUNDS = 5
HOSTILE = ("1,", "45架次、", "Taiwan 45 ", "two ", "F-", "(")


def main() -> None:
    """Print both tables."""
    reader = extractor()
    texts = [(item.text.title, item.text.summary) for item in read_corpus(CORPUS)]
    speeds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        told = sum(len(reader.read(*text).facts) for text in texts)
        speeds.append(len(texts) / (time.process_time() - start))
    print(f"{len(texts)} texts, {told} facts: {statistics.median(speeds):,.0f} texts/s (median of {ROUNDS} rounds)")
    for piece in HOSTILE:
        start = time.process_time()
        reader.read("Taiwan", piece * (50_000 // len(piece)))
        print(f"{piece!r:12} repeated to 50,000 characters: {time.process_time() - start:.2f} s")


if __name__ == "__main__":
    main()
