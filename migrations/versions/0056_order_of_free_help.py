"""In which order free help is shown; and when moderators were last reminded of a story that waits."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    with op.batch_alter_table("signpost") as table:
        table.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("library_piece") as table:
        table.add_column(sa.Column("told_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("library_piece") as table:
        table.drop_column("told_at")
    with op.batch_alter_table("signpost") as table:
        table.drop_column("position")
