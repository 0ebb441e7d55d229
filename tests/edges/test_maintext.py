"""The main text of pages, honest and hostile, by the real reader in its own process."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.edges import maintext
from monitor.edges.maintext import MAX_PAGE, MAX_TEXT, main_texts

ENGLISH = [
    "The defence ministry counted forty-five aircraft near the island between Monday and Tuesday morning.",
    "Twenty-eight of them flew over the middle of the strait, the ministry wrote in its bulletin.",
    "Seven ships of the navy stayed at sea, and patrols were sent to watch them, officials said.",
]
CHINESE = [
    "國防部今日上午公布，截至清晨六時共偵獲軍機四十五架次，其中二十八架次越過海峽中線。",
    "軍方表示已派遣任務機與艦艇監控，並以岸置飛彈系統嚴密應處，民眾無須過度擔憂。",
]


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for what takes for ever."""
    monkeypatch.setattr(maintext, "SECONDS", 1.0)


def article(*paragraphs: str) -> str:
    """Return a page with a menu, a story and a footer."""
    menu = "<nav><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(20)) + "</ul></nav>"
    body = "".join(f"<p>{text}</p>" for text in paragraphs * 3)
    script = "<script>document.write('never written')</script>"
    return f"<html><body>{menu}<article><h1>T</h1>{body}</article>{script}<footer>Rights</footer></body></html>"


def test_the_text_without_what_stands_around_it() -> None:
    """In both languages, in the order of the pages; a page without an article has none."""
    english, none, chinese = main_texts([article(*ENGLISH), "<html></html>", article(*CHINESE)])
    assert all(text in english for text in ENGLISH)
    assert all(text in chinese for text in CHINESE)
    assert "Section 3" not in english
    assert "never written" not in english
    assert none == ""


def test_nothing_is_started_for_nothing() -> None:
    """No pages, no process."""
    assert main_texts([]) == []


def test_a_long_text_is_cut_and_a_huge_page_is_left_alone() -> None:
    """Both are bounded."""
    long, huge = main_texts(["<p>" + "word " * 20_000, article(*ENGLISH) + " " * MAX_PAGE])
    assert len(long) <= MAX_TEXT
    assert huge == ""


HOSTILE = {
    "deep": "<div>" * 200_000 + "x",
    "deep and many": ("<div>" * 240 + "text " * 100 + "</div>" * 240) * 600,
    "attributes": "<p " + " ".join(f"a{n}=b" for n in range(200_000)) + ">x",
    "entities": '<!DOCTYPE x [<!ENTITY a "' + "b" * 1000 + '">]><p>' + "&a;" * 100_000,
    "tables": "<table><tr><td>" * 100_000,
    "nul and halves": "\0\ud800" * 10_000,
    "no page": "{" * 100_000,
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_page_costs_only_its_own_text(page: str) -> None:
    """Before and after it, others are read."""
    first, _, last = main_texts([article(*ENGLISH), page, article(*CHINESE)])
    assert ENGLISH[0] in first
    assert CHINESE[0] in last


def test_many_hostile_pages_end_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader is not started for ever; what was read before stays."""
    monkeypatch.setattr(maintext, "MAX_STARTS", 2)
    bad = HOSTILE["deep and many"]
    assert [bool(text) for text in main_texts([article(*ENGLISH), bad, bad, article(*ENGLISH)])] == [
        True,
        False,
        False,
        False,
    ]


@given(st.lists(st.text(max_size=200), min_size=1, max_size=20))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_there_is_an_answer_for_every_page(pages: list[str]) -> None:
    """Whatever stands in it."""
    assert len(main_texts(pages)) == len(pages)
