"""Pools and pledges."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATUSES = ("forming", "met", "lapsed", "withdrawn")
UNITS = ("hour", "session", "day", "night", "week", "mile", "item")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("minimum_people", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("price_alone", sa.BigInteger(), nullable=False),
        sa.Column(
            "unit", sa.Enum(*UNITS, name="unit", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUSES, name="poolstatus", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("closes_at", moment, nullable=False),
        sa.Column("closed_at", moment),
        sa.Column("held_at", moment),
        sa.CheckConstraint("minimum_people BETWEEN 2 AND 50", name="minimum_people_within_bounds"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("unit_price >= 0 AND unit_price < price_alone", name="cheaper_together"),
        sa.CheckConstraint("closes_at > opened_at", name="closes_after_it_opens"),
        sa.CheckConstraint("(status = 'forming') = (closed_at IS NULL)", name="closed_when_over"),
        sa.PrimaryKeyConstraint("id", name="pk_pool"),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="fk_pool_offer_id_offer"),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name="fk_pool_opened_by_person"),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name="fk_pool_category_category"),
    )
    op.create_index("ix_pool_offer_id", "pool", ["offer_id"])
    op.create_index("ix_pool_opened_by", "pool", ["opened_by"])
    op.create_index("ix_pool_category", "pool", ["category"])
    op.create_index("ix_pool_status_closes_at", "pool", ["status", "closes_at"])
    op.create_index("ix_pool_status_opened_at", "pool", ["status", "opened_at"])
    op.create_index("ix_pool_council_opened_at", "pool", ["council", "opened_at"])
    op.create_table(
        "pledge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pledged_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.CheckConstraint("withdrawn_at >= pledged_at", name="withdrawn_after_pledged"),
        sa.PrimaryKeyConstraint("id", name="pk_pledge"),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name="fk_pledge_pool_id_pool"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_pledge_person_id_person"),
    )
    op.create_index("ix_pledge_pool_id", "pledge", ["pool_id"])
    op.create_index("ix_pledge_person_id", "pledge", ["person_id"])
    live = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_pledge_live", "pledge", ["pool_id", "person_id"], unique=True, sqlite_where=live, postgresql_where=live
    )


def downgrade() -> None:
    op.drop_table("pledge")
    op.drop_table("pool")
