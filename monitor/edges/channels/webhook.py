"""Any receiver of JSON, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.edges.channels.fitting import flat, sendable, shorten
from monitor.edges.channels.http import Post, post
from monitor.model import Receipt

if TYPE_CHECKING:
    from monitor.model import Delivery

SUBJECT = 500
TEXT = 100_000
"""The most characters of each; receivers commonly refuse bodies of some megabytes."""


@dataclass(frozen=True, slots=True, repr=False)
class Webhook:
    """Posts to one address, signed with HMAC-SHA256 over the body when a secret is given.

    The delivery's key travels as ``Idempotency-Key``: a receiver that remembers keys sees every message once.
    """

    name: str
    post: Post
    secret: str = ""
    medium = "webhook"

    def __repr__(self) -> str:
        return f"Webhook({self.name!r})"

    def send(self, delivery: Delivery) -> Receipt:
        """Post the message's data with its subject and text."""
        message = delivery.message
        text = shorten(sendable(message.text), TEXT, message.link)
        subject = shorten(flat(message.subject), SUBJECT)
        payload = {"key": delivery.key, "subject": subject, "text": text, **message.data}
        body = json.dumps(payload, ensure_ascii=False).encode(errors="replace")
        headers = {"Content-Type": "application/json", "Idempotency-Key": header(delivery.key)}
        if self.secret:
            headers["X-Strait-Signature"] = "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        post(self.name, replace(self.post, body=body, headers=headers))
        return Receipt()


def header(key: str) -> str:
    """Return a delivery's key as a header can carry it: rule names may hold any character."""
    return key if key.isascii() and key.isprintable() else "sha256-" + hashlib.sha256(key.encode()).hexdigest()
