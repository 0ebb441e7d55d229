"""Texts tagged per second, one at a time and in batches, beside a plain TF-IDF pipeline in the same run.

    python benchmarks/tagging.py

The mix is ordinary: one item in twenty is in scope, drawn with a fixed seed from the corpus and from invented headlines
of other subjects. Rounds are interleaved; medians are printed, with the ratio to the plain pipeline.
"""

from __future__ import annotations

import random
import resource
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MultiLabelBinarizer

from classifiers import Classifier, Text, read_corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CORPUS = Path(__file__).parent.parent / "classifiers" / "corpus"
ROUNDS = 5
SINGLE, BATCHED, BATCH = 400, 6400, 64
SUBJECTS = (
    "council",
    "harvest",
    "striker",
    "museum",
    "bank",
    "storm",
    "film",
    "road",
    "hospital",
    "school",
    "festival",
)
VERBS = ("opens", "warns of", "wins", "delays", "plans", "reviews", "loses", "praises", "ends", "studies", "repairs")


def mix(count: int) -> list[Text]:
    """Return texts, one in twenty of them from the corpus and about Taiwan's security."""
    chance = random.Random(7)  # noqa: S311 - a fixed draw
    relevant = [Text(item.title, item.summary) for item in read_corpus(CORPUS) if item.themes]

    def other() -> Text:
        words = [chance.choice(SUBJECTS), chance.choice(VERBS), chance.choice(SUBJECTS)]
        lead = " ".join(chance.choice(SUBJECTS + VERBS) for _ in range(25))
        return Text(" ".join(words).capitalize(), lead)

    return [chance.choice(relevant) if n % 20 == 0 else other() for n in range(count)]


def rate(run: Callable[[Sequence[Text]], object], texts: Sequence[Text], size: int) -> float:
    """Return texts a second, handed over *size* at a time."""
    start = time.perf_counter()
    for at in range(0, len(texts), size):
        run(texts[at : at + size])
    return len(texts) / (time.perf_counter() - start)


def plain() -> Callable[[Sequence[Text]], object]:
    """Return the pipeline that anyone would write first."""
    items = read_corpus(CORPUS)
    labels = MultiLabelBinarizer().fit_transform([item.themes for item in items])
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), OneVsRestClassifier(LogisticRegression(max_iter=1000)))
    model.fit([f"{item.title} {item.summary}" for item in items], labels)
    return lambda texts: model.predict_proba([f"{text.title} {text.summary}" for text in texts])


def main() -> None:
    """Measure and print."""
    start = time.perf_counter()
    ours = Classifier.builtin()
    ours.score([Text("warm up")])
    begun = time.perf_counter() - start
    theirs = plain()
    texts = mix(BATCHED)
    print(f"{'':10}{'ours, texts/s':>16}{'plain, texts/s':>16}{'ratio':>8}")
    for name, some, size in (("single", texts[:SINGLE], 1), ("batches", texts, BATCH)):
        pairs = [(rate(ours.score, some, size), rate(theirs, some, size)) for _ in range(ROUNDS)]
        mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{name:10}{mine:16,.0f}{other:16,.0f}{ratio:8.2f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"start {begun:.2f} s; peak memory of the process {memory:.0f} MB, the plain pipeline's training included")


if __name__ == "__main__":
    main()
