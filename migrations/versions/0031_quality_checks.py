"""Visits by peers, with their own checklists."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_checklist_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_checklist_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint(
            "organisation_id", "title", "edition", name=op.f("uq_checklist_organisation_id_title_edition")
        ),
    )
    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_checklist_item_checklist_id_checklist")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("checklist_id", "position", name=op.f("uq_checklist_item_checklist_id_position")),
    )
    op.create_table(
        "quality_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("checklist_id", sa.Uuid(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("answered_at", MOMENT),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_quality_check_answered_has_its_time")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR length(report) > 0", name=op.f("ck_quality_check_published_with_a_report")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_quality_check_answered_by_person")),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_quality_check_begun_by_person")),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklist.id"], name=op.f("fk_quality_check_checklist_id_checklist")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quality_check_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_quality_check_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_check")),
    )
    op.create_index(op.f("ix_quality_check_organisation_id"), "quality_check", ["organisation_id"])
    op.create_index(op.f("ix_quality_check_provider_id_published_at"), "quality_check", ["provider_id", "published_at"])
    op.create_table(
        "quality_finding",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("finding", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "finding IN ('met', 'partly_met', 'not_met', 'not_seen')", name=op.f("ck_quality_finding_finding")
        ),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["quality_check.id"],
            name=op.f("fk_quality_finding_check_id_quality_check"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["checklist_item.id"], name=op.f("fk_quality_finding_item_id_checklist_item")
        ),
        sa.PrimaryKeyConstraint("check_id", "item_id", name=op.f("pk_quality_finding")),
    )


def downgrade() -> None:
    for table in ("quality_finding", "quality_check", "checklist_item", "checklist"):
        op.drop_table(table)
