"""Consent that came of asking an organisation: for whom its receiver speaks; and that both were told of its end."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    with op.batch_alter_table("delegation") as table:
        table.add_column(sa.Column("organisation_id", sa.Uuid()))
        table.add_column(sa.Column("told_at", sa.DateTime(timezone=True)))
        table.create_foreign_key(
            op.f("fk_delegation_organisation_id_organisation"), "organisation", ["organisation_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("delegation") as table:
        table.drop_constraint(op.f("fk_delegation_organisation_id_organisation"), type_="foreignkey")
        table.drop_column("told_at")
        table.drop_column("organisation_id")
