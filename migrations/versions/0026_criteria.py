"""What people rate by: criteria in their own words, and outcomes of published lists."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(80), nullable=False),
        sa.Column("picture", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("proposed_by", sa.Uuid()),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Uuid()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'adopted', 'merged', 'retired', 'refused')",
            name=op.f("ck_criterion_criterionstatus"),
        ),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into IS NOT NULL)", name=op.f("ck_criterion_merged_into_another")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'adopted') OR length(reason) > 0",
            name=op.f("ck_criterion_turned_down_with_a_reason"),
        ),
        sa.CheckConstraint("length(words) BETWEEN 3 AND 80", name=op.f("ck_criterion_words_in_bounds")),
        sa.CheckConstraint("merged_into <> id", name=op.f("ck_criterion_not_into_itself")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_criterion_decided_by_person")),
        sa.ForeignKeyConstraint(["merged_into"], ["criterion.id"], name=op.f("fk_criterion_merged_into_criterion")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_criterion_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("words", name=op.f("uq_criterion_words")),
    )
    op.create_index(op.f("ix_criterion_proposed_by"), "criterion", ["proposed_by"])
    op.create_index(op.f("ix_criterion_status"), "criterion", ["status"])
    op.create_table(
        "criterion_category",
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name=op.f("fk_criterion_category_category_category")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_criterion_category_criterion_id_criterion")
        ),
        sa.PrimaryKeyConstraint("criterion_id", "category", name=op.f("pk_criterion_category")),
    )
    op.create_index(op.f("ix_criterion_category_category"), "criterion_category", ["category"])
    op.create_table(
        "criterion_vote",
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("voted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_criterion_vote_criterion_id_criterion")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_criterion_vote_person_id_person")),
        sa.PrimaryKeyConstraint("criterion_id", "person_id", name=op.f("pk_criterion_vote")),
    )
    op.create_index(op.f("ix_criterion_vote_person_id"), "criterion_vote", ["person_id"])
    op.create_table(
        "outcome_scheme",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("source", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_outcome_scheme")),
        sa.UniqueConstraint("council", name=op.f("uq_outcome_scheme_council")),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_outcome_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["scheme"], ["outcome_scheme.code"], name=op.f("fk_outcome_scheme_outcome_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_scheme"), "outcome", ["scheme"])
    op.create_table(
        "outcome_meaning",
        sa.Column("outcome_id", sa.String(60), nullable=False),
        sa.Column("means", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["means"], ["outcome.id"], name=op.f("fk_outcome_meaning_means_outcome")),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_meaning_outcome_id_outcome")),
        sa.PrimaryKeyConstraint("outcome_id", "means", name=op.f("pk_outcome_meaning")),
    )
    op.create_index(op.f("ix_outcome_meaning_means"), "outcome_meaning", ["means"])


def downgrade() -> None:
    for table in ("outcome_meaning", "outcome", "outcome_scheme", "criterion_vote", "criterion_category", "criterion"):
        op.drop_table(table)
