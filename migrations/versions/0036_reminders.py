"""When whoever judges appeals and objections was last reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

TABLES = ("appeal", "objection")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("told_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "told_at")
