"""What is said of a feed besides: country, full text, how a page without a feed is read; and the texts of articles."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("country", sa.Text(), nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("full_text", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("feeds", sa.Column("selectors", sa.JSON()))
    op.create_table(
        "texts",
        sa.Column("entry_id", sa.Integer(), sa.ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("url_key", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_texts_url_key", "texts", ["url_key"])


def downgrade() -> None:
    op.drop_table("texts")
    for column in ("selectors", "full_text", "country"):
        op.drop_column("feeds", column)
