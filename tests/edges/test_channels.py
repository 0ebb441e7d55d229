"""One contract for every kind of channel, against real servers; what is one kind's own stands in its own file."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import socket
import traceback
from typing import TYPE_CHECKING

import pytest
from samples import NOON
from servers import Mailbox, Receiver
from wires import KINDS, LINK, SECRET, Wire, channel, delivery, wire

from monitor.edges.channels.console import Console, File
from monitor.edges.channels.http import Post, seconds
from monitor.edges.channels.slack import Slack
from monitor.edges.channels.webhook import Webhook, header
from monitor.errors import DeliveryError
from monitor.model import Delivery, Message, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from monitor.edges.channels import Channel

HOSTILE = (
    "Jets <!channel> <@U1> @everyone @channel crossed [here](https://evil.example) \x1b[31m \u202e\ud800\0 "
    "https://evil.example/@everyone\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script> *bold* _the line_"
)
# What each kind takes at most, in the characters of what arrives.
MOST = {"slack": 14_000, "slack-bot": 14_000, "webhook": 110_000, "email": 210_000, "apprise": 34_000}


@pytest.fixture(params=KINDS)
def line(request: pytest.FixtureRequest) -> Iterator[Wire]:
    """Return each kind of channel with its server."""
    with wire(request.param) as made:
        yield made


def test_a_message_is_taken(line: Wire) -> None:
    """Sending returns without a note, and the message is there once."""
    assert line.channel.send(delivery()).note == ""
    assert len(line.shown) == 1
    assert "Eleven aircraft" in line.shown[0]


@pytest.mark.parametrize(
    ("answer", "retry", "said"),
    [
        ("busy", True, "429|451"),
        ("broken", True, "500|421"),
        ("refused", False, "404|554"),
        ("hang", True, "no answer within|cannot be reached"),
        ("reset", True, "cannot be reached"),
    ],
)
def test_a_failure_says_whether_to_try_again(line: Wire, answer: str, retry: bool, said: str) -> None:
    """The error names the channel and what happened; the next try is taken, once."""
    line.answer(answer)
    with pytest.raises(DeliveryError, match=f"desk: .*({said})") as caught:
        line.channel.send(delivery())
    assert caught.value.retry is retry
    assert line.channel.send(delivery()).note == ""
    assert caught.value.retry_after == (30 if answer == "busy" and line.kind != "email" else None)


@pytest.mark.parametrize("answer", ["busy", "broken", "refused", "hang", "reset"])
def test_a_secret_shows_nowhere(
    line: Wire, answer: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in the error with its causes, nor in the channel's name for itself, nor in any log or stream."""
    caplog.set_level(logging.DEBUG)
    line.answer(answer)
    with pytest.raises(DeliveryError) as caught:
        line.channel.send(delivery())
    out, err = capfd.readouterr()
    told = "".join(traceback.format_exception(caught.value, chain=True))
    values = f"{caught.value.__cause__!r} {caught.value.__context__!r}" if caught.value.__cause__ else ""
    for shown in (str(caught.value), values, told, repr(line.channel), f"{line.channel}", caplog.text, out, err):
        assert SECRET not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_listens(kind: str) -> None:
    """A server that is away is tried again."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(DeliveryError, match="cannot be reached") as caught:
            channel(kind, closed.getsockname()[1]).send(delivery())
    assert caught.value.retry
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_private_address_is_refused_unless_allowed(kind: str) -> None:
    """The guard sees the address that is connected to; nothing arrives."""
    with wire(kind, allow_private=False) as line:
        with pytest.raises(DeliveryError, match="allow_private") as caught:
            line.channel.send(delivery())
        assert line.shown == []
    assert caught.value.retry


def test_endless_text_is_cut_and_sent(line: Wire) -> None:
    """No length is a failure: what arrives is as long as the medium takes, and says where the rest is."""
    text = "Eleven aircraft crossed the median line. " * 25_000
    assert line.channel.send(delivery(text, subject="Drill " * 2_000)).note == ""
    (shown,) = line.shown
    assert len(shown) <= MOST[line.kind]
    assert LINK in shown.replace("&amp;", "&")
    if isinstance(line.server, Mailbox):
        assert len(line.server.mails[0]["Subject"]) <= 200


def test_hostile_text_arrives_harmless(line: Wire) -> None:
    """No text of a feed breaks a channel, forges a header, mentions anybody or sends what cannot be read."""
    line.channel.send(delivery(HOSTILE, subject=HOSTILE))
    (shown,) = line.shown
    assert "crossed" in shown
    if isinstance(line.server, Mailbox):
        (mail,) = line.server.mails
        assert (mail["Bcc"], line.server.recipients) == (None, [["a@example.org"]])
        assert not set(mail["Subject"]) & set("\r\n\0\x1b\u202e")
        assert not set(shown) & set("\0\x1b\u202e")
    elif line.kind != "webhook":
        assert not re.search(r"<[!@#]", shown)
    if line.kind == "apprise":
        assert not re.search(r"@(?:everyone|channel)|\]\(", shown)


def test_a_text_without_blocks_is_a_message_too(line: Wire) -> None:
    """What the program says of itself has words alone."""
    message = Message("[high] The channel mail takes no messages", "It has taken none since noon.\n")
    line.channel.send(Delivery("outage/1", "desk", message, NOON))
    assert "since noon" in line.shown[0]


@pytest.mark.parametrize("make", [lambda p: Slack("desk", p), lambda p: Webhook("desk", p)])
@pytest.mark.parametrize("url", ["ftp://example.org/T0KEN", "http://[T0KEN", "T0KEN"])
def test_an_address_that_is_none_is_final(make: Callable[[Post], Channel], url: str) -> None:
    """There is no use in trying again, and the address is not shown."""
    with pytest.raises(DeliveryError, match="no http") as caught:
        make(Post(url)).send(delivery())
    assert not caught.value.retry
    assert SECRET not in f"{caught.value}{caught.value.__cause__!r}{Post(url)!r}"


def test_a_wait_is_read_as_a_number_or_as_a_date() -> None:
    """A date counts from the answer's own Date; what says nothing is nothing."""
    date = "Mon, 04 May 2026 12:00:00 GMT"
    assert seconds("30", date) == 30
    assert seconds("Mon, 04 May 2026 12:05:00 GMT", date) == 300
    for nothing in ("soon", "²", ""):
        assert seconds(nothing, date) is None


def test_a_webhook_is_signed_and_known_by_key() -> None:
    """The signature is HMAC-SHA256 over the body; the key is the delivery's."""
    with wire("webhook") as line:
        line.channel.send(delivery())
        assert isinstance(line.server, Receiver)
        headers, body = line.server.got[0]
        key = line.server.bodies[0]["key"]
    assert headers["X-Strait-Signature"] == "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == key == "alert/Drills/7/1/desk"
    assert header("軍演").startswith("sha256-")


def test_console_and_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both show the text without control characters; a file that cannot be written is an error to try again."""
    assert Console("terminal").send(delivery("red \x1b[31m alert")) == Receipt()
    assert "red  [31m alert" in capsys.readouterr().out
    path = tmp_path / "alerts.txt"
    File("log", path).send(delivery("one"))
    File("log", path).send(delivery("two 軍演"))
    assert path.read_text(encoding="utf-8").splitlines()[1::2] == ["one", "two 軍演"]
    with pytest.raises(DeliveryError, match=r"log: .*cannot be written"):
        File("log", tmp_path).send(delivery())
