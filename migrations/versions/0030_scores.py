"""How things are rated, kept with every change."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "offer_rating",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("ones", sa.Integer(), nullable=False),
        sa.Column("twos", sa.Integer(), nullable=False),
        sa.Column("threes", sa.Integer(), nullable=False),
        sa.Column("fours", sa.Integer(), nullable=False),
        sa.Column("fives", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.Column("set_aside", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Date()),
        sa.Column("last_month", sa.Date()),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("weight_stars", sa.BigInteger(), nullable=False),
        sa.Column("weight_squares", sa.BigInteger(), nullable=False),
        sa.Column("own_weight", sa.BigInteger(), nullable=False),
        sa.Column("own_weight_stars", sa.BigInteger(), nullable=False),
        sa.Column("own_weight_squares", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name=op.f("fk_offer_rating_category_category")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_rating_offer_id_offer")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_offer_rating_provider_id_provider")),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offer_rating")),
    )
    op.create_index(op.f("ix_offer_rating_category"), "offer_rating", ["category"])
    op.create_index(op.f("ix_offer_rating_provider_id"), "offer_rating", ["provider_id"])
    op.create_table(
        "answer_rating",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("ones", sa.Integer(), nullable=False),
        sa.Column("twos", sa.Integer(), nullable=False),
        sa.Column("threes", sa.Integer(), nullable=False),
        sa.Column("fours", sa.Integer(), nullable=False),
        sa.Column("fives", sa.Integer(), nullable=False),
        sa.CheckConstraint("subject IN ('criterion', 'outcome')", name=op.f("ck_answer_rating_subject")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_answer_rating_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", "subject", "about", name=op.f("pk_answer_rating")),
    )
    op.create_table(
        "category_rating",
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("mean", sa.Integer(), nullable=False),
        sa.Column("worked_out_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name=op.f("fk_category_rating_category_category")),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_category_rating")),
    )
    op.create_table(
        "likeness",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.String(60), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_likeness_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "fact", name=op.f("pk_likeness")),
    )
    op.create_index(op.f("ix_likeness_fact_person_id"), "likeness", ["fact", "person_id"])


def downgrade() -> None:
    for table in ("likeness", "category_rating", "answer_rating", "offer_rating"):
        op.drop_table(table)
