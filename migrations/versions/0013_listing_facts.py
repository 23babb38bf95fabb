"""What a listing tells: kinds of provider, space, freshness, times, ways to pay, rates. And offers being written."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True)
KINDS = ("micro_provider", "user_led_organisation", "universal_service")
TRADES = "('agency', 'residential', 'equipment', 'money_management')"
STATUSES = ("draft", "submitted", "live", "refused", "unlisted")
CAPACITIES = "('space_now', 'waiting_list', 'full')"
STANDINGS = "('not_personal_care', 'registered', 'exempt', 'introductory')"
UNITS = ("hour", "session", "day", "night", "week", "mile", "item")
RATES = "('standard', 'evening', 'weekend', 'bank_holiday')"
PARTS = "('morning', 'afternoon', 'evening', 'night')"
WAYS = "('own_money', 'direct_payment', 'council_managed', 'individual_service_fund', 'personal_health_budget')"


def upgrade() -> None:
    op.create_table(
        "cqc_location",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("provider_name", sa.String(200), nullable=False),
        sa.Column("postcode", sa.String(8)),
        sa.Column("council", sa.String(9)),
        sa.Column("service_types", sa.Text(), nullable=False),
        sa.Column("rating", sa.String(40), nullable=False),
        sa.Column("checked_on", sa.Date()),
        sa.Column("is_registered", sa.Boolean(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cqc_location")),
    )
    op.create_index(op.f("ix_cqc_location_postcode"), "cqc_location", ["postcode"])
    _widen_provider()
    _widen_offer()
    _widen_price()
    _create_lists()


def _widen_provider() -> None:
    with op.batch_alter_table("provider") as table:
        table.drop_constraint(op.f("ck_provider_providerkind"), type_="check")
        table.create_check_constraint(op.f("ck_provider_providerkind"), _one_of("kind", *KINDS, "other_provider"))
        table.add_column(sa.Column("trade", sa.String(40)))
        table.add_column(sa.Column("is_independent", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("board_share_source", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("board_share_on", sa.Date()))
        table.add_column(sa.Column("cqc_location_id", sa.String(20)))
        table.create_check_constraint(op.f("ck_provider_trade"), f"trade IN {TRADES}")
        table.create_check_constraint(
            op.f("ck_provider_other_provider_says_its_trade"), "(kind = 'other_provider') = (trade IS NOT NULL)"
        )
        table.create_foreign_key(
            op.f("fk_provider_cqc_location_id_cqc_location"), "cqc_location", ["cqc_location_id"], ["id"]
        )


def _widen_offer() -> None:
    with op.batch_alter_table("offer") as table:
        table.drop_constraint(op.f("ck_offer_offerstatus"), type_="check")
        table.create_check_constraint(op.f("ck_offer_offerstatus"), _one_of("status", *STATUSES, "lapsed"))
        table.add_column(sa.Column("included", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("suits", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("notice_hours", sa.Integer()))
        table.add_column(sa.Column("travel_per_mile", sa.BigInteger()))
        table.add_column(sa.Column("video_url", sa.String(500)))
        table.add_column(sa.Column("video_has_captions", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("capacity", sa.String(40)))
        table.add_column(sa.Column("capacity_on", sa.Date()))
        table.add_column(sa.Column("cqc_standing", sa.String(40)))
        table.add_column(sa.Column("cqc_because", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("listed_at", MOMENT))
        table.add_column(sa.Column("confirmed_at", MOMENT))
        table.add_column(sa.Column("reminded_at", MOMENT))
        table.create_check_constraint(op.f("ck_offer_capacity"), f"capacity IN {CAPACITIES}")
        table.create_check_constraint(op.f("ck_offer_cqcstanding"), f"cqc_standing IN {STANDINGS}")
        table.create_check_constraint(op.f("ck_offer_capacity_has_a_day"), "(capacity IS NULL) = (capacity_on IS NULL)")
        table.create_check_constraint(op.f("ck_offer_notice_hours_not_negative"), "notice_hours >= 0")
        table.create_check_constraint(op.f("ck_offer_travel_per_mile_positive"), "travel_per_mile > 0")
        table.create_check_constraint(
            op.f("ck_offer_video_says_whether_it_has_captions"), "video_url IS NOT NULL OR NOT video_has_captions"
        )
    # What is on the site came on when it was first written, as far as anybody noted.
    op.execute(sa.text("UPDATE offer SET confirmed_at = updated_at"))
    op.execute(sa.text("UPDATE offer SET listed_at = created_at WHERE status IN ('live', 'unlisted')"))
    with op.batch_alter_table("offer") as table:
        table.alter_column("confirmed_at", existing_type=MOMENT, nullable=False)
    op.create_index(op.f("ix_offer_status_confirmed_at"), "offer", ["status", "confirmed_at"])
    op.create_index(op.f("ix_offer_status_listed_at"), "offer", ["status", "listed_at"])


def _widen_price() -> None:
    with op.batch_alter_table("price") as table:
        table.drop_constraint(op.f("ck_price_unit"), type_="check")
        table.drop_constraint(op.f("uq_price_offer_id_edition_people_from"), type_="unique")
        table.create_check_constraint(op.f("ck_price_unit"), _one_of("unit", *UNITS, "package"))
        table.add_column(sa.Column("rate", sa.String(40), nullable=False, server_default="standard"))
        table.add_column(sa.Column("hours", sa.Numeric(5, 2)))
        table.add_column(sa.Column("admin", sa.BigInteger()))
        table.add_column(sa.Column("overhead", sa.BigInteger()))
        table.create_unique_constraint(
            op.f("uq_price_offer_id_edition_people_from_rate"), ["offer_id", "edition", "people_from", "rate"]
        )
        table.create_check_constraint(op.f("ck_price_rate"), f"rate IN {RATES}")
        table.create_check_constraint(op.f("ck_price_package_says_its_hours"), "unit <> 'package' OR hours > 0")
        table.create_check_constraint(
            op.f("ck_price_parts_within_amount"),
            "coalesce(admin, 0) >= 0 AND coalesce(overhead, 0) >= 0"
            " AND coalesce(admin, 0) + coalesce(overhead, 0) <= amount",
        )
        table.create_check_constraint(op.f("ck_price_groups_pay_one_rate"), "people_from = 1 OR rate = 'standard'")


def _create_lists() -> None:
    op.create_table(
        "offer_time",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.CheckConstraint("day BETWEEN 1 AND 7", name=op.f("ck_offer_time_day_of_the_week")),
        sa.CheckConstraint(f"part IN {PARTS}", name=op.f("ck_offer_time_partofday")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_time_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", "day", "part", name=op.f("pk_offer_time")),
    )
    op.create_table(
        "offer_payment",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.CheckConstraint(f"way IN {WAYS}", name=op.f("ck_offer_payment_waytopay")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_payment_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", "way", name=op.f("pk_offer_payment")),
    )
    op.create_table(
        "offer_council",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("council", sa.String(9), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_council_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", "council", name=op.f("pk_offer_council")),
    )
    op.create_index(op.f("ix_offer_council_council"), "offer_council", ["council"])
    op.create_table(
        "offer_language",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_language_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", "language", name=op.f("pk_offer_language")),
    )
    op.create_table(
        "listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid()),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_listing_provider_id_provider")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_listing_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_listing_offer_id")),
    )
    op.create_index(op.f("ix_listing_provider_id"), "listing", ["provider_id"])


def _one_of(column: str, *values: str) -> str:
    return f"{column} IN ({', '.join(map(repr, values))})"


def downgrade() -> None:
    for table in ("listing", "offer_language", "offer_council", "offer_payment", "offer_time"):
        op.drop_table(table)
    _narrow_price()
    _narrow_offer()
    _narrow_provider()
    op.drop_table("cqc_location")


def _narrow_price() -> None:
    op.execute(sa.text("DELETE FROM price WHERE rate <> 'standard' OR unit = 'package'"))
    with op.batch_alter_table("price") as table:
        for name in ("rate", "package_says_its_hours", "parts_within_amount", "groups_pay_one_rate", "unit"):
            table.drop_constraint(op.f(f"ck_price_{name}"), type_="check")
        table.drop_constraint(op.f("uq_price_offer_id_edition_people_from_rate"), type_="unique")
        for name in ("rate", "hours", "admin", "overhead"):
            table.drop_column(name)
        table.create_check_constraint(op.f("ck_price_unit"), _one_of("unit", *UNITS))
        table.create_unique_constraint(
            op.f("uq_price_offer_id_edition_people_from"), ["offer_id", "edition", "people_from"]
        )


def _narrow_offer() -> None:
    op.execute(sa.text("UPDATE offer SET status = 'unlisted' WHERE status = 'lapsed'"))
    op.drop_index(op.f("ix_offer_status_listed_at"), "offer")
    op.drop_index(op.f("ix_offer_status_confirmed_at"), "offer")
    with op.batch_alter_table("offer") as table:
        for name in (
            "offerstatus",
            "capacity",
            "cqcstanding",
            "capacity_has_a_day",
            "notice_hours_not_negative",
            "travel_per_mile_positive",
            "video_says_whether_it_has_captions",
        ):
            table.drop_constraint(op.f(f"ck_offer_{name}"), type_="check")
        for name in (
            "included",
            "suits",
            "notice_hours",
            "travel_per_mile",
            "video_url",
            "video_has_captions",
            "capacity",
            "capacity_on",
            "cqc_standing",
            "cqc_because",
            "listed_at",
            "confirmed_at",
            "reminded_at",
        ):
            table.drop_column(name)
        table.create_check_constraint(op.f("ck_offer_offerstatus"), _one_of("status", *STATUSES))


def _narrow_provider() -> None:
    # Before this, nobody could be another provider: going back refuses, rather than guess what they are.
    with op.batch_alter_table("provider") as table:
        for name in ("providerkind", "trade", "other_provider_says_its_trade"):
            table.drop_constraint(op.f(f"ck_provider_{name}"), type_="check")
        table.drop_constraint(op.f("fk_provider_cqc_location_id_cqc_location"), type_="foreignkey")
        for name in ("trade", "is_independent", "board_share_source", "board_share_on", "cqc_location_id"):
            table.drop_column(name)
        table.create_check_constraint(op.f("ck_provider_providerkind"), _one_of("kind", *KINDS))
