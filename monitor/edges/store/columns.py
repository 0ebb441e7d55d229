"""The types that keep what comes out equal to what went in."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, LargeBinary, Text, TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Utc(TypeDecorator[datetime]):
    """A moment, stored in UTC and returned aware of it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert to UTC; refuse a moment whose time zone is unknown."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Name the zone, which SQLite does not keep."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text as both databases can hold it: without NUL and lone surrogates, which feeds do send."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Drop what cannot be stored."""
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Fingerprint(TypeDecorator[tuple[int, ...]]):
    """MinHash values, eight bytes each."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, _dialect: Dialect) -> bytes:
        """Pack the values."""
        values = value or ()
        return struct.pack(f"<{len(values)}Q", *values)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> tuple[int, ...]:
        """Unpack the values."""
        packed = value or b""
        return struct.unpack(f"<{len(packed) // 8}Q", packed)


def key_of(value: str) -> str:
    """Return a short digest to index *value* by: PostgreSQL refuses to index texts over 2.7 KB, and feeds hold them."""
    return hashlib.blake2b(value.encode("utf-8", "replace"), digest_size=16).hexdigest()
