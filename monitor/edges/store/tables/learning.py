"""What readers said, the models made of it, and how their scores lie."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    Table,
)

from monitor.edges.store.columns import Utc, Words
from monitor.edges.store.tables.shared import entry_column, metadata

feedback = Table(
    "feedback",
    metadata,
    entry_column(primary=True),
    Column("theme", Words, nullable=False, primary_key=True),
    Column("author", Words, nullable=False, primary_key=True),
    Column("label", Boolean, nullable=False),
    Column("at", Utc, nullable=False),
)

model_versions = Table(
    "model_versions",
    metadata,
    Column("version", Words, nullable=False, primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("created", Utc, nullable=False),
    Column("metrics", JSON, nullable=False),
    Column("arrays", LargeBinary),
)

score_weeks = Table(
    "score_weeks",
    metadata,
    Column("model", Words, nullable=False, primary_key=True),
    Column("theme", Words, nullable=False, primary_key=True),
    Column("week", Words, nullable=False, primary_key=True),
    Column("tenth", Integer, nullable=False, primary_key=True),
    Column("texts", Integer, nullable=False),
)
