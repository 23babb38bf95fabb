"""Shortlists and saved searches."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shortlisted",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("shortlisted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shortlisted_person_id_person")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_shortlisted_offer_id_offer")),
        sa.PrimaryKeyConstraint("person_id", "offer_id", name=op.f("pk_shortlisted")),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("asked", sa.String(2000), nullable=False),
        sa.Column("every", sa.String(40), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.CheckConstraint("every IN ('day', 'week', 'never')", name=op.f("ck_saved_search_alertevery")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_search_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("person_id", "asked", name=op.f("uq_saved_search_person_id_asked")),
    )
    op.create_index(op.f("ix_saved_search_every_told_at"), "saved_search", ["every", "told_at"])


def downgrade() -> None:
    op.drop_table("saved_search")
    op.drop_table("shortlisted")
