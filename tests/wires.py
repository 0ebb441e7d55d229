"""Every kind of networked channel with a real server at its other end, for tests that hold for all of them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from samples import NOON
from servers import Mailbox, Receiver, mailbox, receiver

from monitor.edges.channels.apprise import Apprise
from monitor.edges.channels.email import Email
from monitor.edges.channels.http import Post
from monitor.edges.channels.slack import Slack, SlackBot
from monitor.edges.channels.webhook import Webhook
from monitor.model import Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.edges.channels import Channel
    from monitor.model import Opening, Severity

SECRET = "T0KEN"
LINK = "https://outlet.example/story?a=1&b=2"
KINDS = ("slack", "slack-bot", "webhook", "email", "apprise")
HTTP = {
    "busy": (429, {"Retry-After": "30"}),
    "broken": (500, {}),
    "refused": (404, {}),
    "hang": (0, {}),
    "reset": (-1, {}),
}
SMTP = {"busy": "451 later", "broken": "421 down", "refused": "554 no", "hang": "hang", "reset": "reset"}


def delivery(
    text: str = "Eleven aircraft crossed the line.",
    *,
    subject: str = "[high] Drill",
    key: str = "alert/Drills/7/1/desk",
    severity: Severity = "high",
    opening: Opening | None = None,
) -> Delivery:
    """Return a message on its way, with all that a medium may want."""
    blocks = ({"type": "section", "text": {"type": "mrkdwn", "text": text.replace("<", "&lt;")}},)
    html = f"<p>{len(text)}</p>"
    message = Message(subject, text, html, blocks, {"event": "alert"}, severity, LINK, "story/7")
    return Delivery(key, "desk", message, NOON, created=NOON, opening=opening)


@dataclass
class Wire:
    """A channel and the server at its other end."""

    kind: str
    channel: Channel
    server: Receiver | Mailbox

    def answer(self, what: str) -> None:
        """Make the server answer the next message so."""
        if isinstance(self.server, Mailbox):
            self.server.answers.append(SMTP[what])
        else:
            self.server.answers.append(HTTP[what])

    @property
    def shown(self) -> list[str]:
        """Return what was taken, as text: the body of a mail or the JSON of a post."""
        if isinstance(self.server, Mailbox):
            return [
                str(part.get_content()) for mail in self.server.mails for part in [mail.get_body(("plain",))] if part
            ]
        return [json.dumps(body, ensure_ascii=False) for body in self.server.bodies]


@contextmanager
def wire(kind: str, *, allow_private: bool = True) -> Iterator[Wire]:
    """Run the server of a kind of channel."""
    with mailbox() if kind == "email" else receiver() as server:
        if isinstance(server, Receiver) and kind == "slack-bot":
            server.always = b'{"ok": true, "channel": "C1", "ts": "17.01"}'
        port = server.port if isinstance(server, Mailbox) else int(server.url.split(":")[2].partition("/")[0])
        yield Wire(kind, channel(kind, port, allow_private=allow_private), server)


def channel(kind: str, port: int, *, allow_private: bool = True) -> Channel:
    """Return a channel of a kind that leads to a port here; it waits half a second for anybody."""
    post = Post(f"http://127.0.0.1:{port}/hook/{SECRET}", allow_private=allow_private, timeout=0.5)
    headers = {"Authorization": f"Bearer {SECRET}"}
    api = Post(f"http://127.0.0.1:{port}", headers=headers, allow_private=allow_private, timeout=0.5)
    url = f"json://127.0.0.1:{port}/{SECRET}?rto=0.5&cto=0.5"
    made: dict[str, Channel] = {
        "slack": Slack("desk", post),
        "slack-bot": SlackBot("desk", api, "C1"),
        "webhook": Webhook("desk", post, SECRET),
        "email": mail(port, allow_private=allow_private),
        "apprise": Apprise("desk", url, allow_private=allow_private, timeout=5),
    }
    return made[kind]


def mail(port: int, **changes: Any) -> Email:
    """Return a mail channel that leads to a port here."""
    values: dict[str, Any] = {"tls": "none", "password": SECRET, "timeout": 0.5}
    sender, to = changes.pop("sender", "strait@example.org"), changes.pop("to", ("a@example.org",))
    return Email("desk", "127.0.0.1", port, sender, to, **values | changes)
