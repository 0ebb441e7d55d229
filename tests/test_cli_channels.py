"""Channels as an operator sets them up: tested by the doctor, missing an extra, failing for long."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from commands import CONFIGURATION, Strait
from servers import Mailbox, Receiver, mailbox, receiver
from wires import LINK

from monitor.app import clock
from monitor.edges.store import Store
from monitor.model import Delivery, Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHANNELS = """
[channels.hooked]
kind = "slack"
webhook_url_env = "SLACK_HOOK"
allow_private = true
[channels.bot]
kind = "slack"
token_env = "SLACK_TOKEN"
channel = "C1"
api_url = "{api}"
allow_private = true
[channels.hook]
kind = "webhook"
url_env = "HOOK"
allow_private = true
[channels.mail]
kind = "email"
host = "127.0.0.1"
port = {port}
tls = "none"
from = "strait@example.org"
to = ["analyst@example.org", "gone@example.org"]
[channels.phone]
kind = "apprise"
url_env = "PHONE"
allow_private = true
[delivery]
tell = "mail"
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Strait, Receiver, Mailbox]]:
    """Return a configuration with every kind of channel, and the servers at their other ends."""
    with ExitStack() as stack:
        server, box = stack.enter_context(receiver()), stack.enter_context(mailbox())
        server.always = b'{"ok": true, "channel": "C1", "ts": "17.01"}'
        monkeypatch.setenv("SLACK_HOOK", server.url)
        monkeypatch.setenv("HOOK", server.url)
        monkeypatch.setenv("SLACK_TOKEN", "xoxb-T0KEN")
        monkeypatch.setenv("PHONE", server.url.replace("http://", "json://"))
        channels = CHANNELS.format(api=server.url.removesuffix("/hook/T0KEN"), port=box.port)
        (tmp_path / "monitor.toml").write_text(CONFIGURATION + channels, encoding="utf-8")
        yield Strait(tmp_path), server, box


def test_the_doctor_tests_every_kind(desk: tuple[Strait, Receiver, Mailbox]) -> None:
    """One message over each; what a mail server made of a recipient is told."""
    strait, server, box = desk
    box.refusals = {"gone@example.org": "550 no such user"}
    assert strait("doctor", "--send-test").exit_code == 0
    assert len(server.got) == 4
    assert "/chat.postMessage" in server.paths
    assert len(box.mails) == 1
    rows = {row["what"]: row for row in strait.json("doctor")}
    assert "channel bot" not in rows
    told = strait("doctor", "--send-test").stdout
    assert told.count("took a test message") == 6
    assert "1 of 2 recipients" in told


def test_the_doctor_names_the_channel_that_fails(desk: tuple[Strait, Receiver, Mailbox]) -> None:
    """With exit code 1 and without its token; the others are tested all the same."""
    strait, server, box = desk
    server.always = b'{"ok": false, "error": "not_in_channel"}'
    told = strait("doctor", "--send-test", code=1).stdout
    assert "invite the bot into the channel" in told
    assert "T0KEN" not in told
    assert len(box.mails) == 1


def test_a_missing_extra_is_named_with_what_to_install(
    desk: tuple[Strait, Receiver, Mailbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the doctor beside all else, and by whatever needs the channels."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    strait, _, _ = desk
    assert 'pip install "strait-monitor[apprise]"' in strait("doctor", code=1).stdout
    assert 'pip install "strait-monitor[apprise]"' in strait("run", "--once", code=2).stderr


def test_a_channel_that_fails_for_long_is_told_over_mail(desk: tuple[Strait, Receiver, Mailbox]) -> None:
    """The doctor knows of it from the first failure on."""
    strait, server, box = desk
    strait("run", "--once")
    with closing(Store(f"sqlite:///{strait.home}/strait.db")) as store, store.begin() as work:
        long_ago = clock() - timedelta(hours=1)
        work.queue([Delivery("k", "hook", Message("Drill", "Drill", link=LINK), long_ago, created=long_ago)])
        work.channel_failed("hook", long_ago, "hook: answered HTTP 500")
    server.answers = [(500, {})]
    strait("run", "--once", code=1)
    (mail,) = box.mails
    assert mail["Subject"] == "[high] The channel hook takes no messages"
    assert "T0KEN" not in str(mail)
    assert "took no message since" in strait("doctor").stdout
