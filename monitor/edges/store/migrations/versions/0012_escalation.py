"""When others are told of an alert that nobody took note of, and changes that are looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("escalate_at", sa.DateTime(timezone=True)))
    op.add_column("alerts", sa.Column("escalated_at", sa.DateTime(timezone=True)))
    unheard = sa.text("acked_at IS NULL AND escalated_at IS NULL")
    op.create_index("ix_alerts_escalate_at", "alerts", ["escalate_at"], sqlite_where=unheard, postgresql_where=unheard)
    story = sa.ForeignKey("stories.id", ondelete="CASCADE")
    entry = sa.ForeignKey("entries.id", ondelete="CASCADE")
    op.create_table(
        "follow_ups",
        sa.Column("rule", sa.Text(), primary_key=True, nullable=False),
        sa.Column("story_id", sa.Integer(), story, primary_key=True, nullable=False),
        sa.Column("entry_id", sa.Integer(), entry, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
    )
    for column in ("due", "entry_id", "story_id"):
        op.create_index(f"ix_follow_ups_{column}", "follow_ups", [column])


def downgrade() -> None:
    op.drop_table("follow_ups")
    op.drop_index("ix_alerts_escalate_at", "alerts")
    op.drop_column("alerts", "escalated_at")
    op.drop_column("alerts", "escalate_at")
