"""A store for every test, on SQLite and on PostgreSQL, each migrated once and copied."""

from __future__ import annotations

import os
import shutil
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest
import structlog
from sqlalchemy import make_url

from monitor.edges.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATABASES = ("sqlite", "postgresql")
PATIENCE = 5.0


def _servers() -> list[str]:
    asked = os.environ.get("STRAIT_TEST_POSTGRES_URL")
    if asked:
        return [asked]
    return [
        "postgresql+psycopg:///test",
        *(f"postgresql+psycopg://{u}@127.0.0.1:5432/test" for u in ("postgres", "root")),
    ]


def _admin(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=3)


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Return the address of a PostgreSQL server that lets us create databases."""
    refused = []
    for url in _servers():
        try:
            _admin(url).close()
        except psycopg.OperationalError as error:
            refused.append(str(error).splitlines()[0])
        else:
            return url
    pytest.skip("no PostgreSQL to test on; name one in STRAIT_TEST_POSTGRES_URL. " + "; ".join(refused))


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """Return the address of a new, empty PostgreSQL database, dropped afterwards."""
    yield from _database(postgres_server, "template1")


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """Return the name of a migrated PostgreSQL database, to copy."""
    for url in _database(postgres_server, "template1"):
        store = Store(url)
        store.upgrade()
        store.close()
        yield make_url(url).database or ""


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file, to copy."""
    path = tmp_path_factory.mktemp("migrated") / "strait.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path


def _database(server: str, template: str) -> Iterator[str]:
    name = f"strait_test_{uuid.uuid4().hex[:12]}"
    with _admin(server) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield _named(server, name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """Return the address of a migrated SQLite file of the test's own."""
    path = tmp_path / "strait.db"
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str, migrated_postgres: str) -> Iterator[str]:
    """Return the address of a migrated PostgreSQL database of the test's own."""
    yield from _database(postgres_server, migrated_postgres)


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest) -> str:
    """Return the address of a migrated database, once of each kind."""
    return str(request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Return a migrated store, once on each database."""
    opened = Store(url, patience=PATIENCE)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def plain_log() -> None:
    """Let every test begin with the log as it is at first: commands set it up for the whole process."""
    structlog.reset_defaults()
