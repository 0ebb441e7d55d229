"""When each feed's host was asked for it, for other workers to keep the gap."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("asked", sa.DateTime(timezone=True)))
    op.create_index("ix_feeds_asked", "feeds", ["host", "asked"])


def downgrade() -> None:
    op.drop_index("ix_feeds_asked", "feeds")
    op.drop_column("feeds", "asked")
