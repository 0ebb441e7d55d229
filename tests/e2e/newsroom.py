"""Feeds on loopback whose items grow."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FEEDS = 3
HEADLINES = {
    "exercises": (
        "PLA launches live-fire drill {n} kilometres off Taiwan's coast",
        "Taiwan scrambles jets as {n} Chinese warplanes cross the median line",
        "國防部：偵獲共機{n}架次逾越海峽中線",
        "Chinese carrier group with {n} ships sails past Taiwan into the Pacific",
        "东部战区位台岛周边组织第{n}次联合战备警巡",
    ),
    "arms_sales": (
        "US approves sale of {n} Harpoon missiles to Taiwan",
        "Washington clears arms package worth ${n} million for Taipei",
        "Lockheed delivers {n} F-16V fighters to Taiwan",
        "美國國務院批准對台軍售{n}枚標槍飛彈",
        "美国批准向台湾出售{n}枚导弹",
    ),
    "us_policy": (
        "White House reaffirms one-China policy in statement number {n}",
        "House passes Taiwan bill by {n} votes",
        "State Department says US policy toward Taiwan is unchanged after {n} years",
        "白宮重申一中政策不變，回應第{n}次提問",
        "美国参议院以{n}票通过涉台法案",
    ),
}


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
        """Show one more item in each feed, none like another; the themes take turns, drills first."""
        wordings = list(HEADLINES.values())[number % len(HEADLINES)]
        for feed, items in enumerate(self.items):
            count = 100 + number * FEEDS + feed
            items.insert(0, wordings[count % len(wordings)].format(n=count))

    def page(self, feed: int) -> bytes:
        """Return a feed as RSS."""
        rows = "".join(f"<item><title>{t}</title><guid isPermaLink='false'>{t}</guid></item>" for t in self.items[feed])
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
