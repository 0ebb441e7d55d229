"""How common a term is in the long run: the share of the classifier's corpus that holds it.

``background.tsv`` is written by ``benchmarks/story_weights.py --write``, in thousandths; what it lacks is rare.
"""

from __future__ import annotations

from importlib.resources import files


def _read() -> dict[str, float]:
    text = (files("monitor.core.stories") / "background.tsv").read_text(encoding="utf-8")
    return {term: int(count) / 1000 for term, count in (line.split("\t") for line in text.splitlines())}


SHARE = _read()
