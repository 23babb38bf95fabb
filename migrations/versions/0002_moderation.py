"""Reports, and what moderators decided."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)
SUBJECTS = "('offer', 'provider', 'review', 'reply', 'pool')"


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reported_by", sa.Uuid()),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.Uuid()),
        sa.CheckConstraint(f"subject_kind IN {SUBJECTS}", name=op.f("ck_report_subjectkind")),
        sa.CheckConstraint(
            "reason IN ('out_of_date', 'misleading', 'private', 'abusive', 'unsafe', 'something_else')",
            name=op.f("ck_report_reportreason"),
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_report_closed_at_and_by")),
        sa.ForeignKeyConstraint(["reported_by"], ["person.id"], name=op.f("fk_report_reported_by_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_report_closed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(op.f("ix_report_reported_by"), "report", ["reported_by"])
    op.create_index(op.f("ix_report_closed_at_at"), "report", ["closed_at", "at"])
    op.create_index(op.f("ix_report_subject_kind_subject_id"), "report", ["subject_kind", "subject_id"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(f"subject_kind IN {SUBJECTS}", name=op.f("ck_decision_subjectkind")),
        sa.CheckConstraint("outcome IN ('approved', 'refused', 'held', 'released')", name=op.f("ck_decision_outcome")),
        sa.CheckConstraint("outcome NOT IN ('refused', 'held') OR reason <> ''", name=op.f("ck_decision_reason_given")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_decision_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_subject_kind_subject_id_at"), "decision", ["subject_kind", "subject_id", "at"])


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("report")
