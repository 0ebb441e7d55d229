"""Feeds on loopback whose items grow."""

from __future__ import annotations

import threading
import time
import tomllib
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FEEDS = 3
EVENTS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent.parent / "data" / "events.toml").read_text(encoding="utf-8")
)
"""By theme, what happens. Each is an alert of its own: test_events.py."""
THEMES = tuple(EVENTS)


class Newsroom:
    """Feeds on loopback whose items grow."""

    def __init__(self) -> None:
        self.items: list[list[str]] = [["A harvest festival opens in the hills"] for _ in range(FEEDS)]
        self.url = ""
        self.asked = 0
        """How many requests came."""
        self.delay = 0.0
        """Seconds that an answer takes."""

    def release(self, number: int) -> None:
        """Show one more item in each feed, each an event of its own; the themes take turns, drills first."""
        turn, theme = divmod(number, len(THEMES))
        for feed, items in enumerate(self.items):
            items.insert(0, EVENTS[THEMES[theme]][turn * FEEDS + feed])

    def page(self, feed: int) -> bytes:
        """Return a feed as RSS."""
        rows = "".join(
            f"<item><title>{t}</title><guid isPermaLink='false'>{t}</guid></item>"
            for t in map(escape, self.items[feed])
        )
        return f"<rss version='2.0'><channel><title>Feed {feed}</title>{rows}</channel></rss>".encode()


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    """Serve a newsroom."""
    room = Newsroom()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            room.asked += 1
            time.sleep(room.delay)
            feed = int(self.path.rsplit("/", 1)[1])
            body = room.page(feed) if feed < FEEDS else b""
            self.send_response(200 if feed < FEEDS else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Clients are killed on purpose."""

    server = Quiet(("127.0.0.1", 0), Handler)
    room.url = f"http://127.0.0.1:{server.server_address[1]}/feed"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield room
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
