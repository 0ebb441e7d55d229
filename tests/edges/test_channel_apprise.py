"""Apprise's own: every service's limits, what it needs, whom it may reach, and that it cannot hold us up."""

from __future__ import annotations

import html
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import apprise
import pytest
from servers import Receiver
from wires import LINK, SECRET, delivery, wire

from monitor.edges.channels.apprise import Apprise, fitted
from monitor.edges.channels.fitting import units
from monitor.edges.channels.watch import Watch, watching
from monitor.errors import DeliveryError, UsageError
from monitor.model import Message

SERVICES = {
    "discord": "discord://1234567890/abcdefghijklmnop",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12345",
    "teams": "workflows://host:443/workflow/signature",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/general",
    "ntfy": "ntfy://topic",
    "pagerduty": "pagerduty://integrationkey@apikey",
    "twilio": "twilio://AC735c307c62944b5a:e29dfbcebf390dee9@12223334444/15553334444",
    "signal": "signal://localhost:9922/12223334444/15553334444",
    "mattermost": "mmost://localhost/3ccdd113474722377935511fc85d3dd4",
    "rocket.chat": "rocket://aaaa/bbbbbbbb@localhost/channel",
    "pushover": "pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "matrix": "matrix://user:password@localhost/room",
    "google chat": "gchat://workspace/key/token",
    "mastodon": "mastodons://accesskey@localhost",
    "irc": "irc://localhost/channel",
    "splunk": "splunk://routing@apikey/entity",
    "zulip": "zulip://bot@org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/stream",
}
TEXT = "Eleven <b>aircraft</b> & *two* ships crossed [the] line_of_control. 共軍機艦越過中線 🚀\n"


@pytest.mark.parametrize("url", SERVICES.values(), ids=SERVICES)
@pytest.mark.parametrize("lines", [1, 30, 3_000])
def test_every_service_gets_one_message_that_it_takes(url: str, lines: int) -> None:
    """Whatever its limit and markup, nothing is split or cut by others, and the link is there."""
    service: Any = apprise.Apprise.instantiate(url)
    title, body = fitted(service, Message("[high] Drill", TEXT * lines, link=LINK))
    (call,) = service._build_send_calls(title=title, body=body, overflow="truncate", body_format="text")
    assert units(call["body"]) <= service.body_maxlen
    assert units(call["title"]) <= max(service.title_maxlen, 0)
    assert "Drill" in call["title"] + call["body"]
    if "…" in call["body"]:
        assert LINK in html.unescape(call["body"]).replace("\\", "")
    assert len(call["body"]) > min(lines * 60, service.body_maxlen) * 0.5 or service.body_maxlen < 450


def test_a_text_message_is_subject_and_link() -> None:
    """A link that would take most of it is left out instead."""
    service: Any = apprise.Apprise.instantiate(SERVICES["twilio"])
    assert fitted(service, Message("[high] Drill", TEXT * 30, link=LINK)) == ("", f"[high] Drill {LINK}")
    title, body = fitted(service, Message("[high] Drill " * 40, TEXT, link="https://a.example/" + "x" * 90))
    assert title == ""
    assert 150 <= units(body) <= 160
    assert "https" not in body


def test_what_is_urgent_looks_urgent_and_no_picture_is_fetched() -> None:
    """Severity becomes Apprise's type; nothing in the message leads to Apprise's pages."""
    with wire("apprise") as line:
        line.channel.send(delivery(severity="critical"))
        assert isinstance(line.server, Receiver)
        (body,) = line.server.bodies
    assert (body["type"], body["title"]) == ("failure", "[high] Drill")
    assert "github" not in str(body)


def test_without_apprise_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the program starts; a message that is on its way by then is kept as a dead letter."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    channel = Apprise("phone", f"json://localhost/{SECRET}")
    with pytest.raises(UsageError, match=r'channels.phone: .*pip install "strait-monitor\[apprise\]"'):
        channel.check()
    with pytest.raises(DeliveryError, match="pip install") as caught:
        channel.send(delivery())
    assert not caught.value.retry


@pytest.mark.parametrize("url", [SECRET, f"nosuch://{SECRET}", f"tgram://{SECRET}", "", f"json://[{SECRET}"])
def test_an_address_that_is_none_is_told_at_the_start(url: str) -> None:
    """Without repeating it."""
    with pytest.raises(UsageError, match=r"channels\.phone: Apprise makes no service") as caught:
        Apprise("phone", url).check()
    assert SECRET not in str(caught.value)


def test_one_channel_is_one_receiver() -> None:
    """A failure of one of several would repeat the message to the others; Apprise's own retries count for one."""
    many = "tgram://123456789:abcdefg_hijklmnop/12345/67890"
    with pytest.raises(UsageError, match="several receivers"):
        Apprise("phone", many).check()
    Apprise("phone", "json://localhost?retry=3").check()


def test_a_redirect_is_no_delivery() -> None:
    """Followed, the message would be lost on the way and seem taken."""
    with wire("apprise") as line:
        assert isinstance(line.server, Receiver)
        line.server.answers = [(302, {"Location": "http://169.254.169.254/"})]
        with pytest.raises(DeliveryError, match="302"):
            line.channel.send(delivery())


def test_a_service_that_never_ends_is_left_alone() -> None:
    """It may drip its answer for ever; the channel says so after its time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def drip() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65_536)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
                while not stop.wait(0.05):
                    peer.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"json://127.0.0.1:{server.getsockname()[1]}/{SECRET}"
        try:
            with pytest.raises(DeliveryError, match=r"no answer within 0\.3 s"):
                Apprise("phone", url, allow_private=True, timeout=0.3).send(delivery())
        finally:
            stop.set()
            thread.join()
    _wait_for_threads()


def _wait_for_threads() -> None:
    """Let what was left alone end, so that it closes its connection within its test."""
    for _ in range(200):
        if not any(thread.name.startswith("apprise ") for thread in threading.enumerate()):
            return
        time.sleep(0.02)


@pytest.mark.parametrize(
    "url",
    [
        "json://localhost:9/x",
        "json://[::1]:9/x",
        "json://169.254.169.254/latest",
        "mailto://user:pass@127.0.0.1:9?from=a@example.org&to=b@example.org&mode=insecure",
        "irc://127.0.0.1:9/channel",
    ],
)
def test_no_service_reaches_a_private_address_by_itself(url: str) -> None:
    """Whatever it speaks, by name or number; link-local stays shut even where private is open."""
    with pytest.raises(DeliveryError, match="allow_private"):
        Apprise("phone", url).send(delivery())
    if "169.254" in url:
        with pytest.raises(DeliveryError, match="allow_private"):
            Apprise("phone", url, allow_private=True).send(delivery())


def test_what_cannot_be_watched_wants_a_word_of_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """XMPP connects from threads of its own."""
    monkeypatch.setattr("monitor.edges.channels.apprise.UNSEEN", frozenset({"json"}))
    with pytest.raises(UsageError, match="cannot be watched"):
        Apprise("phone", "json://localhost").check()
    Apprise("phone", "json://localhost", allow_private=True).check()


def test_only_what_is_watched_is_judged() -> None:
    """Datagrams and sockets of this machine too; other threads and other moments connect as ever."""
    with (
        wire("webhook") as line,
        socket.socket(type=socket.SOCK_DGRAM) as datagrams,
        socket.socket(socket.AF_UNIX) as own,
    ):
        watch = Watch()
        with watching(watch):
            for connect in (lambda: datagrams.sendto(b"x", ("127.0.0.1", 9)), lambda: own.connect("/dev/log")):
                with pytest.raises(PermissionError):
                    connect()
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(line.channel.send, delivery()).result()
        assert watch.refused
        line.channel.send(delivery())
        assert len(line.shown) == 2
