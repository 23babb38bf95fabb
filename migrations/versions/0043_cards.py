"""Cards, straight to providers: accounts, saved cards, charges, refunds, and what Stripe tells us."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

MOMENT = sa.DateTime(timezone=True)

ROUTES = ("bank_transfer", "prepaid_card", "budget_holder", "cash")
PROMISES = {
    "never_more_given_back_than_paid": "refunded BETWEEN 0 AND amount",
    "cards_are_charged": "(route = 'card') = (charge_id IS NOT NULL)",
    "recorded_by_somebody_unless_charged": "(recorded_by IS NULL) = (charge_id IS NOT NULL)",
}


def _route_is_one_of(routes: tuple[str, ...]) -> str:
    return f"route IN ({', '.join(repr(route) for route in routes)})"


def upgrade() -> None:
    op.create_table(
        "provider_event",
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("account_id", sa.String(255)),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("deliveries", sa.Integer(), server_default="1", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.String(300), server_default="", nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.CheckConstraint(
            "(status = 'received') = (settled_at IS NULL)", name=op.f("ck_provider_event_settled_has_a_moment")
        ),
        sa.CheckConstraint("status IN ('received', 'done', 'ignored')", name=op.f("ck_provider_event_eventstatus")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_provider_event")),
    )
    op.create_index(op.f("ix_provider_event_status"), "provider_event", ["status"])
    op.create_table(
        "refused_event",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "reason", name=op.f("pk_refused_event")),
    )
    op.create_table(
        "card_setup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.String(255)),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("back_to", sa.String(300), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.CheckConstraint("status IN ('begun', 'done', 'expired')", name=op.f("ck_card_setup_setupstatus")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_setup_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_setup")),
        sa.UniqueConstraint("session_id", name=op.f("uq_card_setup_session_id")),
    )
    op.create_index(op.f("ix_card_setup_person_id"), "card_setup", ["person_id"])
    op.create_table(
        "saved_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("payment_method_id", sa.String(255), nullable=False),
        sa.Column("brand", sa.String(40), nullable=False),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("expires_month", sa.Integer(), nullable=False),
        sa.Column("expires_year", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_card_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_card")),
        sa.UniqueConstraint("payment_method_id", name=op.f("uq_saved_card_payment_method_id")),
    )
    op.create_index(op.f("ix_saved_card_person_id_saved_at"), "saved_card", ["person_id", "saved_at"])
    op.create_table(
        "stripe_account",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.String(255)),
        sa.Column("charges_enabled", sa.Boolean(), nullable=False),
        sa.Column("payouts_enabled", sa.Boolean(), nullable=False),
        sa.Column("details_submitted", sa.Boolean(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_stripe_account_begun_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_stripe_account_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_stripe_account")),
        sa.UniqueConstraint("account_id", name=op.f("uq_stripe_account_account_id")),
    )
    op.create_table(
        "stripe_customer",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.String(255)),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stripe_customer_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_stripe_customer")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_stripe_customer_customer_id")),
    )
    op.create_table(
        "charge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.String(255), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("saved_card_id", sa.Uuid()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("session_id", sa.String(255)),
        sa.Column("payment_intent_id", sa.String(255)),
        sa.Column("decline_code", sa.String(80), server_default="", nullable=False),
        sa.Column("problem", sa.String(300), server_default="", nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("check_at", MOMENT),
        sa.Column("checks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.CheckConstraint(
            "(status IN ('begun', 'asked')) = (settled_at IS NULL)", name=op.f("ck_charge_settled_has_a_moment")
        ),
        sa.CheckConstraint(
            "(way = 'saved_card') = (saved_card_id IS NOT NULL)", name=op.f("ck_charge_saved_card_is_named")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_charge_amount_positive")),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_charge_attempt_positive")),
        sa.CheckConstraint("fee BETWEEN 0 AND amount", name=op.f("ck_charge_fee_in_bounds")),
        sa.CheckConstraint("way IN ('hosted', 'saved_card')", name=op.f("ck_charge_chargeway")),
        sa.CheckConstraint(
            "status IN ('begun', 'asked', 'succeeded', 'needs_person', 'failed', 'expired')",
            name=op.f("ck_charge_chargestatus"),
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_charge_invoice_id_invoice")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_charge_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_charge_person_id_person")),
        sa.ForeignKeyConstraint(["saved_card_id"], ["saved_card.id"], name=op.f("fk_charge_saved_card_id_saved_card")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("invoice_id", "attempt", name=op.f("uq_charge_invoice_id_attempt")),
        sa.UniqueConstraint("payment_intent_id", name=op.f("uq_charge_payment_intent_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_charge_session_id")),
    )
    op.create_index(op.f("ix_charge_person_id"), "charge", ["person_id"])
    op.create_index(op.f("ix_charge_status_check_at"), "charge", ["status", "check_at"])
    op.create_index(
        "uq_charge_open",
        "charge",
        ["invoice_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('begun', 'asked')"),
        postgresql_where=sa.text("status IN ('begun', 'asked')"),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("stripe_id", sa.String(255)),
        sa.Column("problem", sa.String(300), server_default="", nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("check_at", MOMENT),
        sa.CheckConstraint("(status = 'begun') = (settled_at IS NULL)", name=op.f("ck_refund_settled_has_a_moment")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount_positive")),
        sa.CheckConstraint("status IN ('begun', 'succeeded', 'failed')", name=op.f("ck_refund_refundstatus")),
        sa.ForeignKeyConstraint(["begun_by"], ["person.id"], name=op.f("fk_refund_begun_by_person")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id_payment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_refund_stripe_id")),
    )
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"])
    with op.batch_alter_table("payment") as table:
        table.add_column(sa.Column("charge_id", sa.Uuid()))
        table.add_column(sa.Column("refunded", sa.BigInteger(), server_default="0", nullable=False))
        table.alter_column("recorded_by", existing_type=sa.Uuid(), nullable=True)
        table.drop_constraint(op.f("ck_payment_route"), type_="check")
        table.create_check_constraint(op.f("ck_payment_route"), _route_is_one_of(("card", *ROUTES)))
        for name, holds in PROMISES.items():
            table.create_check_constraint(op.f(f"ck_payment_{name}"), holds)
        table.create_unique_constraint(op.f("uq_payment_charge_id"), ["charge_id"])
        table.create_foreign_key(op.f("fk_payment_charge_id_charge"), "charge", ["charge_id"], ["id"])


def downgrade() -> None:
    op.drop_table("refund")
    # Nobody wrote them down: before, nobody could pay by card.
    op.execute("DELETE FROM payment WHERE route = 'card'")
    with op.batch_alter_table("payment") as table:
        table.drop_constraint(op.f("fk_payment_charge_id_charge"), type_="foreignkey")
        table.drop_constraint(op.f("uq_payment_charge_id"), type_="unique")
        for name in PROMISES:
            table.drop_constraint(op.f(f"ck_payment_{name}"), type_="check")
        table.drop_constraint(op.f("ck_payment_route"), type_="check")
        table.create_check_constraint(op.f("ck_payment_route"), _route_is_one_of(ROUTES))
        table.alter_column("recorded_by", existing_type=sa.Uuid(), nullable=False)
        table.drop_column("refunded")
        table.drop_column("charge_id")
    for table_name in (
        "charge",
        "stripe_customer",
        "stripe_account",
        "saved_card",
        "card_setup",
        "refused_event",
        "provider_event",
    ):
        op.drop_table(table_name)
