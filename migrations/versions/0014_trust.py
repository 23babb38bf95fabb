"""Safety checks, versions of offers, and what people suggest."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MOMENT = sa.DateTime(timezone=True)
KINDS = "('identity', 'dbs', 'insurance', 'references', 'training', 'food_hygiene', 'cqc_registration')"
STATES = "('checked', 'declared', 'not_checked', 'not_needed')"
SUGGESTIONS = "('missing_place', 'wrong_fact')"


def upgrade() -> None:
    op.create_table(
        "safety_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("level", sa.String(80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(200), nullable=False),
        sa.Column("checked_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("recorded_by", sa.Uuid()),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reminded_at", MOMENT),
        sa.Column("expiry_told_at", MOMENT),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_safety_check_checkkind")),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_safety_check_checkstate")),
        sa.CheckConstraint(
            "state <> 'checked' OR (checked_on IS NOT NULL AND checked_by <> '')",
            name=op.f("ck_safety_check_checked_says_when_and_by_whom"),
        ),
        sa.CheckConstraint("expires_on >= checked_on", name=op.f("ck_safety_check_expires_after_it_was_checked")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_safety_check_provider_id_provider")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_safety_check_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_check")),
        sa.UniqueConstraint("provider_id", "kind", "edition", name=op.f("uq_safety_check_provider_id_kind_edition")),
    )
    op.create_index(op.f("ix_safety_check_expires_on"), "safety_check", ["expires_on"])
    op.create_table(
        "offer_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("did", sa.String(40), nullable=False),
        sa.Column("saved_by", sa.Uuid()),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("decision_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_version_offer_id_offer")),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_offer_version_saved_by_person")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_offer_version_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_version")),
        sa.UniqueConstraint("offer_id", "number", name=op.f("uq_offer_version_offer_id_number")),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("offer_id", sa.Uuid()),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("suggested_by", sa.Uuid()),
        sa.Column("suggested_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.Uuid()),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN {SUGGESTIONS}", name=op.f("ck_suggestion_suggestionkind")),
        sa.CheckConstraint(
            "(kind = 'wrong_fact') = (offer_id IS NOT NULL)", name=op.f("ck_suggestion_wrong_fact_is_about_an_offer")
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_suggestion_closed_at_and_by")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_suggestion_offer_id_offer")),
        sa.ForeignKeyConstraint(["suggested_by"], ["person.id"], name=op.f("fk_suggestion_suggested_by_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_suggestion_closed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index(op.f("ix_suggestion_offer_id"), "suggestion", ["offer_id"])
    op.create_index(op.f("ix_suggestion_suggested_by"), "suggestion", ["suggested_by"])
    op.create_index(op.f("ix_suggestion_closed_at_suggested_at"), "suggestion", ["closed_at", "suggested_at"])


def downgrade() -> None:
    for table in ("suggestion", "offer_version", "safety_check"):
        op.drop_table(table)
