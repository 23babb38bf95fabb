"""Files that people send before the review they belong to, and when those who look were last told."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "kept_file",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("use", sa.String(40), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.CheckConstraint("use IN ('invoice', 'voice')", name=op.f("ck_kept_file_fileuse")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_file_person_id_person")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_kept_file_offer_id_offer")),
        sa.PrimaryKeyConstraint("person_id", "use", name=op.f("pk_kept_file")),
    )
    op.create_index(op.f("ix_kept_file_kept_at"), "kept_file", ["kept_at"])
    op.add_column("invoice_proof", sa.Column("told_at", MOMENT))
    op.add_column("voice_note", sa.Column("told_at", MOMENT))


def downgrade() -> None:
    op.drop_column("voice_note", "told_at")
    op.drop_column("invoice_proof", "told_at")
    op.drop_table("kept_file")
