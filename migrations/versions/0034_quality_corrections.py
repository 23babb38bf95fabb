"""A report by peers can be corrected, and taken back with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

MOMENT = sa.DateTime(timezone=True)
PROMISES = {
    "withdrawn_by_somebody": "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
    "withdrawn_with_a_reason": "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
    "only_published_ones_are_withdrawn": "withdrawn_at IS NULL OR published_at IS NOT NULL",
}


def upgrade() -> None:
    with op.batch_alter_table("quality_check") as table:
        table.add_column(sa.Column("withdrawn_at", MOMENT))
        table.add_column(sa.Column("withdrawn_by", sa.Uuid()))
        table.add_column(sa.Column("withdrawn_reason", sa.Text(), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_quality_check_withdrawn_by_person"), "person", ["withdrawn_by"], ["id"])
        for name, holds in PROMISES.items():
            table.create_check_constraint(op.f(f"ck_quality_check_{name}"), holds)
    op.create_table(
        "quality_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_quality_correction_words_in_bounds")),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["quality_check.id"],
            name=op.f("fk_quality_correction_check_id_quality_check"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_quality_correction_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_correction")),
    )
    op.create_index(op.f("ix_quality_correction_check_id"), "quality_correction", ["check_id"])


def downgrade() -> None:
    op.drop_table("quality_correction")
    with op.batch_alter_table("quality_check") as table:
        for name in PROMISES:
            table.drop_constraint(op.f(f"ck_quality_check_{name}"), type_="check")
        table.drop_constraint(op.f("fk_quality_check_withdrawn_by_person"), type_="foreignkey")
        for column in ("withdrawn_reason", "withdrawn_by", "withdrawn_at"):
            table.drop_column(column)
