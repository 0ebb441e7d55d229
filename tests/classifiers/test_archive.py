from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import Classifier, ModelError, Text
from classifiers.archive import pack, unpack
from classifiers.extended import Trained
from classifiers.head import Head

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = Head("quakes", ("w:quake",), (2.5,), 4.0, (1.5, 2.0), -1.0, 1.0, 0.5, 0.4, 20, 12)


@pytest.fixture(scope="session")
def packed(small: Classifier) -> bytes:
    """Return a model with one head as bytes."""
    return pack(Trained(small, (HEAD,)))


def rezipped(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Return an archive with its files changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_what_comes_out_is_what_went_in(small: Classifier, packed: bytes) -> None:
    """The same answers and version; the same model gives the same bytes; nothing that is run when it is read."""
    trained = unpack(packed)
    assert trained.heads == (HEAD,)
    assert trained.version == Trained(small, (HEAD,)).version != small.version
    assert trained.model.score([Text("PLA drill near Taiwan")]) == small.score([Text("PLA drill near Taiwan")])
    assert pack(trained) == packed
    assert unpack(pack(Trained(small))).version == small.version


@given(st.data())
def test_a_half_written_model_is_refused(packed: bytes, data: st.DataObject) -> None:
    """Wherever it was cut off."""
    cut = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(ModelError, match=r"broken|cut off|lacks"):
        unpack(packed[:cut])


@given(st.binary(max_size=200))
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    """With an error of ours."""
    with pytest.raises(ModelError):
        unpack(data)


@given(st.data())
def test_a_changed_byte_is_an_error_of_ours_or_harmless(packed: bytes, small: Classifier, data: st.DataObject) -> None:
    """Never another exception, and never another model."""
    at = data.draw(st.integers(0, len(packed) - 1))
    bent = packed[:at] + bytes([packed[at] ^ data.draw(st.integers(1, 255))]) + packed[at + 1 :]
    try:
        trained = unpack(bent)
    except ModelError:
        return
    assert trained.model.version == small.version


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.pop("heads.json"), "lacks its custom themes"),
        (lambda f: f.update({"heads.json": b"[]"}), "lacks its custom themes"),
        (lambda f: f.update({"heads.json": b'{"heads": 1, "lexicon": "x"}'}), "another lexicon"),
        (lambda f: f.pop("model/arrays.npz"), "arrays.npz"),
        (lambda f: f.update({"../evil": b"x"}), "not an archive of ours"),
        (lambda f: f.update({"/evil": b"x"}), "not an archive of ours"),
    ],
)
def test_parts_that_are_missing_or_strange_are_named(packed: bytes, change: object, said: str) -> None:
    """No file lands outside the folder that is made for it, and no passing folder is named."""
    with pytest.raises(ModelError, match=said) as caught:
        unpack(rezipped(packed, change))  # type: ignore[arg-type]
    assert "/strait-model-" not in str(caught.value)


def test_an_archive_that_would_fill_the_memory_is_refused(packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the sizes that it declares, before anything is unpacked."""
    monkeypatch.setattr("classifiers.archive.LARGEST", 1000)
    with pytest.raises(ModelError, match="not an archive of ours"):
        unpack(packed)


def test_a_model_of_another_lexicon_is_refused(packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its features would mean something else."""
    monkeypatch.setattr("classifiers.storage.lexicon_hash", lambda: "another")
    with pytest.raises(ModelError, match="another lexicon"):
        unpack(packed)


def test_heads_are_plain_json(packed: bytes) -> None:
    """Readable by anyone."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert json.loads(archive.read("heads.json"))["heads"][0]["theme"] == "quakes"
