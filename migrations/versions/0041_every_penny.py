"""Every penny, twice: money promised, spent, carried over and returned, with sums that the database itself keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"

MOMENT = sa.DateTime(timezone=True)
BEFORE = ("granted", "left")
ACCOUNTS = (*BEFORE, "promised", "spent", "carried", "returned")
REASONS = ("allocated", "promised", "released", "spent", "refunded", "carried_over", "returned")
KEPT = {
    "granted_is_a_source": "granted <= 0",
    "nothing_promised_twice": '"left" >= 0',
    "promised_not_negative": "promised >= 0",
    "spent_not_negative": "spent >= 0",
    "returned_not_negative": "returned >= 0",
}


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _sums() -> str:
    return ", ".join(
        f'"{account}" = "{account}" + CASE WHEN NEW.account = \'{account}\' THEN NEW.amount ELSE 0 END'
        for account in ACCOUNTS
    )


def _promise_sums() -> str:
    return ", ".join(
        f"{account} = {account} + CASE WHEN NEW.account = '{account}' THEN NEW.amount ELSE 0 END"
        for account in ("promised", "spent")
    )


def _keep_entries_on_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER entry_no_{change.lower()} BEFORE {change} ON entry "
            "BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END"
        )


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("budget") as table:
        table.add_column(sa.Column("holder_name", sa.String(120), nullable=False, server_default=""))
        table.add_column(sa.Column("holder_email", sa.String(320), nullable=False, server_default=""))
        table.add_column(sa.Column("reference", sa.String(40), nullable=False, server_default=""))
        table.add_column(sa.Column("carry_over_percent", sa.Integer(), nullable=False, server_default=sa.text("0")))
        table.add_column(sa.Column("closed_at", MOMENT))
        table.add_column(sa.Column("closed_by", sa.Uuid()))
        table.create_foreign_key(op.f("fk_budget_closed_by_person"), "person", ["closed_by"], ["id"])
        table.create_check_constraint(op.f("ck_budget_carry_over_in_bounds"), "carry_over_percent BETWEEN 0 AND 5200")
        table.create_check_constraint(op.f("ck_budget_closed_at_and_by"), "(closed_at IS NULL) = (closed_by IS NULL)")
    with op.batch_alter_table("funding_stream") as table:
        for account in ACCOUNTS:
            table.add_column(sa.Column(account, sa.BigInteger(), nullable=False, server_default=sa.text("0")))
        for name, holds in KEPT.items():
            table.create_check_constraint(op.f(f"ck_funding_stream_{name}"), holds)
    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("spent", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("promised >= 0", name=op.f("ck_promise_promised_not_negative")),
        sa.CheckConstraint("spent >= 0", name=op.f("ck_promise_spent_not_negative")),
        sa.ForeignKeyConstraint(["stream_id"], ["funding_stream.id"], name=op.f("fk_promise_stream_id_funding_stream")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("purpose", "stream_id", name=op.f("uq_promise_purpose_stream_id")),
    )
    op.create_index(op.f("ix_promise_stream_id"), "promise", ["stream_id"])
    with op.batch_alter_table("transfer") as table:
        table.add_column(sa.Column("note", sa.String(200), nullable=False, server_default=""))
        table.alter_column("made_by", existing_type=sa.Uuid(), nullable=True)
        table.alter_column("reason", existing_type=sa.String(80), type_=sa.String(40), existing_nullable=False)
        table.create_check_constraint(op.f("ck_transfer_reason"), _one_of("reason", REASONS))
    op.create_index(op.f("ix_transfer_made_at"), "transfer", ["made_at"])
    with op.batch_alter_table("entry") as table:
        table.drop_index(op.f("ix_entry_transfer_id"))
        table.drop_constraint(op.f("ck_entry_account"), type_="check")
        table.add_column(sa.Column("promise_id", sa.Uuid()))
        table.create_check_constraint(op.f("ck_entry_account"), _one_of("account", ACCOUNTS))
        table.create_check_constraint(
            op.f("ck_entry_promise_before_spend"),
            "(account IN ('promised', 'spent')) = (promise_id IS NOT NULL)",
        )
        table.create_foreign_key(op.f("fk_entry_promise_id_promise"), "promise", ["promise_id"], ["id"])
        table.create_unique_constraint(
            op.f("uq_entry_transfer_id_stream_id_account"), ["transfer_id", "stream_id", "account"]
        )
    op.create_index(op.f("ix_entry_promise_id"), "entry", ["promise_id"])
    for account in BEFORE:
        op.execute(
            f'UPDATE funding_stream SET "{account}" = COALESCE((SELECT sum(amount) FROM entry '
            f"WHERE entry.stream_id = funding_stream.id AND entry.account = '{account}'), 0)"
        )
    if is_sqlite:
        # Making the table anew has dropped its triggers.
        _keep_entries_on_sqlite()
        op.execute(
            "CREATE TRIGGER entry_is_summed AFTER INSERT ON entry BEGIN "
            f"UPDATE funding_stream SET {_sums()} WHERE id = NEW.stream_id; "
            f"UPDATE promise SET {_promise_sums()} WHERE id = NEW.promise_id; END"
        )
        return
    op.execute(
        "CREATE FUNCTION entry_is_summed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"UPDATE funding_stream SET {_sums()} WHERE id = NEW.stream_id; "
        f"UPDATE promise SET {_promise_sums()} WHERE id = NEW.promise_id; RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER entry_is_summed AFTER INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_is_summed()")
    # Stronger than before: the sides within each stream sum to zero, so no stream pays for another unseen.
    op.execute(
        "CREATE OR REPLACE FUNCTION transfer_balances() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT sum(amount) FROM entry WHERE transfer_id = NEW.transfer_id AND stream_id = NEW.stream_id) <> 0 "
        "THEN RAISE EXCEPTION 'the entries of a transfer sum to zero'; END IF; RETURN NULL; END $$"
    )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER entry_is_summed")
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER entry_no_{change}")
    else:
        op.execute("DROP TRIGGER entry_is_summed ON entry")
        op.execute("DROP FUNCTION entry_is_summed()")
        op.execute("ALTER TABLE entry DISABLE TRIGGER entry_no_change")
        op.execute(
            "CREATE OR REPLACE FUNCTION transfer_balances() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF (SELECT sum(amount) FROM entry WHERE transfer_id = NEW.transfer_id) <> 0 THEN "
            "RAISE EXCEPTION 'the entries of a transfer sum to zero'; END IF; RETURN NULL; END $$"
        )
    # What was only granted and left remains: the rest had no place before.
    op.execute("DELETE FROM entry WHERE transfer_id IN (SELECT id FROM transfer WHERE reason <> 'allocated')")
    op.execute("DELETE FROM transfer WHERE reason <> 'allocated'")
    with op.batch_alter_table("entry") as table:
        table.drop_index(op.f("ix_entry_promise_id"))
        table.drop_constraint(op.f("uq_entry_transfer_id_stream_id_account"), type_="unique")
        table.drop_constraint(op.f("fk_entry_promise_id_promise"), type_="foreignkey")
        table.drop_constraint(op.f("ck_entry_promise_before_spend"), type_="check")
        table.drop_constraint(op.f("ck_entry_account"), type_="check")
        table.drop_column("promise_id")
        table.create_check_constraint(op.f("ck_entry_account"), _one_of("account", BEFORE))
    op.create_index(op.f("ix_entry_transfer_id"), "entry", ["transfer_id"])
    op.drop_index(op.f("ix_transfer_made_at"), "transfer")
    with op.batch_alter_table("transfer") as table:
        table.drop_constraint(op.f("ck_transfer_reason"), type_="check")
        table.alter_column("reason", existing_type=sa.String(40), type_=sa.String(80), existing_nullable=False)
        table.alter_column("made_by", existing_type=sa.Uuid(), nullable=False)
        table.drop_column("note")
    op.drop_table("promise")
    with op.batch_alter_table("funding_stream") as table:
        for name in KEPT:
            table.drop_constraint(op.f(f"ck_funding_stream_{name}"), type_="check")
        for account in ACCOUNTS:
            table.drop_column(account)
    with op.batch_alter_table("budget") as table:
        table.drop_constraint(op.f("ck_budget_closed_at_and_by"), type_="check")
        table.drop_constraint(op.f("ck_budget_carry_over_in_bounds"), type_="check")
        table.drop_constraint(op.f("fk_budget_closed_by_person"), type_="foreignkey")
        for column in ("closed_by", "closed_at", "carry_over_percent", "reference", "holder_email", "holder_name"):
            table.drop_column(column)
    if is_sqlite:
        _keep_entries_on_sqlite()
    else:
        op.execute("ALTER TABLE entry ENABLE TRIGGER entry_no_change")
