"""The invented newsroom: outlets and what they print. No outlet, person or event in it is real."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEM_FILES = ("items-en.jsonl", "items-zh-hant.jsonl", "items-zh-hans.jsonl")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source of news."""

    id: str
    """Stands in the addresses of its items."""
    name: str
    kind: str
    lang: str
    format: Literal["rss", "atom", "json"]
    folder: str


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of news. *themes* is what a careful reader would say it reports, to compare the classifier with."""

    id: str
    outlet: str
    """The outlet's id."""
    title: str
    summary: str
    hours_ago: float
    round: int
    """1 stands in the feed from the start, 2 is released later."""
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """All outlets, in the order in which they are polled, and all items."""

    outlets: tuple[Outlet, ...]
    items: tuple[Item, ...]

    def of(self, outlet: Outlet, last_round: int) -> list[Item]:
        """Return what an outlet has printed up to a round, newest first as feeds have it."""
        printed = [item for item in self.items if item.outlet == outlet.id and item.round <= last_round]
        return sorted(printed, key=lambda item: (item.hours_ago, item.id))


def read() -> News:
    """Read the invented news that ships with the program."""
    outlets = tuple(Outlet(**row) for row in _rows("outlets.jsonl"))
    items = tuple(
        Item(f"{name.removeprefix('items-').removesuffix('.jsonl')}-{n:03}", **row | {"themes": tuple(row["themes"])})
        for name in ITEM_FILES
        for n, row in enumerate(_rows(name), 1)
    )
    return News(outlets, items)


def _rows(name: str) -> Iterator[dict[str, Any]]:
    text = resources.files("monitor.demo").joinpath(name).read_text(encoding="utf-8")
    return (json.loads(line) for line in text.split("\n") if line)
