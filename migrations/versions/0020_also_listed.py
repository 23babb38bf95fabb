"""Reading what others publish: how far, what was there, the ages it is for, and who else lists an offer."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index(op.f("ix_offer_postcode"), "offer", ["postcode"])
    op.create_table(
        "also_listed",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("source_key", sa.String(200), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_also_listed_offer_id_offer")),
        sa.ForeignKeyConstraint(["source"], ["source.key"], name=op.f("fk_also_listed_source_source")),
        sa.PrimaryKeyConstraint("offer_id", "source", "source_key", name=op.f("pk_also_listed")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_also_listed_source_source_key")),
    )
    op.create_table(
        "sighting",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_sighting_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_sighting")),
    )
    op.create_table(
        "age_range",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("youngest", sa.Integer()),
        sa.Column("oldest", sa.Integer()),
        sa.CheckConstraint("youngest IS NOT NULL OR oldest IS NOT NULL", name=op.f("ck_age_range_says_an_age")),
        sa.CheckConstraint("youngest >= 0 AND oldest >= 0", name=op.f("ck_age_range_ages_not_negative")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_age_range_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_age_range")),
    )
    op.create_table(
        "feed_run",
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("pages_done", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint("pages_done >= 0", name=op.f("ck_feed_run_pages_done_not_negative")),
        sa.ForeignKeyConstraint(["source"], ["source.key"], name=op.f("fk_feed_run_source_source")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_feed_run")),
    )


def downgrade() -> None:
    for table in ("feed_run", "age_range", "sighting", "also_listed"):
        op.drop_table(table)
    op.drop_index(op.f("ix_offer_postcode"), "offer")
