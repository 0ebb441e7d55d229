"""A model on disk: arrays without pickle, JSON, and a hash that ties them together."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifiers import lexicon
from classifiers.errors import ModelError
from classifiers.features import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = 2
_ARRAYS, _VOCABULARY, _META = "arrays.npz", "vocabulary.json", "meta.json"
_OTHERS = {"lexicon", "scales", "typical"}
Arrays = dict[str, NDArray[Any]]


def digest(arrays: Mapping[str, NDArray[Any]], vocabulary: Mapping[str, Any]) -> str:
    """Return a hash over every number and name of a model."""
    total = hashlib.sha256(json.dumps(vocabulary, sort_keys=True, ensure_ascii=False).encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name}{array.dtype}{array.shape}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def lexicon_hash() -> str:
    """Return a hash of the shipped lexicon, which a model's features stand on."""
    total = hashlib.sha256()
    for name, text in lexicon.sources().items():
        total.update(f"{name}\n{text}".encode())
    return total.hexdigest()


def write(folder: Path, arrays: Arrays, vocabulary: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
    """Write a model; the same values give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / _ARRAYS, allow_pickle=False, **arrays)
    (folder / _VOCABULARY).write_text(_json(vocabulary, None), encoding="utf-8")
    full = {**meta, "format": FORMAT, "hash": digest(arrays, vocabulary)}
    (folder / _META).write_text(_json(full, 1), encoding="utf-8")


def _json(value: Mapping[str, Any], indent: int | None) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=indent) + "\n"


def read(folder: Path) -> tuple[Arrays, dict[str, Any], dict[str, Any]]:
    """Read a model and prove that its parts belong together."""
    meta = _object(folder / _META)
    if meta.get("format") != FORMAT:
        raise ModelError(f"{folder / _META}: format {meta.get('format')!r}, this program reads {FORMAT}; train it anew")
    vocabulary = _object(folder / _VOCABULARY)
    arrays = _read_arrays(folder / _ARRAYS)
    _check_shapes(folder, arrays, vocabulary)
    if digest(arrays, vocabulary) != meta.get("hash"):
        raise ModelError(f"{folder}: the files do not match the hash in {_META}; restore or train the model anew")
    if vocabulary["lexicon"] != lexicon_hash():
        raise ModelError(f"{folder}: trained with another lexicon; run python -m classifiers.train")
    return arrays, vocabulary, meta


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: {error}; restore it or train the model anew") from error
    if not isinstance(value, dict):
        raise ModelError(f"{path}: not a JSON object; restore it or train the model anew")
    return value


def _read_arrays(path: Path) -> Arrays:
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: {error}; restore it or train the model anew") from error


def _check_shapes(folder: Path, arrays: Arrays, vocabulary: Mapping[str, Any]) -> None:
    lists = ("themes", *BLOCKS)
    if not all(isinstance(vocabulary.get(k), list) for k in lists) or not set(vocabulary) >= _OTHERS:
        wanted = ", ".join((*lists, *sorted(_OTHERS)))
        raise ModelError(f"{folder / _VOCABULARY}: lacks one of {wanted}; train the model anew")
    themes, *columns = (len(vocabulary[k]) for k in lists)
    shapes: dict[str, tuple[int, ...]] = {
        "coef": (themes, sum(columns)),
        "intercept": (themes,),
        "calibration": (themes, 2),
        "thresholds": (themes,),
        **{f"{name}_idf": (count,) for name, count in zip(BLOCKS, columns, strict=True)},
    }
    for name, shape in shapes.items():
        if name not in arrays or arrays[name].shape != shape or not np.isfinite(arrays[name]).all():
            raise ModelError(f"{folder / _ARRAYS}: {name} is not a finite array of shape {shape}; train the model anew")
