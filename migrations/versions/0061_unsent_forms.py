"""What somebody typed, and sent when they had been signed out, waits for them for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.create_table(
        "unsent_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_form")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsent_form_person_id_person")),
    )
    op.create_index(op.f("ix_unsent_form_person_id"), "unsent_form", ["person_id"])
    op.create_index(op.f("ix_unsent_form_left_at"), "unsent_form", ["left_at"])


def downgrade() -> None:
    op.drop_table("unsent_form")
