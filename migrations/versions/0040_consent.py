"""Somebody may see another's budgets, or confirm their visits, while the consent lives."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid()),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Uuid()),
        sa.CheckConstraint("giver_id <> receiver_id", name=op.f("ck_delegation_to_somebody_else")),
        sa.CheckConstraint(
            "(receiver_id IS NULL) = (accepted_at IS NULL)", name=op.f("ck_delegation_accepted_by_somebody")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_delegation_ended_at_and_by")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_delegation_email_is_lower_case")),
        sa.ForeignKeyConstraint(["giver_id"], ["person.id"], name=op.f("fk_delegation_giver_id_person")),
        sa.ForeignKeyConstraint(["receiver_id"], ["person.id"], name=op.f("fk_delegation_receiver_id_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_delegation_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_giver_id"), "delegation", ["giver_id"])
    op.create_index(op.f("ix_delegation_receiver_id"), "delegation", ["receiver_id"])
    op.create_index(op.f("ix_delegation_email"), "delegation", ["email"])
    op.create_table(
        "delegation_scope",
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.CheckConstraint("scope IN ('see_budgets', 'confirm_visits')", name=op.f("ck_delegation_scope_scope")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_delegation_scope_delegation_id_delegation")
        ),
        sa.PrimaryKeyConstraint("delegation_id", "scope", name=op.f("pk_delegation_scope")),
    )


def downgrade() -> None:
    op.drop_table("delegation_scope")
    op.drop_table("delegation")
