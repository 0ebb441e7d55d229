"""Serve the invented newsroom on loopback, as its outlets' web servers would."""

from __future__ import annotations

import hashlib
import re
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from monitor.demo.formats import CONTENT_TYPES, Edition, write
from monitor.model import Feed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitor.demo.news import News


class Newsroom:
    """The outlets' feeds at ``/feed/N``; round 1 of the news at first, round 2 too after :meth:`release`."""

    def __init__(self, news: News, now: datetime, address: str) -> None:
        self.news = news
        self.address = address
        self._now = now
        self._round = 1

    def release(self) -> None:
        """Let the breaking news out."""
        self._round = 2

    def feeds(self) -> list[Feed]:
        """Return the feeds as a reader of them would note them down."""
        return [
            Feed(
                0, f"{self.address}/feed/{n}", title=outlet.name, outlet=outlet.name, publisher=outlet.name,
                kind=outlet.kind, lang=outlet.lang, folder=outlet.folder,
            )
            for n, outlet in enumerate(self.news.outlets, 1)
        ]  # fmt: skip

    def page(self, path: str) -> tuple[bytes, str] | None:
        """Return the feed at a path with its content type, or None where there is none."""
        match = re.fullmatch(r"/feed/([1-9]\d{0,3})", path)
        if match is None or int(match[1]) > len(self.news.outlets):
            return None
        outlet = self.news.outlets[int(match[1]) - 1]
        edition = Edition(outlet, self.news.of(outlet, self._round), self._now)
        return write(edition), CONTENT_TYPES[outlet.format]


@contextmanager
def serving(news: News, now: datetime) -> Iterator[Newsroom]:
    """Serve the news on a free port of 127.0.0.1, its dates counted back from *now*, until the block ends."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.room = Newsroom(news, now, f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="newsroom")
        thread.start()
        try:
            yield server.room
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server then waits for what is being answered
    room: Newsroom


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer with a feed, with 304 when the reader has it already, or with 404."""
        page = self.server.room.page(self.path)
        if page is None:
            self._answer(HTTPStatus.NOT_FOUND, {}, b"")
            return
        body, content_type = page
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(HTTPStatus.NOT_MODIFIED, {"ETag": etag}, b"")
        else:
            self._answer(HTTPStatus.OK, {"ETag": etag, "Content-Type": content_type}, body)

    def _answer(self, status: HTTPStatus, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: the terminal belongs to the alerts."""
