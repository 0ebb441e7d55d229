"""Slack, over an incoming webhook (Block Kit)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.edges.channels.http import Post, post

if TYPE_CHECKING:
    from monitor.model import Delivery

BLOCKS = 50
"""The most blocks of one message (Block Kit reference)."""


@dataclass(frozen=True, slots=True, repr=False)
class Slack:
    """Posts to one webhook address, which is itself the credential."""

    name: str
    post: Post
    medium = "slack"

    def __repr__(self) -> str:
        return f"Slack({self.name!r})"

    def send(self, delivery: Delivery) -> str:
        """Post the blocks, with the subject as the text of notifications."""
        message = delivery.message
        text = message.subject.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        payload = {"text": text, "blocks": list(message.blocks[:BLOCKS])} if message.blocks else {"text": text}
        body = json.dumps(payload, ensure_ascii=False).encode(errors="replace")
        post(self.name, replace(self.post, body=body, headers={"Content-Type": "application/json"}))
        return ""
