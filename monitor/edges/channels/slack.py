"""Slack: over an incoming webhook, or as a bot whose updates edit and answer the first message of their thread."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.edges.channels.http import Answer, Post, ask, post, refusal
from monitor.edges.channels.slack_blocks import payload, words
from monitor.errors import DeliveryError
from monitor.model import Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.model import Delivery, Message

_QUIET = {"unfurl_links": False, "unfurl_media": False}
_BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_payload"})
_GONE = frozenset({"message_not_found", "thread_not_found", "cannot_reply_to_message"})
"""The first message is not there any more; what follows it becomes a first one."""
_UNREADABLE = "unreadable_answer"
_PASSING = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        _UNREADABLE,
    }
)
_SEEN_BY_ALL = frozenset({"high", "critical"})
"""Severities whose answers in a thread the whole channel sees."""
_ADVICE = {
    "channel_not_found": "give the channel's id, and invite the bot into it",
    "not_in_channel": "invite the bot into the channel",
    "is_archived": "take the channel out of the archive, or name another",
    "missing_scope": "give the bot the scope chat:write and install it again",
    "invalid_auth": "the token is wrong",
    "not_authed": "the token is wrong",
    "token_revoked": "the token was revoked; make another",
    "token_expired": "the token has expired; make another",
    "account_inactive": "the bot was removed from the workspace",
}


@dataclass(frozen=True, slots=True, repr=False)
class Slack:
    """Posts to one webhook address, which is itself the credential."""

    name: str
    post: Post
    medium = "slack"

    def __repr__(self) -> str:
        return f"Slack({self.name!r})"

    def send(self, delivery: Delivery) -> Receipt:
        """Post the blocks, with the subject as the text of notifications; the text alone where they are refused."""
        body = payload(delivery.message)
        answer = ask(self.name, _json(self.post, body))
        if "blocks" in body and answer.status == 400 and answer.body.decode(errors="replace") in _BLOCKS_REFUSED:
            answer = ask(self.name, _json(self.post, words(delivery.message)))
        if not answer.taken:
            raise refusal(self.name, answer)
        return Receipt()


class _Place(NamedTuple):
    """Where a message of the bot stands. *asked* is the channel as it is configured: another one is another place."""

    asked: str
    channel: str
    ts: str

    @classmethod
    def read(cls, mark: str) -> _Place | None:
        parts = mark.split("|")
        return cls(*parts) if len(parts) == 3 and all(parts) else None


class _RefusedError(Exception):
    """Slack said no, by this name."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True, repr=False)
class SlackBot:
    """Posts as a bot. *api* holds the address of Slack's methods and the token in its headers."""

    name: str
    api: Post
    channel: str
    medium = "slack"

    def __repr__(self) -> str:
        return f"SlackBot({self.name!r}, channel={self.channel!r})"

    def send(self, delivery: Delivery) -> Receipt:
        """Post a message; one that goes on from another shows in that one's place too, and answers it.

        Editing comes first: it may be repeated, so a failure after it repeats nothing that people see.
        """
        first = _Place.read(delivery.opening.mark) if delivery.opening else None
        try:
            answers = first and first.asked == self.channel and self._edited(first, delivery.message)
            said = self._posted(delivery.message, first.ts if first and answers else "")
        except _RefusedError as error:
            raise self._failure(error.error) from None
        where, ts = str(said.get("channel", "")), str(said.get("ts", ""))
        return Receipt(mark=f"{self.channel}|{where}|{ts}" if where and ts else "")

    def _edited(self, first: _Place, message: Message) -> bool:
        """Show a message in the place of the first one; say whether that one is still there to be answered."""
        try:
            # Without an empty list the blocks that stand there would stay.
            body = {"blocks": [], **payload(message), "channel": first.channel, "ts": first.ts}
            self._called("chat.update", body)
        except _RefusedError as error:
            if error.error in _PASSING:
                raise
            return error.error not in _GONE
        return True

    def _posted(self, message: Message, thread: str = "") -> Mapping[str, Any]:
        """Post; the text alone where blocks are refused, and by itself where what it answers is gone."""
        place: dict[str, Any] = {"channel": self.channel, **_QUIET}
        if thread:
            place |= {"thread_ts": thread, "reply_broadcast": message.severity in _SEEN_BY_ALL}
        body = payload(message)
        try:
            return self._called("chat.postMessage", body | place)
        except _RefusedError as error:
            if error.error in _BLOCKS_REFUSED and "blocks" in body:
                return self._called("chat.postMessage", words(message) | place)
            if error.error in _GONE and thread:
                return self._posted(message)
            raise

    def _called(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call one of Slack's methods; raise when it says no, which it does with HTTP 200 too."""
        answer = post(self.name, _json(replace(self.api, url=f"{self.api.url}/{method}"), body))
        said = _object(answer)
        if said.get("ok") is not True:
            error = str(said.get("error", ""))
            raise _RefusedError(error if re.fullmatch(r"[a-z_]{1,60}", error) else _UNREADABLE)
        return said

    def _failure(self, error: str) -> DeliveryError:
        advice = f": {_ADVICE[error]}" if error in _ADVICE else ""
        return DeliveryError(f"{self.name}: Slack refused it ({error}){advice}", retry=error in _PASSING)


def _json(request: Post, body: Mapping[str, Any]) -> Post:
    headers = {**request.headers, "Content-Type": "application/json; charset=utf-8"}
    return replace(request, body=json.dumps(body, ensure_ascii=False).encode(errors="replace"), headers=headers)


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
