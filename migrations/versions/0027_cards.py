"""Review cards, with codes that work once."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "card_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("is_word", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_card_batch_made_by_person")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_card_batch_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_card_batch_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_batch")),
    )
    op.create_index(op.f("ix_card_batch_offer_id"), "card_batch", ["offer_id"])
    op.create_index(op.f("ix_card_batch_organisation_id"), "card_batch", ["organisation_id"])
    op.create_table(
        "card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.ForeignKeyConstraint(["batch_id"], ["card_batch.id"], name=op.f("fk_card_batch_id_card_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_card_code_hash")),
    )
    op.create_index(op.f("ix_card_batch_id"), "card", ["batch_id"])


def downgrade() -> None:
    for table in ("card", "card_batch"):
        op.drop_table(table)
