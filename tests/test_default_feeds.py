"""The list of feeds that the program begins with is well-formed."""

from __future__ import annotations

from importlib import resources
from urllib.parse import urlsplit

import pytest
from lxml import etree

from monitor.core import opml
from monitor.model import KINDS

TEXT = resources.files("config").joinpath("feeds.opml").read_bytes()
FEEDS = opml.read(TEXT, "feeds.opml")
ATTRIBUTES = {"type", "text", "xmlUrl", "outlet", "publisher", "kind", "language", "country", "verified"}
LANGUAGES = {"en", "zh-Hant", "zh-Hans"}


def test_there_are_enough_in_both_languages() -> None:
    """At least eighty, a third of them Chinese in either script, of every kind, each address once."""
    outlines = etree.fromstring(TEXT).findall(".//outline[@xmlUrl]")
    assert len(FEEDS) == len(outlines) >= 80
    assert sum(feed.lang != "en" for feed in FEEDS) >= len(FEEDS) // 3
    assert {feed.lang for feed in FEEDS} == LANGUAGES
    assert {feed.kind for feed in FEEDS} == set(KINDS)


@pytest.mark.parametrize("outline", etree.fromstring(TEXT).findall(".//outline[@xmlUrl]"), ids=lambda o: o.get("text"))
def test_everything_is_said_of_each(outline: etree._Element) -> None:
    """Kind, language, country and publisher family are known; whether it was ever seen to work is told."""
    assert set(outline.keys()) == ATTRIBUTES
    assert all(value == value.strip() != "" for value in outline.values())
    assert outline.get("kind") in KINDS
    assert outline.get("language") in LANGUAGES
    assert outline.get("country", "").isupper()
    assert urlsplit(outline.get("xmlUrl", "")).hostname
    assert outline.get("verified") == "no" or len(outline.get("verified", "").split("-")) == 3


def test_each_has_a_folder() -> None:
    """By kind, then by place."""
    assert {feed.folder.partition("/")[0] for feed in FEEDS} == {
        "Official",
        "Wire",
        "Press",
        "State media",
        "Think tanks",
        "Trade press",
    }


def test_an_outlet_has_one_publisher_and_country() -> None:
    """Otherwise its feeds would confirm each other."""
    said = {(feed.outlet, feed.publisher, feed.country) for feed in FEEDS}
    assert len(said) == len({outlet for outlet, _, _ in said})
