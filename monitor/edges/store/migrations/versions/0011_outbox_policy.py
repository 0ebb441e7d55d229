"""How urgent a message is, when it was last tried, why it was put aside, and which message it goes with."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("urgency", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("deliveries", sa.Column("tried", sa.DateTime(timezone=True)))
    op.add_column("deliveries", sa.Column("held", sa.Text(), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("bundle", sa.Integer()))
    op.create_index("ix_deliveries_bundle", "deliveries", ["bundle"])
    op.create_index("ix_deliveries_channel_tried", "deliveries", ["channel", "tried"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_channel_tried", "deliveries")
    op.drop_index("ix_deliveries_bundle", "deliveries")
    for column in ("bundle", "held", "tried", "urgency"):
        op.drop_column("deliveries", column)
