"""Real servers on loopback for the wire: a webhook receiver with scripted answers, and a mail server."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


@dataclass
class Receiver:
    """What a webhook server got, and what it answers next."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """Taken in turn; 200 when there are none. Status 0 hangs, -1 resets the connection."""
    says: list[bytes] = field(default_factory=list)
    """The bodies of the answers, taken in turn with them; *always* when there are none."""
    always: bytes = b""
    delay: float = 0.0
    """Seconds between taking a message and saying so."""
    paths: list[str] = field(default_factory=list)
    """Where what was got was posted."""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    """What was got and not refused."""

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """Return the JSON objects that were posted."""
        return [json.loads(body) for _, body in self.got]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a webhook receiver."""
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers = state.answers.pop(0) if state.answers else (200, {})
            if status == -1:
                self.connection.close()
                return
            if status == 0:
                time.sleep(1.5)
                self.close_connection = True
                return
            state.got.append((dict(self.headers), body))
            if status < 300:
                state.taken.append((dict(self.headers), body))
            state.paths.append(self.path)
            said = state.says.pop(0) if state.says else state.always
            time.sleep(state.delay)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing: connections are broken on purpose."""

    server = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/hook/T0KEN"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Mailbox:
    """What a mail server got, and what it answers next to a recipient or to the data."""

    port: int = 0
    refusals: dict[str, str] = field(default_factory=dict)
    """Recipient to the answer it gets."""
    answers: list[str] = field(default_factory=list)
    """Taken in turn; ``hang`` and ``reset`` are no answers."""
    goodbye: str = "221 Bye"
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:
        """Say goodbye."""
        return self.goodbye

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Take or refuse a recipient."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """Take or refuse a mail."""
        answer = self.answers.pop(0) if self.answers else ""
        if answer == "hang":
            await asyncio.sleep(1.5)
        elif answer == "reset":
            server.transport.abort()
        if answer:
            return answer
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run a mail server."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
