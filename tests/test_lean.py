"""What a process does not use it does not load: memory is what a small machine has least of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from classifiers import learn, train

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("monitor.cli", {"sklearn", "trafilatura"}),
        ("monitor.daemon", {"sklearn", "trafilatura"}),
        ("monitor.parser", {"numpy", "scipy", "sqlalchemy", "aiohttp", "pydantic", "asyncio"}),
    ],
)
def test_what_is_not_loaded(module: str, heavy: set[str]) -> None:
    """The daemon learns nothing, and a process that reads pages does nothing else."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert heavy.isdisjoint(done.stdout.split())


def test_the_seed_is_known_without_loading_what_trains() -> None:
    """Both say the same."""
    assert learn.SEED == train.SEED
