"""Which stories people split from each other."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("apart", sa.JSON()))


def downgrade() -> None:
    op.drop_column("stories", "apart")
