"""What all tables have in common."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

KEY = String(32)


def id_column() -> Column[int]:
    """Return the column of an id of its own."""
    return Column("id", Integer, primary_key=True)


def entry_column(*, primary: bool = False) -> Column[int]:
    """Return the column of an entry, with which the row goes."""
    return Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False, primary_key=primary)
