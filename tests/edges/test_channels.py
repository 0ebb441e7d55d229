"""One contract for every channel, against real servers; then what is each one's own."""

from __future__ import annotations

import hashlib
import hmac
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from samples import NOON
from servers import Mailbox, Receiver, mailbox, receiver

from monitor.edges.channels.console import Console, File
from monitor.edges.channels.email import Email, message_id
from monitor.edges.channels.http import Post, seconds
from monitor.edges.channels.slack import Slack
from monitor.edges.channels.webhook import Webhook, header
from monitor.errors import DeliveryError
from monitor.model import Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitor.edges.channels import Channel

SECRET = "T0KEN"
TEXT = "Eleven aircraft <!channel> crossed\r\nBcc: victim@example.org\r\n\r\nthe line"


def delivery(text: str = "Eleven aircraft crossed the line.", **changes: str) -> Delivery:
    """Return a message on its way."""
    blocks = ({"type": "section", "text": {"type": "mrkdwn", "text": "Eleven aircraft"}},)
    message = Message(
        changes.get("subject", "[high] Drill"), text, f"<p>{len(text)}</p>", blocks, {"event": "alert"}, "high"
    )
    return Delivery(changes.get("key", "alert/Drills/7/1/desk"), "desk", message, NOON, created=NOON)


@dataclass
class Wire:
    """A channel and the server at its other end."""

    channel: Channel
    server: Receiver | Mailbox
    name: str

    def answer(self, kind: str) -> None:
        """Make the server answer the next message so."""
        if isinstance(self.server, Mailbox):
            self.server.answers.append({"busy": "451 later", "broken": "421 down", "refused": "554 no"}[kind])
        else:
            codes = {"busy": (429, {"Retry-After": "30"}), "broken": (500, {}), "refused": (404, {})}
            self.server.answers.append(codes[kind])

    def count(self) -> int:
        """Return how many messages were taken."""
        return len(self.server.mails if isinstance(self.server, Mailbox) else self.server.got)


@pytest.fixture(params=["slack", "webhook", "email"])
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    """Return each networked channel with its server."""
    with ExitStack() as stack:
        if request.param == "email":
            box = stack.enter_context(mailbox())
            mail = Email(
                "desk", "127.0.0.1", box.port, "strait@example.org", ("a@example.org",), tls="none", password=SECRET
            )
            yield Wire(mail, box, "email")
        else:
            server = stack.enter_context(receiver())
            post = Post(server.url, allow_private=True, timeout=0.5)
            yield Wire(
                Slack("desk", post) if request.param == "slack" else Webhook("desk", post, "key"), server, request.param
            )


def test_a_message_is_taken(wire: Wire) -> None:
    """Sending returns quietly, and the message is there once."""
    assert wire.channel.send(delivery()) == ""
    assert wire.count() == 1


@pytest.mark.parametrize(("answer", "retry"), [("busy", True), ("broken", True), ("refused", False)])
def test_a_refusal_says_whether_to_try_again(wire: Wire, answer: str, retry: bool) -> None:
    """The error names the channel, tells whether another try can help, and holds no secret."""
    wire.answer(answer)
    with pytest.raises(DeliveryError, match="desk: ") as caught:
        wire.channel.send(delivery())
    assert caught.value.retry is retry
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(wire.channel)
    assert wire.channel.send(delivery()) == ""


def test_hostile_and_endless_text_is_sent(wire: Wire) -> None:
    """No text of a feed can break a channel or forge a header."""
    wire.channel.send(delivery(TEXT * 400, subject=TEXT))
    assert wire.count() == 1
    if isinstance(wire.server, Mailbox):
        assert wire.server.mails[0]["Bcc"] is None
        assert wire.server.recipients == [["a@example.org"]]


@pytest.mark.parametrize("make", [lambda p: Slack("desk", p), lambda p: Webhook("desk", p)])
def test_a_server_that_is_away_can_be_tried_again(make: Callable[[Post], Channel]) -> None:
    """Nobody listens, the answer never comes, the connection breaks."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/{SECRET}"
        with pytest.raises(DeliveryError, match="cannot be reached") as caught:
            make(Post(url, allow_private=True)).send(delivery())
    assert caught.value.retry
    with receiver() as server:
        server.answers = [(0, {}), (-1, {})]
        for said in ("no answer within", "cannot be reached"):
            with pytest.raises(DeliveryError, match=said) as caught:
                make(Post(server.url, allow_private=True, timeout=0.5)).send(delivery())
            assert SECRET not in str(caught.value)


def test_retry_after_reaches_the_caller() -> None:
    """In seconds, read from a number or from a date beside the answer's own."""
    with receiver() as server:
        server.answers = [(429, {"Retry-After": "30"})]
        with pytest.raises(DeliveryError) as caught:
            Slack("desk", Post(server.url, allow_private=True)).send(delivery())
    assert caught.value.retry_after == 30
    date = "Mon, 04 May 2026 12:00:00 GMT"
    assert seconds("Mon, 04 May 2026 12:05:00 GMT", date) == 300
    assert seconds("soon", date) is None
    assert seconds("²", date) is None
    assert seconds("", "") is None


def test_a_private_address_is_refused_unless_allowed() -> None:
    """The guard sees the address that is connected to; nothing arrives."""
    with receiver() as server:
        with pytest.raises(DeliveryError, match="allow_private"):
            Slack("desk", Post(server.url)).send(delivery())
        assert server.got == []
    with mailbox() as box:
        mail = Email("m", "127.0.0.1", box.port, "s@example.org", ("a@example.org",), tls="none", allow_private=False)
        with pytest.raises(DeliveryError, match="allow_private"):
            mail.send(delivery())
    assert box.mails == []


@pytest.mark.parametrize("url", ["ftp://example.org/T0KEN", "http://[T0KEN", "T0KEN"])
def test_an_address_that_is_none_is_final(url: str) -> None:
    """There is no use in trying again, and the address is not shown."""
    with pytest.raises(DeliveryError, match="no http") as caught:
        Slack("desk", Post(url)).send(delivery())
    assert not caught.value.retry
    assert SECRET not in str(caught.value) + repr(caught.value.__cause__)


def test_slack_gets_blocks_and_an_escaped_text() -> None:
    """The text of the notification can mention nobody."""
    with receiver() as server:
        Slack("desk", Post(server.url, allow_private=True)).send(delivery(subject="<!channel> & co"))
    assert server.bodies[0]["text"] == "&lt;!channel&gt; &amp; co"
    assert server.bodies[0]["blocks"][0]["type"] == "section"


def test_a_webhook_is_signed_and_known_by_key() -> None:
    """The signature is HMAC-SHA256 over the body; the key is the delivery's."""
    with receiver() as server:
        Webhook("desk", Post(server.url, allow_private=True), "key").send(delivery())
    headers, body = server.got[0]
    assert headers["X-Strait-Signature"] == "sha256=" + hmac.new(b"key", body, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == server.bodies[0]["key"] == "alert/Drills/7/1/desk"
    assert header("軍演").startswith("sha256-")


def test_a_mail_sent_again_is_the_same_mail() -> None:
    """Message-ID and date come from the delivery; text and HTML are both there."""
    with mailbox() as box:
        channel = Email("mail", "127.0.0.1", box.port, "Desk <strait@example.org>", ("a@example.org",), tls="none")
        channel.send(delivery())
        channel.send(delivery())
    one, two = box.mails
    assert one["Message-ID"] == two["Message-ID"] == message_id("alert/Drills/7/1/desk", "strait@example.org")
    assert one["Date"] == two["Date"]
    assert one["X-Priority"] == "2"
    assert [part.get_content_type() for part in one.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_refused_recipient_does_not_stop_the_others() -> None:
    """The mail goes to those the server takes, once, and the note tells of the rest; all refused is a failure."""
    with mailbox() as box:
        box.refusals = {"gone@example.org": "550 no such user", "full@example.org": "452 mailbox full"}
        to = ("a@example.org", "gone@example.org")
        assert "1 of 2" in Email("mail", "127.0.0.1", box.port, "s@example.org", to, tls="none").send(delivery())
        for address, retry in (("gone@example.org", False), ("full@example.org", True)):
            with pytest.raises(DeliveryError, match="every recipient") as caught:
                Email("mail", "127.0.0.1", box.port, "s@example.org", (address,), tls="none").send(delivery())
            assert caught.value.retry is retry
    assert box.recipients == [["a@example.org"]]


def test_a_mail_server_without_what_is_asked() -> None:
    """STARTTLS or a login that is not offered is final; a server that is away is not."""
    with mailbox() as box:
        for channel in (
            Email("mail", "127.0.0.1", box.port, "s@example.org", ("a@example.org",)),
            Email(
                "mail",
                "127.0.0.1",
                box.port,
                "s@example.org",
                ("a@example.org",),
                tls="none",
                username="u",
                password="p",
            ),
        ):
            with pytest.raises(DeliveryError, match="does not offer") as caught:
                channel.send(delivery())
            assert not caught.value.retry
        tls = Email("mail", "127.0.0.1", box.port, "s@example.org", ("a@example.org",), tls="implicit", timeout=2)
        with pytest.raises(DeliveryError, match="cannot be reached"):
            tls.send(delivery())


def test_console_and_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both show the text without control characters; a file that cannot be written is an error to try again."""
    Console("terminal").send(delivery("red \x1b[31m alert"))
    assert "red  [31m alert" in capsys.readouterr().out
    path = tmp_path / "alerts.txt"
    File("log", path).send(delivery("one"))
    File("log", path).send(delivery("two 軍演"))
    assert path.read_text(encoding="utf-8").splitlines()[1::2] == ["one", "two 軍演"]
    with pytest.raises(DeliveryError, match=r"log: .*cannot be written"):
        File("log", tmp_path).send(delivery())
