"""``strait feeds`` and configured pages, on a real database and against real servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, Strait
from sites import Site, site

if TYPE_CHECKING:
    from collections.abc import Iterator

MINISTRY = (Path(__file__).parent / "data" / "pages" / "ministry.html").read_text(encoding="utf-8")
PAGE = """
[[pages]]
name = "Ministry of National Defense"
url = "{url}/list"
item = "table tr"
link = "a"
title = "a"
date = "td:first-child"
summary = "td:last-child"
kind = "official"
language = "zh-Hant"
country = "TW"
"""


@pytest.fixture
def strait(tmp_path: Path) -> Strait:
    """Return the command over a folder with our configuration."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    return Strait(tmp_path)


@pytest.fixture
def daily() -> Iterator[Site]:
    """Return a site with a list page, a feed and a home page that declares it."""
    with site() as served:
        served.pages["/list"] = MINISTRY
        served.rss("/feed", "A harvest festival opens", "PLA drill off Taiwan")
        served.pages["/"] = "<link rel=alternate type=application/rss+xml href=/feed>"
        yield served


def configured(strait: Strait, daily: Site) -> None:
    """Put the ministry's page into the configuration."""
    (strait.home / "monitor.toml").write_text(CONFIGURATION + PAGE.format(url=daily.url), encoding="utf-8")


def test_a_configured_page_is_polled_as_a_feed(strait: Strait, daily: Site) -> None:
    """Its bulletins are items with dates and facts, tagged, of the outlet's kind; the same page brings nothing more."""
    configured(strait, daily)
    assert "1 feeds polled, 0 failed; 4 new items" in strait("run", "--once").stdout
    rows = strait.json("items")
    assert {row["outlet"] for row in rows} == {"Ministry of National Defense"}
    (first,) = (row for row in rows if "3104" in row["url"])
    assert first["when"] == "2026-11-23T16:00:00+00:00"
    assert "exercises" in first["themes"]
    assert "0 new items" in strait("run", "--once", "--force").stdout
    (feed,) = strait.json("feeds", "list")
    assert (feed["page"], feed["kind"], feed["country"], feed["status"]) == (True, "official", "TW", "unchanged")


def test_the_next_bulletin_alerts(strait: Strait, daily: Site) -> None:
    """Though its title is that of the day before; its counts stand in the alert."""
    configured(strait, daily)
    strait("run", "--once")
    row = """<tr><td>115年11月25日</td><td><a href='bulletin?no=3105'>臺海周邊海、空域動態</a></td>
    <td>偵獲共機30架次逾越海峽中線、共艦9艘，持續於臺海周邊活動。</td></tr>"""
    daily.pages["/list"] = MINISTRY.replace("<tbody>", "<tbody>" + row)
    out = strait("run", "--once", "--force").stdout
    assert "1 alerts" in out
    assert "30 aircraft, 30 across the median line, 9 ships" in out


def test_pages_stand_in_the_configuration(strait: Strait, daily: Site) -> None:
    """They are not changed, removed or exported as feeds; out of the configuration they go, and their items stay."""
    configured(strait, daily)
    strait("run", "--once")
    assert "change it there" in strait("feeds", "set", f"{daily.url}/list", "--kind", "press", code=2).stderr
    assert "take it out there" in strait("feeds", "remove", f"{daily.url}/list", code=2).stderr
    assert "/list" not in strait("feeds", "export").stdout
    (strait.home / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    strait("run", "--once")
    assert strait.json("feeds", "list") == []
    assert len(strait.json("items")) == 4


def test_the_first_feeds_come_in_beside_pages(strait: Strait, daily: Site) -> None:
    """A page does not make the table look filled."""
    configured(strait, daily)
    outline = f'<outline text="One" xmlUrl="{daily.url}/feed"/>'
    (strait.home / "feeds.opml").write_text(f"<opml><body>{outline}</body></opml>", encoding="utf-8")
    assert "2 feeds polled" in strait("run", "--once").stdout


def test_a_page_that_was_rebuilt_says_what_to_do(strait: Strait, daily: Site) -> None:
    """In check and in health."""
    configured(strait, daily)
    daily.pages["/list"] = "<html><body><article>New design</article></body></html>"
    strait("run", "--once", code=1)
    (row,) = strait.json("feeds", "health")
    assert (row["state"], row["status"]) == ("down", "no_items")
    assert "[[pages]]" in row["do"]
    assert "its selectors find no items" in strait("feeds", "check", code=1).stdout


def test_discovered_feeds_are_followed_when_asked(strait: Strait, daily: Site) -> None:
    """Listed at first, then added with what is said of them; a second time they are there already."""
    (row,) = strait.json("feeds", "discover", daily.url)
    assert (row["url"], row["how"], row["items"], row["added"]) == (f"{daily.url}/feed", "link", 2, False)
    assert strait.json("feeds", "list") == []
    assert "added" in strait("feeds", "discover", daily.url, "--add", "--outlet", "Daily", "--country", "tw").stdout
    (feed,) = strait.json("feeds", "list")
    assert (feed["url"], feed["outlet"], feed["country"]) == (f"{daily.url}/feed", "Daily", "TW")
    assert "added" not in strait("feeds", "discover", daily.url, "--add").stdout.splitlines()[1]
    daily.pages = {"/": "<html>nothing</html>"}
    assert "[[pages]]" in strait("feeds", "discover", daily.url, code=1).stderr
    assert "(404)" in strait("feeds", "discover", f"{daily.url}/absent", code=1).stderr


def test_check_says_what_is_odd(strait: Strait, daily: Site) -> None:
    """What fails, with what to do, and what is read but looks wrong."""
    daily.pages["/empty"] = "<rss version='2.0'><channel><title>E</title></channel></rss>"
    daily.pages["/undated"] = (
        "<rss version='2.0'><channel><title>U</title><item><title>x</title></item></channel></rss>"
    )
    daily.moves["/moved"] = (301, "/feed")
    for path in ("/feed", "/empty", "/undated", "/moved", "/", "/absent"):
        strait("feeds", "add", daily.url + path)
    strait("feeds", "check", code=1)
    rows = {row["url"].removeprefix(daily.url): row for row in strait_json_failed(strait)}
    assert rows["/feed"]["items"] == 2
    assert rows["/empty"]["say"] == "it shows no items"
    assert rows["/undated"]["say"] == "its items have no dates"
    assert rows["/moved"]["say"] == f"it moved to {daily.url}/feed"
    assert (rows["/"]["status"] in {"html", "not_a_feed"}, "discover" in rows["/"]["do"]) == (True, True)
    assert (rows["/absent"]["status"], rows["/absent"]["do"]) == ("http_404", "look for the feed's new address")


def strait_json_failed(strait: Strait) -> list[dict[str, object]]:
    """Return the rows of a check that found something wrong."""
    return [json.loads(line) for line in strait("feeds", "check", "--json", code=1).stdout.splitlines()]


def test_health_tells_numbers(strait: Strait, daily: Site) -> None:
    """Of a feed that was polled, of one that fails and of one that waits; the worst first."""
    strait("feeds", "add", f"{daily.url}/feed", "--outlet", "Daily")
    strait("feeds", "add", f"{daily.url}/absent", "--outlet", "Absent")
    strait("run", "--once", code=1)
    strait("feeds", "add", f"{daily.url}/later", "--outlet", "Later")
    absent, later, polled = strait.json("feeds", "health")
    assert (absent["outlet"], absent["state"], absent["do"]) == ("Absent", "down", "look for the feed's new address")
    assert (later["outlet"], later["state"]) == ("Later", "waiting")
    assert (polled["items"], polled["tagged"], polled["duplicates"], polled["lag"]) == (2, 1, 0, "")
    assert polled["next_poll"] > polled["last_success"]
    assert "what to do" in strait("feeds", "health", "--help").stdout


def test_what_is_said_of_a_feed(strait: Strait) -> None:
    """Country and full text, as options and as words; what cannot be is refused."""
    strait("feeds", "add", "https://a.example/feed", "--country", "tw", "--full-text", "--kind", "trade_press")
    (row,) = strait.json("feeds", "list")
    assert (row["country"], row["full_text"], row["kind"]) == ("TW", True, "trade_press")
    strait("feeds", "set", "https://a.example/feed", "full_text=no", "country=US")
    (row,) = strait.json("feeds", "list")
    assert (row["country"], row["full_text"]) == ("US", False)
    for wrong in (("--country", "Taiwan"), ("country=1",), ("full_text=maybe",), ("kind=blog",), ("colour=red",)):
        strait("feeds", "set", "https://a.example/feed", *wrong, code=2)
