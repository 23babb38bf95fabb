"""Which version of an offer an arrangement was agreed on."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    # What was agreed before versions were kept names none.
    with op.batch_alter_table("arrangement") as table:
        table.add_column(sa.Column("offer_version", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("arrangement") as table:
        table.drop_column("offer_version")
