"""Pools from interest to ending: price ladders, people with roles, pledges with bounds, and more states."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

MOMENT = sa.DateTime(timezone=True)
NEW_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
SUBJECTS = "'offer', 'provider', 'review', 'reply', 'pool'"
STATUSES = (
    "'draft', 'open', 'tipping', 'repairing', 'reconsent', 'confirmed', 'running', 'ended', 'expired', 'withdrawn'"
)
REASONS = (
    "'done', 'too_few', 'interest_dwindled', 'costs_too_much', 'provider_gone', 'payment_failed', "
    "'found_another_way', 'did_not_work', 'other'"
)
LATER = (
    "offer_id",
    "category",
    "minimum_people",
    "unit_price",
    "price_alone",
    "unit",
    "quantity",
    "starts_on",
    "closes_at",
)
KINDS = {
    "offer_id": sa.Uuid(),
    "category": sa.String(40),
    "minimum_people": sa.Integer(),
    "unit_price": sa.BigInteger(),
    "price_alone": sa.BigInteger(),
    "unit": sa.String(40),
    "quantity": sa.Integer(),
    "starts_on": sa.Date(),
    "closes_at": MOMENT,
}
POOL_PROMISES = {
    "poolorigin": "began_from IN ('interest', 'offer', 'wish')",
    "counts": "counts IN ('people', 'quantity')",
    "arrangementkind": "kind IN ('one_off', 'package', 'weekly')",
    "endreason": f"end_reason IN ({REASONS})",
    "poolstatus": f"status IN ({STATUSES})",
    "most_people_reach_the_minimum": "most_people >= minimum_people",
    "weeks_in_bounds": "weeks BETWEEN 1 AND 104",
    "unit_price_not_negative": "unit_price >= 0",
    "cheaper_together": "price_alone IS NULL OR unit_price < price_alone",
    "closed_when_no_longer_open": "(status IN ('draft', 'open')) = (closed_at IS NULL)",
    "confirmed": "(status IN ('confirmed', 'running', 'ended')) = (confirmed_at IS NOT NULL)",
    "ended_has_a_moment": "(status = 'ended') = (ended_at IS NOT NULL)",
    "complete_before_anybody_pledges": "status IN ('draft', 'withdrawn', 'expired') OR (offer_id IS NOT NULL AND "
    "category IS NOT NULL AND minimum_people IS NOT NULL AND unit_price IS NOT NULL AND quantity IS NOT NULL AND "
    "starts_on IS NOT NULL AND closes_at IS NOT NULL)",
    "place_has_both_numbers": "(easting IS NULL) = (northing IS NULL)",
}
PLEDGE_PROMISES = {
    "payby": "pay_by IN ('card', 'bank_transfer', 'prepaid_card', 'budget_holder')",
    "pledgepart": "part IN ('waiting', 'included', 'left_out', 'released', 'kept')",
    "least_and_most": "least >= 1 AND most >= least",
    "most_price_not_negative": "most_price >= 0",
    "quantity_as_pledged": "quantity BETWEEN least AND most",
    "never_more_than_pledged": "amount >= 0 AND amount <= most_price * quantity",
    "kept_is_arranged": "part <> 'kept' OR arrangement_id IS NOT NULL",
}
OLD_POOL_PROMISES = {
    "poolstatus": "status IN ('forming', 'met', 'lapsed', 'withdrawn')",
    "cheaper_together": "unit_price >= 0 AND unit_price < price_alone",
    "closed_when_over": "(status = 'forming') = (closed_at IS NULL)",
}


def _pool_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("began_from", sa.String(40), server_default="offer", nullable=False),
        sa.Column("interest", sa.String(40)),
        sa.Column("place_name", sa.String(100), server_default="", nullable=False),
        sa.Column("easting", sa.Integer()),
        sa.Column("northing", sa.Integer()),
        sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("invite_key", sa.Uuid()),
        sa.Column("counts", sa.String(40), server_default="people", nullable=False),
        sa.Column("most_people", sa.Integer()),
        sa.Column("kind", sa.String(40), server_default="one_off", nullable=False),
        sa.Column("weeks", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("extended_at", MOMENT),
        sa.Column("repair_until", MOMENT),
        sa.Column("reconsent_until", MOMENT),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("short_since", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("end_reason", sa.String(40)),
        sa.Column("end_words", sa.Text(), server_default="", nullable=False),
        sa.Column("nudged_at", MOMENT),
    )


def _pledge_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("least", sa.Integer()),
        sa.Column("most", sa.Integer()),
        sa.Column("most_price", sa.BigInteger()),
        sa.Column("pay_by", sa.String(40), server_default="bank_transfer", nullable=False),
        sa.Column("at_worst", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("part", sa.String(40), server_default="waiting", nullable=False),
        sa.Column("quantity", sa.Integer()),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("arrangement_id", sa.Uuid()),
        sa.Column("ready_at", MOMENT),
        sa.Column("failed_at", MOMENT),
        sa.Column("remind_at", MOMENT),
        sa.Column("asked_price", sa.BigInteger()),
        sa.Column("agreed_at", MOMENT),
        sa.Column("declined_at", MOMENT),
    )


def upgrade() -> None:
    new_id = NEW_ID[op.get_bind().dialect.name]
    for table in ("report", "decision"):
        _subjects(table, f"{SUBJECTS}, 'pool_message', 'pool_story'")
    with op.batch_alter_table("pool") as table:
        for name in OLD_POOL_PROMISES:
            table.drop_constraint(op.f(f"ck_pool_{name}"), type_="check")
        for column in _pool_columns():
            table.add_column(column)
        for name in LATER:
            table.alter_column(name, existing_type=KINDS[name], nullable=True)
    op.execute(
        "UPDATE pool SET confirmed_at = CASE status WHEN 'met' THEN closed_at END, status = CASE status "
        "WHEN 'forming' THEN 'open' WHEN 'met' THEN 'confirmed' WHEN 'lapsed' THEN 'expired' ELSE status END, "
        f"end_reason = CASE status WHEN 'lapsed' THEN 'too_few' END, kind = CASE unit WHEN 'package' THEN 'package' "
        f"ELSE 'one_off' END, invite_key = {new_id}"
    )
    with op.batch_alter_table("pool") as table:
        table.alter_column("invite_key", existing_type=sa.Uuid(), nullable=False)
        table.create_unique_constraint(op.f("uq_pool_invite_key"), ["invite_key"])
        for name, holds in POOL_PROMISES.items():
            table.create_check_constraint(op.f(f"ck_pool_{name}"), holds)
    op.create_index(op.f("ix_pool_interest_status"), "pool", ["interest", "status"])
    _pledges()
    _tables()
    op.execute(
        "INSERT INTO pool_tier (pool_id, counted_from, unit_price) SELECT id, minimum_people, unit_price FROM pool"
    )
    op.execute(
        "INSERT INTO pool_member (id, pool_id, person_id, role, called, joined_at, left_at) "
        f"SELECT {new_id}, pledge.pool_id, pledge.person_id, CASE WHEN pledge.person_id = pool.opened_by "
        "THEN 'champion' ELSE 'member' END, '', pledge.pledged_at, pledge.withdrawn_at "
        "FROM pledge JOIN pool ON pool.id = pledge.pool_id"
    )


def _pledges() -> None:
    with op.batch_alter_table("pledge") as table:
        for column in _pledge_columns():
            table.add_column(column)
    op.execute(
        "UPDATE pledge SET least = pool.quantity, most = pool.quantity, most_price = pool.unit_price, "
        "at_worst = pool.unit_price * pool.quantity FROM pool WHERE pool.id = pledge.pool_id"
    )
    op.execute(
        "UPDATE pledge SET arrangement_id = arrangement.id, part = 'kept', quantity = pledge.least, "
        "amount = pledge.most_price * pledge.least FROM arrangement WHERE arrangement.pool_key = pledge.pool_id "
        "AND arrangement.person_id = pledge.person_id AND pledge.withdrawn_at IS NULL"
    )
    op.execute(
        "UPDATE pledge SET part = 'released' FROM pool WHERE pool.id = pledge.pool_id AND pledge.part = 'waiting' "
        "AND (pool.status <> 'open' OR pledge.withdrawn_at IS NOT NULL)"
    )
    with op.batch_alter_table("pledge") as table:
        for name in ("least", "most"):
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
        table.alter_column("most_price", existing_type=sa.BigInteger(), nullable=False)
        table.create_unique_constraint(op.f("uq_pledge_arrangement_id"), ["arrangement_id"])
        table.create_foreign_key(
            op.f("fk_pledge_arrangement_id_arrangement"), "arrangement", ["arrangement_id"], ["id"]
        )
        for name, holds in PLEDGE_PROMISES.items():
            table.create_check_constraint(op.f(f"ck_pledge_{name}"), holds)
    op.create_index(op.f("ix_pledge_remind_at"), "pledge", ["remind_at"])


def _tables() -> None:
    op.create_table(
        "pool_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(40), server_default="member", nullable=False),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("called", sa.String(40), server_default="", nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.CheckConstraint("left_at >= joined_at", name=op.f("ck_pool_member_left_after_joined")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pool_member_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_pool_member_person_id_person")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_member_pool_id_pool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_member")),
        sa.CheckConstraint("role IN ('member', 'champion', 'facilitator')", name=op.f("ck_pool_member_memberrole")),
    )
    op.create_index(op.f("ix_pool_member_person_id"), "pool_member", ["person_id"], unique=False)
    op.create_index(
        "uq_pool_member_live",
        "pool_member",
        ["pool_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "pool_tier",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("counted_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_price", sa.BigInteger()),
        sa.Column("whole_price", sa.BigInteger()),
        sa.CheckConstraint("(unit_price IS NULL) <> (whole_price IS NULL)", name=op.f("ck_pool_tier_one_price")),
        sa.CheckConstraint("counted_from > 0", name=op.f("ck_pool_tier_counted_from_positive")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_pool_tier_unit_price_not_negative")),
        sa.CheckConstraint("whole_price >= 0", name=op.f("ck_pool_tier_whole_price_not_negative")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_pool_tier_pool_id_pool")),
        sa.PrimaryKeyConstraint("pool_id", "counted_from", name=op.f("pk_pool_tier")),
    )


def _subjects(table: str, subjects: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_subjectkind"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_subjectkind"), f"subject_kind IN ({subjects})")


def downgrade() -> None:
    op.drop_table("pool_tier")
    op.drop_table("pool_member")
    # What an older site has no name for: pools without an offer, and what was said about messages and stories.
    incomplete = "SELECT id FROM pool WHERE offer_id IS NULL OR closes_at IS NULL OR price_alone IS NULL"
    op.execute(f"DELETE FROM pledge WHERE pool_id IN ({incomplete})")
    op.execute(f"DELETE FROM pool WHERE id IN ({incomplete})")
    op.drop_index(op.f("ix_pledge_remind_at"), table_name="pledge")
    with op.batch_alter_table("pledge") as table:
        for name in PLEDGE_PROMISES:
            table.drop_constraint(op.f(f"ck_pledge_{name}"), type_="check")
        table.drop_constraint(op.f("fk_pledge_arrangement_id_arrangement"), type_="foreignkey")
        table.drop_constraint(op.f("uq_pledge_arrangement_id"), type_="unique")
        for column in _pledge_columns():
            table.drop_column(column.name)
    op.drop_index(op.f("ix_pool_interest_status"), table_name="pool")
    with op.batch_alter_table("pool") as table:
        for name in POOL_PROMISES:
            table.drop_constraint(op.f(f"ck_pool_{name}"), type_="check")
        table.drop_constraint(op.f("uq_pool_invite_key"), type_="unique")
    op.execute(
        "UPDATE pool SET closed_at = CASE WHEN status IN ('tipping', 'repairing', 'reconsent') THEN NULL "
        "ELSE closed_at END, status = CASE WHEN status IN ('open', 'tipping', 'repairing', 'reconsent') THEN 'forming' "
        "WHEN status IN ('confirmed', 'running', 'ended') THEN 'met' WHEN status = 'expired' THEN 'lapsed' "
        "ELSE status END"
    )
    with op.batch_alter_table("pool") as table:
        for column in _pool_columns():
            table.drop_column(column.name)
        for name in LATER:
            table.alter_column(name, existing_type=KINDS[name], nullable=False)
        for name, holds in OLD_POOL_PROMISES.items():
            table.create_check_constraint(op.f(f"ck_pool_{name}"), holds)
    for table in ("report", "decision"):
        op.execute(f"DELETE FROM {table} WHERE subject_kind IN ('pool_message', 'pool_story')")
        _subjects(table, SUBJECTS)
