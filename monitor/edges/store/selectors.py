"""How a page without a feed is read, as one JSON column."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, TypeDecorator

from monitor.model import Selectors

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class SelectorsJson(TypeDecorator[Selectors]):
    """Selectors; the time zone goes by its name."""

    # Without none_as_null a feed that has none would hold the JSON value null.
    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Selectors | None, _dialect: Dialect) -> dict[str, Any] | None:
        """Return what to keep."""
        return None if value is None else {part.name: str(getattr(value, part.name)) for part in fields(value)}

    def process_result_value(self, value: dict[str, Any] | None, _dialect: Dialect) -> Selectors | None:
        """Return the value that was kept."""
        if value is None:
            return None
        zone = value.get("zone", "UTC")
        return Selectors(**value | {"zone": UTC if zone == "UTC" else ZoneInfo(zone)})
