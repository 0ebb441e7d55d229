"""The command where things are odd: hard inputs, no daemon, a reader that goes away, a disk that is full."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from commands import CONFIGURATION, DRILL, Strait
from structlog.testing import capture_logs

from config.settings import load
from monitor import app as composition
from monitor.app import clock
from monitor.cli import main
from monitor.cli.running import _reload, summary
from monitor.cli.shared import cell, json_line, show
from monitor.edges.store import Store
from monitor.outbox import Delivered
from monitor.pipeline import Polled

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = (sys.executable, "-c", "from monitor.cli import main; main()")
ROOT = Path(__file__).parent.parent
HUGE = "9" * 20


@pytest.fixture
def strait(tmp_path: Path) -> Strait:
    """Return the command over a folder with our configuration."""
    return configured(Strait(tmp_path))


def configured(strait: Strait, more: str = "") -> Strait:
    """Add to the configuration."""
    (strait.home / "monitor.toml").write_text(CONFIGURATION + more, encoding="utf-8")
    return strait


@contextmanager
def database(strait: Strait) -> Iterator[Store]:
    """Open the command's database."""
    with closing(Store(f"sqlite:///{strait.home}/strait.db")) as store:
        store.upgrade()
        yield store


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "line",
    [
        ("alerts", "show", HUGE),
        ("alerts", "explain", HUGE),
        ("alerts", "ack", HUGE),
        ("alerts", "ack", "0"),
        ("alerts", "replay", HUGE),
        ("alerts", "replay", "--delivery", "x"),
        ("feeds", "remove", HUGE),
        ("feeds", "remove", "²"),
        ("feeds", "set", "١"),
        ("feeds", "add", "http://a.example", "--kind", "rumour"),
        ("items", "--since", "9000000d"),
        ("items", "--since", "0001-01-01T00:00+23:00"),
        ("items", "--theme", "sports"),
        ("items", "--limit", "0"),
        ("rules", "test", "9000000d"),
        ("rules", "test", "2026-13-45"),
        ("digest", "--date", "0001-01-01"),
        ("digest", "--date", "9999-12-31"),
        ("digest", "--date", "yesterday"),
        ("digest", "--format", "pdf"),
        ("demo",),
        ("nothing",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_asked_for_is_refused(strait: Strait, line: tuple[str, ...]) -> None:
    """Exit code 2 and a reason, whatever the number or the day."""
    assert strait(*line, code=2).stderr


@pytest.mark.parametrize(
    "line",
    [
        ("run", "--once"),
        ("feeds", "list"),
        ("feeds", "check"),
        ("alerts", "list"),
        ("alerts", "list", "--dead"),
        ("search", "x"),
        ("rules", "test", "1d"),
        ("digest",),
        ("db", "upgrade"),
        ("db", "prune"),
        ("db", "backup", "copy.db"),
        ("doctor", "--alive"),
    ],
    ids=" ".join,
)
def test_a_broken_database_is_named(strait: Strait, line: tuple[str, ...]) -> None:
    """By every command that opens it, with exit code 1 and what to do."""
    (strait.home / "strait.db").write_bytes(b"this is no database" * 100)
    said = strait(*line, code=1).stderr
    assert "strait.db" in said
    assert "restore a backup" in said


def test_places_that_cannot_be_written_are_named(strait: Strait) -> None:
    """A copy, a folder of defaults, a file channel."""
    assert "/nowhere/copy.db" in strait("db", "backup", "/nowhere/copy.db", code=1).stderr
    (strait.home / "file").write_text("x", encoding="utf-8")
    inside = str(strait.home / "file" / "home")
    assert f"{inside}: cannot be written" in CliRunner().invoke(main, ["init", inside]).stderr
    configured(strait, '[channels.log]\nkind = "file"\npath = "/nowhere/log.txt"\n')
    rows = [json.loads(line) for line in strait("doctor", "--send-test", "--json", code=1).stdout.splitlines()[2:]]
    assert [(row["what"], "/nowhere" in row["say"]) for row in rows if row["state"] == "wrong"] == [
        ("channel log", True)
    ]


def test_alive_only_looks(strait: Strait) -> None:
    """Where there is no database none is made."""
    assert "is not there" in strait("doctor", "--alive", code=1).stderr
    assert not (strait.home / "strait.db").exists()


@pytest.mark.parametrize(
    ("minutes", "tick", "code"), [(None, "30s", 1), (11, "30s", 1), (9, "30s", 0), (39, "20m", 0), (41, "20m", 1)]
)
def test_alive_wants_a_late_round(strait: Strait, minutes: int | None, tick: str, code: int) -> None:
    """None in ten minutes, or in two ticks where they are longer, is an error; else nothing is said."""
    configured(strait, f'[schedule]\ntick = "{tick}"\n')
    with database(strait) as store, store.begin() as work:
        if minutes is not None:
            work.beat(clock() - timedelta(minutes=minutes))
    result = strait("doctor", "--alive", code=code)
    assert result.stdout == ""
    assert ("no round for" in result.stderr) is bool(code)
    assert any("is 'strait run' running?" in row["say"] for row in strait.json("doctor")) is bool(code)


def test_the_doctor_and_the_run_warn_of_plain_secrets(strait: Strait) -> None:
    """By the key, never by the value."""
    configured(strait, '[channels.d]\nkind = "slack"\nwebhook_url = "https://hooks.example/s3cret"\n')
    for line in (("doctor",), ("run", "--once")):
        done = program(strait, *line)
        assert "channels.d.webhook_url is written plainly" in done.stdout + done.stderr
        assert "s3cret" not in done.stdout + done.stderr


def test_a_round_in_words() -> None:
    """What the first poll held back and a digest are told when there are such."""
    polled, delivered = Polled(feeds=2, failed=1, items=5, tagged=3, alerts=1), Delivered(sent=4, put_off=2, dead=1)
    words = (
        "2 feeds polled, 1 failed; 5 new items, 3 with a theme\n1 alerts; 4 messages sent, 2 put off, 1 dead",
        "3 more would have alerted, but the first poll of a feed is silent",
        "the digest was due",
    )
    assert summary(polled, delivered, digest=False) == words[0]
    assert summary(replace(polled, held=3), delivered, digest=True) == "\n".join(words)


def test_a_reload_keeps_the_database_it_has(strait: Strait) -> None:
    """Another address takes a restart, which is said; the rest is taken over."""
    old = load(strait.home, {})
    with database(strait) as store:
        app = composition.build(old, store)
        configured(strait, '[database]\nurl = "sqlite:///other.db"\n[schedule]\ndigest = "06:00"\n')
        with capture_logs() as said:
            new, _ = _reload(old, app)
    assert [entry["log_level"] for entry in said] == ["warning"]
    assert (new.store, new.digest_at) == (store, time(6))


def test_a_feed_that_was_retired_is_taken_up_again(strait: Strait) -> None:
    """By setting anything about it."""
    url = "https://a.example/feed"
    strait("feeds", "add", url)
    with database(strait) as store, store.begin() as work:
        work.update_feed(1, status="gone")
    assert any(row["what"].startswith("feed") for row in strait.json("doctor"))
    strait("feeds", "set", "1", "--outlet", "A")
    assert [(row["status"], row["outlet"]) for row in strait.json("feeds", "list")] == [("new", "A")]


def test_feeds_are_imported_from_an_address(strait: Strait) -> None:
    """Guarded as feeds are; what is no OPML or not there is told."""
    outline = '<opml><body><outline text="One" xmlUrl="https://one.example/feed"/></body></opml>'
    (strait.home / "list.opml").write_text(outline, encoding="utf-8")
    with served(strait.home) as url:
        assert "1 added" in strait("feeds", "import", f"{url}/list.opml").stdout
        assert "404" in strait("feeds", "import", f"{url}/absent.opml", code=1).stderr
        assert "is not OPML" in strait("feeds", "import", f"{url}/monitor.toml", code=2).stderr
        (strait.home / "monitor.toml").write_text("", encoding="utf-8")
        assert "strait: " in strait("feeds", "import", f"{url}/list.opml", code=1).stderr


@pytest.mark.parametrize("command", ["tag", "stories"])
def test_half_a_character_does_not_end_it(strait: Strait, command: str) -> None:
    """It goes out as it came, escaped; the lines after it follow."""
    lines = '{"id": "\\ud800", "title": "\\ud800 a"}\n{"id": "二", "title": "b"}\n'
    out = strait(command, "-", input=lines).stdout
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["\ud800", "二"]
    assert '"二"' in out
    strait("rules", "test", "-", input=json.dumps({"id": 1, "title": f"\ud800 {DRILL}"}))


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_half_a_character_can_be_measured(strait: Strait, form: list[str]) -> None:
    """Also where it is shown as a mistake."""
    line = json.dumps({"id": "\ud800", "title": "\ud800 a", "themes": ["coercion"]})
    assert "coercion" in strait("evaluate", "-", *form, input=line).stdout


@pytest.mark.parametrize("themes", [3, "exercises", [3], {"exercises": 1}])
def test_labels_that_are_no_list_are_left_out(strait: Strait, themes: object) -> None:
    """They are named, the rest is measured, the exit code is 1."""
    lines = "\n".join(json.dumps({"id": n, "title": DRILL, "themes": t}) for n, t in ((7, themes), (8, ["exercises"])))
    result = strait("evaluate", "-", "--json", code=1, input=lines)
    assert "left out: item 7: themes is not a list of texts" in result.stderr
    assert json.loads(result.stdout)


def test_where_the_configuration_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--config, else $STRAIT_HOME, else the folder we stand in if it has one, else the platform's."""
    run = CliRunner()
    monkeypatch.delenv("STRAIT_HOME", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "platform"))
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path / "platform") in run.invoke(main, ["init"]).output
    for name in ("here", "named"):
        assert run.invoke(main, ["init", name]).exit_code == 0
    monkeypatch.chdir(tmp_path / "here")
    assert run.invoke(main, ["db", "upgrade"]).exit_code == 0
    assert (tmp_path / "here" / "strait.db").exists()
    monkeypatch.setenv("STRAIT_HOME", str(tmp_path / "named"))
    assert run.invoke(main, ["db", "upgrade"]).exit_code == 0
    assert (tmp_path / "named" / "strait.db").exists()
    assert run.invoke(main, ["tag", "-"], env={"STRAIT_HOME": str(tmp_path)}).exit_code == 0


def test_a_table_on_a_terminal_and_in_a_pipe() -> None:
    """Columns for people, tabs for programs; what a feed says breaks neither."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = []
    for stream in (Terminal(), io.StringIO()):
        with redirect_stdout(stream):
            show([{"a": "x\ty\n\x1b[31m[red]", "b": 0.5}], ("a", "b"), as_json=False)
        shown.append(stream.getvalue())
    assert "\t" not in shown[0]
    assert all("[red]" in text and "0.50" in text and "\x1b[31m[red]" not in text for text in shown)
    assert [line.count("\t") for line in shown[1].splitlines()] == [1, 1]


def test_values_become_json_and_cells() -> None:
    """Dates as ISO text, sets as lists, the rest as text."""
    row = json.loads(json_line({"at": clock(), "set": frozenset("a"), "path": Path("x"), "pair": ("a", 1)}))
    assert (row["set"], row["path"], row["pair"], row["at"][-6:]) == (["a"], "x", ["a", 1], "+00:00")
    assert [cell(value) for value in (None, ("a", 0.5), "\ud800 x")] == ["", "a, 0.50", "? x"]


def program(strait: Strait, *line: str, stdout: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program in a shell that sends its output somewhere."""
    script = f'"$@" {stdout}; echo "${{PIPESTATUS[0]}}"'
    command = ["bash", "-c", script, "-", *PROGRAM, *line, "--config", str(strait.home)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=ROOT)


def test_a_reader_that_goes_away_is_no_error(strait: Strait) -> None:
    """As under `head`: nothing on standard error, exit code 0."""
    path = strait.home / "many.jsonl"
    path.write_text("".join(json.dumps({"id": n, "title": f"news {n}"}) + "\n" for n in range(3000)), encoding="utf-8")
    done = program(strait, "tag", str(path), stdout="| head -n 1 > /dev/null")
    assert (done.stdout.split(), done.stderr) == (["0"], "")


def test_a_disk_that_is_full_is_told(strait: Strait) -> None:
    """In one line, with exit code 1."""
    done = program(strait, "db", "upgrade", stdout="> /dev/full")
    assert (done.stdout.split(), done.stderr) == (["1"], "strait: standard output: No space left on device\n")


@pytest.mark.slow
def test_the_shipped_model_is_the_one_that_corpus_and_code_make(strait: Strait) -> None:
    """`train --check` says so."""
    assert strait("train", "--check").exit_code == 0
