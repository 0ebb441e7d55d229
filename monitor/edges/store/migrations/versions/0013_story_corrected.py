"""When a story's reports were last corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MARKED = """
UPDATE stories SET corrected = (
    SELECT max(revisions.at) FROM revisions JOIN entries ON entries.id = revisions.entry_id
    WHERE entries.story_id = stories.id AND revisions.correction
)
"""


def upgrade() -> None:
    op.add_column("stories", sa.Column("corrected", sa.DateTime(timezone=True)))
    op.execute(MARKED)


def downgrade() -> None:
    op.drop_column("stories", "corrected")
