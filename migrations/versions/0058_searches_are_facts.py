"""Searches that found nothing are facts now, so their own table goes: nothing can tell any more whose they were."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    op.drop_table("search_miss")


def downgrade() -> None:
    op.create_table(
        "search_miss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("category", sa.String(80)),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_miss")),
    )
    op.create_index(op.f("ix_search_miss_council"), "search_miss", ["council"])
