"""Fetching from a real server that misbehaves in every way."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from monitor.edges.failures import FAILURES, explain
from monitor.edges.fetch import Fetcher, FetchSettings
from monitor.edges.headers import fresh_for, retry_after
from monitor.edges.turns import Starts
from monitor.errors import FeedError
from monitor.model import Feed, Keys, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = b"<rss/>"
SETTINGS = FetchSettings(
    timeout=1.0, max_bytes=100_000, per_host=4, per_host_gap=0.0, allow_networks=("127.0.0.0/8",), contact="https://a.example",
    version="1", proxy=None, concurrency=16,
)  # fmt: skip
DATE = "Mon, 04 May 2026 12:00:00 GMT"
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/ok": (200, {"ETag": '"v1"', "Last-Modified": DATE, "Content-Type": "application/rss+xml"}, BODY),
    "/fresh": (200, {"ETag": '"v1"', "Cache-Control": "max-age=600"}, BODY),
    "/gzip": (200, {"Content-Encoding": "gzip"}, gzip.compress(BODY)),
    "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(50_000_000))),
    "/badgzip": (200, {"Content-Encoding": "gzip"}, b"not gzip at all"),
    "/halfgzip": (200, {"Content-Encoding": "gzip"}, gzip.compress(BODY * 50)[:-9]),
    "/brotli": (200, {"Content-Encoding": "br"}, b"x"),
    "/big": (200, {}, b"x" * 200_000),
    "/blank": (200, {}, b" \n"),
    "/404": (404, {}, b"no"),
    "/403": (403, {}, b"<html>"),
    "/410": (410, {}, b""),
    "/418": (418, {}, b""),
    "/429": (429, {"Retry-After": "120"}, b""),
    "/503": (503, {"Retry-After": "Mon, 04 May 2026 12:05:00 GMT", "Date": DATE}, b""),
    "/moved": (301, {"Location": "/ok"}, b""),
    "/found": (302, {"Location": "/ok"}, b""),
    "/mixed": (301, {"Location": "/found"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/nowhere": (302, {}, b""),
    "/file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/metadata": (302, {"Location": "http://169.254.169.254/latest"}, b""),
    "/decimal": (302, {"Location": "http://2852039166/latest"}, b""),
    "/badurl": (302, {"Location": "http://[::1"}, b""),
}


class Handler(BaseHTTPRequestHandler):
    """Answers from the table, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, dict[str, str]]]
    busy: int
    most: int
    lock = threading.Lock()

    def do_GET(self) -> None:
        """Answer."""
        kind = type(self)
        with kind.lock:
            kind.asked.append((self.path, dict(self.headers)))
            kind.busy += 1
            kind.most = max(kind.most, kind.busy)
        try:
            self.answer()
        finally:
            with kind.lock:
                kind.busy -= 1

    def answer(self) -> None:
        """Send what the path stands for."""
        if self.path in {"/hangup", "/nonsense", "/dribble", "/short"}:
            self.misbehave()
            return
        if self.path.startswith("/slow"):
            time.sleep(0.1)
        code, headers, body = ANSWERS.get(self.path.split("?")[0], (200, {}, BODY))
        if self.headers.get("If-None-Match") == headers.get("ETag", "") != "":
            code, body = 304, b""
        self.send_response_only(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def misbehave(self) -> None:
        """Break the connection in one of four ways."""
        self.close_connection = True
        if self.path == "/nonsense":
            self.wfile.write(b"HELLO\r\n\r\n")
        elif self.path == "/short":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        elif self.path == "/dribble":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(30):
                time.sleep(0.1)
                self.wfile.write(b"<")
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Quiet(ThreadingHTTPServer):
    """A server whose clients go away on purpose."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[tuple[str, type[Handler]]]:
    """Run the server; yield its address and what remembers."""
    handler = type("Own", (Handler,), {"asked": [], "busy": 0, "most": 0})
    server = Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fetch(*feeds: Feed, **changes: Any) -> list[Page | FeedError]:
    """Fetch feeds with our settings."""
    return asyncio.run(Fetcher(replace(SETTINGS, **changes)).fetch_all(feeds))


@pytest.mark.parametrize(
    ("path", "status", "retry_after"),
    [
        ("/404", "http_404", None),
        ("/403", "forbidden", None),
        ("/410", "gone", None),
        ("/418", "http_418", None),
        ("/429", "too_many_requests", 120),
        ("/503", "http_503", 300),
        ("/blank", "empty", None),
        ("/big", "too_big", None),
        ("/bomb", "too_big", None),
        ("/badgzip", "bad_compression", None),
        ("/brotli", "bad_compression", None),
        ("/halfgzip", "cut_off", None),
        ("/short", "cut_off", None),
        ("/hangup", "disconnected", None),
        ("/nonsense", "bad_http", None),
        ("/dribble", "timeout", None),
        ("/loop", "too_many_redirects", None),
        ("/nowhere", "http_302", None),
        ("/file", "bad_scheme", None),
        ("/metadata", "refused_address", None),
        ("/decimal", "refused_address", None),
        ("/badurl", "bad_url", None),
    ],
)
def test_each_failure_has_its_name(path: str, status: str, retry_after: float | None) -> None:
    """The error names the feed, says what is wrong and what to do; another feed of the batch is not disturbed."""
    with serving() as (url, _):
        error, page = fetch(Feed(1, url + path, outlet="The Outlet"), Feed(2, f"{url}/ok"))
    assert isinstance(error, FeedError)
    assert (error.status, error.retry_after) == (status, retry_after)
    assert str(error).startswith("The Outlet (http://127.0.0.1")
    assert explain(status).advice in str(error)
    assert isinstance(page, Page)
    assert page.body == BODY


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://127.0.0.1:9/feed", "connect"),
        ("http://no-such-host.invalid/feed", "dns"),
        ("ftp://a.example/", "bad_scheme"),
        ("nonsense", "bad_url"),
        ("http://", "bad_url"),
        ("http://[::ffff:169.254.169.254]/", "refused_address"),
        ("http://0x7f000001/", "refused_address"),
    ],
)
def test_addresses_that_lead_nowhere(url: str, status: str) -> None:
    """Nobody there, no such name, no web address, an address that is refused."""
    networks = () if status == "refused_address" else SETTINGS.allow_networks
    (error,) = fetch(Feed(1, url), allow_networks=networks)
    assert isinstance(error, FeedError)
    assert error.status == status


def test_loopback_is_refused_unless_opened() -> None:
    """Nothing reaches the server."""
    with serving() as (url, handler):
        (error,) = fetch(Feed(1, f"{url}/ok"), allow_networks=())
        assert handler.asked == []
    assert isinstance(error, FeedError)
    assert "allow_networks" in str(error)


def test_a_page_comes_with_what_is_asked_next_time() -> None:
    """Validators are kept and sent back; an unchanged page has no body."""
    with serving() as (url, handler):
        (page,) = fetch(Feed(1, f"{url}/ok"))
        assert isinstance(page, Page)
        assert (page.etag, page.last_modified, page.content_type) == ('"v1"', DATE, "application/rss+xml")
        (again,) = fetch(Feed(1, f"{url}/ok", etag=page.etag, last_modified=page.last_modified))
    assert isinstance(again, Page)
    assert (again.unchanged, again.body, again.etag) == (True, b"", '"v1"')
    assert handler.asked[0][1]["User-Agent"] == "strait-monitor/1 (+https://a.example)"
    assert handler.asked[1][1]["If-None-Match"] == '"v1"'


@pytest.mark.parametrize(("path", "moved"), [("/moved", True), ("/found", False), ("/mixed", False), ("/ok", False)])
def test_only_a_wholly_permanent_way_moves_a_feed(path: str, *, moved: bool) -> None:
    """A temporary redirect anywhere on the way keeps the old address."""
    with serving() as (url, _):
        (page,) = fetch(Feed(1, url + path))
    assert isinstance(page, Page)
    assert page.body == BODY
    assert page.moved_to == (f"{url}/ok" if moved else "")


def test_compressed_pages_are_unpacked() -> None:
    """The body is what was compressed."""
    with serving() as (url, _):
        (page,) = fetch(Feed(1, f"{url}/gzip"))
    assert isinstance(page, Page)
    assert page.body == BODY


def test_a_host_is_asked_by_few_at_once() -> None:
    """per_host holds over a batch, whatever the order, and the answers keep the order of the feeds."""
    with serving() as (url, handler):
        pages = fetch(*(Feed(n, f"{url}/slow{n}") for n in range(12)), per_host=2)
    assert handler.most <= 2
    assert [isinstance(page, Page) and page.url[-len(str(n)) :] for n, page in enumerate(pages)] == [
        str(n) for n in range(12)
    ]


def test_credentials_are_sent_to_their_server_and_shown_to_nobody() -> None:
    """They travel as a header; errors and pages carry the bare address."""
    with serving() as (url, handler):
        with_login = url.replace("http://", "http://user:s3cret@")
        page, error = fetch(Feed(1, f"{with_login}/ok"), Feed(2, f"{with_login}/404?key=s3cret"))
        assert handler.asked[0][1]["Authorization"].startswith("Basic ")
    assert "s3cret" not in str(error) + str(page)


def test_a_thread_can_fetch_without_a_loop() -> None:
    """The blocking call does the same."""
    with serving() as (url, _):
        (page,) = Fetcher(SETTINGS).fetch_all_blocking([Feed(1, f"{url}/ok")])
    assert isinstance(page, Page)


def test_every_status_has_words_and_advice() -> None:
    """A number without a row falls back to its hundred."""
    assert all(failure.words and failure.advice for failure in FAILURES.values())
    assert explain("http_502") is FAILURES["http_5xx"]
    assert explain("http_999") is FAILURES["http_other"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": 'public, max-age="600"', "Age": "100"}, 500),
        ({"Cache-Control": "max-age=600", "Age": "1000"}, 0),
        ({"Cache-Control": "max-age=600", "Expires": DATE, "Date": DATE}, 600),
        ({"Cache-Control": "MAX-AGE=600, no-cache"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "private", "Expires": "Mon, 04 May 2026 12:05:00 GMT", "Date": DATE}, 300),
        ({"Expires": "Mon, 04 May 2026 11:00:00 GMT", "Date": DATE}, 0),
        ({"Expires": "0", "Date": DATE}, None),
        ({"Expires": DATE}, None),
    ],
)
def test_for_how_long_an_answer_is_good(headers: dict[str, str], seconds: float | None) -> None:
    """By max-age less the answer's age, else by Expires against the answer's own clock."""
    assert fresh_for(headers) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "9" * 400}, 999_999_999),
        ({"Retry-After": "Mon, 04 May 2026 12:05:00 GMT", "Date": DATE}, 300),
        ({"Retry-After": "Mon, 04 May 2026 11:05:00 GMT", "Date": DATE}, 0),
        ({"Retry-After": "Mon, 04 May 2026 12:05:00 GMT"}, None),
        ({"Retry-After": "soon", "Date": DATE}, None),
        ({"Retry-After": "-5"}, None),
    ],
)
def test_when_a_server_wants_us_back(headers: dict[str, str], seconds: float | None) -> None:
    """Retry-After as a number or as a date; nonsense is nothing."""
    assert retry_after(headers) == seconds


def test_a_page_says_how_long_it_is_good() -> None:
    """Also one that is unchanged."""
    with serving() as (url, _):
        (page,) = fetch(Feed(1, f"{url}/fresh"))
        assert isinstance(page, Page)
        (again,) = fetch(Feed(1, f"{url}/fresh", etag=page.etag))
    assert isinstance(again, Page)
    assert (page.fresh_for, again.fresh_for, again.unchanged) == (600, 600, True)


KEYS = Keys(headers={"X-Key": "s3cret"}, login=("user", "s3cret"))


def test_a_feeds_own_headers_and_login_go_to_its_server_alone() -> None:
    """They are sent where the feed is, not where it redirects to, and a feed with secrets never moves elsewhere."""
    with serving() as (url, handler), serving() as (other, elsewhere):
        ANSWERS["/away"] = (301, {"Location": f"{other}/ok"}, b"")
        home, away = fetch(Feed(1, f"{url}/moved"), Feed(2, f"{url}/away"), keys=lambda _: KEYS)
        (plain,) = fetch(Feed(2, f"{url}/away"))
    assert isinstance(home, Page)
    assert isinstance(away, Page)
    assert isinstance(plain, Page)
    assert {asked[1].get("X-Key") for asked in handler.asked[:3]} == {"s3cret"}
    assert {asked[1]["Authorization"] for asked in handler.asked[:3]} == {"Basic dXNlcjpzM2NyZXQ="}
    assert all("X-Key" not in headers and "Authorization" not in headers for _, headers in elsewhere.asked)
    assert (home.moved_to, away.moved_to, plain.moved_to) == (f"{url}/ok", "", f"{other}/ok")
    assert "s3cret" not in repr(KEYS)


def test_a_secret_that_cannot_be_read_is_a_failure_of_its_feed() -> None:
    """The others of the batch are fetched."""

    def keys(feed: Feed) -> Keys:
        if feed.id == 1:
            raise FeedError("access", "KEY is not set")
        return Keys()

    with serving() as (url, _):
        error, page = fetch(Feed(1, f"{url}/ok"), Feed(2, f"{url}/ok"), keys=keys)
    assert isinstance(error, FeedError)
    assert isinstance(page, Page)


def test_a_feed_may_have_a_proxy_of_its_own() -> None:
    """Its requests go to the proxy, which may be private; the others go directly, past the guard."""
    proxied, direct = Feed(1, "http://feed.example/ok"), Feed(2, "http://feed.invalid/ok")
    with serving() as (proxy, handler):
        keys = {1: Keys(proxy=proxy), 2: Keys(proxy="direct")}
        page, error = fetch(proxied, direct, keys=lambda feed: keys[feed.id], proxy=proxy, allow_networks=())
        (refused,) = fetch(Feed(1, "http://169.254.169.254/"), keys=lambda _: keys[1], allow_networks=())
    assert isinstance(page, Page)
    assert page.url == "http://feed.example/ok"
    assert [path for path, _ in handler.asked] == ["http://feed.example/ok"]
    assert isinstance(error, FeedError)
    assert isinstance(refused, FeedError)
    assert (error.status, refused.status) == ("dns", "refused_address")


def test_starts_at_a_host_keep_their_gap_over_all_threads() -> None:
    """Each booking is a gap after the one before, whoever books; another host does not wait."""
    starts = Starts()
    booked: list[float] = []
    threads = [threading.Thread(target=lambda: booked.append(starts.book("a", 10.0, 2.0))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(booked) == [10.0, 12.0, 14.0, 16.0, 18.0]
    assert starts.book("b", 10.0, 2.0) == 10.0
    assert starts.book("a", 100.0, 2.0) == 100.0


def test_a_host_that_another_asked_rests() -> None:
    """The later moment counts, and the gap follows it as ever."""
    starts = Starts()
    starts.rest("a", 15.0)
    starts.rest("a", 11.0)
    assert [starts.book("a", 10.0, 2.0), starts.book("a", 10.0, 2.0), starts.book("b", 10.0, 2.0)] == [15.0, 17.0, 10.0]


def test_starts_forget_hosts_whose_gap_is_over() -> None:
    """So that a daemon that meets ever new hosts does not grow."""
    starts = Starts()
    for number in range(10_050):
        starts.book(f"host{number}", float(number), 1.0)
    assert len(starts._next) < 100


def test_a_gap_lies_between_two_batches_too() -> None:
    """One fetcher remembers a host from batch to batch; literal loopback addresses have no gap."""
    with serving() as (url, handler):
        fetcher = Fetcher(replace(SETTINGS, per_host_gap=0.2))
        named = url.replace("127.0.0.1", "localhost")
        moments = []
        for _ in range(3):
            fetcher.fetch_all_blocking([Feed(1, f"{named}/ok")])
            moments.append(time.monotonic())
    assert len(handler.asked) == 3
    assert moments[2] - moments[0] >= 0.2


def test_the_gap_holds_after_what_others_asked() -> None:
    """A host that another process asked a moment ago is asked when the gap is over; others at once."""
    with serving() as (url, handler):
        feed = Feed(1, f"{url.replace('127.0.0.1', 'localhost')}/ok")
        fetcher = Fetcher(replace(SETTINGS, per_host_gap=0.5))
        begun = time.monotonic()
        list(fetcher.fetch_in_parts([feed], {"localhost": 0.2, "other.test": 0.1}))
        took = time.monotonic() - begun
        list(Fetcher(SETTINGS).fetch_in_parts([feed], {"localhost": 1.0}))
    assert len(handler.asked) == 2
    assert took >= 0.3


def test_quick_feeds_do_not_wait_for_slow_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """They come in a part of their own; every feed comes once, with its answer; a quick batch comes in one part."""
    monkeypatch.setattr("monitor.edges.fetch.PATIENCE", 0.3)
    with serving() as (url, _):
        feeds = [Feed(n, f"{url}/ok") for n in range(5)]
        slow = Feed(9, f"{url}/dribble")
        parts = list(Fetcher(SETTINGS).fetch_in_parts([slow, *feeds]))
        (whole,) = Fetcher(SETTINGS).fetch_in_parts(feeds)
    assert [sorted(feed.id for feed, _ in part) for part in parts] == [[0, 1, 2, 3, 4], [9]]
    assert isinstance(parts[1][0][1], FeedError)
    assert all(isinstance(answer, Page) for _, answer in whole)
    assert list(Fetcher(SETTINGS).fetch_in_parts([])) == []


def test_a_fetcher_that_breaks_says_so() -> None:
    """What is no failure of a feed is raised, and nobody waits for answers that never come."""

    def keys(_: Feed) -> Keys:
        raise LookupError("a mistake of ours")

    with serving() as (url, _), pytest.raises(ExceptionGroup, match="TaskGroup"):
        list(Fetcher(replace(SETTINGS, keys=keys)).fetch_in_parts([Feed(1, f"{url}/ok")]))
