from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from classifiers import Classifier, ModelError, Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(small: Classifier, tmp_path: Path) -> Path:
    """Return a folder with a saved model."""
    small.save(tmp_path)
    return tmp_path


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a JSON file in place."""
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def test_a_saved_model_gives_the_same_answers(small: Classifier, folder: Path) -> None:
    """Loading brings back version, thresholds, metadata and scores."""
    loaded = Classifier.load(folder)
    text = [Text("Taiwan tracks PLA warplanes", "Fourteen crossed the median line.")]
    assert loaded.version == small.version
    assert loaded.thresholds == small.thresholds
    assert loaded.meta["sources"] == small.meta["sources"]
    assert loaded.score(text) == small.score(text)


def test_saving_twice_gives_the_same_bytes(small: Classifier, folder: Path, tmp_path_factory: Any) -> None:
    """A model's files depend on the model alone."""
    other = tmp_path_factory.mktemp("again")
    small.save(other)
    for path in folder.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes()


def test_other_numbers_are_another_version(small: Classifier, folder: Path) -> None:
    """The version follows from what decides the answers."""
    loaded = Classifier.load(folder)
    loaded.parameters.intercept[0] += 1
    assert loaded.version != small.version


@pytest.mark.parametrize("name", ["arrays.npz", "vocabulary.json", "meta.json"])
@pytest.mark.parametrize("content", [None, b"", b"not what it was", b"[1]"])
def test_a_missing_or_broken_file_is_named(folder: Path, name: str, content: bytes | None) -> None:
    """Whatever file is gone or garbled, the error names it."""
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        Classifier.load(folder)


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("meta.json", lambda v: v.update(format=99), "format 99"),
        ("meta.json", lambda v: v.update(hash="0"), "do not match"),
        ("vocabulary.json", lambda v: v["words"].pop(), "shape"),
        ("vocabulary.json", lambda v: v.pop("scales"), "lacks"),
        ("vocabulary.json", lambda v: v.update(words="x"), "lacks"),
        ("vocabulary.json", lambda v: v["words"].reverse(), "do not match"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(folder: Path, name: str, change: Any, reason: str) -> None:
    """A changed part is found by its shape or by the hash over all parts."""
    edit(folder / name, change)
    with pytest.raises(ModelError, match=reason):
        Classifier.load(folder)


def test_pickled_arrays_are_refused(folder: Path) -> None:
    """An array that would run code when loaded is an error."""
    np.savez(folder / "arrays.npz", coef=np.array([object()], dtype=object), allow_pickle=True)
    with pytest.raises(ModelError, match=r"arrays\.npz"):
        Classifier.load(folder)


def test_numbers_that_are_none_are_refused(small: Classifier, tmp_path: Path) -> None:
    """A model with NaN in it is broken."""
    arrays = {**small._arrays(), "intercept": np.full(7, np.nan)}
    small.save(tmp_path)
    np.savez(tmp_path / "arrays.npz", allow_pickle=False, **arrays)
    with pytest.raises(ModelError, match="intercept"):
        Classifier.load(tmp_path)


def test_a_model_of_another_lexicon_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features stand on the lexicon, so a changed lexicon needs a new training."""
    monkeypatch.setattr("classifiers.storage.lexicon_hash", lambda: "another")
    with pytest.raises(ModelError, match="another lexicon"):
        Classifier.load(folder)
