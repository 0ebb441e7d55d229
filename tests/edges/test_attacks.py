"""A table of attacks: addresses in every disguise, and a server that answers with the worst it can."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from monitor.edges.channels.http import Post, ask
from monitor.edges.fetch import Fetcher, FetchSettings
from monitor.errors import DeliveryError, FeedError
from monitor.model import Feed, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = (
    *("127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "127.0.0.1.", "0", "0.0.0.0"),
    *("2130706433", "0x7f000001", "0x7f.0.0.1", "0x7F.1", "0177.0.0.1", "017700000001", "00000177.1"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::1]"),
    *("[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[fec0::1]", "[ff02::1]"),
    *("localhost", "localhost.", "LOCALHOST", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1"),
    *("example.org@127.0.0.1", "127.0.0.1\\@example.org", "user:pw@[::1]", "127.0.0.1#@example.org"),
    *("169.254.169.254", "2852039166", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "[fd00:ec2::254]"),
    *("10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "168.63.129.16", "224.0.0.1"),
)
"""Ways to write an address of this machine or of a private network."""
REFUSED = {"refused_address", "bad_url", "dns"}
SETTINGS: dict[str, Any] = {
    "timeout": 1.0, "max_bytes": 100_000, "per_host": 4, "per_host_gap": 0.0, "allow_networks": (),
    "contact": "", "version": "1", "proxy": None, "concurrency": 16,
}  # fmt: skip


def fetch(url: str, **changes: Any) -> Page | FeedError:
    """Fetch one feed."""
    (answer,) = asyncio.run(Fetcher(FetchSettings(**{**SETTINGS, **changes})).fetch_all([Feed(1, url)]))
    return answer


AGAIN = b"\0again\0"


@contextmanager
def listener(answers: dict[str, bytes], address: str = "127.0.0.1") -> Iterator[tuple[int, list[str]]]:
    """Run a server that sends raw bytes by path, what stands behind AGAIN without end; yield its port and requests."""
    server = socket.create_server((address, 0))
    asked: list[str] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                threading.Thread(target=answer, args=(connection.dup(),), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection:
            try:
                asked.append(connection.recv(65_536).decode("latin-1").partition(" HTTP")[0])
                raw = answers.get(asked[-1].partition(" ")[2], b"")
                once, _, again = raw.partition(AGAIN)
                connection.sendall(once)
                while again:
                    connection.sendall(again)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1], asked
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.mark.parametrize("host", HOSTS)
def test_no_disguise_of_a_private_address_gets_through(host: str) -> None:
    """Neither for a feed nor for a webhook; nothing arrives, and the error is one of ours."""
    with listener({}) as (port, asked):
        url = f"http://{host}:{port}/" if "#" not in host and "\\" not in host else f"http://{host}/"
        error = fetch(url)
        with pytest.raises(DeliveryError):
            ask("hook", Post(url, b"{}", timeout=1))
        assert asked == []
    assert isinstance(error, FeedError)
    assert error.status in REFUSED


def test_a_name_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is judged is the address that is connected to, at that moment, whatever the name said before."""
    answers = iter(["127.0.0.1", "169.254.169.254", "10.0.0.1"])

    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    with listener({}) as (port, asked):
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        errors = [fetch(f"http://feed.example:{port}/") for _ in range(3)]
        assert asked == []
    assert [isinstance(error, FeedError) and error.status for error in errors] == ["refused_address"] * 3


def redirect(where: str) -> bytes:
    """Return a redirect."""
    return f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("where", "status"),
    [
        ("http://127.0.0.2:{port}/", "refused_address"),
        ("//127.0.0.2:{port}/", "refused_address"),
        ("http://169.254.169.254/latest/meta-data/", "refused_address"),
        ("http://[::ffff:169.254.169.254]/", "refused_address"),
        ("http://[::1]:{port}/", "refused_address"),
        ("http://user:pw@127.0.0.2:{port}/", "refused_address"),
        ("file:///etc/passwd", "bad_scheme"),
        ("gopher://127.0.0.1:{port}/_x", "bad_scheme"),
        ("ftp://127.0.0.1/", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("data:application/rss+xml,<rss/>", "bad_scheme"),
        ("http://", "too_many_redirects"),
        ("http://127.0.0.1:0/", "bad_url"),
        ("http://127.0.0.1:99999/", "bad_url"),
    ],
)
def test_a_redirect_is_judged_like_any_address(where: str, status: str) -> None:
    """From a host that is allowed into what is not."""
    with listener({}, "127.0.0.2") as (inner, reached), listener({"/": b""}) as (port, _):
        target = where.format(port=inner)
        with listener({"/": redirect(target)}) as (outer, _):
            error = fetch(f"http://127.0.0.1:{outer}/", allow_networks=("127.0.0.1/32",))
        assert reached == []
        assert port
    assert isinstance(error, FeedError)
    assert error.status == status


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
RAW: dict[str, tuple[bytes, set[str]]] = {
    "endless body": (HEAD + b"\r\n" + AGAIN + b"<rss>" * 1000, {"too_big"}),
    "endless header": (HEAD + AGAIN + b"X: y\r\n" * 1000, {"bad_http", "timeout"}),
    "one endless header": (HEAD + b"X: " + AGAIN + b"y" * 10_000, {"bad_http", "timeout"}),
    "endless status": (b"HTTP/1.1 200 " + AGAIN + b"y" * 10_000, {"bad_http", "timeout"}),
    "many headers": (HEAD + b"X: y\r\n" * 50_000 + b"Content-Length: 0\r\n\r\n", {"bad_http", "empty"}),
    "endless 100s": (AGAIN + b"HTTP/1.1 100 Continue\r\n\r\n" * 100, {"bad_http", "timeout", "disconnected"}),
    "negative length": (HEAD + b"Content-Length: -1\r\n\r\nx", {"bad_http"}),
    "huge length": (HEAD + b"Content-Length: 99999999999999999999\r\n\r\nx", {"too_big", "bad_http"}),
    "two lengths": (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", {"bad_http"}),
    "length and chunks": (
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {"bad_http", "empty"},
    ),
    "huge chunk": (CHUNKED + b"FFFFFFFFFFFFFFFF\r\nx", {"cut_off", "bad_http"}),
    "endless chunks": (CHUNKED + AGAIN + b"1\r\nx\r\n" * 1000, {"bad_http", "too_big", "timeout"}),
    "no chunk": (CHUNKED + b"zz\r\n", {"cut_off", "bad_http"}),
    "no http": (b"SSH-2.0-OpenSSH_9.2\r\n", {"bad_http"}),
    "old http": (b"<rss/>", {"bad_http"}),
    "nothing": (b"", {"disconnected"}),
    "status of letters": (b"HTTP/1.1 ABC OK\r\n\r\n", {"bad_http"}),
    "unknown encoding": (HEAD + b"Content-Encoding: br, gzip\r\nContent-Length: 1\r\n\r\nx", {"bad_compression"}),
}  # fmt: skip


@pytest.mark.parametrize("name", RAW)
def test_no_answer_breaks_the_reader(name: str) -> None:
    """Every answer ends, within the time and size allowed, in a failure with a name, on one line."""
    raw, statuses = RAW[name]
    with listener({"/": raw}) as (port, _):
        error = fetch(f"http://127.0.0.1:{port}/", allow_networks=("127.0.0.0/8",))
    assert isinstance(error, FeedError)
    assert error.status in statuses
    assert str(error).isprintable()


def test_headers_carry_nothing_into_what_is_asked_next() -> None:
    """Cookies are not kept, and a validator that is none is not sent back."""
    headers = b'Set-Cookie: a=b\r\nETag: "x\x01y"\r\nLast-Modified: ' + b"z" * 5000 + b"\r\nContent-Length: 6\r\n\r\n"
    with listener({"/": HEAD + headers + b"<rss/>"}) as (port, _):
        answer = fetch(f"http://127.0.0.1:{port}/", allow_networks=("127.0.0.0/8",))
    if isinstance(answer, Page):
        assert (answer.etag, answer.last_modified) == ("", "")
    else:
        assert answer.status == "bad_http"
