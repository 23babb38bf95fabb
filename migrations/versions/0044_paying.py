"""Where Stripe's pages are, when people are written to again, and where providers are paid by bank transfer."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bank_details",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(120), nullable=False),
        sa.Column("sort_code", sa.String(6), nullable=False),
        sa.Column("account_number", sa.String(8), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(sort_code) = 6", name=op.f("ck_bank_details_sort_code_has_six_figures")),
        sa.CheckConstraint("length(account_number) = 8", name=op.f("ck_bank_details_account_number_has_eight_figures")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_bank_details_changed_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_bank_details_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_bank_details")),
    )
    op.add_column("card_setup", sa.Column("page_url", sa.Text(), server_default="", nullable=False))
    op.add_column("card_setup", sa.Column("check_at", MOMENT))
    op.add_column("card_setup", sa.Column("checks", sa.Integer(), server_default="0", nullable=False))
    op.add_column("saved_card", sa.Column("forgotten_at", MOMENT))
    op.add_column("charge", sa.Column("page_url", sa.Text(), server_default="", nullable=False))
    op.add_column("charge", sa.Column("remind_at", MOMENT))
    op.create_index(op.f("ix_charge_remind_at"), "charge", ["remind_at"])
    op.add_column("provider_event", sa.Column("object_id", sa.String(255), server_default="", nullable=False))
    op.add_column("provider_event", sa.Column("ref", sa.String(255), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("provider_event", "ref")
    op.drop_column("provider_event", "object_id")
    op.drop_index(op.f("ix_charge_remind_at"), "charge")
    op.drop_column("charge", "remind_at")
    op.drop_column("charge", "page_url")
    op.drop_column("saved_card", "forgotten_at")
    op.drop_column("card_setup", "checks")
    op.drop_column("card_setup", "check_at")
    op.drop_column("card_setup", "page_url")
    op.drop_table("bank_details")
