"""What an arrangement was agreed at: its rate, and the hours of a package. Packages can be arranged and pooled."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

UNITS = ("hour", "session", "day", "night", "week", "mile", "item")
RATES = ("standard", "evening", "weekend", "bank_holiday")


def upgrade() -> None:
    with op.batch_alter_table("arrangement") as table:
        table.drop_constraint(op.f("ck_arrangement_unit"), type_="check")
        table.create_check_constraint(op.f("ck_arrangement_unit"), _one_of("unit", *UNITS, "package"))
        table.add_column(sa.Column("rate", sa.String(40), nullable=False, server_default="standard"))
        table.add_column(sa.Column("package_hours", sa.Numeric(5, 2)))
        table.create_check_constraint(op.f("ck_arrangement_rate"), _one_of("rate", *RATES))
        table.create_check_constraint(
            op.f("ck_arrangement_hours_are_of_a_package"), "package_hours IS NULL OR unit = 'package'"
        )
    with op.batch_alter_table("pool") as table:
        table.drop_constraint(op.f("ck_pool_unit"), type_="check")
        table.create_check_constraint(op.f("ck_pool_unit"), _one_of("unit", *UNITS, "package"))


def _one_of(column: str, *values: str) -> str:
    return f"{column} IN ({', '.join(map(repr, values))})"


def downgrade() -> None:
    # A package that was agreed cannot become something else: going back refuses while there is one.
    with op.batch_alter_table("pool") as table:
        table.drop_constraint(op.f("ck_pool_unit"), type_="check")
        table.create_check_constraint(op.f("ck_pool_unit"), _one_of("unit", *UNITS))
    with op.batch_alter_table("arrangement") as table:
        for name in ("unit", "rate", "hours_are_of_a_package"):
            table.drop_constraint(op.f(f"ck_arrangement_{name}"), type_="check")
        table.drop_column("package_hours")
        table.drop_column("rate")
        table.create_check_constraint(op.f("ck_arrangement_unit"), _one_of("unit", *UNITS))
