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
FINAL = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})
"""Answers that the same message will always get: the address or token is wrong, or the message is refused."""


@dataclass(frozen=True, slots=True)
class Post:
    """A request that a channel makes."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    allow_private: bool = False
    allow_networks: tuple[str, ...] = ()
    timeout: float = TIMEOUT


def post(name: str, request: Post) -> None:
    """Send a request; raise :class:`DeliveryError` that names the channel and never the address or token."""
    try:
        asyncio.run(_post(name, request))
    except RefusedAddress as error:
        raise DeliveryError(f"{name}: its address is private; set allow_private = true if that is meant") from error
    except TimeoutError as error:
        raise DeliveryError(f"{name}: no answer within {request.timeout:g} s") from error
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError):
        # The cause would show the address, which may be a credential.
        raise DeliveryError(f"{name}: its address is no http(s) address", retry=False) from None
    except (aiohttp.ClientError, OSError) as error:
        raise DeliveryError(f"{name}: cannot be reached ({type(error).__name__})") from None


async def _post(name: str, request: Post) -> None:
    factory = guarded_socket_factory(request.allow_networks, allow_private=request.allow_private)
    connector = aiohttp.TCPConnector(socket_factory=factory, force_close=True)
    timeout = aiohttp.ClientTimeout(total=request.timeout)
    async with (
        aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as session,
        session.request(
            request.method, request.url, data=request.body or None, headers=dict(request.headers), allow_redirects=False
        ) as answer,
    ):
        if 200 <= answer.status < 300:
            return
        now = answer.headers.get("Date", "")
        wait = seconds(answer.headers.get("Retry-After", ""), now)
        raise DeliveryError(
            f"{name}: answered HTTP {answer.status}", retry=answer.status not in FINAL, retry_after=wait
        )


def seconds(retry_after: str, date: str) -> float | None:
    """Return a Retry-After header as seconds, a date read against the answer's own Date; None when it says nothing."""
    if retry_after.isascii() and retry_after.strip().isdigit():
        return float(retry_after.strip()[:9])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return None
