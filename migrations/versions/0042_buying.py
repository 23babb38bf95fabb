"""Buying, whole: terms and their versions, visits, hours, baskets, disputes, invoices by lines, decision packs."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

MOMENT = sa.DateTime(timezone=True)

PROMISES = {
    "arrangementkind": "kind IN ('one_off', 'package', 'weekly')",
    "payby": "pay_by IN ('card', 'bank_transfer', 'prepaid_card', 'budget_holder')",
    "weeks_in_bounds": "weeks BETWEEN 1 AND 104",
    "weeks_are_of_weekly_support": "kind = 'weekly' OR weeks = 1",
    "hours_never_below_zero": "minutes_left >= 0",
    "notice_not_negative": "notice_hours >= 0",
    "travel_not_negative": "travel_per_mile >= 0",
}
TOTAL = "ck_arrangement_total_is_price_times_quantity"
NEW_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("kind", sa.String(40), server_default="one_off", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("weeks", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("notice_hours", sa.Integer()),
        sa.Column("travel_per_mile", sa.BigInteger()),
        sa.Column("who", sa.String(200), server_default="", nullable=False),
        sa.Column("trial_until", sa.Date()),
        sa.Column("pay_by", sa.String(40), server_default="bank_transfer", nullable=False),
        sa.Column("minutes_left", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("checkout_id", sa.Uuid()),
    )


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    with op.batch_alter_table("arrangement") as table:
        for column in _columns():
            table.add_column(column)
        table.drop_constraint(op.f(TOTAL), type_="check")
        table.create_check_constraint(op.f(TOTAL), "total = unit_price * quantity * weeks")
        for name, holds in PROMISES.items():
            table.create_check_constraint(op.f(f"ck_arrangement_{name}"), holds)
        table.create_index(op.f("ix_arrangement_checkout_id"), ["checkout_id"])
    op.execute("UPDATE arrangement SET kind = 'package' WHERE unit = 'package'")
    with op.batch_alter_table("invoice") as table:
        table.drop_constraint(op.f("uq_invoice_arrangement_id"), type_="unique")
        table.add_column(sa.Column("kind", sa.String(40), server_default="invoice", nullable=False))
        table.add_column(sa.Column("credits_id", sa.Uuid()))
        table.add_column(sa.Column("due_on", sa.Date()))
        table.add_column(sa.Column("bill_to_name", sa.String(120), server_default="", nullable=False))
        table.add_column(sa.Column("bill_to_email", sa.String(320), server_default="", nullable=False))
        table.create_check_constraint(op.f("ck_invoice_invoicekind"), "kind IN ('invoice', 'credit_note')")
        table.create_check_constraint(
            op.f("ck_invoice_credit_note_credits_an_invoice"), "(kind = 'credit_note') = (credits_id IS NOT NULL)"
        )
        table.create_foreign_key(op.f("fk_invoice_credits_id_invoice"), "invoice", ["credits_id"], ["id"])
        table.create_index(op.f("ix_invoice_arrangement_id"), ["arrangement_id"])
        table.create_index(op.f("ix_invoice_credits_id"), ["credits_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_table(
        "decision_pack",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("contents_hash", sa.String(64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_decision_pack_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_pack")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_decision_pack_person_id_number")),
    )
    op.create_table(
        "basket_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("rate", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("trial_weeks", sa.Integer(), nullable=False),
        sa.Column("pay_by", sa.String(40), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind = 'weekly' OR weeks = 1", name=op.f("ck_basket_line_weeks_are_of_weekly_support")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10000", name=op.f("ck_basket_line_quantity_in_bounds")),
        sa.CheckConstraint("trial_weeks BETWEEN 0 AND 12", name=op.f("ck_basket_line_trial_in_bounds")),
        sa.CheckConstraint("weeks BETWEEN 1 AND 104", name=op.f("ck_basket_line_weeks_in_bounds")),
        sa.CheckConstraint("kind IN ('one_off', 'package', 'weekly')", name=op.f("ck_basket_line_arrangementkind")),
        sa.CheckConstraint(
            "rate IN ('standard', 'evening', 'weekend', 'bank_holiday')", name=op.f("ck_basket_line_rate")
        ),
        sa.CheckConstraint(
            "pay_by IN ('card', 'bank_transfer', 'prepaid_card', 'budget_holder')", name=op.f("ck_basket_line_payby")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_basket_line_offer_id_offer")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_basket_line_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket_line")),
    )
    op.create_index(op.f("ix_basket_line_person_id"), "basket_line", ["person_id"])
    op.create_table(
        "arrangement_rate",
        sa.Column("arrangement_id", sa.Uuid(), nullable=False),
        sa.Column("rate", sa.String(40), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_arrangement_rate_unit_price_not_negative")),
        sa.CheckConstraint(
            "rate IN ('standard', 'evening', 'weekend', 'bank_holiday')", name=op.f("ck_arrangement_rate_rate")
        ),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_arrangement_rate_arrangement_id_arrangement")
        ),
        sa.PrimaryKeyConstraint("arrangement_id", "rate", name=op.f("pk_arrangement_rate")),
    )
    op.create_table(
        "arrangement_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrangement_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("notice_hours", sa.Integer()),
        sa.Column("travel_per_mile", sa.BigInteger()),
        sa.Column("who", sa.String(200), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("answered_at", MOMENT),
        sa.CheckConstraint(
            "(status = 'proposed') = (answered_at IS NULL)", name=op.f("ck_arrangement_terms_answered_has_a_moment")
        ),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10000", name=op.f("ck_arrangement_terms_quantity_in_bounds")),
        sa.CheckConstraint(
            "total = unit_price * quantity * weeks", name=op.f("ck_arrangement_terms_total_is_price_times_quantity")
        ),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_arrangement_terms_unit_price_not_negative")),
        sa.CheckConstraint("weeks BETWEEN 1 AND 104", name=op.f("ck_arrangement_terms_weeks_in_bounds")),
        sa.CheckConstraint(
            "status IN ('proposed', 'agreed', 'declined', 'withdrawn')", name=op.f("ck_arrangement_terms_termsstatus")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_arrangement_terms_answered_by_person")),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_arrangement_terms_arrangement_id_arrangement")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_arrangement_terms_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_terms")),
        sa.UniqueConstraint("arrangement_id", "version", name=op.f("uq_arrangement_terms_arrangement_id_version")),
    )
    op.create_index(
        "uq_arrangement_terms_proposed",
        "arrangement_terms",
        ["arrangement_id"],
        unique=True,
        sqlite_where=sa.text("status = 'proposed'"),
        postgresql_where=sa.text("status = 'proposed'"),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrangement_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time()),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("miles", sa.Numeric(precision=4, scale=1), server_default="0", nullable=False),
        sa.Column("rate", sa.String(40), server_default="standard", nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("travel", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("query", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_by", sa.Uuid(), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("claimed_by", sa.Uuid()),
        sa.Column("claimed_at", MOMENT),
        sa.Column("confirmed_by", sa.Uuid()),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("ended_by", sa.Uuid()),
        sa.Column("ended_at", MOMENT),
        sa.CheckConstraint(
            "(status = 'cancelled') = (ended_at IS NOT NULL)", name=op.f("ck_visit_cancelled_has_a_moment")
        ),
        sa.CheckConstraint(
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)", name=op.f("ck_visit_confirmed_has_a_moment")
        ),
        sa.CheckConstraint(
            "(status = 'planned') = (claimed_at IS NULL AND ended_at IS NULL)",
            name=op.f("ck_visit_claimed_has_a_moment"),
        ),
        sa.CheckConstraint("status <> 'queried' OR query <> ''", name=op.f("ck_visit_queried_has_words")),
        sa.CheckConstraint("(claimed_at IS NULL) = (claimed_by IS NULL)", name=op.f("ck_visit_claimed_at_and_by")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_visit_confirmed_at_and_by")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_visit_ended_at_and_by")),
        sa.CheckConstraint("amount >= 0 AND travel >= 0", name=op.f("ck_visit_amounts_not_negative")),
        sa.CheckConstraint("miles BETWEEN 0 AND 999.9", name=op.f("ck_visit_miles_in_bounds")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_visit_minutes_in_bounds")),
        sa.CheckConstraint("rate IN ('standard', 'evening', 'weekend', 'bank_holiday')", name=op.f("ck_visit_rate")),
        sa.CheckConstraint(
            "status IN ('planned', 'claimed', 'confirmed', 'queried', 'cancelled')", name=op.f("ck_visit_visitstatus")
        ),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_visit_arrangement_id_arrangement")
        ),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"], name=op.f("fk_visit_claimed_by_person")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_visit_confirmed_by_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_visit_ended_by_person")),
        sa.ForeignKeyConstraint(["planned_by"], ["person.id"], name=op.f("fk_visit_planned_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_arrangement_id_held_on"), "visit", ["arrangement_id", "held_on"])
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrangement_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("answered_at", MOMENT),
        sa.Column("referred_at", MOMENT),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.String(40)),
        sa.Column("refund", sa.BigInteger()),
        sa.Column("closed_by", sa.Uuid()),
        sa.Column("closed_at", MOMENT),
        sa.Column("told_at", MOMENT),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_dispute_answered_at_and_by")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_dispute_closed_at_and_by")),
        sa.CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_dispute_closed_has_an_outcome")),
        sa.CheckConstraint("refund >= 0", name=op.f("ck_dispute_refund_not_negative")),
        sa.CheckConstraint("side IN ('person', 'provider')", name=op.f("ck_dispute_side")),
        sa.CheckConstraint(
            "outcome IN ('settled', 'upheld', 'partly_upheld', 'not_upheld', 'withdrawn')",
            name=op.f("ck_dispute_disputeoutcome"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_dispute_answered_by_person")),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_dispute_arrangement_id_arrangement")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_dispute_closed_by_person")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_dispute_opened_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    op.create_index(op.f("ix_dispute_arrangement_id"), "dispute", ["arrangement_id"])
    op.create_index(
        "uq_dispute_open",
        "dispute",
        ["arrangement_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "hours_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrangement_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid()),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("minutes <> 0", name=op.f("ck_hours_entry_minutes_not_zero")),
        sa.CheckConstraint(
            "reason IN ('bought', 'banked', 'used', 'given_back', 'released')", name=op.f("ck_hours_entry_hoursreason")
        ),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_hours_entry_arrangement_id_arrangement")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_hours_entry_made_by_person")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_hours_entry_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_entry")),
    )
    op.create_index(op.f("ix_hours_entry_arrangement_id"), "hours_entry", ["arrangement_id"])
    op.create_index(op.f("ix_hours_entry_visit_id"), "hours_entry", ["visit_id"])
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(300), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=9, scale=2), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.Uuid()),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoice_line_amount_positive")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id_invoice")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_invoice_line_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("uq_invoice_line_invoice_id_position")),
    )
    op.create_index(op.f("ix_invoice_line_visit_id"), "invoice_line", ["visit_id"])
    # What was agreed before is version 1 of its terms; each invoice had one line.
    op.execute(
        "INSERT INTO arrangement_terms (id, arrangement_id, version, what, quantity, weeks, unit_price, total, who, "
        "starts_on, status, reason, proposed_by, proposed_at, answered_at) "
        f"SELECT {NEW_ID[dialect]}, id, 1, what, quantity, 1, unit_price, total, '', starts_on, "
        "CASE status WHEN 'asked' THEN 'proposed' WHEN 'declined' THEN 'declined' WHEN 'withdrawn' THEN 'withdrawn' "
        "ELSE 'agreed' END, '', person_id, asked_at, "
        "CASE status WHEN 'asked' THEN NULL WHEN 'withdrawn' THEN ended_at ELSE answered_at END FROM arrangement"
    )
    op.execute(
        "INSERT INTO invoice_line (id, invoice_id, position, what, quantity, unit, unit_price, amount) "
        f"SELECT {NEW_ID[dialect]}, invoice.id, 1, title, quantity, COALESCE(unit, 'time'), unit_price, amount "
        "FROM invoice JOIN arrangement ON arrangement.id = invoice.arrangement_id"
    )
    if dialect == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER hours_entry_no_{change.lower()} BEFORE {change} ON hours_entry "
                "BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END"
            )
        op.execute(
            "CREATE TRIGGER hours_are_summed AFTER INSERT ON hours_entry BEGIN "
            "UPDATE arrangement SET minutes_left = minutes_left + NEW.minutes WHERE id = NEW.arrangement_id; END"
        )
        return
    op.execute(
        "CREATE TRIGGER hours_entry_no_change BEFORE UPDATE OR DELETE ON hours_entry "
        "FOR EACH ROW EXECUTE FUNCTION entry_is_kept()"
    )
    op.execute(
        "CREATE FUNCTION hours_are_summed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE arrangement SET minutes_left = minutes_left + NEW.minutes WHERE id = NEW.arrangement_id; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER hours_are_summed AFTER INSERT ON hours_entry FOR EACH ROW EXECUTE FUNCTION hours_are_summed()"
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table_name in (
        "invoice_line",
        "hours_entry",
        "dispute",
        "visit",
        "arrangement_terms",
        "arrangement_rate",
        "basket_line",
        "decision_pack",
        "calendar_feed",
    ):
        op.drop_table(table_name)
    if not is_sqlite:
        op.execute("DROP FUNCTION hours_are_summed()")
    with op.batch_alter_table("invoice") as table:
        table.drop_index(op.f("ix_invoice_credits_id"))
        table.drop_index(op.f("ix_invoice_arrangement_id"))
        table.drop_constraint(op.f("fk_invoice_credits_id_invoice"), type_="foreignkey")
        for name in ("credit_note_credits_an_invoice", "invoicekind"):
            table.drop_constraint(op.f(f"ck_invoice_{name}"), type_="check")
        for column in ("bill_to_email", "bill_to_name", "due_on", "credits_id", "kind"):
            table.drop_column(column)
        table.create_unique_constraint(op.f("uq_invoice_arrangement_id"), ["arrangement_id"])
    with op.batch_alter_table("arrangement") as table:
        table.drop_index(op.f("ix_arrangement_checkout_id"))
        table.drop_constraint(op.f(TOTAL), type_="check")
        table.create_check_constraint(op.f(TOTAL), "total = unit_price * quantity")
        for name in PROMISES:
            table.drop_constraint(op.f(f"ck_arrangement_{name}"), type_="check")
        for column in _columns():
            table.drop_column(column.name)
