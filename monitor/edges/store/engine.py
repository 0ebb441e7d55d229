"""How each database is opened, and how its refusals are put into words."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from monitor.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
    from sqlalchemy.pool import ConnectionPoolEntry

WRITE = "write"
"""The execution option that tells a writing transaction from a reading one."""

PAUSE = 0.02
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_ADVICE = (
    ("locked", "another process is writing; try again, or stop it"),
    ("lock timeout", "another process holds a lock for too long; try again, or stop it"),
    ("disk is full", "free some space; nothing of this step was kept"),
    ("No space left", "free some space; nothing of this step was kept"),
    ("disk I/O error", "see whether the disk or a quota is full, or the disk broken; nothing of this step was kept"),
    ("not a database", "the file is damaged or is something else: restore a backup, or name another file"),
    ("malformed", "the file is damaged: restore a backup"),
    ("unable to open", "make sure that the folder is there and may be written to"),
    ("readonly", "make sure that the file and its folder may be written to"),
    ("no such table", "run `strait db upgrade`"),
    ("no such column", "run `strait db upgrade`"),
    ("does not exist", "create it, or run `strait db upgrade`"),
    ("connection", "make sure that the database server is running and reachable"),
)


def parse_url(url: str) -> URL:
    """Read a database URL; refuse one this program cannot use, without repeating what may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("the database URL cannot be read; it looks like sqlite:///strait.db") from None
    if parsed.drivername in _POSTGRESQL:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise StoreError(f"{parsed.drivername} databases are not supported; use sqlite:/// or postgresql+psycopg://")
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("the database URL names no file; write sqlite:///strait.db")
    return parsed


def open_engine(url: URL, patience: float) -> Engine:
    """Return an engine for *url* whose statements wait at most *patience* seconds for another's lock."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience})
        event.listen(engine, "connect", partial(_open_sqlite, patience=patience))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": max(2, int(patience))}
    )

    @event.listens_for(engine, "connect")
    def open_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", (f"{int(patience * 1000)}ms",))
        cursor.close()
        connection.commit()

    return engine


def _open_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry, *, patience: float) -> None:
    # The driver would begin transactions by itself, late and deferred; we say BEGIN, see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    _write_ahead(cursor, patience)
    cursor.close()


def _write_ahead(cursor: DBAPICursor, patience: float) -> None:
    # The mode stays with the file, so only the first connection ever changes it; when two race for a new file, SQLite
    # refuses one at once instead of waiting.
    left = patience
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if left <= 0 or "locked" not in str(error):
                raise
            left -= PAUSE
            time.sleep(PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that writes after another one has written fails at once whatever the timeout: writers
    # say so at the start and queue up.
    writes = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def refusals(database: str) -> Iterator[None]:
    """Turn whatever the database or its driver raises into a StoreError that names it and says what to do."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(f"{database}: {_words(error)}") from error


def _words(error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    advice = next((text for mark, text in _ADVICE if mark in said), "")
    return f"{said}; {advice}" if advice else said


def sqlite_file(url: URL) -> Path | None:
    """Return the file of an SQLite database, None for another."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None
