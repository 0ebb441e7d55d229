"""Who confirms a story: publishers that wrote for themselves."""

from __future__ import annotations

import pytest
from samples import NOON, article, feed

from monitor.core.stories import confirmation, place
from monitor.core.stories.confirmation import agency_of, credited
from monitor.model import Source

LONG = (
    "The defence ministry said eleven vessels had passed the channel before dawn and that its own ships had followed "
    "them until they turned north"
)


def source(publisher: str, kind: str = "press", origin: str = "", outlet: str = "") -> Source:
    """Return a report of a publisher."""
    return Source(outlet or f"{publisher} News", publisher, kind, "", "", NOON, origin)


@pytest.mark.parametrize(
    ("sources", "publishers", "official"),
    [
        ([], set(), False),
        ([source("One"), source("Two")], {"One", "Two"}, False),
        ([source("One"), source("One", outlet="One at Night")], {"One"}, False),
        ([source("One", origin="Reuters"), source("Two", origin="Reuters")], {"Reuters"}, False),
        ([source("Reuters"), source("Two", origin="Reuters")], {"Reuters"}, False),
        ([source("One"), source("Two", origin="One"), source("Three")], {"One", "Three"}, False),
        ([source("", outlet="A blog"), source("Two")], {"A blog", "Two"}, False),
        ([source("Ministry", "official")], {"Ministry"}, True),
        ([source("Ministry", "official"), source("CNA", "wire")], {"Ministry", "CNA"}, True),
    ],
)
def test_independent_publishers(sources: list[Source], publishers: set[str], official: bool) -> None:
    """Families, copies and credited agencies count once; an official source is marked."""
    found = confirmation(sources)
    assert (found.publishers, found.official) == (publishers, official)


@pytest.mark.parametrize(
    ("summary", "agency"),
    [
        ("TAIPEI (Reuters) - Eleven vessels passed the channel.", "Reuters"),
        ("(中央社記者王小明台北5日電)國防部今天表示", "CNA"),
        ("（中央社）國防部今天表示", "CNA"),
        ("新华社北京8月4日电 国防部表示", "Xinhua"),
        ("【法新社】國防部今天表示", "AFP"),
        ("Eleven vessels passed. Source: Kyodo", "Kyodo"),
        ("AP - Eleven vessels passed.", "AP"),
        ("Eleven vessels passed the channel - Reuters", "Reuters"),
        ("Reuters journalists were held at the harbour.", ""),
        ("The map (of the strait) was shown.", ""),
        ("The captain of the AP Moller was heard.", ""),
        ("", ""),
    ],
)
def test_credit_lines(summary: str, agency: str) -> None:
    """In brackets, as a dateline, as a source, at the end; naming an agency is no credit."""
    assert credited(article("Vessels pass the channel", summary)) == agency


def test_an_agency_is_its_own_writer() -> None:
    """Under each of its names; its feeds and what others print of it meet."""
    assert {agency_of(name) for name in ("Focus Taiwan", "中央社", " CNA ")} == {"CNA"}
    own = article("Vessels pass the channel", LONG, feed=feed(1, outlet="Focus Taiwan", publisher="CNA"))
    printed = article("Ships seen in channel", f"(中央社台北5日電) {LONG[:60]}", feed=feed(2))
    assert (credited(own), credited(printed)) == ("CNA", "CNA")


def test_copies_are_told_from_short_headlines() -> None:
    """The same long text is one publisher's; the same few words may be two."""
    long = [article("Vessels pass", LONG, feed=feed(n)) for n in (1, 2)]
    short = [article("Vessels pass the channel", feed=feed(n)) for n in (1, 2)]
    assert [len(place(reports, []).stories[0].publishers) for reports in (long, short)] == [1, 2]
