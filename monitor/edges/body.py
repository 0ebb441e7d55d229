"""Read the body of an answer, unpacked, and never more of it than is allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_MEMBERS = 100  # parts of a gzip body: an honest one has one
_CHUNK = 64 * 1024


class Refusal(Exception):  # noqa: N818 - a reason on its way to becoming a FeedError
    """Why a fetch ends without a page."""

    def __init__(self, status: str, retry_after: float | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after


class Body:
    """A body as it comes in, unpacked, and never more of it than is allowed, by its declared *length* or as it is."""

    def __init__(self, encoding: str, length: str, max_bytes: int) -> None:
        if length.strip().isdecimal() and int(length[:30]) > max_bytes:
            raise Refusal("too_big")
        self._unpack = _unpacker(encoding)
        self._max = max_bytes
        self._parts: list[bytes] = []
        self._raw = self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Take more of it; what goes over the limit is not kept, but for one piece."""
        self._raw += len(chunk)
        for part in self._unpack.feed(chunk) if self._unpack else (chunk,):
            self._parts.append(part)
            self._size += len(part)
            if max(self._raw, self._size) > self._max:
                raise Refusal("too_big")

    def whole(self) -> bytes:
        """Return all of it; refuse one whose packing breaks off."""
        if self._unpack:
            self._unpack.end()
        return b"".join(self._parts)


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
