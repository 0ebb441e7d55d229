"""What stood on each feed's page last time, so that only what is new is read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_marks",
        sa.Column("feed_id", sa.Integer(), sa.ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("page_marks")
