"""How feeds are asked for, and what became of their items, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, Strait
from sites import Site, site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "https://a.example/feed"


@pytest.fixture
def strait(tmp_path: Path) -> Strait:
    """Return the command over a folder with our configuration."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION + "repeat = 0\n", encoding="utf-8")
    return Strait(tmp_path)


@pytest.fixture
def daily() -> Iterator[Site]:
    """Return a site with a feed."""
    with site() as served:
        yield served


def test_a_feed_is_asked_for_as_the_operator_says(strait: Strait, daily: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its secret is read at each poll and shows nowhere; without it the feed fails in words."""
    daily.rss("/feed", "A harvest festival opens")
    url = f"{daily.url}/feed"
    strait("feeds", "add", url, "--outlet", "Daily")
    strait("feeds", "set", url, "username=desk", "password_env=DAILY_PASSWORD", "header.X-Team=strait", "folder=A")
    strait("run", "--once", code=1)
    assert strait.json("feeds", "list")[0]["error"] == "Daily: the environment variable DAILY_PASSWORD is not set"
    monkeypatch.setenv("DAILY_PASSWORD", "s3cret")
    done = strait("run", "--once", "--force")
    assert "1 new items" in done.stdout
    (row,) = strait.json("feeds", "list")
    assert row["access"] == {"username": "desk", "password_env": "DAILY_PASSWORD", "header.X-Team": "strait"}
    shown = done.output + done.stderr + strait("feeds", "list").stdout + strait("feeds", "check").stdout
    assert "s3cret" not in shown + (strait.home / "strait.db").read_bytes().decode("latin-1")


def test_access_goes_out_and_comes_in_only_when_asked(strait: Strait) -> None:
    """A list from elsewhere cannot make the program read its files."""
    strait("feeds", "add", URL)
    strait("feeds", "set", URL, "header_file.Cookie=cookie", "proxy=direct")
    plain, full = strait("feeds", "export").stdout, strait("feeds", "export", "--with-access").stdout
    assert "cookie" not in plain
    (strait.home / "full.opml").write_text(full, encoding="utf-8")
    for option, access in (((), {}), (("--with-access",), {"header_file.Cookie": "cookie", "proxy": "direct"})):
        strait("feeds", "remove", URL)
        strait("feeds", "import", str(strait.home / "full.opml"), *option)
        assert strait.json("feeds", "list")[0]["access"] == access


@pytest.mark.parametrize(
    "words",
    [
        ("password=s3cret",),
        ("header.Authorization=s3cret",),
        ("proxy=http://u:s3cret@p.example",),
        ("username",),
        ("header.User-Agent=Mozilla",),
        ("password_env=X",),
    ],
)
def test_what_is_unsafe_is_refused(strait: Strait, words: tuple[str, ...]) -> None:
    """With exit code 2, in words, and nothing of it is kept."""
    strait("feeds", "add", URL)
    refused = strait("feeds", "set", URL, *words, code=2)
    assert "s3cret" not in refused.output + refused.stderr
    assert strait.json("feeds", "list")[0]["access"] == {}


def test_edits_corrections_and_dates_are_explained(strait: Strait, daily: Site) -> None:
    """An item tells what it said before, and that its date is not its own; the correction was told too."""
    url = f"{daily.url}/feed"
    daily.rss("/feed", "A harvest festival opens")
    strait("feeds", "add", url)
    strait("run", "--once")
    for count in (45, 25):
        title = f"PLA sends {count} aircraft across the median line in drill off Taiwan"
        item = f"<item><guid isPermaLink='false'>a</guid><title>{title}</title></item>"
        daily.pages["/feed"] = f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"
        assert "1 alerts" in strait("run", "--once", "--force").stdout
    item_id = str(max(row["id"] for row in strait.json("items")))
    told = strait("alerts", "explain", item_id).stdout
    assert "says no date: counted from when it was first seen" in told
    assert "before: PLA sends 45 aircraft" in told
    assert "a report that people were told of was corrected" in told


def test_a_feed_that_breaks_off_is_named(strait: Strait, daily: Site) -> None:
    """Its whole items are read; listing and check say what is wrong."""
    item = "<item><title>A harvest festival opens</title></item>"
    daily.pages["/feed"] = f"<rss version='2.0'><channel><title>F</title>{item}<item><title>An"
    strait("feeds", "add", f"{daily.url}/feed")
    assert "0 failed; 1 new items" in strait("run", "--once").stdout
    assert strait.json("feeds", "list")[0]["status"] == "cut_off"
    (row,) = strait.json("feeds", "check")
    assert (row["status"], row["items"]) == ("cut_off", 1)
    assert "breaks off" in row["say"]
