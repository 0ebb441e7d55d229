"""A round over feeds that misbehave, each in its way: what becomes of them, and that nobody else notices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest
from commands import Strait
from servers import receiver
from sites import Site, site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from servers import Receiver

CONFIGURATION = """
[bundles]
over = 0
[fetch]
allow_networks = ["127.0.0.0/8"]
timeout = "2s"
[channels.hook]
kind = "webhook"
url = "{url}"
allow_private = true
[channels.desk]
kind = "slack"
webhook_url = "{url}"
allow_private = true
[channels.log]
kind = "file"
path = "alerts.txt"
[digest]
channels = ["log"]
[[rules]]
name = "Drills"
themes = ["exercises"]
channels = ["hook", "desk", "log"]
"""
DRILL = "{n} Chinese warplanes cross the median line in {where} drill near Taiwan"
XML = '<?xml version="1.0"?>'
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


class Fault(NamedTuple):
    """What a feed shows in each of three rounds, and what is to become of it."""

    pages: tuple[str | bytes, ...]
    status: str
    items: int
    alerts: int


def page(*items: str, head: str = "") -> str:
    """Return a feed."""
    return f"{head}<rss version='2.0'><channel><title>F</title>{''.join(items)}</channel></rss>"


def item(title: str, ident: str = "", more: str = "") -> str:
    """Return an item."""
    guid = f"<guid isPermaLink='false'>{ident}</guid><link>https://fault.example/{ident}</link>" if ident else ""
    return f"<item><title>{title}</title>{guid}{more}</item>"


NAMES = ("well", "truncated", "undated", "future", "renamed", "big5", "script", "headers", "chat")


def told(where: str, n: int) -> str:
    """Return a headline that a rule wants, with a count of its own for each fault: other counts are other stories."""
    return DRILL.format(n=100 * (NAMES.index(where) + 1) + n, where=where)


def rounds(where: str, more: str = "", wrap: str = "{}") -> tuple[str, ...]:
    """Return three pages, each with one item more than the one before."""
    rows = [item(wrap.format(told(where, n)), f"{where}-{n}", more) for n in (11, 22, 33)]
    return tuple(page(*reversed(rows[: n + 1])) for n in range(3))


def renamed(n: int) -> str:
    """Return a page of which everything but the words is new."""
    date = f"<pubDate>Mon, 0{n + 1} Jun 2026 08:00:00 GMT</pubDate>"
    return page(*(item(f"{told('renamed', k + 40)}", f"{n}-{k}", date) for k in range(15)))


FAULTS: dict[str, Fault] = {
    "well": Fault(rounds("well"), "ok", 3, 2),
    "html": Fault(("<!doctype html><html><body>News</body></html>",) * 3, "html", 0, 0),
    "empty": Fault(("",) * 3, "empty", 0, 0),
    "truncated": Fault(tuple(one[:-60] for one in rounds("truncated")), "cut_off", 2, 1),
    "bomb": Fault((page(item("&e9;"), head=f"<!DOCTYPE r [<!ENTITY e0 'lol'>{BOMB}]>"),) * 3, "entity_bomb", 0, 0),
    "external": Fault((page(item("&x;"), head=XML + FILE),) * 3, "unchanged", 0, 0),
    "undated": Fault(tuple(page(item(told("undated", n))) for n in (11, 22, 33)), "ok", 3, 2),
    "future": Fault(rounds("future", "<pubDate>Mon, 04 May 2099 08:00:00 GMT</pubDate>"), "ok", 3, 2),
    "renamed": Fault(tuple(renamed(n) for n in range(3)), "ok", 15, 0),
    "big5": Fault(
        tuple(
            page(item(f"共軍演習 {n + 600}架共機越中線"), head='<?xml version="1.0" encoding="utf-8"?>').encode("big5")
            for n in (11, 22, 33)
        ),
        "ok", 3, 2,
    ),
    "script": Fault(
        rounds("script", "<description>&lt;svg onload=alert(4)&gt;&lt;a href='javascript:alert(3)'&gt;x</description>",
               "{}&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;"),
        "ok", 3, 2,
    ),
    "headers": Fault(rounds("headers", "", "{}\r\nBcc: victim@example.org\r\n\r\nbody"), "ok", 3, 2),
    "chat": Fault(rounds("chat", "", "&lt;!channel&gt; {} &amp; &lt;@U1&gt; *bold*"), "ok", 3, 2),
}  # fmt: skip
MOVES = {
    "loop": ("/loop", 302, "too_many_redirects"),
    "metadata": ("http://169.254.169.254/latest/", 302, "refused_address"),
    "file": ("file:///etc/hostname", 302, "bad_scheme"),
    "moved": ("/well", 301, "moved"),
    "here": ("/there", 308, "ok"),
}
CODES = {"missing": (404, "http_404"), "gone": (410, "gone"), "wall": (403, "forbidden"), "broken": (500, "http_500")}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Strait, Site, Receiver]]:
    """Return the command after three rounds over all faults, with the site and who received."""
    home: Path = tmp_path_factory.mktemp("faults")
    with site() as room, receiver() as received:
        (home / "monitor.toml").write_text(CONFIGURATION.format(url=received.url), encoding="utf-8")
        strait = Strait(home)
        for name, (where, code, _) in MOVES.items():
            room.moves[f"/{name}"] = (code, where)
        for name, (code, _) in CODES.items():
            room.moves[f"/{name}"] = (code, "")
        for name in (*FAULTS, *MOVES, *CODES):
            strait("feeds", "add", f"{room.url}/{name}", "--outlet", name)
        room.pages["/there"] = page(item("A harvest festival opens", "there"))
        for n in range(3):
            for name, fault in FAULTS.items():
                room.pages[f"/{name}"] = fault.pages[n]
            strait("run", "--once", "--force", code=1)
        yield strait, room, received


def test_every_fault_has_its_status(desk: tuple[Strait, Site, Receiver]) -> None:
    """Named, with an error in words for those that are none of health."""
    strait, room, _ = desk
    feeds = {row["outlet"]: row for row in strait.json("feeds", "list")}
    expected = {name: fault.status for name, fault in FAULTS.items()}
    expected |= {name: status for name, (_, _, status) in MOVES.items()}
    expected |= {name: status for name, (_, status) in CODES.items()}
    expected["here"] = "unchanged"
    assert {name: row["status"] for name, row in feeds.items()} == expected
    assert all(row["error"] for name, row in feeds.items() if expected[name] not in {"ok", "unchanged"})
    assert feeds["here"]["url"] == f"{room.url}/there"
    assert "polled as well" in feeds["moved"]["error"]


def test_every_fault_brings_what_it_is_to_bring(desk: tuple[Strait, Site, Receiver]) -> None:
    """So many items, and of those that are new so many alerts; renaming everything brings none."""
    strait, _, received = desk
    items = strait.json("items", "--limit", "1000")
    texts = [body["text"] for body in received.bodies if "key" in body]
    brought = {name: sum(row["outlet"] == name for row in items) for name in FAULTS}
    alerts = {name: sum(f": {name}" in text or f"publisher: {name}" in text for text in texts) for name in FAULTS}
    assert brought == {name: fault.items for name, fault in FAULTS.items()}
    # A report may join the story of another feed, which is then told once for both.
    wrong = {name: n for name, n in alerts.items() if n > FAULTS[name].alerts or (FAULTS[name].alerts and not n)}
    assert not wrong


def test_what_arrives_is_harmless(desk: tuple[Strait, Site, Receiver]) -> None:
    """No markup, no mention, no header of a feed's making; the chat's own signs come escaped."""
    strait, _, received = desk
    slack = [json.dumps(body["blocks"], ensure_ascii=False) for body in received.bodies if "blocks" in body]
    assert any("drill near Taiwan &amp; &lt;@U1&gt;" in text for text in slack)
    everything = "".join(slack) + (strait.home / "alerts.txt").read_text(encoding="utf-8")
    for trick in ("<script", "<svg", "onerror", "javascript:", "<!channel", "<!here", "lol", "root:"):
        assert trick not in everything
    assert "<@U1>" not in "".join(slack)
    assert not any(line.startswith("Bcc:") for line in everything.splitlines())


def test_dates_are_sane(desk: tuple[Strait, Site, Receiver]) -> None:
    """What has none or one that has not come counts from when it was seen."""
    strait, _, _ = desk
    for row in strait.json("items", "--limit", "1000"):
        assert row["when"] <= row["seen"]
        if row["outlet"] in {"undated", "future"}:
            assert row["when"] == row["seen"]
