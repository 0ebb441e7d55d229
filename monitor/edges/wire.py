"""HTTP by libcurl, inside an event loop: one GET, judged as it comes in. The only pycurl.

libcurl does a conditional GET in half the processor time of a client in Python. It is kept from everything that it
could do besides: following redirects, other protocols, proxies and passwords from the environment or files, looking
up names, unpacking. Every socket is made by the guard.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pycurl
from multidict import CIMultiDict

from monitor.edges.body import Body, Refusal
from monitor.edges.guard import RefusedAddress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from monitor.edges.guard import SocketFactory

_MAX_HEAD = 64_000
"""Bytes of all headers of an answer, those of interim answers among them."""
_HOSTS = 10_000
"""Of so many hosts it is remembered whether they are addresses, rather than found out at every poll."""
_BAD = _NEVER = -1
_SUPPRESS_CONNECT_HEADERS = 265
"""CURLOPT_SUPPRESS_CONNECT_HEADERS, for which pycurl has no name: what a proxy says is no part of the answer."""
_STATUSES: Mapping[int, str] = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "bad_http",  # an answer without a status, among others
    pycurl.E_URL_MALFORMAT: "bad_url",
    pycurl.E_COULDNT_RESOLVE_PROXY: "proxy",
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_CONNECT: "connect",
    8: "bad_http",  # a weird reply; pycurl calls it by the name that it had in FTP
    pycurl.E_PARTIAL_FILE: "cut_off",
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_GOT_NOTHING: "disconnected",
    pycurl.E_FILESIZE_EXCEEDED: "too_big",
    97: "proxy",
    100: "bad_http",  # headers without end
}
_TLS = frozenset({35, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98})


class Request(NamedTuple):
    """What is asked, of whom, and how much of an answer is taken."""

    url: str
    """Absolute, http or https, without credentials."""
    headers: Mapping[str, str]
    max_bytes: int
    proxy: str = ""


class Answer(NamedTuple):
    """What was answered."""

    code: int
    headers: Mapping[str, str]
    body: bytes
    """Unpacked; empty unless the code is of the two hundreds."""


@asynccontextmanager
async def wire(guard: SocketFactory) -> AsyncIterator[Wire]:
    """Open a client whose direct connections all pass the guard, and close it with all its connections."""
    opened = Wire(guard)
    try:
        yield opened
    finally:
        opened.close()


class Wire:
    """A client of one event loop."""

    def __init__(self, guard: SocketFactory) -> None:
        self._guard = guard
        self._loop = asyncio.get_running_loop()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._remind)
        self._watched: dict[int, int] = {}
        self._timer: asyncio.Handle | None = None
        self._running: dict[Any, _Transfer] = {}
        self._idle: list[Any] = []
        self._names: dict[tuple[str, int], asyncio.Task[str]] = {}

    def close(self) -> None:
        """Let go of every connection."""
        for task in self._names.values():
            task.cancel()
        for curl in self._running:
            self._multi.remove_handle(curl)
        for curl in (*self._running, *self._idle):
            curl.close()
        self._running.clear()
        self._multi.close()
        for descriptor in list(self._watched):
            self._watch(pycurl.POLL_REMOVE, descriptor, None, None)
        self._remind(_NEVER)

    async def get(self, asked: Request, host: str, port: int) -> Answer:
        """Ask, and return the answer; *host* and *port* are those of the address. Raises Refusal."""
        addresses = "" if asked.proxy else await self._addresses(host, port)
        curl = self._idle.pop() if self._idle else pycurl.Curl()
        transfer = _Transfer(asked, self._guard, self._loop.create_future())
        transfer.prepare(curl, addresses)
        self._running[curl] = transfer
        self._multi.add_handle(curl)
        try:
            return transfer.answer(await transfer.ended)
        finally:
            if self._running.pop(curl, None):  # it takes too long, or nobody waits for it
                self._multi.remove_handle(curl)
            curl.reset()
            self._idle.append(curl)

    async def _addresses(self, host: str, port: int) -> str:
        """Look up a host once, and return what tells libcurl not to; nothing for an address."""
        if _is_address(host):
            return ""
        if (host, port) not in self._names:
            self._names[host, port] = asyncio.create_task(self._looked_up(host, port))
            self._names[host, port].add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._names[host, port])

    async def _looked_up(self, host: str, port: int) -> str:
        try:
            found = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Refusal("dns") from error
        numbers = dict.fromkeys(str(info[4][0]).partition("%")[0] for info in found)
        return f"{host}:{port}:{','.join(f'[{n}]' if ':' in n else n for n in numbers)}"

    def _watch(self, event: int, descriptor: int, _multi: object, _data: object) -> None:
        """Watch a socket as libcurl wants it watched."""
        before = self._watched.pop(descriptor, 0)
        after = 0 if event == pycurl.POLL_REMOVE else event
        if after:
            self._watched[descriptor] = after
        if after & pycurl.POLL_IN and not before & pycurl.POLL_IN:
            self._loop.add_reader(descriptor, self._act, descriptor, pycurl.CSELECT_IN)
        elif before & pycurl.POLL_IN and not after & pycurl.POLL_IN:
            self._loop.remove_reader(descriptor)
        if after & pycurl.POLL_OUT and not before & pycurl.POLL_OUT:
            self._loop.add_writer(descriptor, self._act, descriptor, pycurl.CSELECT_OUT)
        elif before & pycurl.POLL_OUT and not after & pycurl.POLL_OUT:
            self._loop.remove_writer(descriptor)

    def _remind(self, milliseconds: int) -> None:
        """Come back when libcurl wants to be called again."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if milliseconds >= 0:
            again = partial(self._act, pycurl.SOCKET_TIMEOUT, 0)
            self._timer = (
                self._loop.call_later(milliseconds / 1000, again) if milliseconds else self._loop.call_soon(again)
            )

    def _act(self, descriptor: int, event: int) -> None:
        """Let libcurl go on, and wake whoever waits for what has ended."""
        self._multi.socket_action(descriptor, event)
        left = 1
        while left:
            left, done, failed = self._multi.info_read()
            for curl, code in [*((curl, 0) for curl in done), *((curl, code) for curl, code, _ in failed)]:
                self._multi.remove_handle(curl)
                ended = self._running.pop(curl).ended
                if not ended.done():
                    ended.set_result(code)


class _Transfer:
    """One request and what has come of its answer."""

    def __init__(self, asked: Request, guard: SocketFactory, ended: asyncio.Future[int]) -> None:
        self.ended = ended
        self._asked = asked
        self._guard = guard
        self._refused = self._opened = False
        self._code = 0
        self._lines: list[bytes] = []
        self._head = 0
        self._headers: CIMultiDict[str] = CIMultiDict()
        self._complete = False
        self._body: Body | None = None
        self._refusal: Refusal | None = None

    def prepare(self, curl: Any, addresses: str) -> None:
        """Tell libcurl what to do, and all that it must not do."""
        asked = self._asked
        options = {
            pycurl.URL: asked.url,
            pycurl.HTTPHEADER: [_line(name, value) for name, value in asked.headers.items()],
            pycurl.HEADERFUNCTION: self._on_header,
            pycurl.WRITEFUNCTION: self._on_body,
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PATH_AS_IS: 1,
            pycurl.NOSIGNAL: 1,
            pycurl.PROXY: asked.proxy,  # empty: none, whatever the environment says
            pycurl.NOPROXY: "",
            _SUPPRESS_CONNECT_HEADERS: 1,
            pycurl.MAXFILESIZE_LARGE: asked.max_bytes,
            **_TRUST,
        }
        for option, value in options.items():
            curl.setopt(option, value)
        if not asked.proxy:
            curl.setopt(pycurl.OPENSOCKETFUNCTION, self._on_socket)
        if addresses:
            curl.setopt(pycurl.RESOLVE, [addresses])

    def answer(self, code: int) -> Answer:
        """Return the answer of a transfer that ended, or raise why there is none."""
        if self._refusal:
            raise self._refusal
        if code and not (self._complete and self._body is None):
            raise Refusal(self._status(code))
        return Answer(self._code, self._headers, self._body.whole() if self._body else b"")

    def _status(self, code: int) -> str:
        if code in _TLS:
            return "tls"
        if code == pycurl.E_COULDNT_CONNECT and self._refused and not self._opened:
            return "refused_address"
        if self._asked.proxy and not self._code:
            return "proxy"
        # What breaks while it is sent or received breaks off, or never began.
        return _STATUSES.get(code) or ("cut_off" if self._complete else "disconnected")

    def _on_socket(self, _purpose: int, address: tuple[int, int, int, tuple[Any, ...]]) -> Any:
        family, kind, protocol, target = address
        try:
            made = self._guard((family, kind, protocol, "", target))
        except RefusedAddress:
            self._refused = True
            return pycurl.SOCKET_BAD
        except OSError:
            return pycurl.SOCKET_BAD
        self._opened = True
        return _Given(made)

    def _on_header(self, line: bytes) -> int | None:
        self._head += len(line)
        if self._head > _MAX_HEAD:
            self._refusal = Refusal("bad_http")
            return _BAD
        if self._complete:  # after the body come trailers, which nobody needs
            return None
        if line.strip():
            self._lines.append(line)
            return None
        try:
            return self._on_headers()
        except Refusal as refusal:
            self._refusal = refusal
            return _BAD

    def _on_headers(self) -> int | None:
        """Judge an answer by its headers; one whose body does not matter ends here."""
        first, *lines = self._lines or [b""]
        self._lines = []
        self._code = _code(first)
        if self._code < 200:  # another answer follows
            return None
        self._headers = _headers(lines)
        self._complete = True
        if 200 <= self._code < 300:
            encoding, length = self._headers.get("Content-Encoding", ""), self._headers.get("Content-Length", "")
            self._body = Body(encoding, length, self._asked.max_bytes)
            return None
        return None if self._code == 304 or self._headers.get("Content-Length", "").strip() == "0" else _BAD

    def _on_body(self, chunk: bytes) -> int | None:
        if self._body is None:
            return _BAD
        try:
            self._body.feed(chunk)
        except Refusal as refusal:
            self._refusal = refusal
            return _BAD
        return None


class _Given:
    """A socket on its way to libcurl, which takes a duplicate of its descriptor; the original closes behind it."""

    def __init__(self, made: socket.socket) -> None:
        self._made = made
        self.fileno = made.fileno

    def __del__(self) -> None:
        self._made.close()


@lru_cache(maxsize=_HOSTS)
def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _line(name: str, value: str) -> bytes:
    """Return a header to send; refuse one that would be two."""
    line = f"{name}: {value}" if value else f"{name};"
    if not line.isprintable():
        raise Refusal("bad_url")
    return line.encode()


def _code(first: bytes) -> int:
    parts = first.split(None, 2)
    code = parts[1] if len(parts) > 1 and parts[0].startswith(b"HTTP/") else b""
    if len(code) != 3 or not code.isdigit():
        raise Refusal("bad_http")
    return int(code)


def _headers(lines: list[bytes]) -> CIMultiDict[str]:
    pairs: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("utf-8", "surrogateescape").strip("\r\n")
        name, colon, value = text.partition(":")
        if text[:1] in {" ", "\t"} and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text.strip()}")
        elif colon:
            pairs.append((name.strip(), value.strip()))
    lengths = {value for name, value in pairs if name.casefold() == "content-length"}
    if len(lengths) > 1:  # one of them is a lie about where the answer ends
        raise Refusal("bad_http")
    return CIMultiDict(pairs)


def _trust() -> dict[int, str]:
    """Return whom Python trusts, for libcurl to trust the same."""
    paths = ssl.get_default_verify_paths()
    trusted = {pycurl.CAINFO: paths.cafile, pycurl.PROXY_CAINFO: paths.cafile, pycurl.CAPATH: paths.capath}
    return {option: path for option, path in trusted.items() if path}


_TRUST = _trust()
