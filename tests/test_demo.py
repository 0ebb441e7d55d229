"""The demonstration: its invented news, the server that gives it out, and what the whole program makes of it."""

from __future__ import annotations

import io
import socket
import tempfile
import threading
import time
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from classifiers.themes import THEMES
from config.settings import load
from monitor import demo
from monitor.app import build
from monitor.cli import main
from monitor.core import opml, stories
from monitor.core.parse import parse
from monitor.demo.formats import CONTENT_TYPES, Edition, write
from monitor.demo.news import Item, Outlet, read
from monitor.demo.server import Newsroom, serving
from monitor.edges.store import Store
from monitor.errors import MonitorError, UsageError
from monitor.model import Article, Entry, Feed, Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.edges.store import StoredItem
    from monitor.edges.store.rows import StoredAlert
    from monitor.model import Story

NOW = datetime(2024, 5, 23, 4, 30, tzinfo=UTC)
WIRE_STORY = "China sends 43 warplanes"
NEWS = read()
RULE_THEMES = {
    "Drills": {"exercises"},
    "Arms": {"arms_sales"},
    "Washington": {"us_policy"},
    "Pressure, confirmed": {"coercion"},
}


class TestNews:
    """What the invented newsroom prints."""

    def test_it_is_a_newsroom_of_some_size(self) -> None:
        """A dozen outlets and 120 items at least, about half of them old; each outlet has old and breaking news."""
        assert len(NEWS.outlets) >= 12
        assert len(NEWS.items) >= 120
        assert 0.4 < sum(item.round == 1 for item in NEWS.items) / len(NEWS.items) < 0.6
        for outlet in NEWS.outlets:
            assert {item.round for item in NEWS.items if item.outlet == outlet.id} == {1, 2}, outlet.name

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("lang", {"en", "zh-Hant", "zh-Hans"}),
            ("kind", {"official", "wire", "press", "state_media", "think_tank"}),
            ("format", {"rss", "atom", "json"}),
        ],
    )
    def test_outlets_are_of_every_sort(self, field: str, values: set[str]) -> None:
        """Every language, kind and format occurs, and nothing else; the formats take turns."""
        assert {getattr(outlet, field) for outlet in NEWS.outlets} == values
        assert [outlet.format for outlet in NEWS.outlets] == ["rss", "atom", "json"] * (len(NEWS.outlets) // 3)

    def test_every_theme_is_told_of(self) -> None:
        """All seven themes occur, in the annotations' own spelling."""
        assert {theme for item in NEWS.items for theme in item.themes} == set(THEMES)

    def test_most_of_it_is_of_no_interest(self) -> None:
        """More than half are distractors, as in an ordinary feed."""
        assert sum(not item.themes for item in NEWS.items) > len(NEWS.items) / 2

    def test_items_belong_to_outlets_and_were_written_one_by_one(self) -> None:
        """Every item's outlet is known, no text is empty and, but for the wire copy, no headline stands twice."""
        assert {item.outlet for item in NEWS.items} == {outlet.id for outlet in NEWS.outlets}
        own = [item for item in NEWS.items if not item.title.startswith(WIRE_STORY)]
        assert len({item.title for item in own}) == len(own)
        assert all(item.title and item.summary for item in NEWS.items)

    def test_one_event_is_told_by_many_and_some_in_two_languages(self) -> None:
        """Placed by their texts, the five reports of the drill are one story, a few more are pairs, the rest alone."""
        articles = [_article(item) for item in NEWS.items]
        sizes = sorted(len(story.sources) for story in stories.place(articles, []).stories)
        assert sizes[-1] == 5
        assert set(sizes[:-1]) == {1, 2}
        assert sizes.count(2) <= 6

    def test_a_feed_shows_newest_first_and_its_round_only(self) -> None:
        """What is not released is not in the feed."""
        outlet = NEWS.outlets[0]
        before, after = NEWS.of(outlet, 1), NEWS.of(outlet, 2)
        assert {item.round for item in before} == {1}
        assert len(after) > len(before)
        assert [item.hours_ago for item in after] == sorted(item.hours_ago for item in after)


def _article(item: Item) -> Article:
    feed = Feed(0, "", outlet=item.outlet, publisher=item.outlet)
    print_ = stories.fingerprint(item.title, item.summary)
    return Article(Entry(item.id, "", item.title, item.summary), feed, NOW, {}, item.themes, fingerprint=print_)


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """Serve a newsroom."""
    with serving(NEWS, NOW) as served:
        yield served


class TestServer:
    """What the outlets answer."""

    @pytest.mark.parametrize("number", range(1, len(NEWS.outlets) + 1), ids=[o.id for o in NEWS.outlets])
    def test_feeds_can_be_read(self, room: Newsroom, number: int) -> None:
        """Whatever its format, a feed gives back the items that were printed: text, address, time and language."""
        outlet = NEWS.outlets[number - 1]
        status, headers, body = _get(room, f"/feed/{number}")
        assert (status, headers["content-type"]) == (200, CONTENT_TYPES[outlet.format])
        page = Page(f"{room.address}/feed/{number}", body, headers["content-type"])
        parsed = parse(page, Feed(1, page.url, lang=outlet.lang), NOW)
        assert parsed.title == outlet.name
        printed = NEWS.of(outlet, 1)
        assert [(e.title, e.summary, e.url, e.published, e.lang) for e in parsed.entries] == [
            (i.title, i.summary, f"https://{outlet.id}.example/news/{i.id}", _printed(i), outlet.lang) for i in printed
        ]

    def test_a_feed_says_when_nothing_changed(self, room: Newsroom) -> None:
        """The validator of the last answer brings 304 and no body, until the breaking news is out."""
        _, headers, first = _get(room, "/feed/2")
        etag = headers["etag"]
        status, headers, body = _get(room, "/feed/2", etag)
        assert (status, headers["etag"], body) == (304, etag, b"")
        room.release()
        status, headers, body = _get(room, "/feed/2", etag)
        assert (status, headers["etag"] != etag) == (200, True)
        assert len(body) > len(first)

    @pytest.mark.parametrize("path", ["/", "/feed/0", "/feed/16", "/feed/99999", "/feed/x", "/feed/1/", "/../feed/1"])
    def test_elsewhere_is_nothing(self, room: Newsroom, path: str) -> None:
        """There is nothing but the feeds."""
        assert _get(room, path)[0] == 404

    def test_it_listens_on_loopback_alone_and_ends_with_its_block(self) -> None:
        """Afterwards no thread is left, and nobody answers."""
        before = threading.active_count()
        with serving(NEWS, NOW) as room:
            assert room.address.startswith("http://127.0.0.1:")
        assert threading.active_count() == before
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", _port(room)), 2):
            pass

    def test_feeds_are_noted_down_with_what_is_known_of_them(self, room: Newsroom) -> None:
        """Name, kind, language and folder go with an address, and survive OPML."""
        feeds = room.feeds()
        assert [feed.url for feed in feeds] == [f"{room.address}/feed/{n}" for n in range(1, len(NEWS.outlets) + 1)]
        outlines = opml.read(opml.write(feeds).encode(), "feeds.opml")
        told = [(o.url, *(o.fields()[key] for key in ("outlet", "kind", "lang", "folder"))) for o in outlines]
        assert sorted(told) == sorted((f.url, f.outlet, f.kind, f.lang, f.folder) for f in feeds)

    @pytest.mark.parametrize("kind", ["rss", "atom", "json"])
    def test_markup_in_a_text_stays_text(self, kind: str) -> None:
        """What would be markup in a feed's own language is escaped."""
        outlet = Outlet("odd", "Odd & Even", "press", "en", kind, "")  # type: ignore[arg-type] # one of the three
        item = Item("1", "odd", 'Fish & chips "to go"', "Five is more than 3 & less than 7", 1, 1, ())
        body = write(Edition(outlet, [item], NOW))
        parsed = parse(Page("http://odd.example/", body, CONTENT_TYPES[outlet.format]), Feed(1, ""), NOW)
        assert [(e.title, e.summary) for e in parsed.entries] == [(item.title, item.summary)]
        assert parsed.title == "Odd & Even"


def _printed(item: Item) -> datetime:
    return (NOW - timedelta(hours=item.hours_ago)).replace(microsecond=0)


def _port(room: Newsroom) -> int:
    return int(room.address.rpartition(":")[2])


def _get(room: Newsroom, path: str, etag: str = "") -> tuple[int, dict[str, str], bytes]:
    with closing(HTTPConnection("127.0.0.1", _port(room), timeout=5)) as connection:
        connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


@dataclass(frozen=True)
class Shown:
    """A demonstration that was run."""

    folder: Path
    lines: str
    terminal: str
    seconds: float
    alerts: list[StoredAlert]
    items: list[StoredItem]
    wire_story: Story


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Run it once for many tests to look at."""
    folder = tmp_path_factory.mktemp("demo") / "kept" / "here"
    terminal, begun = io.StringIO(), time.monotonic()
    with redirect_stdout(terminal):
        lines = "\n".join(demo.show(folder))
    seconds = time.monotonic() - begun
    with closing(Store(f"sqlite:///{folder / demo.DATABASE}")) as store, store.read() as work:
        items = work.items(limit=1000)
        story_id = next(item.story_id for item in items if item.title.startswith(WIRE_STORY))
        assert story_id is not None
        wire_story = work.story(story_id)
        assert wire_story is not None
        return Shown(folder, lines, terminal.getvalue(), seconds, work.alerts(limit=1000), items, wire_story)


class TestShow:
    """The whole program at work."""

    def test_every_item_is_stored_once_within_seconds(self, shown: Shown) -> None:
        """What was printed is what is kept, and nobody waits long."""
        assert len(shown.items) == len(NEWS.items)
        assert shown.seconds < 20

    def test_the_first_poll_is_silent(self, shown: Shown) -> None:
        """No item of the first round alerts, and the reader is told how many would have."""
        old = {item.title for item in NEWS.items if item.round == 1}
        assert not [alert.headline for alert in shown.alerts if alert.headline in old]
        assert "alerts held back" in shown.lines
        assert "; 0 alerts held back" not in shown.lines

    def test_five_reports_of_the_wire_are_one_story_and_one_alert_a_rule(self, shown: Shown) -> None:
        """Copies of the wire confirm nothing; the one report written for itself does."""
        assert len(shown.wire_story.sources) == 5
        assert shown.wire_story.publishers == {"Harbourline Wire", "Meridian Daily"}
        rules = [alert.rule for alert in shown.alerts if alert.headline.startswith(WIRE_STORY)]
        assert sorted(rules) == ["Drills", "Pressure, confirmed"]
        assert "5 outlets told one story" in shown.lines

    def test_alerts_are_about_what_their_rules_ask_for(self, shown: Shown) -> None:
        """By the items' own annotations four alerts in five are right, and four in five that are due come."""
        truth = {item.title: set(item.themes) for item in NEWS.items}
        right = [alert for alert in shown.alerts if truth[alert.headline] & RULE_THEMES[alert.rule]]
        assert len(right) >= 0.8 * len(shown.alerts)
        due = {i.title for i in NEWS.items if i.round == 2 and set(i.themes) & {"exercises", "arms_sales", "us_policy"}}
        told = {alert.story_id for alert in shown.alerts}
        assert len(due & {item.title for item in shown.items if item.story_id in told}) >= 0.8 * len(due)

    def test_distractors_alert_nobody(self, shown: Shown) -> None:
        """At most one slips through where the classifier errs."""
        distractors = {item.title for item in NEWS.items if not item.themes}
        assert len([alert for alert in shown.alerts if alert.headline in distractors]) <= 1

    def test_alerts_come_to_the_terminal_and_into_the_file(self, shown: Shown) -> None:
        """Each alert is delivered over the channels of its rule, and none failed."""
        log = (shown.folder / "alerts.txt").read_text(encoding="utf-8")
        for alert in shown.alerts:
            assert {d.channel for d in alert.deliveries} >= {"log"}
            assert all(d.sent for d in alert.deliveries)
            assert alert.headline in log
            assert alert.headline in shown.terminal or alert.rule == "Pressure, confirmed"
        assert ", 0 failed." in shown.lines

    @pytest.mark.parametrize(
        "headline", [WIRE_STORY, "Ministry confirms arrival of second batch of HIMARS", "东部战区", "F-16V战机"]
    )
    def test_the_digest_has_the_day(self, shown: Shown, headline: str) -> None:
        """The page holds the news of both rounds, in all languages."""
        page = (shown.folder / "digest.html").read_text(encoding="utf-8")
        assert headline.replace("东部战区", "东部战区") in page
        assert "Night market" not in page

    def test_the_folder_holds_a_working_configuration(self, shown: Shown) -> None:
        """The settings load, the feeds can be taken in, and nothing lies about that is not named."""
        loaded = load(shown.folder, {})
        assert loaded.warnings == ()
        assert set(loaded.settings.channels) == {"terminal", "log"}
        assert {rule.name: set(rule.themes) for rule in loaded.settings.rules} == RULE_THEMES
        text = (shown.folder / "feeds.opml").read_bytes()
        assert len(list(opml.read(text, "feeds.opml"))) == len(NEWS.outlets)
        assert {path.name for path in shown.folder.iterdir()} == set(demo.FILES)

    def test_the_reader_is_told_where_things_are_and_what_comes_next(self, shown: Shown) -> None:
        """Every file is named and explained; how to begin for oneself comes last."""
        assert f"Everything is in {shown.folder}:" in shown.lines
        for name in demo.FILES:
            assert name in shown.lines
        assert "`strait init`" in shown.lines.splitlines()[-1]
        assert "`strait run`" in shown.lines.splitlines()[-1]


class TestFolder:
    """Where the demonstration may put its files."""

    def test_a_new_temporary_folder_is_kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without --keep the files stay in a folder of their own in the platform's place for such."""
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        first, second = demo._folder(None), demo._folder(None)
        assert first.parent == second.parent == tmp_path
        assert first != second
        assert (first / "monitor.toml").exists()

    def test_a_former_demonstration_makes_way(self, tmp_path: Path) -> None:
        """Its files are replaced, so the command can be given twice."""
        demo._folder(tmp_path)
        for name in (*demo.FILES, "demo.db-wal", "demo.db.lock"):
            if name != "monitor.toml":
                (tmp_path / name).write_text("old", encoding="utf-8")
        assert demo._folder(tmp_path) == tmp_path
        assert [path.name for path in tmp_path.iterdir()] == ["monitor.toml"]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("notes.txt", "mine"),
            ("digest.html", "mine, and no configuration beside it"),
            ("monitor.toml", 'timezone = "Asia/Taipei"  # mine'),
        ],
    )
    def test_what_is_somebody_elses_is_left_alone(self, tmp_path: Path, name: str, text: str) -> None:
        """A folder with anything that no demonstration wrote is refused and stays as it was."""
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match="is not empty; name a new folder"):
            next(demo.show(tmp_path))
        assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [(name, text)]

    def test_a_file_added_to_a_former_demonstration_protects_it(self, tmp_path: Path) -> None:
        """Not even a folder within it is lost."""
        demo._folder(tmp_path)
        (tmp_path / "alerts.txt").mkdir()
        with pytest.raises(UsageError, match="is not empty"):
            demo._folder(tmp_path)

    def test_a_place_that_cannot_be_used_is_named(self, tmp_path: Path) -> None:
        """A file in the way ends in a sentence, not in a traceback."""
        (tmp_path / "file").write_text("", encoding="utf-8")
        with pytest.raises(UsageError, match=r"file: cannot be used \(File exists\); name a folder with --keep"):
            demo._folder(tmp_path / "file")


class TestTrouble:
    """What goes wrong on the way."""

    def test_feeds_that_do_not_answer_end_it(self, tmp_path: Path) -> None:
        """A machine that does not reach itself is told which feed failed and how."""
        loaded = load(demo._folder(tmp_path), {})
        with closing(Store(loaded.database_url)) as store:
            store.upgrade()
            app = build(loaded, store)
            with serving(NEWS, NOW) as room:
                demo._follow(app, room, tmp_path / "feeds.opml")
            with pytest.raises(MonitorError, match="15 of the demonstration's feeds failed, Harbourline Wire with: "):
                list(demo._rounds(app, room))

    def test_a_reader_who_stops_early_leaves_nothing_running(self, tmp_path: Path) -> None:
        """The server and the database are closed when nobody asks for the next line."""
        before = set(threading.enumerate())  # those that earlier tests left may end meanwhile
        telling = demo.show(tmp_path)
        assert "invented outlets" in next(telling)
        assert len(set(threading.enumerate()) - before) == 1
        telling.close()  # type: ignore[attr-defined] # it is a generator
        assert not set(threading.enumerate()) - before

    def test_a_day_without_a_shared_story_has_nothing_to_say_of_one(self, tmp_path: Path) -> None:
        """The digest of an empty database is written all the same."""
        loaded = load(demo._folder(tmp_path), {})
        with closing(Store(loaded.database_url)) as store:
            store.upgrade()
            app = replace(build(loaded, store), now=lambda: NOW)
            lines = list(demo._digest(app, tmp_path / "digest.html"))
        assert lines[1] == "The digest of 2024-05-23 begins:"
        assert (tmp_path / "digest.html").exists()


class TestCommand:
    """``strait demo`` as it is typed."""

    def test_it_prints_alerts_between_its_own_lines(self, tmp_path: Path) -> None:
        """The story begins with the outlets and ends with the next step, the alerts in the middle."""
        result = CliRunner().invoke(main, ["demo", "--keep", str(tmp_path / "demo")])
        assert result.exit_code == 0, result.output
        lines = result.output.splitlines()
        assert lines[0].startswith("15 invented outlets")
        assert lines[-1].startswith("Next: ")
        assert any(line.startswith(WIRE_STORY) for line in lines)

    def test_a_folder_in_use_is_bad_usage(self, tmp_path: Path) -> None:
        """It exits with 2 and touches nothing."""
        (tmp_path / "thesis.txt").write_text("three years", encoding="utf-8")
        result = CliRunner().invoke(main, ["demo", "--keep", str(tmp_path)])
        assert result.exit_code == 2
        assert "is not empty" in result.output
