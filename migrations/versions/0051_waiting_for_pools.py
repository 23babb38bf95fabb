"""Whether an arrangement waits for its pool: nobody acts on it until everybody's way to pay has worked."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.add_column("arrangement", sa.Column("waits_for_pool", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("arrangement", "waits_for_pool")
