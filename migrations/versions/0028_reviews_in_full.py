"""Reviews as people tell them: by what matters to them, in their role, when they choose."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

MOMENT = sa.DateTime(timezone=True)


STATUSES = "status IN ('shown', 'waiting', 'unread', 'held')"
OLD_STATUSES = "status IN ('shown', 'held')"
# What a review written before has, until the columns have no defaults any more.
NEW_COLUMNS = (
    ("is_verified", sa.Boolean(), sa.false()),
    ("role", sa.String(40), "used_it"),
    ("declared_link", sa.String(200), ""),
    ("help", sa.String(40), "nobody"),
    ("told", sa.String(40), "words"),
    ("pseudonym", sa.String(60), ""),
    ("release", sa.String(40), "now"),
    ("shuffle", sa.Integer(), "0"),
    ("counts", sa.Boolean(), sa.false()),
    ("is_set_aside", sa.Boolean(), sa.false()),
)
FREE_COLUMNS = (
    ("typed_by", sa.Uuid()),
    ("card_id", sa.Uuid()),
    ("edited_at", MOMENT),
    ("shown_month", sa.Date()),
)
CHECKS = {
    "ck_review_basis": "basis IN ('arrangement', 'card', 'attested', 'invoice', 'said_used')",
    "ck_review_reviewstatus": STATUSES,
    "ck_review_writerrole": "role IN ('used_it', 'cares_for_user', 'supported_writer')",
    "ck_review_help": "help IN ('nobody', 'family_or_friend', 'peer_supporter', 'advocate', 'provider_staff')",
    "ck_review_telling": "told IN ('words', 'pictures', 'voice', 'paper')",
    "ck_review_release": "release IN ('now', 'with_others')",
    "ck_review_words_in_bounds": "length(words) <= 3000",
    "ck_review_card_is_the_basis": "(basis IN ('card', 'attested')) = (card_id IS NOT NULL)",
    "ck_review_someone_wrote_it": "person_id IS NOT NULL OR (told = 'paper' AND typed_by IS NOT NULL)",
    "ck_review_shown_since_a_month": "status <> 'shown' OR shown_month IS NOT NULL",
    "ck_review_only_shown_ones_count": "NOT counts OR status = 'shown'",
}
OLD_CHECKS = {
    "ck_review_basis": "basis IN ('arrangement', 'said_used')",
    "ck_review_reviewstatus": OLD_STATUSES,
    "ck_review_words_in_bounds": "length(words) BETWEEN 10 AND 3000",
}


def upgrade() -> None:
    _widen_reviews()
    op.create_table(
        "addition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("added_month", sa.Date(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.CheckConstraint("status IN ('shown', 'waiting', 'unread', 'held')", name=op.f("ck_addition_reviewstatus")),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 2000", name=op.f("ck_addition_words_in_bounds")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_addition_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addition")),
    )
    op.create_index(op.f("ix_addition_review_id"), "addition", ["review_id"])
    op.create_table(
        "criterion_answer",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_criterion_answer_stars_from_one_to_five")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_criterion_answer_criterion_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_criterion_answer_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "criterion_id", name=op.f("pk_criterion_answer")),
    )
    op.create_index(op.f("ix_criterion_answer_criterion_id"), "criterion_answer", ["criterion_id"])
    op.create_table(
        "outcome_answer",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.String(60), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_outcome_answer_stars_from_one_to_five")),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_answer_outcome_id_outcome")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_outcome_answer_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "outcome_id", name=op.f("pk_outcome_answer")),
    )
    op.create_index(op.f("ix_outcome_answer_outcome_id"), "outcome_answer", ["outcome_id"])
    op.create_table(
        "review_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('working', 'not_working', 'should_change')", name=op.f("ck_review_point_pointkind")
        ),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 500", name=op.f("ck_review_point_words_in_bounds")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_point_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_point")),
    )
    op.create_index("uq_review_point_kind", "review_point", ["review_id", "kind"], unique=True)
    op.create_table(
        "point_vote",
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("voted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_point_vote_person_id_person")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["review_point.id"], name=op.f("fk_point_vote_point_id_review_point"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("point_id", "person_id", name=op.f("pk_point_vote")),
    )
    op.create_index(op.f("ix_point_vote_person_id"), "point_vote", ["person_id"])
    op.create_table(
        "point_change",
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT),
        sa.Column("verdict", sa.String(40)),
        sa.Column("verdict_at", MOMENT),
        sa.CheckConstraint("state IN ('planned', 'done')", name=op.f("ck_point_change_changestate")),
        sa.CheckConstraint("verdict IN ('yes', 'partly', 'no')", name=op.f("ck_point_change_verdict")),
        sa.CheckConstraint("verdict IS NULL OR state = 'done'", name=op.f("ck_point_change_verdict_on_what_is_done")),
        sa.CheckConstraint(
            "(verdict IS NULL) = (verdict_at IS NULL)", name=op.f("ck_point_change_verdict_has_its_time")
        ),
        sa.CheckConstraint("length(words) BETWEEN 1 AND 1000", name=op.f("ck_point_change_words_in_bounds")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_point_change_marked_by_person")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["review_point.id"], name=op.f("fk_point_change_point_id_review_point"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("point_id", name=op.f("pk_point_change")),
    )
    op.create_table(
        "invoice_proof",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.LargeBinary()),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("checked_by", sa.Uuid()),
        sa.Column("checked_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('to_check', 'accepted', 'refused')", name=op.f("ck_invoice_proof_proofstate")),
        sa.CheckConstraint(
            "(state = 'to_check') = (checked_at IS NULL)", name=op.f("ck_invoice_proof_checked_has_its_time")
        ),
        sa.CheckConstraint(
            "(state = 'to_check') = (file IS NOT NULL)", name=op.f("ck_invoice_proof_file_goes_when_checked")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR length(reason) > 0", name=op.f("ck_invoice_proof_refused_with_a_reason")
        ),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_invoice_proof_checked_by_person")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_invoice_proof_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_invoice_proof")),
    )
    op.create_index(op.f("ix_invoice_proof_due_at"), "invoice_proof", ["due_at"])
    op.create_table(
        "voice_note",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_voice_note_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_voice_note")),
    )
    op.create_index(op.f("ix_voice_note_due_at"), "voice_note", ["due_at"])


def downgrade() -> None:
    for table in (
        "voice_note",
        "invoice_proof",
        "point_change",
        "point_vote",
        "review_point",
        "outcome_answer",
        "criterion_answer",
        "addition",
    ):
        op.drop_table(table)
    _narrow_reviews()


def _widen_reviews() -> None:
    op.drop_index("uq_review_said_used", "review")
    for columns in ("offer_id_status_written_at", "provider_id_status_written_at"):
        op.drop_index(op.f(f"ix_review_{columns}"), "review")
    with op.batch_alter_table("review") as table:
        for name in OLD_CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
        for name, kind in FREE_COLUMNS:
            table.add_column(sa.Column(name, kind))
        for name, kind, value in NEW_COLUMNS:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    op.execute(sa.text(_FILL[op.get_bind().dialect.name]))
    op.execute(sa.text(_COUNT))
    _bind_reviews()
    with op.batch_alter_table("reply") as table:
        table.drop_constraint(op.f("ck_reply_reviewstatus"), type_="check")
        table.create_check_constraint(op.f("ck_reply_reviewstatus"), STATUSES)


def _bind_reviews() -> None:
    with op.batch_alter_table("review") as table:
        for name, kind, _value in NEW_COLUMNS:
            table.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        for name, check in CHECKS.items():
            table.create_check_constraint(op.f(name), check)
        table.create_unique_constraint(op.f("uq_review_card_id"), ["card_id"])
        table.create_foreign_key(op.f("fk_review_card_id_card"), "card", ["card_id"], ["id"])
        table.create_foreign_key(op.f("fk_review_typed_by_person"), "person", ["typed_by"], ["id"])
    op.create_index(op.f("ix_review_typed_by"), "review", ["typed_by"])
    for first in ("offer_id", "provider_id"):
        columns = [first, "status", "shown_month", "shuffle"]
        op.create_index(op.f(f"ix_review_{'_'.join(columns)}"), "review", columns)
    for name, where in PARTS.items():
        op.create_index(
            name,
            "review",
            ["person_id", "offer_id"],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def _narrow_reviews() -> None:
    # What the narrower table has no words for cannot stay.
    op.execute(
        sa.text(
            "DELETE FROM reply WHERE status NOT IN ('shown', 'held') OR review_id IN (SELECT id FROM review WHERE "
            "basis NOT IN ('arrangement', 'said_used') OR status NOT IN ('shown', 'held') OR length(words) < 10)"
        )
    )
    op.execute(
        sa.text(
            "DELETE FROM review WHERE basis NOT IN ('arrangement', 'said_used') OR status NOT IN ('shown', 'held') "
            "OR length(words) < 10"
        )
    )
    for name in PARTS:
        op.drop_index(name, "review")
    op.drop_index(op.f("ix_review_typed_by"), "review")
    for first in ("offer_id", "provider_id"):
        op.drop_index(op.f(f"ix_review_{first}_status_shown_month_shuffle"), "review")
    with op.batch_alter_table("review") as table:
        table.drop_constraint(op.f("fk_review_card_id_card"), type_="foreignkey")
        table.drop_constraint(op.f("fk_review_typed_by_person"), type_="foreignkey")
        table.drop_constraint(op.f("uq_review_card_id"), type_="unique")
        for name in CHECKS:
            table.drop_constraint(op.f(name), type_="check")
        for name, *_rest in (*FREE_COLUMNS, *NEW_COLUMNS):
            table.drop_column(name)
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
        for name, check in OLD_CHECKS.items():
            table.create_check_constraint(op.f(name), check)
    op.create_index(
        "uq_review_said_used",
        "review",
        ["person_id", "offer_id"],
        unique=True,
        sqlite_where=sa.text("basis = 'said_used'"),
        postgresql_where=sa.text("basis = 'said_used'"),
    )
    for first in ("offer_id", "provider_id"):
        columns = [first, "status", "written_at"]
        op.create_index(op.f(f"ix_review_{'_'.join(columns)}"), "review", columns)
    with op.batch_alter_table("reply") as table:
        table.drop_constraint(op.f("ck_reply_reviewstatus"), type_="check")
        table.create_check_constraint(op.f("ck_reply_reviewstatus"), OLD_STATUSES)


PARTS = {
    "uq_review_own_word": "arrangement_id IS NULL AND card_id IS NULL",
    "uq_review_counts": "counts AND person_id IS NOT NULL",
}
_FILL = {
    "sqlite": "UPDATE review SET is_verified = basis = 'arrangement', shuffle = abs(random()) % 1000000000, "
    "shown_month = strftime('%Y-%m-01', written_at)",
    "postgresql": "UPDATE review SET is_verified = basis = 'arrangement', shuffle = floor(random() * 1000000000), "
    "shown_month = CAST(date_trunc('month', written_at AT TIME ZONE 'UTC') AS date)",
}
# One voice for each person: the latest that is shown.
_COUNT = (
    "UPDATE review SET counts = (1 = 1) WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
    "(PARTITION BY offer_id, person_id ORDER BY written_at DESC, id) AS age FROM review WHERE status = 'shown') "
    "AS ranked WHERE age = 1)"
)
