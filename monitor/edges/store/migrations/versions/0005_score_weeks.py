"""How probabilities were distributed, week by week, so that a drift shows."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_weeks",
        sa.Column("model", sa.Text(), primary_key=True, nullable=False),
        sa.Column("theme", sa.Text(), primary_key=True, nullable=False),
        sa.Column("week", sa.Text(), primary_key=True, nullable=False),
        sa.Column("tenth", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("score_weeks")
