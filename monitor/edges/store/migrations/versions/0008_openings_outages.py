"""The first message of each thread on a channel, and channels that take nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "openings",
        sa.Column("channel", sa.Text(), primary_key=True, nullable=False),
        sa.Column("thread", sa.Text(), primary_key=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_openings_at", "openings", ["at"])
    op.create_table(
        "outages",
        sa.Column("channel", sa.Text(), primary_key=True, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True)),
        sa.Column("over", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("outages")
    op.drop_table("openings")
