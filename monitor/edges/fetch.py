"""Get feeds over HTTP: many at once, politely, and whatever happens as a value. The only feed HTTP client."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from yarl import URL

from monitor.edges.body import Refusal
from monitor.edges.failures import FAILURES, explain
from monitor.edges.guard import allowed, guarded_socket_factory
from monitor.edges.headers import fresh_for, retry_after, validator
from monitor.edges.turns import Host, Starts
from monitor.edges.wire import Answer, Request, Wire, wire
from monitor.errors import FeedError
from monitor.model import Feed, Keys, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future


_NAMED = {403: "forbidden", 410: "gone", 429: "too_many_requests"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_MAX_REDIRECTS = 5
PATIENCE = 2.0
"""Seconds that the quick feeds of a batch wait for the slow ones at most."""
LULL = 0.5
"""Seconds without an answer after which they wait no longer."""
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How feeds are fetched; times in seconds, *max_bytes* after decompression, *concurrency* over all hosts."""

    timeout: float
    max_bytes: int
    per_host: int
    per_host_gap: float
    allow_networks: tuple[str, ...]
    contact: str
    version: str
    proxy: str | None = field(repr=False)
    concurrency: int
    keys: Callable[[Feed], Keys] = field(default=lambda _: Keys(), repr=False)
    """Reads the secrets of a feed; raises FeedError when one cannot be had."""


class Fetcher:
    """Fetches batches of feeds; between batches it remembers when hosts were asked, and threads may share one.

    Without a proxy every connection passes the guard. With one, only the proxy is connected to, which is the
    operator's and may be private; literal addresses are still judged here, but what a name resolves to is the
    proxy's to see and to refuse. Environment variables that name proxies are not read.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._guard = guarded_socket_factory(settings.allow_networks)
        self._starts = Starts()

    async def fetch_all(
        self, feeds: Sequence[Feed], tell: Callable[[Feed, Page | FeedError], None] = lambda *_: None
    ) -> list[Page | FeedError]:
        """Return of every feed, in the same order, its page or why there is none; *tell* hears of each when it came."""

        async def fetch(feed: Feed) -> Page | FeedError:
            answer = await batch.fetch(feed)
            tell(feed, answer)
            return answer

        async with wire(self._guard) as client, asyncio.TaskGroup() as group:
            batch = _Batch(self._settings, client, self._starts)
            tasks = [group.create_task(fetch(feed)) for feed in feeds]
        return [task.result() for task in tasks]

    def fetch_all_blocking(self, feeds: Sequence[Feed]) -> list[Page | FeedError]:
        """Do the same from a thread without an event loop."""
        return self._run(feeds, lambda *_: None)

    def fetch_in_parts(
        self, feeds: Sequence[Feed], asked: Mapping[str, float] = MappingProxyType({})
    ) -> Iterator[list[tuple[Feed, Page | FeedError]]]:
        """Yield feeds with their answers, all at once or, where some are slow, in parts: those that came so far.

        Fetching goes on while a part is being worked on. *asked* says of hosts how many seconds ago they were last
        asked, maybe by another process.
        """
        for host, ago in asked.items():
            if ago < self._settings.per_host_gap:
                self._starts.rest(host, time.monotonic() + self._settings.per_host_gap - ago)
        came: SimpleQueue[tuple[Feed, Page | FeedError]] = SimpleQueue()
        with ThreadPoolExecutor(1, thread_name_prefix="fetch") as thread:
            running = thread.submit(self._run, feeds, lambda feed, answer: came.put((feed, answer)))
            left = len(feeds)
            while left:
                part = _part(came, left, running)
                left -= len(part)
                yield part
            running.result()

    def _run(self, feeds: Sequence[Feed], tell: Callable[[Feed, Page | FeedError], None]) -> list[Page | FeedError]:
        with asyncio.Runner() as runner:
            # Names are resolved in threads; the default few would let one dead name server hold up all the others.
            runner.get_loop().set_default_executor(ThreadPoolExecutor(self._settings.concurrency))
            return runner.run(self.fetch_all(feeds, tell))


def _part(
    came: SimpleQueue[tuple[Feed, Page | FeedError]], most: int, running: Future[list[Page | FeedError]]
) -> list[tuple[Feed, Page | FeedError]]:
    """Wait for at least one answer, then for all that come in time."""
    part: list[tuple[Feed, Page | FeedError]] = []
    end = time.monotonic() + PATIENCE
    while len(part) < most:
        try:
            part.append(came.get(timeout=min(LULL, max(0.0, end - time.monotonic())) if part else PATIENCE))
        except Empty:
            if part:
                break
            if running.done():
                running.result()  # it failed, or else all would have come
            end = time.monotonic() + PATIENCE
    return part


class _Errand(NamedTuple):
    """A feed on the way to its page."""

    feed: Feed
    first: URL
    keys: Keys
    proxy: str | None


class _Batch:
    """One run over some feeds, within one event loop."""

    def __init__(self, settings: FetchSettings, client: Wire, starts: Starts) -> None:
        self._settings = settings
        self._client = client
        self._starts = starts
        self._all = asyncio.Semaphore(settings.concurrency)
        self._hosts: dict[str, Host] = {}

    async def fetch(self, feed: Feed) -> Page | FeedError:
        """Return a feed's page, or what went wrong."""
        try:
            keys = self._settings.keys(feed)
            proxy = None if keys.proxy == "direct" else keys.proxy or self._settings.proxy
            return await self._follow(_Errand(feed, _web_address(feed.url), keys, proxy))
        except FeedError as error:
            return error
        except Refusal as refusal:
            return _error(feed, refusal.status, refusal.retry_after)
        except TimeoutError:
            return _error(feed, "timeout")

    async def _follow(self, errand: _Errand) -> Page:
        """Follow redirects to a page; the time allowed is for the whole way, without the waiting for one's turn."""
        first = url = errand.first
        left, permanent = self._settings.timeout, True
        for _ in range(1 + _MAX_REDIRECTS):
            async with self._host(url).turn(), self._all:
                start = asyncio.get_running_loop().time()
                async with asyncio.timeout(left):
                    answer = await self._get(url, errand)
                left -= asyncio.get_running_loop().time() - start
            if answer.code not in _REDIRECTS or not answer.headers.get("Location"):
                return _page(errand.feed, url, answer, moved=permanent and url != first and _may_move(errand, url))
            permanent = permanent and answer.code in _PERMANENT
            url = _web_address(answer.headers["Location"], url)
        raise Refusal("too_many_redirects")

    def _host(self, url: URL) -> Host:
        name = url.host or ""
        if name not in self._hosts:
            gap = 0.0 if _is_loopback(name) else self._settings.per_host_gap
            self._hosts[name] = Host(name, self._settings.per_host, gap, self._starts)
        return self._hosts[name]

    def _headers(self, errand: _Errand, url: URL) -> dict[str, str]:
        feed, first, keys = errand.feed, errand.first, errand.keys
        contact = f" (+{self._settings.contact})" if self._settings.contact else ""
        headers = {
            "User-Agent": f"strait-monitor/{self._settings.version}{contact}",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
        }
        if feed.etag:
            headers["If-None-Match"] = feed.etag
        if feed.last_modified:
            headers["If-Modified-Since"] = feed.last_modified
        if not _same_server(first, url):
            return headers
        user, password = keys.login or (first.user or "", first.password or "")
        if user or password:
            headers["Authorization"] = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        return headers | dict(keys.headers)

    async def _get(self, url: URL, errand: _Errand) -> Answer:
        if errand.proxy and not _may_ask_proxy(url.host or "", self._settings.allow_networks):
            raise Refusal("refused_address")
        bare = str(url.with_user(None)) if url.raw_user or url.raw_password else str(url)
        asked = Request(bare, self._headers(errand, url), self._settings.max_bytes, errand.proxy or "")
        return await self._client.get(asked, url.raw_host or "", url.port or 0)


def _may_move(errand: _Errand, url: URL) -> bool:
    """Say whether a feed's address may change for good: credentials stay where they were given, or would be lost."""
    keys = errand.keys
    return not errand.first.user and (not (keys.login or keys.headers) or _same_server(errand.first, url))


def _page(feed: Feed, url: URL, answer: Answer, *, moved: bool) -> Page:
    """Turn the last answer into a page."""
    bare = str(url.with_user(None))
    etag, modified = validator(answer.headers.get("ETag")), validator(answer.headers.get("Last-Modified"))
    moved_to = bare if moved else ""
    if answer.code == 304 and (feed.etag or feed.last_modified):
        etag, modified = etag or feed.etag, modified or feed.last_modified
        fresh = fresh_for(answer.headers)
        return Page(bare, etag=etag, last_modified=modified, unchanged=True, moved_to=moved_to, fresh_for=fresh)
    if not 200 <= answer.code < 300:
        raise Refusal(_NAMED.get(answer.code, f"http_{answer.code}"), retry_after(answer.headers))
    if not answer.body.strip():
        raise Refusal("empty")
    kind = answer.headers.get("Content-Type", "")
    fresh = fresh_for(answer.headers)
    return Page(bare, answer.body, kind, etag=etag, last_modified=modified, moved_to=moved_to, fresh_for=fresh)


def _web_address(text: str, base: URL | None = None) -> URL:
    """Return an http(s) address without its fragment, or refuse."""
    try:
        url = URL(text.strip())
        url = (base.join(url) if base else url).with_fragment(None)
        valid = bool(url.host) and url.port != 0
    except ValueError as error:
        raise Refusal("bad_url") from error
    if url.scheme not in {"http", "https"}:
        raise Refusal("bad_scheme" if url.scheme else "bad_url")
    if not valid:
        raise Refusal("bad_url")
    return url


def _same_server(first: URL, url: URL) -> bool:
    """Say whether credentials for one address may go to another: the same server, or its step up to https."""
    upgraded = first.scheme == "http" and url.scheme == "https" and first.is_default_port() and url.is_default_port()
    return first.host == url.host and (first.origin() == url.origin() or upgraded)


@lru_cache(maxsize=10_000)
def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _may_ask_proxy(host: str, networks: Sequence[str]) -> bool:
    """Say whether a host may be asked of a proxy, as far as its name tells."""
    name = host.rstrip(".").casefold()
    last = name.rpartition(".")[2]
    # A last label that is a number is an address in some notation (127.1, 0x7f.1), not a name.
    if ":" in name or last.isdecimal() or last.startswith("0x"):
        return allowed(name, networks)
    return name != "localhost" and not name.endswith(".localhost")


def _error(feed: Feed, status: str, retry_after: float | None = None) -> FeedError:
    """Describe a failure by the feed's name and an address without credentials or query, which may be secret."""
    words, advice = explain(status)
    code = f" ({status[5:]})" if status.startswith("http_") and status not in FAILURES else ""
    return FeedError(status, f"{_shown(feed)}: {words}{code}; {advice}", retry_after=retry_after)


def _shown(feed: Feed) -> str:
    try:
        url = str(URL(feed.url).with_user(None).with_query(None).with_fragment(None))
    except ValueError:
        url = "its address"
    name = feed.outlet or feed.title
    return f"{name} ({url})" if name else url
