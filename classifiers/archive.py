"""What training made as one value of bytes, for a database row: arrays and JSON in a zip, never a pickle."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from classifiers import storage
from classifiers.errors import ModelError
from classifiers.extended import Trained
from classifiers.head import Head
from classifiers.model import Classifier

if TYPE_CHECKING:
    from collections.abc import Mapping

_MODEL = "model"
_HEADS = "heads.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError, RuntimeError)
LARGEST = 500_000_000
"""More bytes than this are no model, whatever they say they are."""


def checksum(data: bytes) -> str:
    """Return a hash that tells a whole archive from a cut one."""
    return hashlib.sha256(data).hexdigest()


def pack(trained: Trained) -> bytes:
    """Return a model with its heads as bytes; the same one gives the same bytes."""
    heads = {"lexicon": storage.lexicon_hash(), "heads": [head.as_json() for head in trained.heads]}
    with tempfile.TemporaryDirectory(prefix="strait-model-") as name:
        folder = Path(name)
        trained.model.save(folder)
        files = {
            f"{_MODEL}/{path.relative_to(folder).as_posix()}": path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    return _zipped({**files, _HEADS: json.dumps(heads, ensure_ascii=False, sort_keys=True).encode()})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def unpack(data: bytes) -> Trained:
    """Return what :func:`pack` was given; raises ``ModelError`` for all else, or when made with another lexicon."""
    files = _unzipped(data)
    heads = _heads(files.pop(_HEADS, b""))
    with tempfile.TemporaryDirectory(prefix="strait-model-") as name:
        folder = Path(name)
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        try:
            return Trained(Classifier.load(folder / _MODEL), heads)
        except ModelError as error:
            raise ModelError(f"the stored model cannot be used ({str(error).replace(f'{folder}/', '')})") from error


def _unzipped(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in members) > LARGEST or not all(_inside(i.filename) for i in members):
                raise ModelError("the stored model is not an archive of ours")
            return {info.filename: archive.read(info) for info in members}
    except _BROKEN as error:
        raise ModelError(f"the stored model is broken or cut off ({error})") from error


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _heads(content: bytes) -> tuple[Head, ...]:
    try:
        value = json.loads(content)
        listed, made_with = value["heads"], value["lexicon"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the stored model lacks its custom themes ({error!r})") from error
    if made_with != storage.lexicon_hash():
        raise ModelError("trained with another lexicon, of another version of this program")
    if not isinstance(listed, list):
        raise ModelError("the stored model lacks its custom themes")
    return tuple(Head.from_json(one) for one in listed)
