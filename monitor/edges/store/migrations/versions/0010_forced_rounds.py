"""Find at once which feeds a forced round has not taken yet, however many there are."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_feeds_leased", "feeds", ["leased"])


def downgrade() -> None:
    op.drop_index("ix_feeds_leased", "feeds")
