"""What a person must read, appeals, objections, flags, and the public ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "screening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("suspected", sa.JSON(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("outcome", sa.String(40)),
        sa.Column("ground", sa.String(40)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('review', 'reply', 'addition')", name=op.f("ck_screening_screened")),
        sa.CheckConstraint("outcome IN ('shown', 'refused')", name=op.f("ck_screening_screeningoutcome")),
        sa.CheckConstraint(
            "ground IN ('unlawful', 'safeguarding', 'off_topic', 'identifying', 'not_genuine', 'objection')",
            name=op.f("ck_screening_ground"),
        ),
        sa.CheckConstraint(
            "coalesce(outcome, '') <> 'refused' OR (ground IS NOT NULL AND length(reason) > 0)",
            name=op.f("ck_screening_refused_with_a_reason"),
        ),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_screening_decided_has_its_time")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_screening_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_screening_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
    )
    op.create_index(op.f("ix_screening_decided_at_due_at"), "screening", ["decided_at", "due_at"])
    op.create_index(op.f("ix_screening_review_id"), "screening", ["review_id"])
    op.create_index(op.f("ix_screening_subject_kind_subject_id"), "screening", ["subject_kind", "subject_id"])
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("outcome", sa.String(40)),
        sa.CheckConstraint("outcome IN ('upheld', 'overturned')", name=op.f("ck_appeal_appealoutcome")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_appeal_decided_has_its_time")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_appeal_words_in_bounds")),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screening.id"], name=op.f("fk_appeal_screening_id_screening"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("screening_id", name=op.f("uq_appeal_screening_id")),
    )
    op.create_index(op.f("ix_appeal_decided_at"), "appeal", ["decided_at"])
    op.create_table(
        "appeal_vote",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("voted_at", MOMENT, nullable=False),
        sa.CheckConstraint("outcome IN ('upheld', 'overturned')", name=op.f("ck_appeal_vote_appealoutcome")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_appeal_vote_reason_given")),
        sa.ForeignKeyConstraint(
            ["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_vote_appeal_id_appeal"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appeal_vote_person_id_person")),
        sa.PrimaryKeyConstraint("appeal_id", "person_id", name=op.f("pk_appeal_vote")),
    )
    op.create_index(op.f("ix_appeal_vote_person_id"), "appeal_vote", ["person_id"])
    op.create_table(
        "ledger_line",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT),
        sa.Column("decided_at", MOMENT),
        sa.Column("published_at", MOMENT),
        sa.Column("refused_at", MOMENT),
        sa.Column("ground", sa.String(40)),
        sa.Column("appealed_at", MOMENT),
        sa.Column("appeal_outcome", sa.String(40)),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint(
            "ground IN ('unlawful', 'safeguarding', 'off_topic', 'identifying', 'not_genuine', 'objection')",
            name=op.f("ck_ledger_line_ground"),
        ),
        sa.CheckConstraint("appeal_outcome IN ('upheld', 'overturned')", name=op.f("ck_ledger_line_appealoutcome")),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_ledger_line")),
    )
    op.create_index(op.f("ix_ledger_line_received_at"), "ledger_line", ["received_at"])
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("our_interest", sa.Text(), nullable=False),
        sa.Column("their_interest", sa.Text(), nullable=False),
        sa.Column("balance", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", MOMENT),
        sa.Column("outcome", sa.String(40)),
        sa.CheckConstraint("outcome IN ('kept', 'taken_down')", name=op.f("ck_objection_objectionoutcome")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_objection_decided_has_its_time")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_objection_words_in_bounds")),
        sa.CheckConstraint(
            "outcome IS NULL OR (length(our_interest) > 0 AND length(their_interest) > 0 AND length(balance) > 0)",
            name=op.f("ck_objection_balanced_before_it_is_decided"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_objection_decided_by_person")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_objection_made_by_person")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_objection_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(op.f("ix_objection_decided_at"), "objection", ["decided_at"])
    op.create_index(op.f("ix_objection_made_by"), "objection", ["made_by"])
    op.create_index(
        "uq_objection_open",
        "objection",
        ["review_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", MOMENT),
        sa.Column("outcome", sa.String(40)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('burst', 'ring', 'one_target')", name=op.f("ck_flag_flagkind")),
        sa.CheckConstraint("outcome IN ('nothing_wrong', 'not_genuine')", name=op.f("ck_flag_flagoutcome")),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_flag_decided_has_its_time")),
        sa.CheckConstraint("outcome IS NULL OR length(reason) > 0", name=op.f("ck_flag_decided_with_a_reason")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_flag_decided_by_person")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_flag_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("provider_id", "kind", "since", name=op.f("uq_flag_provider_id_kind_since")),
    )
    op.create_index(op.f("ix_flag_decided_at_raised_at"), "flag", ["decided_at", "raised_at"])
    op.create_table(
        "flagged_review",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.id"], name=op.f("fk_flagged_review_flag_id_flag")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_flagged_review_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("flag_id", "review_id", name=op.f("pk_flagged_review")),
    )
    op.create_index(op.f("ix_flagged_review_review_id"), "flagged_review", ["review_id"])


def downgrade() -> None:
    for table in ("flagged_review", "flag", "objection", "ledger_line", "appeal_vote", "appeal", "screening"):
        op.drop_table(table)
