"""Stories that people split and joined."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXES = {
    "regroupings": ("at", "story_id", "other_id"),
    "regrouped": ("entry_id",),
    "joined_stories": ("into_id",),
    "retold": ("story_id",),
}


def _owned(column: str, owner: str, *, primary: bool = True) -> sa.Column[int]:
    owned = sa.ForeignKey(f"{owner}.id", ondelete="CASCADE")
    return sa.Column(column, sa.Integer(), owned, nullable=False, primary_key=primary)


def upgrade() -> None:
    op.create_table(
        "regroupings",
        sa.Column("id", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table("regrouped", _owned("regrouping_id", "regroupings"), _owned("entry_id", "entries"))
    op.create_table("joined_stories", _owned("story_id", "stories"), _owned("into_id", "stories", primary=False))
    op.create_table("story_parts", _owned("entry_id", "entries"), sa.Column("part", sa.Integer(), nullable=False))
    op.create_table(
        "retold",
        sa.Column("rule", sa.Text(), primary_key=True, nullable=False),
        _owned("story_id", "stories"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("publishers", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", sa.JSON()),
        sa.Column("themes", sa.JSON()),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table in ("retold", "story_parts", "joined_stories", "regrouped", "regroupings"):
        op.drop_table(table)
