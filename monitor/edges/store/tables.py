"""The tables, and the types that keep what comes out equal to what went in."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from monitor.edges.store.selectors import SelectorsJson
from monitor.edges.store.values import AccessJson, HabitsJson

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Utc(TypeDecorator[datetime]):
    """A moment, stored in UTC and returned aware of it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert to UTC; refuse a moment whose time zone is unknown."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Name the zone, which SQLite does not keep."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text as both databases can hold it: without NUL and lone surrogates, which feeds do send."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Drop what cannot be stored."""
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Fingerprint(TypeDecorator[tuple[int, ...]]):
    """MinHash values, eight bytes each."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, _dialect: Dialect) -> bytes:
        """Pack the values."""
        values = value or ()
        return struct.pack(f"<{len(values)}Q", *values)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> tuple[int, ...]:
        """Unpack the values."""
        packed = value or b""
        return struct.unpack(f"<{len(packed) // 8}Q", packed)


def key_of(value: str) -> str:
    """Return a short digest to index *value* by: PostgreSQL refuses to index texts over 2.7 KB, and feeds hold them."""
    return hashlib.blake2b(value.encode("utf-8", "replace"), digest_size=16).hexdigest()


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

KEY = String(32)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _entry(*, primary: bool = False) -> Column[int]:
    return Column("entry_id", ForeignKey("entries.id", ondelete="CASCADE"), nullable=False, primary_key=primary)


# AUTOINCREMENT: an id must never name a second thing, since delivery keys, logs and people's notes hold ids.
feeds = Table(
    "feeds",
    metadata,
    _id(),
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
    Index("ix_feeds_next_poll", "next_poll"),
    Index("ix_feeds_leased", "leased"),
    Index("ix_feeds_busy_until", "busy_until"),
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
    _id(),
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
    _id(),
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
    _id(),
    _entry(),
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
    _entry(primary=True),
    Column("url_key", KEY, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_texts_url_key", "url_key"),
)

# *seen* is the entry's, copied: asking for a day by the tags alone is a hundred times faster than by a join.
tags = Table(
    "tags",
    metadata,
    _entry(primary=True),
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
    _id(),
    _entry(),
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

_UNHEARD = text("acked_at IS NULL AND escalated_at IS NULL")

# Headline, address, publishers, figures and themes are those of the moment: people were told these.
alerts = Table(
    "alerts",
    metadata,
    _id(),
    Column("rule", Words, nullable=False),
    Column("severity", Words, nullable=False),
    Column("story_id", ForeignKey("stories.id", ondelete="SET NULL")),
    Column("revision", Integer, nullable=False),
    Column("theme", Words, nullable=False),
    Column("score", Float, nullable=False),
    Column("reason", Words, nullable=False),
    Column("words", JSON, nullable=False),
    Column("at", Utc, nullable=False),
    Column("headline", Words, nullable=False),
    Column("url", Words, nullable=False),
    Column("publishers", Integer, nullable=False),
    Column("figures", JSON),
    Column("themes", JSON),
    Column("acked_at", Utc),
    Column("acked_by", Words, nullable=False),
    Column("escalate_at", Utc),
    Column("escalated_at", Utc),
    UniqueConstraint("rule", "story_id", "revision"),
    Index("ix_alerts_at", "at"),
    Index("ix_alerts_escalate_at", "escalate_at", sqlite_where=_UNHEARD, postgresql_where=_UNHEARD),
    Index("ix_alerts_story_id", "story_id"),
    sqlite_autoincrement=True,
)

_WAITING = text("sent IS NULL AND dead IS NULL")
_DEAD = text("dead IS NOT NULL")

# Urgency is the place of the severity. *held* says why a message was put aside, *bundle* is the id of the message that
# it goes with; what becomes of that becomes of its parts.
deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("key", Words, nullable=False, unique=True),
    Column("channel", Words, nullable=False),
    Column("message", JSON, nullable=False),
    Column("due", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent", Utc),
    Column("dead", Utc),
    Column("error", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("created", Utc, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("tried", Utc),
    Column("held", Words, nullable=False),
    Column("bundle", Integer),
    Column("alert_id", ForeignKey("alerts.id", ondelete="SET NULL")),
    Index("ix_deliveries_waiting", "channel", "due", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("ix_deliveries_dead", "dead", sqlite_where=_DEAD, postgresql_where=_DEAD),
    Index("ix_deliveries_alert_id", "alert_id"),
    Index("ix_deliveries_created", "created"),
    Index("ix_deliveries_bundle", "bundle"),
    Index("ix_deliveries_channel_tried", "channel", "tried"),
    sqlite_autoincrement=True,
)

# By what a channel finds the first message of a thread, so that later ones can refer to it.
openings = Table(
    "openings",
    metadata,
    Column("channel", Words, nullable=False, primary_key=True),
    Column("thread", Words, nullable=False, primary_key=True),
    Column("key", Words, nullable=False),
    Column("mark", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_openings_at", "at"),
)

# Channels that take nothing; a row goes when its channel takes a message.
outages = Table(
    "outages",
    metadata,
    Column("channel", Words, nullable=False, primary_key=True),
    Column("since", Utc, nullable=False),
    Column("error", Words, nullable=False),
    Column("told", Utc),
    Column("over", Words, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    _entry(),
    Column("rule", Words, nullable=False),
    Column("alert", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
    Column("theme", Words, nullable=False),
    Column("score", Float, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("compared", JSON),
    Column("at", Utc, nullable=False),
    Index("ix_decisions_entry_id", "entry_id"),
    sqlite_autoincrement=True,
)

# A change of a story that came too soon after people were told of it, to be looked at again when it is due.
follow_ups = Table(
    "follow_ups",
    metadata,
    Column("rule", Words, nullable=False, primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    _entry(),
    Column("due", Utc, nullable=False),
    Column("corrected", Boolean, nullable=False),
    Index("ix_follow_ups_due", "due"),
    Index("ix_follow_ups_entry_id", "entry_id"),
    Index("ix_follow_ups_story_id", "story_id"),
)

# A silence names at least one thing, and mutes alerts in which all that it names is found. Ended or past ones stay, to
# explain what was muted.
silences = Table(
    "silences",
    metadata,
    _id(),
    Column("theme", Words, nullable=False),
    Column("rule", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("keyword", Words, nullable=False),
    Column("story", Integer),
    Column("until", Utc, nullable=False),
    Column("comment", Words, nullable=False),
    Column("author", Words, nullable=False),
    Column("created", Utc, nullable=False),
    Column("ended", Utc),
    Index("ix_silences_until", "until"),
    sqlite_autoincrement=True,
)

digests = Table(
    "digests",
    metadata,
    Column("edition", Words, nullable=False, primary_key=True),
    Column("date", Words, nullable=False, primary_key=True),
    Column("at", Utc, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Words, nullable=False, primary_key=True),
    Column("at", Utc, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    _entry(primary=True),
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
