"""Reviews and the replies to them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("arrangement_id", sa.Uuid()),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_stars_from_one_to_five")),
        sa.CheckConstraint("length(words) BETWEEN 10 AND 3000", name=op.f("ck_review_words_in_bounds")),
        sa.CheckConstraint(
            "(basis = 'arrangement') = (arrangement_id IS NOT NULL)", name=op.f("ck_review_arrangement_is_the_basis")
        ),
        sa.CheckConstraint("basis IN ('arrangement', 'said_used')", name=op.f("ck_review_basis")),
        sa.CheckConstraint("status IN ('shown', 'held')", name=op.f("ck_review_reviewstatus")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_review_offer_id_offer")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_review_provider_id_provider")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_person_id_person")),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_review_arrangement_id_arrangement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("arrangement_id", name=op.f("uq_review_arrangement_id")),
    )
    for columns in (["person_id"], ["offer_id", "status", "written_at"], ["provider_id", "status", "written_at"]):
        op.create_index(op.f(f"ix_review_{'_'.join(columns)}"), "review", columns)
    op.create_index(
        "uq_review_said_used",
        "review",
        ["person_id", "offer_id"],
        unique=True,
        sqlite_where=sa.text("basis = 'said_used'"),
        postgresql_where=sa.text("basis = 'said_used'"),
    )
    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("status", sa.String(40), nullable=False),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_reply_words_in_bounds")),
        sa.CheckConstraint("status IN ('shown', 'held')", name=op.f("ck_reply_reviewstatus")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_reply_review_id_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_reply_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("review_id", name=op.f("uq_reply_review_id")),
    )


def downgrade() -> None:
    for table in ("reply", "review"):
        op.drop_table(table)
