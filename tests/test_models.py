"""Which model is in force: what a database may name, what may be wrong with it, and who may change it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import newsdesk
import pytest
import structlog
from lessons import QUAKES
from samples import HOUR, NOON

from classifiers import Classifier, Text
from classifiers.archive import pack
from classifiers.extended import Trained
from classifiers.head import Head
from config.settings import defaults
from monitor import models
from monitor.app import up_to_date
from monitor.daemon import Daemon
from monitor.edges.store import StoredModel
from monitor.errors import MonitorError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.edges.store import Store

DRILL = [Text("PLA warplanes cross the median line near Taiwan")]


def head(weight: float) -> Head:
    """Return a head that tells one model from another."""
    return Head("quakes", ("w:quake",), (2.0,), 4.0, (weight, 2.0), -1.0)


@pytest.fixture(scope="session")
def shipped() -> Classifier:
    """Return the built-in model."""
    return Classifier.builtin()


@pytest.fixture(scope="session")
def made(shipped: Classifier) -> list[Trained]:
    """Return three models that differ."""
    return [Trained(shipped, (head(weight),)) for weight in (1.0, 2.0, 3.0)]


def put(store: Store, trained: Trained, instead_of: str | None) -> None:
    """Put a model in place."""
    models.put_in_force(store, trained, instead_of, NOON, {"labels": 3})


def test_the_built_in_model_is_the_first(store: Store, shipped: Classifier) -> None:
    """Where nothing was trained it tags, with the user's own themes."""
    found = models.in_force(store, [QUAKES])
    assert (found.version, found.trouble) == (None, "")
    assert found.classifier.trained.version == shipped.version
    assert found.classifier.themes[-1] == "quakes"


def test_a_model_comes_back_as_it_was_put(store: Store, made: list[Trained]) -> None:
    """With its figures, its hash, and what it replaced."""
    put(store, made[0], None)
    put(store, made[1], made[0].version)
    found = models.in_force(store)
    assert found.version == found.classifier.trained.version == made[1].version
    assert found.classifier.score(DRILL) == made[1].model.score(DRILL)
    with store.read() as work:
        row = work.active_model()
    assert row is not None
    assert (row.metrics["labels"], row.metrics["replaces"]) == (3, made[0].version)


def test_roll_back_goes_the_way_back(store: Store, made: list[Trained]) -> None:
    """To what each replaced, at last to the built-in one; what was rolled back from is not met again."""
    put(store, made[0], None)
    put(store, made[1], made[0].version)
    with store.begin() as work:
        assert models.roll_back(work) == (made[1].version, made[0].version)
    put(store, made[2], made[0].version)
    with store.begin() as work:
        assert models.roll_back(work) == (made[2].version, made[0].version)
        assert models.roll_back(work) == (made[0].version, None)
        with pytest.raises(UsageError, match="nothing before it"):
            models.roll_back(work)


def test_training_once_more_to_the_same_end_keeps_the_way_back(store: Store, made: list[Trained]) -> None:
    """A version that mends its own row does not come to replace itself."""
    put(store, made[0], None)
    put(store, made[0], made[0].version)
    with store.begin() as work:
        assert models.roll_back(work) == (made[0].version, None)


def test_a_model_that_another_training_overtook_is_refused(store: Store, made: list[Trained]) -> None:
    """It was compared with one that is no longer in force."""
    put(store, made[0], None)
    with pytest.raises(MonitorError, match=f"{made[0].version} in place meanwhile"):
        put(store, made[1], None)
    assert models.in_force(store).version == made[0].version


def test_of_trainings_at_once_one_wins(store: Store, made: list[Trained]) -> None:
    """The others hear of it; one version is active, on either database."""
    gate, said = threading.Barrier(len(made)), list[str]()

    def train(trained: Trained) -> None:
        gate.wait()
        try:
            put(store, trained, None)
        except MonitorError as error:
            said.append(str(error))

    threads = [threading.Thread(target=train, args=(trained,)) for trained in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == len(made) - 1
    assert all("meanwhile" in text for text in said)
    with store.read() as work:
        assert [model.active for model in work.models()] == [True]


def cut(row: StoredModel) -> StoredModel:
    """Return a row whose arrays were written in part."""
    return replace(row, arrays=(row.arrays or b"")[:-9])


BROKEN: dict[str, tuple[Callable[[StoredModel], StoredModel], str]] = {
    "cut off": (cut, "do not match their hash"),
    "no arrays": (lambda row: replace(row, arrays=None), "holds no arrays"),
    "empty": (lambda row: replace(row, arrays=b""), "holds no arrays"),
    "no hash": (lambda row: replace(row, metrics={}), "do not match their hash"),
    "strange figures": (lambda row: replace(row, metrics={"hash": 3, "replaces": [1]}), "do not match their hash"),
    "another version": (lambda row: replace(row, version="f00d"), "holds another model"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_row_that_is_not_whole_lets_the_built_in_model_tag(
    store: Store, made: list[Trained], shipped: Classifier, kind: str
) -> None:
    """What is wrong is told, with what to do; training or rolling back mends it."""
    change, said = BROKEN[kind]
    put(store, made[0], None)
    with store.begin() as work:
        row = change(work.active_model() or StoredModel("", NOON))
        work.add_model(row)
        work.activate(row.version)
    found = models.in_force(store, [QUAKES])
    assert found.classifier.trained.version == shipped.version
    assert found.version == row.version
    assert said in found.trouble
    assert "`strait train`" in found.trouble
    put(store, made[0], row.version)
    assert models.in_force(store).version == made[0].version


def test_a_model_of_another_lexicon_lets_the_built_in_model_tag(
    store: Store, made: list[Trained], shipped: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade of the program; the log says so, once."""
    put(store, made[0], None)
    app = newsdesk.build(store)[0]
    with structlog.testing.capture_logs() as log, monkeypatch.context() as patch:
        real = models.unpack
        patch.setattr("monitor.models.unpack", lambda data: _with_another_lexicon(real, data, patch))
        app = up_to_date(app)
        assert up_to_date(app) is app
    assert app.classifier.version == shipped.version
    assert [entry["log_level"] for entry in log] == ["warning", "info"]
    assert "another lexicon, of another version of this program" in log[0]["event"]
    assert "the built-in model tags instead" in log[0]["event"]


def _with_another_lexicon(unpack: Callable[[bytes], Trained], data: bytes, patch: pytest.MonkeyPatch) -> Trained:
    with patch.context() as inner:
        inner.setattr("classifiers.storage.lexicon_hash", lambda: "another")
        return unpack(data)


def test_a_change_is_noticed_and_nothing_else_is_read(store: Store, made: list[Trained], shipped: Classifier) -> None:
    """An app that is up to date stays the same object; one that is not works with the new model from then on."""
    app = newsdesk.build(store)[0]
    assert up_to_date(app) is app
    put(store, made[0], None)
    newer = up_to_date(app)
    assert newer.classifier.version == made[0].version
    assert up_to_date(newer) is newer
    with store.begin() as work:
        models.roll_back(work)
    assert up_to_date(newer).classifier.version == shipped.version


def test_the_daemon_takes_it_up_between_rounds(store: Store, made: list[Trained], tmp_path: Path) -> None:
    """The round after names it with each item; one that cannot be used does not stop the work."""
    app, pages, _, _ = newsdesk.build(store)
    with store.begin() as work:
        url = work.add_feed("https://daily.test/feed").url
    daemon = Daemon(app, defaults(tmp_path), lambda: (app, defaults(tmp_path)), lambda _: None)
    for expected, change in (
        ("keywords", lambda: None),
        (made[0].version, lambda: put(store, made[0], None)),
        (made[1].version, lambda: put(store, made[1], made[0].version)),
        (made[1].model.version, lambda: spoil(store)),
    ):
        change()
        pages.show(url, f"PLA drill {expected} near Taiwan")
        with store.begin() as work:
            work.update_feed(1, next_poll=NOON)
        daemon._poll()
        with store.read() as work:
            assert work.items(limit=1)[0].model == expected


def spoil(store: Store) -> None:
    """Cut the active row off and let it look like another."""
    with store.begin() as work:
        row = work.active_model() or StoredModel("", NOON)
        work.add_model(replace(cut(row), version="f00d"))
        work.activate("f00d")


def test_old_versions_make_way(store: Store, shipped: Classifier) -> None:
    """Rolling back beyond what is kept ends at the built-in model."""
    before = None
    for n in range(models.KEPT + 3):
        trained = Trained(shipped, (head(float(n)),))
        models.put_in_force(store, trained, before, NOON + n * HOUR, {})
        before = trained.version
    with store.begin() as work:
        assert len(work.models()) == models.KEPT
        while work.active_version():
            models.roll_back(work)


def test_a_row_takes_a_few_megabytes(made: list[Trained]) -> None:
    """So that a database of twenty stays small."""
    assert len(pack(made[0])) < 10_000_000
