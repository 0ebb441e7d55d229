"""Slack's own: blocks within Block Kit's limits, a bot whose updates edit and answer the first message."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Receiver
from wires import LINK, SECRET, delivery, wire

from monitor.edges.channels.slack_blocks import ALL_BLOCKS, BLOCKS, ELEMENTS, HEADER, SECTION, TEXT, fitted, payload
from monitor.errors import DeliveryError
from monitor.model import Message, Opening, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.edges.channels import Channel

FIRST = Opening("alert/Drills/7/1/desk", "C1|C1|17.01")
OK = b'{"ok": true, "channel": "C1", "ts": "17.02"}'


def no(error: str) -> bytes:
    """Return how Slack says no, with HTTP 200."""
    return json.dumps({"ok": False, "error": error}).encode()


@contextmanager
def bot(*says: bytes) -> Iterator[tuple[Channel, Receiver]]:
    """Return a bot and a Slack that says these in turn, then yes."""
    with wire("slack-bot") as line:
        assert isinstance(line.server, Receiver)
        line.server.says = list(says)
        yield line.channel, line.server


def test_a_first_message_is_posted_with_the_token_and_found_again_by_its_mark() -> None:
    """The receipt names the channel as configured, as Slack knows it, and the moment."""
    with bot() as (channel, server):
        assert channel.send(delivery()) == Receipt(mark="C1|C1|17.01")
    assert server.paths == ["/chat.postMessage"]
    assert server.got[0][0]["Authorization"] == f"Bearer {SECRET}"
    (body,) = server.bodies
    assert (body["channel"], body["unfurl_links"], "thread_ts" in body) == ("C1", False, False)


def test_an_update_shows_in_the_first_message_and_answers_it() -> None:
    """Editing comes first; everybody sees the answer where it is urgent."""
    with bot() as (channel, server):
        channel.send(delivery("Now 45 aircraft.", opening=FIRST))
        channel.send(delivery("Now 46 aircraft.", opening=FIRST, severity="normal"))
    assert server.paths == ["/chat.update", "/chat.postMessage"] * 2
    edit, answer, _, quiet = server.bodies
    assert (edit["ts"], edit["channel"]) == ("17.01", "C1")
    assert "45 aircraft" in json.dumps(edit["blocks"])
    assert (answer["thread_ts"], answer["reply_broadcast"], quiet["reply_broadcast"]) == ("17.01", True, False)


def test_a_failure_after_the_edit_repeats_nothing_that_people_see() -> None:
    """The answer is not posted yet, so trying again is safe."""
    with bot() as (channel, server):
        server.answers = [(200, {}), (429, {"Retry-After": "7"})]
        with pytest.raises(DeliveryError, match="429") as caught:
            channel.send(delivery(opening=FIRST))
        channel.send(delivery(opening=FIRST))
    assert caught.value.retry_after == 7
    assert [path for path in server.paths if "post" in path] == ["/chat.postMessage"] * 2


@pytest.mark.parametrize("mark", ["", "C2|C2|17.01", "C1|17.01", "C1||17.01"])
def test_an_update_without_a_first_message_there_is_a_first_one(mark: str) -> None:
    """The channel may have been changed since, or the first one gone out over a webhook."""
    with bot() as (channel, server):
        channel.send(delivery(opening=Opening("k", mark)))
    assert server.paths == ["/chat.postMessage"]
    assert "thread_ts" not in server.bodies[0]


def test_a_first_message_that_was_deleted_is_replaced() -> None:
    """Whether Slack says so at the edit or at the answer."""
    with bot(no("message_not_found")) as (channel, server):
        channel.send(delivery(opening=FIRST))
        assert server.paths == ["/chat.update", "/chat.postMessage"]
        assert "thread_ts" not in server.bodies[1]
    with bot(OK, no("thread_not_found")) as (channel, server):
        channel.send(delivery(opening=FIRST))
        assert ["thread_ts" in body for body in server.bodies] == [False, True, False]


def test_a_first_message_that_cannot_be_edited_is_answered() -> None:
    """The workspace may forbid editing after a while."""
    with bot(no("edit_window_closed")) as (channel, server):
        channel.send(delivery(opening=FIRST))
    assert server.bodies[1]["thread_ts"] == "17.01"


@pytest.mark.parametrize(
    ("said", "retry", "text"),
    [
        (no("channel_not_found"), False, r"channel_not_found\): give the channel's id"),
        (no("token_revoked"), False, "make another"),
        (no("some_new_error"), False, "some_new_error"),
        (no("internal_error"), True, "internal_error"),
        (no("ratelimited"), True, "ratelimited"),
        (no(f"you sent {SECRET}"), True, "unreadable_answer"),
        (b"<html>Welcome to the hotel's network</html>", True, "unreadable_answer"),
        (b"[]", True, "unreadable_answer"),
    ],
)
def test_no_with_http_200_is_a_failure(said: bytes, retry: bool, text: str) -> None:
    """By Slack's own names, with what to do; what is none of them is tried again, and not repeated in the error."""
    with bot(said) as (channel, _), pytest.raises(DeliveryError, match=text) as caught:
        channel.send(delivery())
    assert caught.value.retry is retry
    assert SECRET not in str(caught.value)


def test_a_passing_no_at_the_edit_is_tried_again() -> None:
    """Nothing was posted by then."""
    with bot(no("ratelimited")) as (channel, server), pytest.raises(DeliveryError, match="ratelimited"):
        channel.send(delivery(opening=FIRST))
    assert server.paths == ["/chat.update"]


def test_blocks_that_are_refused_become_text() -> None:
    """A message is never lost to its form: over the bot, and over the webhook, which says so with 400."""
    with bot(no("invalid_blocks")) as (channel, server):
        assert channel.send(delivery()).mark
        assert "blocks" not in server.bodies[1]
        assert "Eleven aircraft" in server.bodies[1]["text"]
    with wire("slack") as line:
        assert isinstance(line.server, Receiver)
        line.server.answers, line.server.says = [(400, {})], [b"invalid_blocks"]
        line.channel.send(delivery())
        assert ["blocks" in body for body in line.server.bodies] == [True, False]
        line.server.answers, line.server.says = [(400, {})], [b"no_service"]
        with pytest.raises(DeliveryError, match="400"):
            line.channel.send(delivery())


def test_the_notification_can_mention_nobody() -> None:
    """The subject is escaped, and so is a text without blocks."""
    message = delivery(subject="<!channel> & co").message
    assert payload(message)["text"] == "&lt;!channel&gt; &amp; co"
    assert "<" not in payload(replace(message, blocks=(), text="<@U1>"))["text"]


def section(text: str) -> dict[str, Any]:
    """Return a section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def size(blocks: list[dict[str, Any]]) -> int:
    """Return how many characters blocks hold."""
    texts = [b["text"]["text"] for b in blocks if "text" in b] + [
        e["text"] for b in blocks for e in b.get("elements", [])
    ]
    return sum(map(len, texts))


words = st.text(st.sampled_from("ab &<>|*\n漢𝄞"), max_size=40).map(lambda text: text * 200)
some = st.lists(
    st.one_of(
        words.map(section),
        words.map(lambda text: {"type": "header", "text": {"type": "plain_text", "text": text}}),
        words.map(lambda text: {"type": "context", "elements": [{"type": "mrkdwn", "text": text}] * 12}),
        st.just({"type": "divider"}),
    ),
    max_size=60,
)


@given(some)
def test_any_blocks_fit(blocks: list[dict[str, Any]]) -> None:
    """Number, length of each text, and all together; no text is empty."""
    out = fitted(blocks, LINK)
    assert len(out) <= BLOCKS
    assert size(out) <= ALL_BLOCKS + 1_000
    for block in out:
        assert len(block.get("elements", [])) <= ELEMENTS
        texts = [block["text"]] if "text" in block else block.get("elements", [])
        assert all(0 < len(text["text"]) <= (HEADER if block["type"] == "header" else SECTION) for text in texts)
    assert len(payload(Message("s", "t" * 9_000, link=LINK))["text"]) <= TEXT + 50


def test_what_fits_is_left_alone_and_what_is_cut_ends_in_a_link() -> None:
    """No link is cut in two."""
    assert fitted([section("one"), section("two")], LINK) == [section("one"), section("two")]
    cut = fitted([section("x" * 2_990 + "<https://a.example/long|shown>")], LINK)
    assert cut[0]["text"]["text"] == "x" * 2_990 + "…"
    assert cut[1]["elements"][0]["text"] == f"… <{LINK.replace('&', '&amp;')}|more>"
    assert len(fitted([section("a")] * 51, "javascript:alert(1)")) == BLOCKS
    assert fitted([section("a")] * 51, "javascript:alert(1)")[-1]["elements"][0]["text"] == "…"
