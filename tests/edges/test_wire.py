"""The wire itself: what libcurl is told, what it must not do, and what is made of unusual answers."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pycurl
import pytest
from test_attacks import HEAD, fetch, listener

from monitor.edges import wire as module
from monitor.edges.body import Refusal
from monitor.edges.fetch import Fetcher, FetchSettings
from monitor.edges.guard import guarded_socket_factory
from monitor.edges.wire import Answer, Request, wire
from monitor.errors import FeedError
from monitor.model import Feed, Keys, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = ("127.0.0.0/8", "::1/128")
OPEN: dict[str, Any] = {"allow_networks": LOOPBACK}
OK = HEAD + b"Content-Length: 6\r\n\r\n<rss/>"


def get(port: int, path: str = "/", **changes: Any) -> Answer:
    """Ask once, by a client of its own."""

    async def ask() -> Answer:
        async with wire(guarded_socket_factory(LOOPBACK)) as client:
            asked = Request(f"http://127.0.0.1:{port}{path}", {"Accept": "*/*"}, 1000)
            return await client.get(asked._replace(**changes), "127.0.0.1", port)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("raw", "headers"),
    [
        (b"ETag: a\r\nETag: b\r\n", {"ETag": "a"}),
        (b"etag:a\r\n", {"ETag": "a"}),
        (b"ETag: a\r\n b\r\n", {"ETag": "a b"}),
        (b"ETag: \r\n", {"ETag": ""}),
        ("ETag: 台灣\r\n".encode(), {"ETag": "台灣"}),
        (b"ETag: \xff\r\n", {"ETag": "\udcff"}),
        (b"Content-Length: 6\r\n", {"ETag": None}),
    ],
)
def test_headers_are_read_as_they_were_meant(raw: bytes, headers: dict[str, str | None]) -> None:
    """The first of several, in any case, folded or empty, in UTF-8 or in what is none."""
    with listener({"/": HEAD + raw + b"Content-Length: 6\r\n\r\n<rss/>"}) as (port, _):
        answer = get(port)
    assert {name: answer.headers.get(name) for name in headers} == headers
    assert answer.body == b"<rss/>"


@pytest.mark.parametrize(
    ("raw", "code", "body"),
    [
        (b"HTTP/1.1 103 Early Hints\r\nETag: early\r\n\r\n" + OK, 200, b"<rss/>"),
        (b"HTTP/1.0 200 OK\r\n\r\n<rss/>", 200, b"<rss/>"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n0\r\nETag: late\r\n\r\n", 200, b"<rss/>"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 1000\r\n\r\n", 404, b""),
        (b"HTTP/1.1 302 There\r\nLocation: /b\r\n\r\n" + b"x" * 5000, 302, b""),
        (b"HTTP/1.1 304 Same\r\nContent-Length: 6\r\n\r\n", 304, b""),
    ],
)
def test_what_counts_is_the_last_answer(raw: bytes, code: int, body: bytes) -> None:
    """Interim answers and trailers are passed over, and only a page has a body: for others nobody waits."""
    with listener({"/": raw}) as (port, _):
        answer = get(port)
    assert (answer.code, answer.body, answer.headers.get("ETag")) == (code, body, None)


def test_a_header_cannot_become_two() -> None:
    """What has a line's end in it is refused before anything is sent; an empty value is sent as such."""
    with listener({"/": OK}) as (port, asked):
        for value in ("a\r\nX: b", "a\nb", "a\0b"):
            with pytest.raises(Refusal) as caught:
                get(port, headers={"X-Key": value})
            assert caught.value.status == "bad_url"
        assert asked == []
        assert get(port, headers={"X-Key": ""}).code == 200


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_environment_names_no_proxy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one to use, nor hosts to ask past the one that is configured."""
    with listener({"/": OK, "http://feed.example/": OK}) as (port, asked), listener({}) as (other, reached):
        monkeypatch.setenv(name, f"http://127.0.0.1:{other}")
        monkeypatch.setenv("no_proxy", "*")
        assert isinstance(fetch(f"http://127.0.0.1:{port}/", **OPEN), Page)
        assert isinstance(fetch("http://feed.example/", proxy=f"http://127.0.0.1:{port}", **OPEN), Page)
        assert asked == ["GET /", "GET http://feed.example/"]
        assert reached == []


def test_passwords_in_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .netrc in the home folder is nobody's permission to log in."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login user password s3cret\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving() as (port, seen):
        get(port)
    assert [headers.get("Authorization") for _, headers in seen] == [None]


def test_a_proxy_that_refuses_a_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the proxy's failure, and what it says of it is no answer of the feed's."""
    no = b"HTTP/1.1 403 No\r\nETag: x\r\nContent-Length: 0\r\n\r\n"
    with listener({"feed.example:443": no}) as (port, asked):
        error = fetch("https://feed.example/", proxy=f"http://127.0.0.1:{port}", **OPEN)
        gone = fetch("https://feed.example/", proxy="http://127.0.0.1:9", **OPEN)
    assert asked == ["CONNECT feed.example:443"]
    assert [isinstance(e, FeedError) and e.status for e in (error, gone)] == ["proxy", "proxy"]


class Handler(BaseHTTPRequestHandler):
    """Answers, and remembers over which connection it was asked."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[Any, Any]]

    def do_GET(self) -> None:
        """Answer."""
        self.seen.append((self.client_address, self.headers))
        self.send_response_only(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"<rss/>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Quiet(ThreadingHTTPServer):
    """A server whose clients may not trust it."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[tuple[Any, Any]]]]:
    """Run a server; yield its port and what it saw."""
    handler = type("Own", (Handler,), {"seen": []})
    server = Quiet(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
    thread.start()
    try:
        yield server.server_address[1], handler.seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def feeds(port: int, count: int, host: str = "127.0.0.1") -> list[Feed]:
    """Return feeds of one host."""
    return [Feed(n, f"http://{host}:{port}/{n}") for n in range(count)]


def fetcher(**changes: Any) -> Fetcher:
    """Return a fetcher that reaches this machine."""
    settings: dict[str, Any] = {
        "timeout": 5.0, "max_bytes": 1000, "per_host": 1, "per_host_gap": 0.0, "allow_networks": LOOPBACK,
        "contact": "", "version": "1", "proxy": None, "concurrency": 8,
    }  # fmt: skip
    return Fetcher(FetchSettings(**{**settings, **changes}))


def test_feeds_of_one_host_share_a_connection() -> None:
    """As far as they are fetched one after the other."""
    with serving() as (port, seen):
        assert all(isinstance(page, Page) for page in fetcher().fetch_all_blocking(feeds(port, 5)))
    assert len({client for client, _ in seen}) == 1


def test_a_name_is_looked_up_once_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many feeds it has; and it is Python that looks it up, in a thread that others do not wait for."""
    looked_up: list[str] = []
    real = module.socket.getaddrinfo

    def resolve(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        looked_up.append(host)
        return real("127.0.0.1", port, *rest, **named)

    monkeypatch.setattr(module.socket, "getaddrinfo", resolve)
    with serving() as (port, _):
        pages = fetcher(per_host=4).fetch_all_blocking(feeds(port, 20, "feeds.example"))
    assert all(isinstance(page, Page) for page in pages)
    assert looked_up == ["feeds.example"]


def descriptors() -> int:
    """Return how many files and sockets this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_nothing_is_left_open() -> None:
    """Neither after answers, nor after failures, nor after what took too long."""
    before = descriptors()
    with listener({"/": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"}) as (port, _), serving() as (other, _):
        slow = Feed(99, f"http://127.0.0.1:{port}/")
        answers = fetcher(timeout=0.3, per_host=4).fetch_all_blocking([*feeds(other, 9), slow, *feeds(9, 3)])
    assert sum(isinstance(answer, Page) for answer in answers) == 9
    end = time.monotonic() + 5  # the server's threads take a moment
    while descriptors() > before and time.monotonic() < end:
        time.sleep(0.02)
    assert descriptors() <= before


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")
def test_a_host_must_prove_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is trusted whom Python does not trust, nor under another name than the certificate's."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    files = ("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate))
    subprocess.run([shutil.which("openssl") or "", *made, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(context) as (port, _):
        named, numbered = Feed(1, f"https://localhost:{port}/"), Feed(2, f"https://127.0.0.1:{port}/")
        strangers = fetcher().fetch_all_blocking([named])
        monkeypatch.setattr(module, "_TRUST", {pycurl.CAINFO: str(certificate)})
        known, misnamed = fetcher().fetch_all_blocking([named, numbered])
    assert isinstance(known, Page)
    assert [isinstance(e, FeedError) and e.status for e in (*strangers, misnamed)] == ["tls", "tls"]


def test_a_feeds_secrets_reach_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong, what is told names neither the proxy's password nor a header."""
    keys = Keys({"X-Key": "s3cret"}, ("user", "s3cret"), "http://user:s3cret@127.0.0.1:9")
    (error,) = fetcher(keys=lambda _: keys).fetch_all_blocking([Feed(1, "http://feed.example/")])
    assert isinstance(error, FeedError)
    assert error.status == "proxy"
    assert "s3cret" not in f"{error!r}{error.__cause__!r}{error.__context__!r}"
