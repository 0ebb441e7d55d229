"""Values of the program that are kept as one JSON column each; what is not said takes no room."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, TypeDecorator

from monitor.model import Access, Habits

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def said(value: Habits | Access) -> dict[str, Any]:
    """Return what a value says, without what is empty."""
    found = {part.name: getattr(value, part.name) for part in fields(value)}
    return {name: list(part) if isinstance(part, tuple) else part for name, part in found.items() if part}


class HabitsJson(TypeDecorator[Habits]):
    """When a feed is worth asking."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Habits | None, _dialect: Dialect) -> dict[str, Any]:
        """Return what to keep."""
        return said(value or Habits())

    def process_result_value(self, value: dict[str, Any] | None, _dialect: Dialect) -> Habits:
        """Return the value that was kept."""
        parts: dict[str, Any] = {n: tuple(p) if isinstance(p, list) else p for n, p in (value or {}).items()}
        return Habits(**parts)


class AccessJson(TypeDecorator[Access]):
    """How a feed is asked for."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Access | None, _dialect: Dialect) -> dict[str, Any]:
        """Return what to keep."""
        return said(value or Access())

    def process_result_value(self, value: dict[str, Any] | None, _dialect: Dialect) -> Access:
        """Return the value that was kept."""
        return Access(**(value or {}))
