"""Support plans and their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

OUTCOMES = (
    "employment",
    "housing",
    "health",
    "relationships",
    "community",
    "learning_skills",
    "personal_development",
)


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("about_me", sa.Text(), nullable=False),
        sa.Column("what_matters", sa.Text(), nullable=False),
        sa.Column("good_week", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("person_id", name=op.f("uq_plan_person_id")),
    )
    op.create_table(
        "plan_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("wish", sa.String(200), nullable=False),
        sa.Column("what_would_help", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ({})".format(", ".join(f"'{outcome}'" for outcome in OUTCOMES)),
            name=op.f("ck_plan_line_outcome"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_line_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_plan_line_plan_id_position")),
    )


def downgrade() -> None:
    op.drop_table("plan_line")
    op.drop_table("plan")
