"""The classifier learns from its readers: review and train as people type them, and themes of their own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import termios
import time
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, Strait
from lessons import WITH, WITHOUT
from newsroom import Newsroom, newsroom
from samples import NOON, article, feed

from classifiers import Classifier, Text, read_corpus
from classifiers.themes import THEMES
from monitor.app import clock
from monitor.edges.store import Store, StoredModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifiers import Item

PART = 15
"""One line of the corpus in so many is enough here."""
QUAKES = """
[quakes]
name = "Earthquakes"
keywords = ["earthquake*", "地震"]
examples = "quakes.jsonl"
"""
RULE = """
[[rules]]
name = "Quakes"
themes = ["quakes"]
channels = ["terminal"]
"""


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For what trains and would only do so again on the other database."""


@pytest.fixture
def strait(tmp_path: Path, url: str) -> Strait:
    """Return the command over a folder with our configuration, once on each database."""
    (tmp_path / "monitor.toml").write_text(
        f'timezone = "UTC"\n{CONFIGURATION}[database]\nurl = "{url}"\n', encoding="utf-8"
    )
    return Strait(tmp_path)


@pytest.fixture(scope="session")
def corpus() -> list[Item]:
    """Return the shipped corpus."""
    return read_corpus(Path(str(files("classifiers") / "corpus")))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, corpus: Sequence[Item]) -> None:
    """Let training take a part of the corpus, and so a moment."""
    monkeypatch.setattr("monitor.learning.read_corpus", lambda _: list(corpus[::PART]))


def keep(store: Store, *items: tuple[str, str]) -> list[int]:
    """Store items as the built-in model tags them; return their ids."""
    texts = [Text(title, summary) for title, summary in items]
    with store.begin() as work:
        source = work.add_feed("https://daily.test/feed", outlet="Daily")
        return [
            work.save_article(
                replace(article(title, summary, feed=feed(source.id), seen=clock()), scores=a.scores, themes=a.themes),
                None,
            )
            for (title, summary), a in zip(items, Classifier.builtin().score(texts), strict=True)
        ]


def held_out(corpus: Sequence[Item], count: int) -> list[Item]:
    """Return items about drills and about nothing that the quick corpus does not hold."""
    left = [item for n, item in enumerate(corpus) if n % PART]
    return [i for i in left if "exercises" in i.themes][:count] + [i for i in left if not i.themes][:count]


@pytest.fixture
def doubted(store: Store, corpus: Sequence[Item]) -> list[int]:
    """Keep some items, a few of which the model doubts."""
    return keep(store, *((item.title, item.summary) for item in corpus[3::40]))


def labels(store: Store) -> dict[int, set[str]]:
    """Return the themes that are said to hold, by item."""
    found: dict[int, set[str]] = {}
    with store.read() as work:
        for row in work.feedback():
            found.setdefault(row.entry_id, set()).update({row.theme} if row.label else ())
    return found


def test_a_line_of_keys_answers_an_item(strait: Strait, store: Store, doubted: list[int]) -> None:
    """Toggle and accept, none, accept as shown, skip; each answer is kept with who gave it, for every theme."""
    asked = strait.json("review", "--limit", "4")
    out = strait("review", "--limit", "4", "--by", "lin", input="1y\nn\n\ns\n").stdout
    assert "3 answered by lin, 1 skipped" in out
    first, second, third, fourth = asked
    assert labels(store) == {
        first["id"]: set(first["themes"]) ^ {"exercises"},
        second["id"]: set(),
        third["id"]: set(third["themes"]),
    }
    with store.read() as work:
        rows = work.feedback()
    assert {row.author for row in rows} == {"lin"}
    assert len(rows) == 3 * len(THEMES)
    assert fourth["id"] in doubted
    assert first["title"] in out
    assert first["url"] in out


def test_the_most_doubted_come_first_and_once(strait: Strait, doubted: list[int]) -> None:
    """What was labelled does not come again; the list says how each is seen."""
    asked = strait.json("review", "--limit", "5")
    assert asked[0]["doubt"] > 0.5
    assert set(asked[0]["doubtful"]) <= set(asked[0]["scores"]) == set(THEMES)
    assert set(asked[0]["reasons"]) == set(asked[0]["doubtful"])
    strait("review", "--limit", "1", input="y\n")
    assert asked[0]["id"] not in {row["id"] for row in strait.json("review", "--limit", "500")}


def test_undo_takes_back_and_quit_keeps(strait: Strait, store: Store, doubted: list[int]) -> None:
    """Back over a skip and an answer; what was toggled is still there; what follows q is not read."""
    first, *_ = strait.json("review", "--limit", "3")
    out = strait("review", "--limit", "3", input="u\n1y\ns\nu\nu\ny\nq\ny\n").output
    assert "nothing to undo" in out
    assert "1 answered by desk, 0 skipped; 1 items are labelled" in out
    assert labels(store) == {first["id"]: set(first["themes"]) ^ {"exercises"}}


def test_what_is_no_key_is_told(strait: Strait, store: Store, doubted: list[int]) -> None:
    """The item stays; the exit code says that something was left out."""
    assert "x is no key here" in strait("review", "--limit", "1", input="x\n\x1b[A\ny\n", code=1).stderr
    assert len(labels(store)) == 1


def test_the_end_of_input_ends_it(strait: Strait, store: Store, doubted: list[int]) -> None:
    """Nothing is answered by silence; toggles without an answer are none."""
    assert "0 answered" in strait("review", input="").stdout
    strait("review", input="123")
    assert labels(store) == {}


def press(terminal: int, key: bytes) -> None:
    """Press a key once somebody waits for single ones: what was typed before is thrown away."""
    for _ in range(3000):
        if not termios.tcgetattr(terminal)[3] & termios.ICANON:
            os.write(terminal, key)
            return
        time.sleep(0.01)
    pytest.fail("nobody waits for a key")


def test_a_terminal_gives_single_keys(strait: Strait, store: Store, doubted: list[int]) -> None:
    """Without enter; control C ends it and loses nothing."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from monitor.cli import main; main()", "review", "--limit", "3"]
    with subprocess.Popen(
        [*command, "--config", str(strait.home)], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as reader:
        os.close(theirs)
        assert reader.stdout is not None
        keys, rest = iter([b"n", b"y", b"\x03"]), ""
        for line in reader.stdout:
            rest += line.decode()
            if line.startswith("  →".encode()):
                press(ours, next(keys))
    os.close(ours)
    assert reader.returncode == 0
    assert "2 answered by desk" in rest
    assert len(labels(store)) == 2


def test_one_theme_alone(strait: Strait, doubted: list[int]) -> None:
    """Only what is doubted about it; an unknown one is named."""
    assert {tuple(row["doubtful"]) for row in strait.json("review", "--theme", "coercion")} == {("coercion",)}
    assert "there is no theme 'sports'" in strait("review", "--theme", "sports", code=2).stderr


def test_with_nothing_to_ask_it_says_so(strait: Strait) -> None:
    """An empty database is no error."""
    assert "Nothing to review" in strait("review").stdout
    assert strait.json("review") == []


def test_out_as_lines_and_in_again(
    strait: Strait, store: Store, doubted: list[int], tmp_path: Path, corpus: Sequence[Item]
) -> None:
    """The doubtful ones with guesses, corrected in an editor, taken in, and out again as they were corrected."""
    sheet, out = tmp_path / "sheet.jsonl", tmp_path / "out.jsonl"
    strait("review", "--limit", "5", "--export", str(sheet), "--doubtful")
    rows = [json.loads(line) for line in sheet.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["themes"] = ["coercion"]
    rows.append({**rows[0], "id": "elsewhere"})  # the same text under another id is the same item
    rows.append({**rows[0], "id": "unknown", "title": "No such item"})
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = strait("review", "--import", str(sheet), "--by", "lin", code=1)
    assert "6 items labelled by lin" in result.stdout
    assert "item unknown: left out: no stored item has this text" in result.stderr
    assert set(map(frozenset, labels(store).values())) == {frozenset({"coercion"})}
    strait("review", "--export", str(out))
    (tmp_path / "corpus").mkdir()
    out.rename(tmp_path / "corpus" / "out.jsonl")
    again = read_corpus(tmp_path / "corpus")
    assert {item.title for item in again} == {row["title"] for row in rows[:5]}
    assert {item.themes for item in again} == {("coercion",)}


def test_a_wrong_line_takes_nothing_in(strait: Strait, store: Store, doubted: list[int], tmp_path: Path) -> None:
    """File, line and reason."""
    sheet = tmp_path / "sheet.jsonl"
    sheet.write_text('{"id": 1, "title": "a", "themes": []}\n{"id": 2, "title": "b", "themes": ["sports"]}\n')
    assert f"{sheet}:2: item 2: unknown theme 'sports'" in strait("review", "--import", str(sheet), code=1).stderr
    assert labels(store) == {}
    assert "cannot be read" in strait("review", "--import", str(tmp_path / "none.jsonl"), code=1).stderr


def test_what_does_not_go_together_is_refused(strait: Strait) -> None:
    """Exit code 2."""
    strait("review", "--doubtful", code=2)
    strait("review", "--by", " ", code=2)
    strait("review", "--import", "a", "--export", "b", code=2)


@pytest.fixture
def taught(strait: Strait, store: Store, corpus: Sequence[Item]) -> list[Item]:
    """Store items and label them as they are."""
    items = list(corpus[: 40 * PART : PART])
    ids = keep(store, *((item.title, item.summary) for item in items))
    with store.begin() as work:
        for ident, item in zip(ids, items, strict=True):
            for theme in THEMES:
                work.add_feedback(ident, theme, label=theme in item.themes, author="lin", at=clock())
    return items


@pytest.mark.usefixtures("quick")
def test_the_way_there_and_back(strait: Strait, store: Store, taught: list[Item]) -> None:
    """Before and after as a table; in place; nothing new to learn; listed; rolled back."""
    out = strait("train", "--folds", "2").stdout
    assert "the corpus, cross-validated" in out
    assert "readers' labels never trained on" in out
    assert "in place of the built-in model" in out
    (row, builtin) = strait.json("train", "--list")
    assert row["active"]
    assert not builtin["active"]
    assert row["labels"] + row["metrics"]["exams"][1]["items"] == len(taught)
    assert row["version"] in strait("doctor").stdout
    assert "nothing new to learn" in strait("train").stdout
    assert "the built-in model is in force again" in strait("train", "--rollback").stdout
    assert strait.json("train", "--list")[-1]["active"]
    assert "nothing before it" in strait("train", "--rollback", code=2).stderr


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_a_dry_run_changes_nothing(strait: Strait, taught: list[Item]) -> None:
    """It only tells."""
    assert "nothing was changed" in strait("train", "--dry-run", "--folds", "2").stdout
    assert len(strait.json("train", "--list")) == 1


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_a_worse_model_is_refused_unless_forced(strait: Strait, store: Store, corpus: Sequence[Item]) -> None:
    """Exit code 1 and what became worse; nothing is put in place; with force it is, and the row says so."""
    ids = keep(store, *((item.title, item.summary) for item in held_out(corpus, 90)))
    with store.begin() as work:
        for ident in ids:
            for theme in THEMES:
                work.add_feedback(ident, theme, label=False, author="mallory", at=clock())
    result = strait("train", "--folds", "2", code=1)
    assert "refused, it is worse: " in result.stderr
    assert "(the corpus, cross-validated)" in result.stderr.splitlines()[-1]
    assert len(strait.json("train", "--list")) == 1
    strait("train", "--folds", "2", "--force")
    assert strait.json("train", "--list")[0]["metrics"]["forced"] is True


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_labels_for_a_theme_that_is_gone_are_told_and_left_out(
    strait: Strait, store: Store, taught: list[Item]
) -> None:
    """As after a block was taken out of themes.toml."""
    with store.begin() as work:
        work.add_feedback(1, "cables", label=True, author="lin", at=clock())
    result = strait("train", "--dry-run", "--folds", "2")
    assert "1 items are labelled for cables, which is no theme" in result.stderr


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_a_broken_row_is_told_and_mended(strait: Strait, store: Store) -> None:
    """Every command that needs the model says so and works on; training once more mends it."""
    with store.begin() as work:
        work.add_model(StoredModel("f00d", NOON, {}, b"PK half of it"))
        work.activate("f00d")
    said = "model f00d cannot be used"
    result = strait("tag", "-", input='{"id": 1, "title": "PLA live-fire drill near Taiwan"}\n')
    assert said in result.stderr
    assert json.loads(result.stdout)["themes"] == ["exercises"]
    assert said in strait("doctor").stdout
    assert said in strait("review", "--json").stderr
    strait("train")
    assert said not in strait("doctor").stdout


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_flags_that_contradict_each_other(strait: Strait) -> None:
    """Exit code 2."""
    strait("train", "--list", "--rollback", code=2)
    strait("train", "--rollback", "--dry-run", code=2)


@pytest.fixture
def lines(strait: Strait) -> Path:
    """Write the block, and twenty labelled lines beside it."""
    (strait.home / "themes.toml").write_text(QUAKES, encoding="utf-8")
    path = strait.home / "quakes.jsonl"
    rows = [{"id": n, "title": t, "themes": ["quakes"] if t in WITH else []} for n, t in enumerate(WITH + WITHOUT)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def tagged(strait: Strait, *titles: str) -> list[dict[str, object]]:
    """Return what tag says of titles."""
    given = "".join(json.dumps({"id": n, "title": title}) + "\n" for n, title in enumerate(titles))
    return [json.loads(line) for line in strait("tag", "-", input=given).stdout.splitlines()]


@pytest.fixture
def served() -> Iterator[Newsroom]:
    """Return a newsroom."""
    with newsroom() as room:
        yield room


def test_it_works_the_minute_it_is_written(strait: Strait, lines: Path, served: Newsroom) -> None:
    """In tags, alerts, lists, explanations and the digest, from its keywords."""
    monitor = strait.home / "monitor.toml"
    monitor.write_text(monitor.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    (answer,) = tagged(strait, "花莲地震 多人受困")
    assert "quakes" in answer["themes"]  # type: ignore[operator]
    strait("feeds", "add", f"{served.url}/0", "--outlet", "Outlet")
    strait("run", "--once")
    served.items[0].insert(0, "Strong earthquake shakes Hualien")
    out = strait("run", "--once", "--force").stdout
    assert "| Earthquakes\nStrong earthquake shakes Hualien" in out
    (item,) = strait.json("items", "--theme", "quakes")
    assert item["themes"] == ["quakes"]
    assert item["model"].count("+") == 1
    assert strait.json("search", "hualien")[0]["themes"] == ["quakes"]
    assert "for: “earthquake*”" in strait("alerts", "explain", str(item["id"])).stdout
    (would,) = strait.json("rules", "test", "1d")
    assert (would["rule"], would["theme"]) == ("Quakes", "quakes")
    assert "Strong earthquake" in strait("digest", "--date", item["seen"][:10]).stdout
    assert "there is no theme 'sports'" in strait("items", "--theme", "sports", code=2).stderr


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_twenty_lines_teach_it_and_no_other_theme_moves(strait: Strait, lines: Path) -> None:
    """What no keyword names is found afterwards; all other answers stay as they were."""
    titles = ["Strong quake felt in Taipei", "PLA drill near Taiwan", "US approves F-16 sale to Taiwan"]
    before = tagged(strait, *titles)
    out = strait("train").stdout
    assert "quakes: trained on 20 labelled lines, 12 of which carry it" in out
    after = tagged(strait, *titles)
    assert [row["themes"] for row in after] == [["quakes"], *(row["themes"] for row in before[1:])]
    for row in (*before, *after):
        row["scores"].pop("quakes")
    assert [row["scores"] for row in after] == [row["scores"] for row in before]
    strait("train", "--rollback")
    assert tagged(strait, titles[0])[0]["themes"] == []


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_it_can_be_labelled_by_key(strait: Strait, store: Store, lines: Path) -> None:
    """Its key comes after those of the built-in themes; asked about alone, nothing is said of the others."""
    keep(store, ("Strong earthquake shakes Hualien", ""), ("Undersea earthquake, no damage", ""))
    assert "8 quakes" in strait("review", "--limit", "1", input="").stdout
    out = strait("review", "--theme", "quakes", "--limit", "1", input="1y\n").stdout
    assert "1 quakes" in out
    with store.read() as work:
        (said,) = work.feedback()
    assert (said.theme, said.label) == ("quakes", False)


def test_rules_are_tried_on_what_was_stored_before_the_theme_was_written(
    strait: Strait, store: Store, lines: Path
) -> None:
    """Its keywords are looked for in the past; what was decided of other themes stays."""
    keep(store, ("Strong earthquake shakes Hualien", ""), ("PLA live-fire drill near Taiwan", ""))
    monitor = strait.home / "monitor.toml"
    monitor.write_text(monitor.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    found = {row["rule"]: row["headline"] for row in strait.json("rules", "test", "1d")}
    assert found == {"Quakes": "Strong earthquake shakes Hualien", "Drills": "PLA live-fire drill near Taiwan"}


@on_sqlite
@pytest.mark.usefixtures("quick")
def test_lines_that_cannot_be_read_are_named(strait: Strait, lines: Path) -> None:
    """File, line and reason; a file that is not there."""
    lines.write_text('{"id": 1, "title": "a", "themes": ["quake"]}\n', encoding="utf-8")
    assert "quakes.jsonl:1: item 1: unknown theme 'quake'" in strait("train", code=1).stderr
    lines.unlink()
    assert "quakes.jsonl: cannot be read" in strait("train", code=1).stderr
