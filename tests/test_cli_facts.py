"""Facts, places and days through the command ``strait tag``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, Strait
from newsroom import newsroom

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def strait(tmp_path: Path) -> Strait:
    """Return the command over a folder with our configuration."""
    (tmp_path / "monitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    return Strait(tmp_path)


def test_tag_tells_facts_places_and_dates(strait: Strait) -> None:
    """Each fact with its kind, value and sentence; a missing or broken publication leaves relative days out."""
    lead = "Taiwan counted 31 Chinese jets on Sunday. 12 of them crossed the median line."
    rows = [
        {"id": 1, "title": "Busy day", "summary": lead, "published": "2026-05-06T02:00:00Z"},
        {"id": 2, "title": lead, "published": "soon"},
        {"id": 3, "title": "A film about a bakery"},
        {"id": 4, "text": "共機31架次擾台"},
    ]
    out = strait("tag", "-", input="\n".join(map(json.dumps, rows))).stdout
    first, second, third, fourth = [json.loads(line) for line in out.splitlines()]
    aircraft, crossings = first["facts"]
    assert aircraft == {
        "kind": "aircraft",
        "value": 31,
        "sentence": "Taiwan counted 31 Chinese jets on Sunday.",
        "span": [15, 30],
    }
    assert (crossings["kind"], crossings["value"]) == ("crossings", 12)
    assert (first["places"], first["dates"]) == (["Taiwan", "China", "median line"][::2], ["2026-05-03"])
    assert (second["facts"], second["dates"]) == (first["facts"], [])
    assert (third["facts"], third["places"], third["dates"]) == ([], [], [])
    assert fourth["facts"][0]["value"] == 31


def test_items_and_alerts_show_their_facts(strait: Strait) -> None:
    """Stored facts come out of the listings as they were told."""
    with newsroom() as room:
        strait("feeds", "add", f"{room.url}/0", "--outlet", "Outlet 0", "--kind", "press")
        strait("run", "--once")
        room.items[0].insert(0, "PLA sends 45 jets around Taiwan in drill, 28 across the median line")
        strait("run", "--once", "--force")
    (item,) = [row for row in strait.json("items") if row["facts"]]
    assert [(fact["kind"], fact["value"]) for fact in item["facts"]] == [("aircraft", 45), ("crossings", 28)]
    (alert,) = strait.json("alerts", "list")
    shown = strait("alerts", "show", str(alert["id"]))
    assert "Facts: 45 aircraft, 28 across the median line" in shown.stdout
    (row,) = strait.json("alerts", "show", str(alert["id"]))
    assert [fact["text"] for fact in row["facts"]] == ["45 aircraft", "28 across the median line"]
    assert row["facts"][0]["said"][0]["outlet"] == "Outlet 0"
