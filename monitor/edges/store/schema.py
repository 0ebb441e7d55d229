"""The shape of the tables over time: the migrations that ship inside this package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from monitor.edges.store.transaction import UPGRADE_LOCK
from monitor.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def upgrade(connection: Connection) -> None:
    """Bring the tables to this program's shape, within the transaction that is open on *connection*."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
    refuse_newer(connection, "the database")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def refuse_newer(connection: Connection, database: str) -> None:
    """Refuse a database that a later version of this program has migrated."""
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise StoreError(f"{database} was written by a newer version of this program: install that version")


def refuse_older(connection: Connection, database: str) -> None:
    """Refuse a database that lacks migrations."""
    heads = set(ScriptDirectory.from_config(_config()).get_heads())
    if set(MigrationContext.configure(connection).get_current_heads()) != heads:
        raise StoreError(f"{database} is not up to date: run `strait db upgrade`")
