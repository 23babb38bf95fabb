"""Which visit of a whole pool a person's own visit is a share of."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
INDEX = "uq_visit_shared"
LIVE = sa.text("status <> 'cancelled'")


def upgrade() -> None:
    op.add_column("visit", sa.Column("shared_key", sa.Uuid()))
    op.create_index(
        INDEX, "visit", ["shared_key", "arrangement_id"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )


def downgrade() -> None:
    op.drop_index(INDEX, "visit")
    op.drop_column("visit", "shared_key")
