"""What polling remembers: a feed's habits, access and lease, how an item was dated, what it said before an edit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("missed", sa.DateTime(timezone=True)))
    op.add_column("feeds", sa.Column("habits", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("feeds", sa.Column("access", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("feeds", sa.Column("busy_until", sa.DateTime(timezone=True)))
    op.create_index("ix_feeds_busy_until", "feeds", ["busy_until"])
    op.add_column("entries", sa.Column("dated", sa.Text(), nullable=False, server_default=""))
    _revisions()


def downgrade() -> None:
    op.drop_table("revisions")
    op.drop_index("ix_feeds_busy_until", "feeds")
    for table, column in (
        ("entries", "dated"),
        ("feeds", "busy_until"),
        ("feeds", "access"),
        ("feeds", "habits"),
        ("feeds", "missed"),
    ):
        op.drop_column(table, column)


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("entries.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True)),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revisions_entry_id", "revisions", ["entry_id"])
