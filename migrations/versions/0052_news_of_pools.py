"""When members of pools were last written to about what is new, and whether they want to be."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("pool_member", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.add_column("pool_member", sa.Column("wants_news", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("pool_member") as table:
        table.drop_column("wants_news")
        table.drop_column("told_at")
