"""What people were told of a story, what was compared for a decision, and what is muted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("figures", sa.JSON()))
    op.add_column("alerts", sa.Column("themes", sa.JSON()))
    op.add_column("decisions", sa.Column("compared", sa.JSON()))
    op.create_table(
        "silences",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("keyword", sa.Text(), nullable=False),
        sa.Column("story", sa.Integer()),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_silences_until", "silences", ["until"])


def downgrade() -> None:
    op.drop_table("silences")
    op.drop_column("decisions", "compared")
    op.drop_column("alerts", "themes")
    op.drop_column("alerts", "figures")
