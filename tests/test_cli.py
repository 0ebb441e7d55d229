"""The command as people type it, on a real database and against a real server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from commands import CONFIGURATION, DRILL, Strait
from newsroom import Newsroom, newsroom
from servers import receiver

from monitor.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def strait(tmp_path: Path) -> Strait:
    """Return the command over a folder with our configuration."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    return Strait(tmp_path)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """Return a newsroom of three feeds."""
    with newsroom() as served:
        yield served


@pytest.fixture
def polled(strait: Strait, room: Newsroom) -> Strait:
    """Return a command whose database knows three feeds and one alert."""
    for feed in range(3):
        strait("feeds", "add", f"{room.url}/{feed}", "--outlet", f"Outlet {feed}", "--kind", "press")
    strait("run", "--once")
    room.items[0].insert(0, DRILL)
    result = strait("run", "--once", "--force")
    assert DRILL in result.stdout
    assert "1 alerts; 1 messages sent" in result.stdout
    return strait


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of every command."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        yield (*path, name)


@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    """People learn from examples."""
    result = CliRunner().invoke(main, [*path, "--help"])
    assert "\\b" not in result.output, "what keeps the lines of an example is no part of it"
    assert result.exit_code == 0
    assert "Example" in result.output


def test_init_writes_once(tmp_path: Path) -> None:
    """A second time nothing is overwritten."""
    run = CliRunner()
    assert run.invoke(main, ["init", str(tmp_path / "x")]).output.count("wrote") == 3
    assert "nothing was written" in run.invoke(main, ["init", str(tmp_path / "x")]).output


def test_without_a_configuration_the_way_is_told(tmp_path: Path) -> None:
    """Exit code 2 and the command that writes one."""
    assert "strait init" in Strait(tmp_path)("run", "--once", code=2).stderr
    assert "goes with --once" in Strait(tmp_path)("run", "--force", code=2).stderr


def test_a_wrong_setting_is_named(strait: Strait) -> None:
    """File, line and key; exit code 2."""
    (strait.home / "monitor.toml").write_text("[fetch]\ntimout = 1\n", encoding="utf-8")
    assert "monitor.toml:2: fetch.timout: unknown key" in strait("feeds", "list", code=2).stderr


def test_feeds_are_managed(strait: Strait, room: Newsroom) -> None:
    """Added once, changed, exported, removed, imported again."""
    url = f"{room.url}/0"
    assert "added" in strait("feeds", "add", url, "--outlet", "One", "--lang", "en").stdout
    assert "was there already" in strait("feeds", "add", url).stdout
    strait("feeds", "set", url, "--kind", "official", "--folder", "A/B")
    (row,) = strait.json("feeds", "list")
    assert (row["outlet"], row["kind"], row["folder"], row["status"]) == ("One", "official", "A/B", "new")
    (strait.home / "out.opml").write_text(strait("feeds", "export").stdout, encoding="utf-8")
    strait("feeds", "remove", str(row["id"]))
    assert "No feeds" in strait("feeds", "list").stderr
    assert "1 added, 0 were there" in strait("feeds", "import", str(strait.home / "out.opml")).stdout
    assert strait.json("feeds", "list")[0]["kind"] == "official"
    for wrong in (("remove", "https://nowhere.example"), ("set", "9"), ("add", "ftp://x"), ("import", "absent.opml")):
        strait("feeds", *wrong, code=2)


def test_feeds_are_checked(strait: Strait, room: Newsroom) -> None:
    """Each is fetched once and nothing is stored; what is wrong is named, with exit code 1."""
    strait("feeds", "add", f"{room.url}/0")
    assert strait.json("feeds", "check")[0]["items"] == 1
    strait("feeds", "add", f"{room.url}/99")
    assert "http_404" in strait("feeds", "check", code=1).stdout
    assert strait.json("items") == []


def test_a_failed_feed_makes_exit_code_1(strait: Strait, room: Newsroom) -> None:
    """The summary counts it."""
    strait("feeds", "add", f"{room.url}/99")
    assert "1 failed" in strait("run", "--once", code=1).stdout


def test_feeds_opml_is_taken_in_at_the_first_run(strait: Strait, room: Newsroom) -> None:
    """An empty table takes the file beside the configuration."""
    outline = f'<outline text="One" xmlUrl="{room.url}/0"/>'
    (strait.home / "feeds.opml").write_text(f"<opml><body>{outline}</body></opml>", encoding="utf-8")
    assert "1 feeds polled" in strait("run", "--once").stdout


def test_tag_reads_lines_and_names_bad_ones(strait: Strait) -> None:
    """Good lines are tagged in order, bad ones named on standard error with exit code 1."""
    lines = [
        json.dumps({"id": "a", "title": DRILL, "other": 1}),
        "not json",
        json.dumps({"title": "no id"}),
        json.dumps([1]),
        json.dumps({"id": 5, "title": 7}),
        json.dumps({"id": 6}),
        "",
        json.dumps({"id": "b", "title": "A film about a bakery", "summary": None}),
    ]
    result = strait("tag", "-", code=1, input="\n".join(lines))
    good = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in good] == ["a", "b"]
    assert good[0]["themes"][0] == "exercises"
    assert good[0]["reasons"]["exercises"]
    assert good[1]["themes"] == []
    assert all(0 <= score <= 1 for row in good for score in row["scores"].values())
    assert [int(n) for n in re.findall(r"^-:(\d+):", result.stderr, re.MULTILINE)] == [2, 3, 4, 5, 6]
    assert "cannot be read" in strait("tag", "absent.jsonl", code=2).stderr


def test_stories_groups_what_is_the_same(strait: Strait) -> None:
    """Near-identical reports get one number."""
    rows = [{"id": n, "title": title} for n, title in enumerate((DRILL, DRILL + " again", "A film about a bakery"))]
    out = strait("stories", "-", input="\n".join(map(json.dumps, rows))).stdout
    assert [json.loads(line)["story"] for line in out.splitlines()] == [1, 1, 2]


def test_parse_reads_a_file(strait: Strait, room: Newsroom) -> None:
    """A feed becomes lines; what is none is refused in words."""
    path = strait.home / "feed.xml"
    path.write_bytes(room.page(0))
    (line,) = strait("parse", str(path), "--url", "https://a.example/feed").stdout.splitlines()
    assert json.loads(line)["title"] == room.items[0][0]
    path.write_text("<html><body>no</body></html>", encoding="utf-8")
    assert "html: " in strait("parse", str(path), code=1).stderr
    strait("parse", "absent.xml", code=2)


def test_items_are_listed_and_found(polled: Strait) -> None:
    """By theme, source, time and words."""
    assert len(polled.json("items")) == 4
    (drill,) = polled.json("items", "--theme", "exercises", "--since", "1h", "--source", "Outlet 0")
    assert drill["title"] == DRILL
    assert [row["id"] for row in polled.json("search", "median line")] == [drill["id"]]
    assert "No such items" in polled("search", "elephant").stderr
    assert DRILL in polled("items").stdout
    assert polled.json("items", "--since", "2100-01-01") == []
    polled("items", "--since", "someday", code=2)


def test_alerts_are_shown_explained_and_acknowledged(polled: Strait) -> None:
    """What was sent and why; why an item was not; who took it up."""
    (alert,) = polled.json("alerts", "list")
    assert alert["deliveries"] == ["terminal: sent"]
    assert DRILL in polled("alerts", "show", str(alert["id"])).stdout
    polled("alerts", "ack", str(alert["id"]), "--by", "lin")
    assert "acknowledged by lin" in polled("alerts", "show", str(alert["id"])).stdout
    assert polled.json("alerts", "show", str(alert["id"]))[0]["acked_by"] == "lin"
    ids = {row["title"] == DRILL: row["id"] for row in polled.json("items")}
    assert polled.json("alerts", "explain", str(ids[True]))[0]["reason"] == "first"
    assert "no theme of the rule was decided" in polled("alerts", "explain", str(ids[False])).stdout
    for wrong in (("show", "99"), ("explain", "99"), ("ack", "99")):
        polled("alerts", *wrong, code=2)


def test_dead_letters_are_seen_and_replayed(polled: Strait, room: Newsroom) -> None:
    """A message that a channel refuses for good can be put back once the channel is mended."""
    with receiver() as hook:
        hook.answers = [(404, {})]
        channel = f'[channels.terminal]\nkind = "webhook"\nurl = "{hook.url}"\nallow_private = true\n'
        text = CONFIGURATION.replace('[channels.terminal]\nkind = "console"\n', channel)
        (polled.home / "monitor.toml").write_text(text, encoding="utf-8")
        room.items[1].insert(0, "Chinese carrier group sails past Taiwan into the Pacific for drills")
        assert "1 dead" in polled("run", "--once", "--force", code=1).stdout
        (letter,) = polled.json("alerts", "list", "--dead")
        assert "HTTP 404" in letter["error"]
        alert = polled.json("alerts", "list")[0]
        assert alert["deliveries"] == ["terminal: given up"]
        assert "1 put back" in polled("alerts", "replay", str(alert["id"])).stdout
        assert "0 put back" in polled("alerts", "replay", "--delivery", str(letter["id"]), code=1).stdout
        assert "1 messages sent" in polled("run", "--once").stdout
    assert len({headers["Idempotency-Key"] for headers, _ in hook.got}) == 1


def test_rules_are_tested_on_the_past(polled: Strait) -> None:
    """Over stored items, and over a file of items."""
    assert [row["headline"] for row in polled.json("rules", "test", "1d")] == [DRILL]
    path = polled.home / "items.jsonl"
    path.write_text(json.dumps({"id": 1, "title": DRILL, "published": "2026-05-04"}) + "\nbad\n", encoding="utf-8")
    result = polled("rules", "test", str(path), "--json", code=1)
    assert json.loads(result.stdout)["rule"] == "Drills"
    assert "items.jsonl:2: left out" in result.stderr


def test_a_digest_is_shown_and_sent(polled: Strait) -> None:
    """In three forms, for a day asked for; sent over the channels of [digest]."""
    day = polled.json("items")[0]["seen"][:10]
    both = [polled("digest", "--date", day).stdout, polled("digest", "--date", day, "--format", "html").stdout]
    assert any("<html" in text for text in both)
    assert json.loads(polled("digest", "--date", day, "--format", "json").stdout)["date"] == day
    assert "1 sent" in polled("digest", "--date", day, "--send").stdout
    assert "TAIWAN STRAIT" in polled("digest").stdout
    text = CONFIGURATION.replace('[digest]\nchannels = ["terminal"]\n', "")
    (polled.home / "monitor.toml").write_text(text, encoding="utf-8")
    assert "names no channels" in polled("digest", "--send", code=2).stderr


LABELLED = [
    {"id": 1, "lang": "en", "title": DRILL, "themes": ["exercises"]},
    {"id": 2, "lang": "en", "title": "A film about a bakery", "themes": []},
    {"id": 3, "lang": "zh-Hant", "title": "茶園採收開始", "themes": ["arms_sales"]},
]


def test_evaluate_measures(strait: Strait) -> None:
    """Tables for people: per language the figures with intervals, a chart, what went wrong. JSON for programs."""
    text = "\n".join(map(json.dumps, LABELLED))
    shown = strait("evaluate", "-", input=text).stdout
    assert "all: 3 items, 66.7% with a theme; core F1" in shown
    assert "en, probabilities: core Brier skill" in shown
    assert "0.9 to 1.0" in shown
    assert "arms_sales\tmissed" in shown
    assert "arms_sales\tno theme\t1" in shown
    found = json.loads(strait("evaluate", "-", "--json", input=text).stdout)
    assert {"slices", "totals", "reliability", "mistakes", "confusion", "alert_thresholds", "model"} <= set(found)
    assert len(found["slices"]["en"][0]["intervals"]["f1"]) == 2
    assert found["mistakes"][0] | {"probability": 0} == {
        "theme": "arms_sales",
        "missed": True,
        "id": "3",
        "title": "茶園採收開始",
        "probability": 0,
        "gold": ["arms_sales"],
        "said": [],
    }


def test_evaluate_draws_a_picture(strait: Strait) -> None:
    """An SVG file of the reliability, where it was asked for."""
    file = strait.home / "picture.svg"
    strait("evaluate", "-", "--picture", str(file), "--examples", "0", input=json.dumps(LABELLED[0]))
    assert file.read_text(encoding="utf-8").startswith("<svg")
    strait("evaluate", "-", "--picture", str(strait.home / "no" / "p.svg"), input=json.dumps(LABELLED[0]), code=1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": 9, "title": "a", "themes": ["drills"]}, "-:2: left out: item 9: unknown theme 'drills'; one of exerc"),
        ({"id": 9, "title": "a"}, "-:2: left out: item 9: no themes; an item that carries none says so with []"),
        ({"id": 1, "title": "a", "themes": []}, "-:2: left out: item 1: its id was used at line 1"),
    ],
)
def test_evaluate_names_bad_labels(strait: Strait, row: object, reason: str) -> None:
    """Each bad line with file, line and reason; the rest is measured; the exit code says that something was wrong."""
    result = strait("evaluate", "-", input=f"{json.dumps(LABELLED[0])}\n{json.dumps(row)}\n", code=1)
    assert reason in result.stderr
    assert "all: 1 items" in result.stdout
    assert "holds no labelled item" in strait("evaluate", "-", input="\n", code=1).stderr


def test_the_database_is_looked_after(polled: Strait) -> None:
    """Upgraded, copied, pruned."""
    assert "up to date" in polled("db", "upgrade").stdout
    polled("db", "backup", str(polled.home / "copy.db"))
    assert (polled.home / "copy.db").stat().st_size > 0
    assert "0 items" in polled("db", "prune").stdout


def test_the_doctor_says_what_is_wrong(polled: Strait, room: Newsroom) -> None:
    """All well, a feed in trouble, a test message, a daemon at work."""
    assert all(row["state"] == "ok" for row in polled.json("doctor"))
    polled("feeds", "add", f"{room.url}/99")
    polled("run", "--once", code=1)
    assert any(row["state"] == "warning" for row in polled.json("doctor"))
    assert "This is a test message" in polled("doctor", "--send-test").stdout
    assert polled("doctor", "--alive").output == ""


def test_the_doctor_on_a_database_that_is_none(strait: Strait) -> None:
    """A broken file is an error in words, with exit code 1, from every command."""
    (strait.home / "strait.db").write_bytes(b"this is no database" * 100)
    assert "wrong" in strait("doctor", code=1).stdout
    assert "strait: " in strait("items", code=1).stderr


def test_a_folder_that_cannot_hold_a_database(strait: Strait) -> None:
    """The error names the file."""
    text = CONFIGURATION + '\n[database]\nurl = "sqlite:////nowhere/at/all/strait.db"\n'
    (strait.home / "monitor.toml").write_text(text, encoding="utf-8")
    assert "/nowhere/at/all" in strait("run", "--once", code=1).stderr
