"""What people did to stories, and what follows from it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table

from monitor.edges.store.columns import Utc, Words
from monitor.edges.store.tables.shared import entry_column, id_column, metadata

# A story was split: *other_id* is the new one. Or *other_id* was joined to it. The ids outlive their stories.
regroupings = Table(
    "regroupings",
    metadata,
    id_column(),
    Column("at", Utc, nullable=False),
    Column("author", Words, nullable=False),
    Column("deed", Words, nullable=False),
    Column("story_id", Integer, nullable=False),
    Column("other_id", Integer, nullable=False),
    Index("ix_regroupings_at", "at"),
    Index("ix_regroupings_story_id", "story_id"),
    Index("ix_regroupings_other_id", "other_id"),
    sqlite_autoincrement=True,
)

# The reports that went from one story to the other.
regrouped = Table(
    "regrouped",
    metadata,
    Column("regrouping_id", ForeignKey("regroupings.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    entry_column(primary=True),
    Index("ix_regrouped_entry_id", "entry_id"),
)

# A story that was joined to another. It has no reports any more, and stays for what people were told of it.
joined_stories = Table(
    "joined_stories",
    metadata,
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    Column("into_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
    Index("ix_joined_stories_into_id", "into_id"),
)

# Of a joined story, the reports that belong to what was another one: its id.
story_parts = Table(
    "story_parts",
    metadata,
    entry_column(primary=True),
    Column("part", Integer, nullable=False),
)

# What people count as told of a story after a split or a join, until the next alert about it.
retold = Table(
    "retold",
    metadata,
    Column("rule", Words, nullable=False, primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("publishers", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("figures", JSON),
    Column("themes", JSON),
    Index("ix_retold_story_id", "story_id"),
)
