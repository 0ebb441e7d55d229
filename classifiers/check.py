"""Check the corpus: lines too much alike, labels that clash, thin cells, repeated frames.

python -m classifiers.check                      # exit with 1 when a line or the whole must be mended
python -m classifiers.check --like other.jsonl   # also: no line is a paraphrase of one of these
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from classifiers import coverage, lexicon
from classifiers.corpus import read_corpus
from classifiers.errors import ClassifierError
from classifiers.labelled import read_labelled
from classifiers.likeness import alike, shared_runs
from classifiers.tables import aligned
from classifiers.variety import OPENING, SEED, Variety, frame, repeated, tokens, variety

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifiers.corpus import Item
    from classifiers.labelled import Labelled

SAME_TITLE, SAME_WHOLE = 0.5, 0.4
"""From such a share of common shingles on, two headlines, or two items as a whole, say it in the same words."""
CLASH = 0.6
"""Items with different labels may be more alike: that one word decides is what contrasts are written for."""
LOOK = 0.35
"""From here on, items with different labels are worth a look."""
LEAST_SHINGLES = 10
"""A text of fewer is too short to be like another by more than its subject, unless it is the same."""
MOST_FRAMES = 2
"""A frame that more headlines fill is a template."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a line, or about the corpus when *place* is empty."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


def near_duplicates(items: Sequence[Item]) -> tuple[list[Finding], list[Finding]]:
    """Return pairs that are too much alike, and alike ones with different labels that are worth a look."""
    faults: list[Finding] = []
    looks: list[Finding] = []
    for (one, other), (part, share) in sorted(_pairs(items).items()):
        first, second = items[one], items[other]
        clash = set(first.themes) != set(second.themes)
        labels = f"labels clash: {_labels(second)} and {_labels(first)}" if clash else "same labels"
        what = "a duplicate of" if (part, share) == ("text", 1) else f"like ({part} {share:.2f})"
        finding = Finding(second.place, f"{second.id} is {what} {first.id} ({first.place}), {labels}")
        least = _limit(part, first.summary, second.summary)
        if share >= (CLASH if clash else least):
            faults.append(finding)
        elif clash:
            looks.append(finding)
    return faults, looks


def _limit(part: str, one: str, other: str) -> float:
    """Return the share from which on a part says it in the same words; without summaries the whole is a headline."""
    return SAME_WHOLE if part == "text" and one.strip() and other.strip() else SAME_TITLE


def _pairs(items: Sequence[Item]) -> dict[tuple[int, int], tuple[str, float]]:
    """Return pairs that are alike in the whole or in the title, whichever is more."""
    found: dict[tuple[int, int], tuple[str, float]] = {}
    wholes = _wholes(items)
    same = [("text", match) for match in alike(wholes, 1.0)]
    texts = [("text", match) for match in alike(wholes, LOOK, smallest=LEAST_SHINGLES)]
    titles = [("title", match) for match in alike(_titles(items), LOOK, smallest=LEAST_SHINGLES)]
    for part, match in (*same, *texts, *titles):
        best = found.get((match.one, match.other), ("", 0.0))
        found[match.one, match.other] = (part, match.share) if match.share > best[1] else best
    return found


def too_like(items: Sequence[Item], others: Sequence[Labelled], name: str) -> tuple[list[Finding], list[Finding]]:
    """Return the lines that say what an item from elsewhere says in its words, and those that may."""
    found: dict[int, tuple[float, str]] = {}
    titles, wholes = [o.text.title for o in others], [f"{o.text.title}\n{o.text.summary}" for o in others]
    for one, other, run in shared_runs(_wholes(items), wholes):
        found[one] = (1.0, f"shares “{run}” with {name}, item {others[other].id}")
    for part, texts, against in (("title", _titles(items), titles), ("text", _wholes(items), wholes)):
        for match in alike(texts, LOOK, against, LEAST_SHINGLES):
            # From one on, the words are the same; the parts have limits of their own.
            over = match.share / _limit(part, items[match.one].summary, others[match.other].text.summary)
            if over > found.get(match.one, (0.0, ""))[0]:
                found[match.one] = (over, f"is like {name}, item {others[match.other].id} ({match.share:.2f})")
    findings = [(over, Finding(items[at].place, f"{items[at].id} {reason}")) for at, (over, reason) in found.items()]
    findings.sort(key=lambda pair: -pair[0])
    return [f for over, f in findings if over >= 1], [f for over, f in findings if over < 1]


def templates(items: Sequence[Item]) -> list[Finding]:
    """Return the frames that too many headlines fill."""
    terms = lexicon.builtin()
    result = []
    for words, places in repeated(frame(item.title, terms) for item in items).items():
        if len(places) > MOST_FRAMES:
            ids = ", ".join(items[at].id for at in places)
            result.append(Finding(items[places[-1]].place, f"{len(places)} headlines fill “{' '.join(words)}”: {ids}"))
    return result


def variety_table(items: Sequence[Item], others: Sequence[Labelled] = ()) -> list[list[str]]:
    """Return how templated the texts are, beside those from elsewhere, language by language on equal amounts."""
    rows = [["", "headlines", "frames twice", "openings twice", "tokens"]]
    rows[0] += ["bits/token: words", "pairs", "triples", "distinct triples"]
    for lang in ("en", "zh"):
        mine = [(i.title, i.summary) for i in items if i.lang.startswith(lang)]
        theirs = [(o.text.title, o.text.summary) for o in others if o.lang.startswith(lang)]
        sides = [(name, side) for name, side in (("corpus", mine), ("elsewhere", theirs)) if side]
        if not mine:
            continue
        split = {name: [tokens(f"{title}\n{summary}") for title, summary in side] for name, side in sides}
        size = min(sum(map(len, texts)) for texts in split.values())
        few = min(len(side) for _, side in sides)
        rows += [
            [f"{lang} {name}", *_frames(side, few), *_measures(variety(split[name], size))] for name, side in sides
        ]
    return rows


def _frames(side: Sequence[tuple[str, str]], few: int) -> list[str]:
    terms = lexicon.builtin()
    drawn = random.Random(SEED).sample(list(side), few)  # noqa: S311 - a fixed draw
    frames = [frame(title, terms) for title, _ in drawn]
    counts = [sum(map(len, repeated(frames, length).values())) for length in (None, OPENING)]
    return [f"{few:,}", *(f"{count / few:.1%}" for count in counts)]


def _measures(of: Variety) -> list[str]:
    return [f"{of.tokens:,}", *(f"{bits:.2f}" for bits in of.entropy), f"{of.distinct:.1%}"]


def _titles(items: Sequence[Item]) -> list[str]:
    return [item.title for item in items]


def _wholes(items: Sequence[Item]) -> list[str]:
    return [f"{item.title}\n{item.summary}" for item in items]


def _labels(item: Item) -> str:
    return "+".join(item.themes) or "none"


def check(items: Sequence[Item], like: Sequence[tuple[str, Sequence[Labelled]]] = ()) -> tuple[str, list[Finding]]:
    """Return a report on the corpus and what must be mended."""
    terms = lexicon.builtin()
    faults, looks = near_duplicates(items)
    faults += templates(items)
    close: list[Finding] = []
    for name, others in like:
        wrong, near = too_like(items, others, name)
        faults, close = faults + wrong, close + near
    faults += [Finding("", reason) for reason in coverage.shortfalls(items, terms)]
    others = [item for _, side in like for item in side]
    parts = [
        aligned(coverage.table(items, terms)),
        aligned(variety_table(items, others)),
        _listed(f"thin cells (under {coverage.THIN})", coverage.thin(items)),
        _listed("alike, with different labels: worth a look", looks),
        _listed("near an item from elsewhere: worth a look", close),
        _listed("to mend", faults),
    ]
    return "\n\n".join(part for part in parts if part), faults


def _listed(title: str, lines: Sequence[object]) -> str:
    return "\n".join([f"{title}:", *(f"  {line}" for line in lines)]) if lines else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the shipped corpus; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m classifiers.check", description="Check the corpus.")
    parser.add_argument("--corpus", type=Path, help="a folder of labelled lines; the shipped one by default")
    parser.add_argument("--like", type=Path, action="append", default=[], help="labelled lines that none may be like")
    options = parser.parse_args(arguments)
    with as_file(files("classifiers")) as package:
        try:
            items = read_corpus(options.corpus or package / "corpus")
            report, faults = check(items, [(path.name, read_labelled(path)) for path in options.like])
        except ClassifierError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    sys.stdout.write(f"{report}\n\n{len(items):,} items, {len(faults)} to mend\n")
    return 1 if faults else 0


if __name__ == "__main__":  # pragma: no cover - tests call main
    sys.exit(main())
