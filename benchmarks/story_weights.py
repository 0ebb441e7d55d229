"""Learn how reports of one event are told from others, and print how well that goes on weeks left out.

    python benchmarks/story_weights.py            # the figures
    python benchmarks/story_weights.py --write    # and monitor/core/stories/weights.py and background.tsv

The reports in tests/data/stories.jsonl are invented: weeks of news with their near misses. Each pair of reports not
more than three days apart is one example. The weights are those of a logistic regression drawn towards what was
expected of each feature (EXPECTED), so that few examples cannot turn a feature over. Background shares come from the
classifier's corpus: how many of its items hold a term.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from monitor.core.stories import background, likeness, place, weights
from monitor.core.stories.fingerprint import fingerprint
from monitor.core.stories.placing import DAY, WINDOW
from monitor.core.stories.rarity import Times
from monitor.core.stories.signature import signature
from monitor.model import Article, Entry, Feed, Signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

HERE = Path(__file__).parent
REPORTS = HERE.parent / "tests" / "data" / "stories.jsonl"
CORPUS = HERE.parent / "classifiers" / "corpus"
PACKAGE = Path(weights.__file__).parent
STRENGTH = 60.0
"""How strongly the weights are drawn towards the expected ones, in units of examples."""
HELD = {"elsewhere": 50.0}
"""How many times as strongly some are: names in invented reports are unknown ones, which in real reports says more."""
MARGIN = 0.1
"""Joining costs less than the odds say: a story told twice harms less than half a story is worth."""
LEAST_SHARE = 0.002
"""Terms that fewer of the corpus hold are as rare as unknown ones."""
EXPECTED = {
    "rarest_shared": 2.2,
    "three_rarest": 1.2,
    "pair_shared": 0.6,
    "jaccard": 0.5,
    "overlap": 0.5,
    "lead_overlap": 0.6,
    "languages": 1.0,
    "jaccard_across": 0.8,
    "elsewhere": -2.0,
    "lone": -0.7,
    "lone_across": -1.0,
    "thing_odd": -0.5,
    "things_differ": -0.3,
    "name_odd": -0.5,
    "names_differ": -0.8,
    "systems_clash": -2.0,
    "both_say": -0.6,
    "one_says": -0.9,
    "same_voice_says": 1.8,
    "voices_clash": -0.6,
    "voices_clash_saying": -1.5,
    "states_clash": 0.0,
    "third_states_clash": -2.0,
    "both_coming": 1.2,
    "one_coming": -0.9,
    "same_phase": 0.4,
    "phases_clash": -0.4,
    "one_apart": -3.0,
    "both_apart": -1.2,
    "counts_agree": 1.6,
    "counts_clash": -4.0,
    "number_shared": 0.4,
    "numbers_clash": -0.4,
    "figures_shared": 0.2,
    "first_day": -1.7,
    "further_days": -1.7,
    "first_day_saying": 1.0,
    "first_day_coming": 1.0,
}
EXPECTED_INTERCEPT = -4.5


@dataclass(frozen=True)
class Week:
    """Invented news of some days, with the story of each report."""

    reports: list[Article]
    stories: list[str]


@dataclass(frozen=True)
class Pairs:
    """Examples: features, how crowded the day was, and whether both reports tell of one event."""

    features: NDArray[np.float64]
    crowds: NDArray[np.float64]
    same: NDArray[np.float64]


def weeks() -> dict[str, Week]:
    """Return the invented weeks by name."""
    found: defaultdict[str, Week] = defaultdict(lambda: Week([], []))
    for line in REPORTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        when = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)
        entry = Entry(row["id"], "", row["title"], row["summary"], published=when, lang=row["lang"])
        week = found[row["week"]]
        week.reports.append(Article(entry, Feed(0, "", outlet=row["source"]), when, {}, ()))
        week.stories.append(row["story"])
    return dict(found)


def signatures(week: Week) -> list[Signature]:
    """Return the signatures of a week's reports."""
    return [
        signature(a.entry.title, a.entry.summary, a.when, fingerprint(a.entry.title, a.entry.summary))
        for a in week.reports
    ]


def pairs(week: Week) -> Pairs:
    """Return the examples of a week."""
    signs = signatures(week)
    times = Times([(s.when, s.terms | s.more) for s in signs], timedelta(days=99))
    rarity = times.rarity(min(s.when for s in signs))
    crowds = [times.crowd(s.when, DAY) for s in signs]
    near = [(i, j) for i, j in combinations(range(len(signs)), 2) if abs(signs[i].when - signs[j].when) <= WINDOW]
    rows = [likeness.features(signs[i], signs[j], rarity) for i, j in near]
    return Pairs(
        np.array([[row[name] for name in EXPECTED] for row in rows]),
        np.array([np.log(max(likeness.QUIET, (crowds[i] + crowds[j]) / 2) / likeness.ORDINARY_CROWD) for i, j in near]),
        np.array([week.stories[i] == week.stories[j] for i, j in near], dtype=float),
    )


def learn(examples: Sequence[Pairs]) -> dict[str, float]:
    """Return the weights by name, the intercept under ``""``."""
    features = np.vstack([e.features for e in examples])
    features = np.hstack([features, np.ones((len(features), 1))])
    crowds = np.hstack([e.crowds for e in examples])
    same = np.hstack([e.same for e in examples])
    expected = np.array([*EXPECTED.values(), EXPECTED_INTERCEPT])
    pull = np.array([*(STRENGTH * HELD.get(name, 1.0) for name in EXPECTED), STRENGTH / 1000])

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = features @ w - crowds
        off = w - expected
        gradient = features.T @ (1 / (1 + np.exp(-z)) - same) + 2 * pull * off
        return float((np.logaddexp(0, z) - same * z).sum() + (pull * off**2).sum()), gradient

    found = minimize(loss, expected, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return {**dict(zip(EXPECTED, map(float, found), strict=False)), "": float(found[-1]) + MARGIN}


def b_cubed(gold: Sequence[str], guess: Sequence[int]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 (Bagga and Baldwin 1998)."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for at, (one, other) in enumerate(zip(gold, guess, strict=True)):
        wanted[one].add(at)
        found[other].add(at)
    both = [len(wanted[g] & found[p]) for g, p in zip(gold, guess, strict=True)]
    precision = sum(n / len(found[p]) for n, p in zip(both, guess, strict=True)) / len(gold)
    recall = sum(n / len(wanted[g]) for n, g in zip(both, gold, strict=True)) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def pair_f1(gold: Sequence[str], guess: Sequence[int]) -> float:
    """Return the F1 over pairs of reports put together."""
    wanted = {(i, j) for i, j in combinations(range(len(gold)), 2) if gold[i] == gold[j]}
    found = {(i, j) for i, j in combinations(range(len(gold)), 2) if guess[i] == guess[j]}
    return 2 * len(wanted & found) / max(1, len(wanted) + len(found))


def judged(week: Week, learned: dict[str, float]) -> tuple[float, float, float, float]:
    """Return B-cubed precision, recall, F1 and pairwise F1 of a week placed with some weights."""
    likeness.INTERCEPT = learned[""]  # type: ignore[misc]
    likeness.WEIGHTS = {name: learned[name] for name in EXPECTED}
    guess = [placed.story for placed in place(week.reports, []).placed]
    return (*b_cubed(week.stories, guess), pair_f1(week.stories, guess))


def shares() -> dict[str, float]:
    """Return how many of the corpus's items hold each term that is not rare."""
    held: Counter[str] = Counter()
    total = 0
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            sign = signature(row["title"], row["summary"], datetime(2000, 1, 1, tzinfo=UTC), ())
            held.update(sign.terms | sign.more)
            total += 1
    common = ((term, count / total) for term, count in held.items() if count / total >= LEAST_SHARE)
    return dict(sorted(common, key=lambda pair: (-pair[1], pair[0])))


def main() -> None:
    """Measure, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write weights.py and background.tsv")
    write = parser.parse_args().write
    if write:
        found_shares = {term: round(share, 3) for term, share in shares().items()}
        background.SHARE.clear()
        background.SHARE.update(found_shares)
        (PACKAGE / "background.tsv").write_text(_table(background.SHARE), encoding="utf-8")
    found = weeks()
    examples = {name: pairs(week) for name, week in found.items()}
    print(f"{'week left out':14} reports stories  B-cubed P     R    F1  pairs F1")
    rows = []
    for name, week in found.items():
        rows.append(judged(week, learn([e for other, e in examples.items() if other != name])))
        print(
            f"{name:14} {len(week.reports):7} {len(set(week.stories)):7}       "
            + " ".join(f"{v:.3f}" for v in rows[-1])
        )
    print(f"{'mean':14} {'':15}       " + " ".join(f"{v:.3f}" for v in np.mean(rows, axis=0)))
    learned = learn(list(examples.values()))
    if write:
        (PACKAGE / "weights.py").write_text(_weights(learned), encoding="utf-8")


def _weights(learned: dict[str, float]) -> str:
    lines = [f'    "{name}": {learned[name]:.3f},  # expected {EXPECTED[name]:+.1f}' for name in EXPECTED]
    head = '"""The weights of features in log-odds; written by ``benchmarks/story_weights.py --write``."""'
    return "\n".join([head, "", f"INTERCEPT = {learned['']:.3f}", "WEIGHTS: dict[str, float] = {", *lines, "}", ""])


def _table(found: dict[str, float]) -> str:
    return "".join(f"{term}\t{share * 1000:.0f}\n" for term, share in found.items())


if __name__ == "__main__":
    main()
