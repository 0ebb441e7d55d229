"""The database as the program meets it: transactions, migrations, a check, a copy, a lock."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from monitor.edges.store import schema
from monitor.edges.store.engine import WRITE, open_engine, parse_url, refusals, sqlite_file
from monitor.edges.store.locks import file_lock, server_lock
from monitor.edges.store.work import Work
from monitor.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection


class Store:
    """A database at *url*, ``sqlite:///FILE`` or ``postgresql+psycopg://…``; nothing is opened before it is needed.

    *patience* is how many seconds a statement waits for a lock that another process holds. Safe to share between
    threads.
    """

    def __init__(self, url: str, *, patience: float = 30.0) -> None:
        parsed = parse_url(url)
        self._engine = open_engine(parsed, patience)
        self.file = sqlite_file(parsed)
        self.name = str(self.file) if self.file else parsed.render_as_string(hide_password=True)
        """What to call the database in front of people; holds no password."""

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """Open a writing transaction: all of it is kept at the end, or nothing when an error leaves the block.

        SQLite has one at a time; the next waits for it.
        """
        with refusals(self.name), self._connect(write=True) as connection, connection.begin():
            yield Work(connection)

    @contextmanager
    def read(self) -> Iterator[Work]:
        """Open a reading transaction: it sees one moment of the database and refuses to write."""
        with refusals(self.name), self._connect(write=False) as connection, connection.begin():
            yield Work(connection)

    def _connect(self, *, write: bool) -> Connection:
        connection = self._engine.connect()
        if self.file or write:
            return connection.execution_options(**{WRITE: write})
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def upgrade(self) -> None:
        """Bring the tables to the shape this program needs, all or nothing; creates them where there are none."""
        with self.begin() as work:
            schema.upgrade(work.connection)

    def check(self, *, thorough: bool = False) -> None:
        """Raise a StoreError that says what to do when the database is missing, broken, unwritable or not migrated.

        *thorough* reads an SQLite file whole, which takes seconds when it is large.
        """
        if self.file and not self.file.is_file():
            raise StoreError(f"{self.name} is not there: run `strait db upgrade` to create it")
        with self.begin() as work:
            schema.refuse_newer(work.connection, self.name)
            schema.refuse_older(work.connection, self.name)
            if self.file and thorough:
                self._check_pages(work.connection)

    def _check_pages(self, connection: Connection) -> None:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise StoreError(f"{self.name}: {found}; the file is damaged: restore a backup")

    def backup(self, path: Path) -> None:
        """Write a consistent copy of an SQLite database to *path*, while others go on reading and writing it.

        A copy that is there is replaced once the new one is whole.
        """
        if self.file is None:
            raise StoreError(f"{self.name} is on PostgreSQL: make the copy with `pg_dump`")
        if path.exists() and self.file.exists() and path.samefile(self.file):
            raise StoreError(f"{path} is the database itself; name another file for the copy")
        part = path.with_name(path.name + ".part")
        with refusals(str(path)), self._connect(write=False) as connection:
            source = connection.connection.driver_connection
            with closing(sqlite3.connect(part)) as target:
                source.backup(target)  # type: ignore[union-attr] # sqlite3's own
        part.replace(path)

    def daemon_lock(self) -> AbstractContextManager[None]:
        """Hold the right to be this database's only daemon; AlreadyRunning when another process has it."""
        return file_lock(self.file) if self.file else self._server_lock()

    @contextmanager
    def _server_lock(self) -> Iterator[None]:
        with refusals(self.name), server_lock(self._engine, self.name):
            yield
