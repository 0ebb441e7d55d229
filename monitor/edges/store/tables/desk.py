"""What was decided, what people are told and what they were told."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from monitor.edges.store.columns import Utc, Words
from monitor.edges.store.tables.shared import entry_column, id_column, metadata

_UNHEARD = text("acked_at IS NULL AND escalated_at IS NULL")

# Headline, address, publishers, figures and themes are those of the moment: people were told these.
alerts = Table(
    "alerts",
    metadata,
    id_column(),
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
    id_column(),
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
    id_column(),
    entry_column(),
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
    entry_column(),
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
    id_column(),
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
