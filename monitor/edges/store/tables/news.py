"""Feeds, what they showed, and what was read in it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from monitor.edges.store.columns import Fingerprint, Utc, Words
from monitor.edges.store.selectors import SelectorsJson
from monitor.edges.store.tables.shared import KEY, entry_column, id_column, metadata
from monitor.edges.store.values import AccessJson, HabitsJson

# AUTOINCREMENT: an id must never name a second thing, since delivery keys, logs and people's notes hold ids.
feeds = Table(
    "feeds",
    metadata,
    id_column(),
    Column("url", Words, nullable=False),
    Column("url_key", KEY, nullable=False, unique=True),
    Column("host", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("outlet", Words, nullable=False),
    Column("publisher", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("lang", Words, nullable=False),
    Column("folder", Words, nullable=False),
    Column("country", Words, nullable=False),
    Column("full_text", Boolean, nullable=False),
    Column("selectors", SelectorsJson),
    Column("etag", Words, nullable=False),
    Column("last_modified", Words, nullable=False),
    Column("body_hash", Words, nullable=False),
    Column("next_poll", Utc),
    Column("leased", Utc),
    Column("failures", Integer, nullable=False),
    Column("status", Words, nullable=False),
    Column("error", Words, nullable=False),
    Column("last_success", Utc),
    Column("missed", Utc),
    Column("habits", HabitsJson, nullable=False),
    Column("access", AccessJson, nullable=False),
    Column("busy_until", Utc),
    Column("asked", Utc),
    Index("ix_feeds_next_poll", "next_poll"),
    Index("ix_feeds_leased", "leased"),
    Index("ix_feeds_busy_until", "busy_until"),
    Index("ix_feeds_asked", "host", "asked"),
    sqlite_autoincrement=True,
)

# The digests of the items that a feed's page showed last time, 16 bytes each: beside the feed, since most polls find
# nothing new and need them not.
page_marks = Table(
    "page_marks",
    metadata,
    Column("feed_id", ForeignKey("feeds.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    Column("marks", LargeBinary, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    id_column(),
    Column("headline", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("lang", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("first_seen", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("themes", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("fingerprint", Fingerprint, nullable=False),
    Column("signatures", JSON),
    Column("corrected", Utc),
    Column("apart", JSON),
    Index("ix_stories_last_seen", "last_seen"),
    sqlite_autoincrement=True,
)

# What a story is found by: bands of its text, and its rarest terms behind "t:". *seen* is the story's last_seen, copied
# so that a key held by many old stories costs nothing.
story_bands = Table(
    "story_bands",
    metadata,
    Column("band", Words, nullable=False, primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    Column("seen", Utc, nullable=False),
    Index("ix_story_bands_band_seen", "band", "seen"),
    Index("ix_story_bands_seen", "seen"),
    Index("ix_story_bands_story_id", "story_id"),
)

# Outlet, publisher and kind are the feed's at the time: an item outlives its feed, and its feed's renaming.
entries = Table(
    "entries",
    metadata,
    id_column(),
    Column("feed_id", ForeignKey("feeds.id", ondelete="SET NULL")),
    Column("outlet", Words, nullable=False),
    Column("publisher", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("ident", Words, nullable=False),
    Column("ident_key", KEY, nullable=False),
    Column("url", Words, nullable=False),
    Column("url_key", KEY, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("author", Words, nullable=False),
    Column("published", Utc),
    Column("updated", Utc),
    Column("lang", Words, nullable=False),
    Column("text_hash", Words, nullable=False),
    Column("seen", Utc, nullable=False),
    Column("when_", Utc, nullable=False),
    Column("model", Words, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("tagged", Boolean, nullable=False),
    Column("story_id", ForeignKey("stories.id", ondelete="SET NULL")),
    Column("dated", Words, nullable=False),
    UniqueConstraint("feed_id", "ident_key"),
    Index("ix_entries_feed_id_url_key", "feed_id", "url_key"),
    Index("ix_entries_feed_id_text_hash", "feed_id", "text_hash"),
    Index("ix_entries_feed_id_seen", "feed_id", "seen"),
    Index("ix_entries_outlet_seen", "outlet", "seen"),
    Index("ix_entries_tagged_seen", "tagged", "seen"),
    Index("ix_entries_seen", "seen"),
    Index("ix_entries_story_id", "story_id"),
    sqlite_autoincrement=True,
)

# What an entry said before it was edited; *at* is when that was found out. *correction* marks an edit that takes back
# or changes what was told, which may open the story again.
revisions = Table(
    "revisions",
    metadata,
    id_column(),
    entry_column(),
    Column("at", Utc, nullable=False),
    Column("title", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("updated", Utc),
    Column("text_hash", Words, nullable=False),
    Column("correction", Boolean, nullable=False),
    Index("ix_revisions_entry_id", "entry_id"),
    sqlite_autoincrement=True,
)

# The text of an item's own page, of feeds that are marked so; it goes with the item.
texts = Table(
    "texts",
    metadata,
    entry_column(primary=True),
    Column("url_key", KEY, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_texts_url_key", "url_key"),
)

# *seen* is the entry's, copied: asking for a day by the tags alone is a hundred times faster than by a join.
tags = Table(
    "tags",
    metadata,
    entry_column(primary=True),
    Column("theme", Words, nullable=False, primary_key=True),
    Column("score", Float, nullable=False),
    Column("decided", Boolean, nullable=False),
    Column("seen", Utc, nullable=False),
    Index("ix_tags_seen", "seen", "decided", "entry_id"),
    Index("ix_tags_theme_decided_seen", "theme", "decided", "seen", "entry_id"),
)

# A weapon named without a number has no value: unknown is not zero. Start and end are places in the sentence.
facts = Table(
    "facts",
    metadata,
    id_column(),
    entry_column(),
    Column("kind", Words, nullable=False),
    Column("value", Float),
    Column("low", Float),
    Column("high", Float),
    Column("approx", Boolean, nullable=False),
    Column("about", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("unit", Words, nullable=False),
    Column("system", Words, nullable=False),
    Column("currency", Words, nullable=False),
    Column("sentence", Words, nullable=False),
    Index("ix_facts_entry_id", "entry_id"),
    Index("ix_facts_kind", "kind"),
    sqlite_autoincrement=True,
)
