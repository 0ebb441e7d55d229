"""Full text: fetched from real pages for marked feeds, bounded, kept with the item, and never in its way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from newsdesk import Keywords, build
from samples import NOON, feed
from sites import Site, site

from monitor import fulltext
from monitor.edges.fetch import Fetcher, FetchSettings
from monitor.fulltext import PER_BATCH, PER_FEED, texts_of
from monitor.model import Entry
from monitor.pipeline import poll, tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from classifiers.model import Scored, Text
    from monitor.app import App
    from monitor.edges.store import Store

SETTINGS = FetchSettings(
    timeout=3.0, max_bytes=1_000_000, per_host=8, per_host_gap=0.0, allow_networks=("127.0.0.1/32",), contact="",
    version="1", proxy=None, concurrency=16,
)  # fmt: skip
STORY = [
    "The navy held a drill with live fire off the eastern coast on Monday, the defence ministry said in Taipei.",
    "Forty-five aircraft of the People's Liberation Army were counted near Taiwan, 45 aircraft in all, it said.",
    "Seven ships stayed at sea until the evening, and patrols were sent to watch them, officials added later.",
]
PAGE = "<html><body><nav>Menu</nav><article><h1>Monday</h1>" + "".join(f"<p>{p}</p>" for p in STORY * 3) + "</article>"


@pytest.fixture
def daily() -> Iterator[Site]:
    """Return a site with a feed of one item, whose page tells more than its headline."""
    with site() as served:
        served.rss("/feed", "What happened on Monday")
        served.pages["/What-happened-on-Monday"] = PAGE
        yield served


class Readers(Keywords):
    """Tags by the word drill, wherever it stands."""

    def score(self, texts: Sequence[Text], *, thresholds: Mapping[str, float] | None = None) -> list[Scored]:
        """Look into the text too."""
        return super().score([replace(text, summary=text.summary + text.text) for text in texts], thresholds=thresholds)


def app_over(store: Store) -> App:
    """Return an app that fetches over the network, and tags drills by the word."""
    app, *_ = build(store)
    return replace(app, fetcher=Fetcher(SETTINGS), classifier=Readers())


def follow(store: Store, daily: Site, *, full_text: bool = True) -> None:
    """Follow the site's feed."""
    with store.begin() as work:
        work.add_feed(f"{daily.url}/feed", outlet="Daily", lang="en", full_text=full_text)


def polled(app: App) -> int:
    """Poll what is due and return how many items there are."""
    for job in tick(app):
        poll(app, job.ids)
    with app.store.read() as work:
        return len(work.items())


def test_an_item_is_tagged_by_its_page(store: Store, daily: Site) -> None:
    """Its theme and its facts stand only there; the text is kept with it."""
    follow(store, daily)
    assert polled(app_over(store)) == 1
    with store.read() as work:
        (item,) = work.items()
        text = work.text_of(item.id)
    assert STORY[0] in text
    assert "Menu" not in text
    assert (item.summary, item.themes) == ("", ("exercises",))
    assert ("aircraft", 45) in {(fact.kind, fact.value) for fact in item.facts}


def test_it_is_off_by_default(store: Store, daily: Site) -> None:
    """Only the feed is asked."""
    follow(store, daily, full_text=False)
    assert polled(app_over(store)) == 1
    assert daily.asked == ["/feed"]
    with store.read() as work:
        assert work.text_of(work.items()[0].id) == ""


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (None, "text/html"),
        (b"%PDF-1.7" + bytes(1000), "application/pdf"),
        (b"<div>" * 100_000, "text/html"),
        (b"x" * 2_000_000, "text/html"),
        (b"<script>while(true){}</script>", "text/html"),
        (b"", "text/html"),
        (b"\xff\xfe\x00\xd8" * 1000, "text/html; charset=utf-16"),
    ],
    ids=["404", "pdf", "deep", "over max_bytes", "script", "empty", "broken encoding"],
)
def test_a_page_without_a_text_stands_in_nobodys_way(store: Store, daily: Site, page: bytes | None, kind: str) -> None:
    """The item goes on, and its page is not asked for again."""
    path = "/What-happened-on-Monday"
    daily.pages.pop(path)
    daily.kinds[path] = kind
    if page is not None:
        daily.pages[path] = page
    follow(store, daily)
    app = app_over(store)
    assert polled(app) == 1
    daily.rss("/feed", "What happened on Monday", "Another headline")
    with store.begin() as work:
        work.update_feed(work.feeds()[0].id, next_poll=None)
    assert polled(app) == 2
    assert daily.asked.count(path) == 1


def test_an_article_leads_nowhere_private(store: Store, daily: Site) -> None:
    """Addresses that feeds name are guarded, after a redirect too."""
    with site("127.0.0.2") as inner:
        inner.pages["/secret"] = PAGE
        daily.moves["/What-happened-on-Monday"] = (302, f"{inner.url}/secret")
        follow(store, daily)
        assert polled(app_over(store)) == 1
        assert inner.asked == []


@pytest.mark.parametrize(
    ("robots", "read"),
    [
        ("User-agent: *\nDisallow: /private", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: strait-monitor\nDisallow: /What", False),
    ],
)
def test_a_site_says_what_robots_may_read(store: Store, daily: Site, robots: str, *, read: bool) -> None:
    """It is asked once a batch, and obeyed; the feed itself is asked for by name, whatever stands there."""
    daily.pages["/robots.txt"] = robots
    follow(store, daily)
    assert polled(app_over(store)) == 1
    assert daily.asked.count("/robots.txt") == 1
    assert ("/What-happened-on-Monday" in daily.asked) is read


def test_a_site_in_trouble_is_left_alone(store: Store, daily: Site) -> None:
    """Nobody knows what it would say."""
    daily.moves["/robots.txt"] = (503, "")
    follow(store, daily)
    assert polled(app_over(store)) == 1
    assert "/What-happened-on-Monday" not in daily.asked


def test_what_a_feed_is_asked_with_is_not_for_its_articles(store: Store, daily: Site) -> None:
    """A login in the feed's address stays with it."""
    entry = Entry("a", f"{daily.url}/What-happened-on-Monday", "T", "")
    asked: list[object] = []

    class Watching(Fetcher):
        def fetch_all_blocking(self, feeds: object) -> list[object]:  # type: ignore[override]
            asked.append(feeds)
            return super().fetch_all_blocking(feeds)  # type: ignore[arg-type,return-value]

    app = replace(app_over(store), fetcher=Watching(SETTINGS))
    source = replace(feed(full_text=True, etag='"v1"'), url=daily.url.replace("://", "://name:secret@") + "/feed")
    assert STORY[0] in texts_of(app, [(source, entry)])[entry.url]
    _, (bare,) = asked
    assert (bare.etag, bare.access, bare.url) == ("", type(bare.access)(), entry.url)  # type: ignore[attr-defined]


def test_a_text_that_is_kept_is_not_fetched_again(store: Store, daily: Site) -> None:
    """Whichever feed brings its address."""
    follow(store, daily)
    app = app_over(store)
    polled(app)
    entry = Entry("b", f"{daily.url}/What-happened-on-Monday", "T", "")
    assert STORY[0] in texts_of(app, [(feed(9, full_text=True), entry)])[entry.url]
    assert daily.asked.count("/What-happened-on-Monday") == 1


def test_a_batch_fetches_only_so_many(store: Store, daily: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many of a feed, the newest, and so many in all; the others go without."""
    monkeypatch.setattr(fulltext, "main_texts", lambda pages: ["text"] * len(pages))
    new = [
        (feed(n, full_text=True), Entry(f"{n}/{i}", f"{daily.url}/{n}/{i}", "T", "", published=NOON))
        for n in range(8)
        for i in range(PER_FEED + 5)
    ]
    daily.pages = {entry.url.removeprefix(daily.url): "<p>x" for _, entry in new}
    texts = texts_of(app_over(store), new)
    assert len(texts) == len(daily.asked) - 1 == PER_BATCH
    assert daily.asked[0] == "/robots.txt"
    assert set(texts) == {f"{daily.url}/{n}/{i}" for n in range(PER_BATCH // PER_FEED) for i in range(PER_FEED)}
