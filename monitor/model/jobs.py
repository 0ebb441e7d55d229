"""Work that any worker may do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that any worker may do, more than once: a name and ids."""

    name: str
    ids: tuple[int, ...]
