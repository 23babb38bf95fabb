"""Arrangements, their invoices, and each organisation's invoice numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)
UNITS = ("hour", "session", "day", "night", "week", "mile", "item")
STATUSES = ("asked", "accepted", "declined", "withdrawn", "cancelled", "done")
ARRANGEMENT_CHECKS = {
    "quantity_in_bounds": "quantity BETWEEN 1 AND 10000",
    "unit_price_not_negative": "unit_price >= 0",
    "total_is_price_times_quantity": "total = unit_price * quantity",
    "a_price_is_for_a_unit": "unit_price = 0 OR unit IS NOT NULL",
    "answered_has_a_moment": "(status IN ('asked', 'withdrawn')) = (answered_at IS NULL)",
    "declined_has_a_reason": "(status = 'declined') = (decline_reason IS NOT NULL)",
    "done_has_a_moment": "(status = 'done') = (done_at IS NOT NULL)",
    "done_at_and_by": "(done_at IS NULL) = (done_by IS NULL)",
    "ended_has_a_moment": "(status IN ('withdrawn', 'cancelled')) = (ended_at IS NOT NULL)",
    "ended_at_and_by": "(ended_at IS NULL) = (ended_by IS NULL)",
}
POINTS_AT = {
    "offer_id": "offer.id",
    "provider_id": "provider.id",
    "person_id": "person.id",
    "organisation_id": "organisation.id",
    "category": "category.slug",
    "done_by": "person.id",
    "ended_by": "person.id",
}


def one_of(column: str, values: tuple[str, ...]) -> str:
    return "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))


def upgrade() -> None:
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("decline_reason", sa.Text()),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("done_by", sa.Uuid()),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Uuid()),
        sa.Column("pool_key", sa.Uuid()),
        *(sa.CheckConstraint(check, name=op.f(f"ck_arrangement_{name}")) for name, check in ARRANGEMENT_CHECKS.items()),
        sa.CheckConstraint(one_of("unit", UNITS), name=op.f("ck_arrangement_unit")),
        sa.CheckConstraint(one_of("status", STATUSES), name=op.f("ck_arrangement_arrangementstatus")),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], name=op.f(f"fk_arrangement_{column}_{target.partition('.')[0]}")
            )
            for column, target in POINTS_AT.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement")),
        sa.UniqueConstraint("pool_key", "person_id", name=op.f("uq_arrangement_pool_key_person_id")),
    )
    for columns in (
        ["offer_id"],
        ["provider_id"],
        ["person_id", "asked_at"],
        ["organisation_id", "asked_at"],
        ["council", "category", "done_at"],
    ):
        op.create_index(op.f(f"ix_arrangement_{'_'.join(columns)}"), "arrangement", columns)
    op.create_index(
        "uq_arrangement_waiting",
        "arrangement",
        ["person_id", "offer_id"],
        unique=True,
        sqlite_where=sa.text("status = 'asked'"),
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrangement_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoice_amount_positive")),
        sa.CheckConstraint("number > 0", name=op.f("ck_invoice_number_positive")),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_invoice_arrangement_id_arrangement")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invoice_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("arrangement_id", name=op.f("uq_invoice_arrangement_id")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_invoice_organisation_id_number")),
    )
    op.create_table(
        "invoice_series",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invoice_series_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_invoice_series")),
    )


def downgrade() -> None:
    for table in ("invoice_series", "invoice", "arrangement"):
        op.drop_table(table)
