"""Read the body of an answer, unpacked, and never more of it than is allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import aiohttp

_MAX_MEMBERS = 100  # parts of a gzip body: an honest one has one
_CHUNK = 64 * 1024


class Refusal(Exception):  # noqa: N818 - a reason on its way to becoming a FeedError
    """Why a fetch ends without a page."""

    def __init__(self, status: str, retry_after: float | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after


async def read(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Read a body, never holding more than a chunk beyond what is allowed."""
    if (answer.content_length or 0) > max_bytes:
        raise Refusal("too_big")
    unpack = _unpacker(answer.headers.get("Content-Encoding", ""))
    parts, raw, size = [], 0, 0
    async for chunk in answer.content.iter_chunked(_CHUNK):
        raw += len(chunk)
        for part in unpack.feed(chunk) if unpack else (chunk,):
            parts.append(part)
            size += len(part)
            if max(raw, size) > max_bytes:
                raise Refusal("too_big")
    if unpack:
        unpack.end()
    return b"".join(parts)


class _Gzip:
    """A gzip or zlib body, unpacked a chunk at a time."""

    def __init__(self) -> None:
        self._members = 0
        self._next()

    def _next(self) -> None:
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise Refusal("bad_compression")
        self._inflate = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: take either header
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inflate.eof:
                self._next()
            try:
                part = self._inflate.decompress(data, _CHUNK)
            except zlib.error as error:
                raise Refusal("bad_compression") from error
            self._begun = True
            data = self._inflate.unused_data or self._inflate.unconsumed_tail
            yield part

    def end(self) -> None:
        """Refuse a body whose last part is not whole."""
        if self._begun and not self._inflate.eof:
            raise Refusal("cut_off")


def _unpacker(encoding: str) -> _Gzip | None:
    """Return what unpacks a body, None when it is plain."""
    name = encoding.strip().casefold()
    if name in {"", "identity"}:
        return None
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Gzip()
    raise Refusal("bad_compression")
