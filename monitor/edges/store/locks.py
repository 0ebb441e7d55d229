"""One daemon a database: locks that the operating system or the server takes back when their holder dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from monitor.edges.store.transaction import DAEMON_LOCK
from monitor.errors import AlreadyRunning, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def file_lock(database: Path) -> Iterator[None]:
    """Hold the lock file beside an SQLite database; it stays there afterwards, holding nothing."""
    path = database.with_name(database.name + ".lock")
    try:
        lock = path.open("a+", encoding="ascii")
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; make sure that the folder may be written to") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(f"process {lock.read().strip()} already runs on {database}; stop it first") from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextmanager
def server_lock(engine: Engine, database: str) -> Iterator[None]:
    """Hold an advisory lock on a connection of its own, which ends with the process whatever ends it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # closing it then really closes it, and so lets go of the lock
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": DAEMON_LOCK}).scalar_one()
        if not taken:
            raise AlreadyRunning(f"another daemon already runs on {database}; stop it first")
        yield
