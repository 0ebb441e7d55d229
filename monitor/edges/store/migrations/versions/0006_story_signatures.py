"""What is compared of a story's reports, and an index by which keys of stories that are over are found."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("signatures", sa.JSON()))
    op.create_index("ix_story_bands_seen", "story_bands", ["seen"])


def downgrade() -> None:
    op.drop_index("ix_story_bands_seen", "story_bands")
    op.drop_column("stories", "signatures")
