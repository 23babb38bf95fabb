"""Releases of demand figures."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_of_a_year"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.UniqueConstraint("council", "year", "quarter", name="uq_release_council_year_quarter"),
    )


def downgrade() -> None:
    op.drop_table("release")
