"""Which version of the classifier is in force: the one that the database names, or the one that ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.archive import checksum, pack, unpack
from classifiers.errors import ModelError
from classifiers.extended import Extended, Trained
from classifiers.model import Classifier
from monitor.edges.store import StoredModel
from monitor.errors import MonitorError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from classifiers.keywords import CustomTheme
    from monitor.edges.store import Store, Work

KEPT = 20
"""Versions that the database keeps; the oldest make way."""
ADVICE = "the built-in model tags instead; `strait train` makes a new one, `strait train --rollback` takes an older one"


@dataclass(frozen=True, slots=True)
class InForce:
    """The classifier to work with, and how it came to be that one."""

    classifier: Extended
    version: str | None = None
    """The version that the database names, None for the built-in one; usable or not."""
    trouble: str = ""
    """Why the version that the database names is not used, and what to do."""
    since: datetime | None = None
    """When its training began; None for the built-in one."""


def builtin(custom: Iterable[CustomTheme] = ()) -> InForce:
    """Return the model that ships with the program."""
    return InForce(Extended(Trained(Classifier.builtin()), custom))


def in_force(store: Store, custom: Sequence[CustomTheme] = ()) -> InForce:
    """Return the active version; the built-in one when none is, or when the active one cannot be used."""
    with store.read() as work:
        row = work.active_model()
    if row is None:
        return builtin(custom)
    try:
        return InForce(Extended(opened(row), custom), row.version, since=row.created)
    except ModelError as error:
        fallback = builtin(custom)
        return InForce(fallback.classifier, row.version, f"model {row.version} cannot be used: {error}; {ADVICE}")


def opened(row: StoredModel) -> Trained:
    """Return what a row holds; raises ``ModelError`` when it is not whole, or made with another lexicon."""
    if not row.arrays:
        raise ModelError("its row holds no arrays")
    metrics = row.metrics if isinstance(row.metrics, dict) else {}
    if checksum(row.arrays) != metrics.get("hash"):
        raise ModelError("its row is not whole: the arrays do not match their hash")
    trained = unpack(row.arrays)
    if trained.version != row.version:
        raise ModelError(f"its row holds another model, {trained.version}")
    return trained


def put_in_force(
    store: Store, trained: Trained, instead_of: str | None, began: datetime, figures: Mapping[str, Any]
) -> None:
    """Keep a new version and make it the active one; refuse when another one than *instead_of* is active by now."""
    data = pack(trained)  # before the lock, which keeps others from writing
    with store.begin() as work:
        work.lock_models()
        if (now_active := work.active_version()) != instead_of:
            raise MonitorError(
                f"another training has put {now_active or 'the built-in model'} in place meanwhile, "
                "which this one was not compared with; run it again"
            )
        metrics = {**figures, "hash": checksum(data), "replaces": _before(work, trained.version, instead_of)}
        work.add_model(StoredModel(trained.version, began, metrics, data))
        work.activate(trained.version)
        work.forget_models(KEPT)


def _before(work: Work, version: str, active: str | None) -> str | None:
    """Return what a version replaces; one that is trained once more to the same end keeps what stood before it."""
    if version != active:
        return active
    return next((_replaced(model) for model in work.models() if model.version == version), None)


def _replaced(model: StoredModel) -> str | None:
    found = model.metrics.get("replaces") if isinstance(model.metrics, dict) else None
    return found if isinstance(found, str) else None


def roll_back(work: Work) -> tuple[str, str | None]:
    """Make the version that the active one replaced active again; return both, None for the built-in one."""
    work.lock_models()
    kept = {model.version: model for model in work.models()}
    active = next((model for model in kept.values() if model.active), None)
    if active is None:
        raise UsageError("the built-in model is in force; there is nothing before it")
    before = _replaced(active)
    before = before if before in kept else None
    work.activate(before)
    return active.version, before
