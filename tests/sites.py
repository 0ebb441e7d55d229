"""A web site on loopback that a test fills with pages."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Site:
    """What a site answers, and what it was asked."""

    url: str = ""
    pages: dict[str, str | bytes] = field(default_factory=dict)
    """By path; 404 for the others."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Content types that are not HTML's."""
    moves: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By path, a redirect's code and where to."""
    asked: list[str] = field(default_factory=list)

    def rss(self, path: str, *titles: str) -> None:
        """Put a feed at a path; its items lead to /TITLE, with dashes for spaces."""
        item = "<item><title>{0}</title><link>{1}/{2}</link><pubDate>Mon, 04 May 2026 08:00:00 GMT</pubDate></item>"
        items = "".join(item.format(title, self.url, title.replace(" ", "-")) for title in titles)
        self.pages[path] = f"<rss version='2.0'><channel><title>Feed {path}</title>{items}</channel></rss>"
        self.kinds[path] = "application/rss+xml"


@contextmanager
def site(host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve a site."""
    state = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            code, where = state.moves.get(self.path, (200 if self.path in state.pages else 404, ""))
            page = state.pages.get(self.path, b"")
            body = page.encode() if isinstance(page, str) else page
            self.send_response(code)
            if where:
                self.send_header("Location", where)
            self.send_header("Content-Type", state.kinds.get(self.path, "text/html; charset=utf-8"))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Clients may go away."""

    server = Quiet((host, 0), Handler)
    state.url = f"http://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
