"""Post JSON to an operator's address, guarded; shared by the channels that speak HTTP and by the heartbeat."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import aiohttp

from monitor.edges.guard import RefusedAddress, guarded_socket_factory
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT = 20.0
ENOUGH = 65_536
"""So many bytes of an answer are read: those who have more to say have said it by then."""
FINAL = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
"""Answers that the same message will always get: the address or token is wrong, or the message is refused."""


@dataclass(frozen=True, slots=True)
class Post:
    """A request that a channel makes."""

    url: str = field(repr=False)
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"
    allow_private: bool = False
    allow_networks: tuple[str, ...] = ()
    timeout: float = TIMEOUT


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes = b""
    retry_after: float | None = None
    """In seconds."""

    @property
    def taken(self) -> bool:
        """Say whether the request was taken."""
        return 200 <= self.status < 300


def post(name: str, request: Post) -> Answer:
    """Send a request that must be taken; raise :class:`DeliveryError` that never names the address or a token."""
    answer = ask(name, request)
    if not answer.taken:
        raise refusal(name, answer)
    return answer


def refusal(name: str, answer: Answer) -> DeliveryError:
    """Return the error for an answer that is no yes."""
    text = f"{name}: answered HTTP {answer.status}"
    return DeliveryError(text, retry=answer.status not in FINAL, retry_after=answer.retry_after)


def ask(name: str, request: Post) -> Answer:
    """Send a request and return what is answered; raise :class:`DeliveryError` when nothing is."""
    try:
        return asyncio.run(_ask(request))
    except RefusedAddress as error:
        raise private(name) from error
    except TimeoutError as error:
        raise DeliveryError(f"{name}: no answer within {request.timeout:g} s") from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError):
        # The cause would show the address, which may be a credential.
        raise DeliveryError(f"{name}: its address is no http(s) address", retry=False) from None
    except (aiohttp.ClientError, OSError) as error:
        raise DeliveryError(f"{name}: cannot be reached ({type(error).__name__})") from None


def private(name: str) -> DeliveryError:
    """Return the error for a channel that leads into a private network."""
    return DeliveryError(f"{name}: its address is private; set allow_private = true if that is meant")


async def _ask(request: Post) -> Answer:
    factory = guarded_socket_factory(request.allow_networks, allow_private=request.allow_private)
    connector = aiohttp.TCPConnector(socket_factory=factory, force_close=True)
    timeout = aiohttp.ClientTimeout(total=request.timeout)
    async with (
        aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session,
        session.request(
            request.method, request.url, data=request.body or None, headers=dict(request.headers), allow_redirects=False
        ) as answer,
    ):
        wait = seconds(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
        return Answer(answer.status, await _beginning(answer), wait)


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    """Return the first bytes of an answer's body; one that breaks off ends there, for its status is known."""
    body = b""
    try:
        async for chunk in answer.content.iter_chunked(ENOUGH):
            body += chunk
            if len(body) >= ENOUGH:
                break
    except aiohttp.ClientError:
        return b""
    return body[:ENOUGH]


def seconds(retry_after: str, date: str) -> float | None:
    """Return a Retry-After header as seconds, a date read against the answer's own Date; None when it says nothing."""
    if retry_after.isascii() and retry_after.strip().isdigit():
        return float(retry_after.strip()[:9])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return None
