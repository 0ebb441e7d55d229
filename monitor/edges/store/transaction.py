"""One open transaction: what the modules of questions stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

T = TypeVar("T")

PARAMETERS = 900
"""How many values one IN may hold: SQLite before 3.32 takes 999 parameters a statement."""

STORIES_LOCK = 0x7374_7261_6974_01
DAEMON_LOCK = 0x7374_7261_6974_02
UPGRADE_LOCK = 0x7374_7261_6974_03
MODELS_LOCK = 0x7374_7261_6974_04
FEEDS_LOCK = 0x7374_7261_6974_05
CHANNELS_LOCK = 0x7374_7201
"""Advisory locks are numbers shared by a whole PostgreSQL database; these spell "strait"."""


class Transaction:
    """An open transaction on either database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def on_postgresql(self) -> bool:
        """Say whether the database is PostgreSQL; otherwise it is SQLite."""
        return self.connection.dialect.name == "postgresql"

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT that knows ON CONFLICT in the database's dialect."""
        return postgresql.insert(table) if self.on_postgresql else sqlite.insert(table)

    def lock_stories(self) -> None:
        """Wait until no other worker places stories, and keep others out until the commit.

        SQLite has one writer at a time, so there the transaction itself is the lock.
        """
        if self.on_postgresql:
            self.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STORIES_LOCK})


def portions(values: Iterable[T], size: int = PARAMETERS) -> Iterator[Sequence[T]]:
    """Cut *values*, without repetitions, into pieces that fit one statement."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), size):
        yield distinct[start : start + size]
