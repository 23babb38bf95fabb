"""Categories, sources, providers, offers, access facts and prices."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)
KINDS = "('micro_provider', 'user_led_organisation', 'universal_service')"
STATUSES = "('draft', 'submitted', 'live', 'refused', 'unlisted')"
SETTINGS = "('at_home', 'at_place', 'online')"
UNITS = "('hour', 'session', 'day', 'night', 'week', 'mile', 'item')"
FACTS = (
    "('step_free', 'accessible_toilet', 'changing_place', 'hoist', 'hearing_loop', 'quiet_space', 'parking', 'bsl', "
    "'easy_read')"
)


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("parent", sa.String(40)),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["category.slug"], name=op.f("fk_category_parent_category")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_category")),
        sa.UniqueConstraint("name", name=op.f("uq_category_name")),
        sa.UniqueConstraint("position", name=op.f("uq_category_position")),
    )
    op.create_table(
        "source",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("publisher", sa.String(200), nullable=False),
        sa.Column("licence", sa.String(200), nullable=False),
        sa.Column("licence_url", sa.String(500), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_source")),
    )
    _create_provider()
    _create_offer()
    op.create_table(
        "offer_access",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("fact", sa.String(40), nullable=False),
        sa.CheckConstraint(f"fact IN {FACTS}", name=op.f("ck_offer_access_accessfact")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_access_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", "fact", name=op.f("pk_offer_access")),
    )
    op.create_table(
        "price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("people_from", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"unit IN {UNITS}", name=op.f("ck_price_unit")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_price_amount_positive")),
        sa.CheckConstraint("people_from >= 1", name=op.f("ck_price_people_from_at_least_one")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_price_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
        sa.UniqueConstraint("offer_id", "edition", "people_from", name=op.f("uq_price_offer_id_edition_people_from")),
    )


def _create_provider() -> None:
    op.create_table(
        "provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid()),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("staff_fte", sa.Numeric(4, 1)),
        sa.Column("board_share", sa.Integer()),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("postcode", sa.String(8)),
        sa.Column("easting", sa.Integer()),
        sa.Column("northing", sa.Integer()),
        sa.Column("council", sa.String(9)),
        sa.Column("website", sa.String(500)),
        sa.Column("source", sa.String(80)),
        sa.Column("source_key", sa.String(200)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_provider_providerkind")),
        sa.CheckConstraint(
            "kind = 'universal_service' OR organisation_id IS NOT NULL",
            name=op.f("ck_provider_sold_by_an_organisation"),
        ),
        sa.CheckConstraint(
            "kind <> 'micro_provider' OR coalesce(staff_fte, 0) > 0",
            name=op.f("ck_provider_micro_provider_says_its_size"),
        ),
        sa.CheckConstraint(
            "kind <> 'user_led_organisation' OR coalesce(board_share, 0) > 50",
            name=op.f("ck_provider_user_led_by_over_half_its_board"),
        ),
        sa.CheckConstraint("board_share BETWEEN 0 AND 100", name=op.f("ck_provider_board_share_in_hundreds")),
        sa.CheckConstraint("(easting IS NULL) = (northing IS NULL)", name=op.f("ck_provider_easting_and_northing")),
        sa.CheckConstraint("(source IS NULL) = (source_key IS NULL)", name=op.f("ck_provider_source_and_key")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_provider_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["source"], ["source.key"], name=op.f("fk_provider_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_provider_organisation_id")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_provider_source_source_key")),
    )
    op.create_index(op.f("ix_provider_council"), "provider", ["council"])


def _create_offer() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("setting", sa.String(40), nullable=False),
        sa.Column("travels_metres", sa.Integer()),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("postcode", sa.String(8)),
        sa.Column("easting", sa.Integer()),
        sa.Column("northing", sa.Integer()),
        sa.Column("council", sa.String(9)),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(80)),
        sa.Column("source_key", sa.String(200)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"status IN {STATUSES}", name=op.f("ck_offer_offerstatus")),
        sa.CheckConstraint(f"setting IN {SETTINGS}", name=op.f("ck_offer_setting")),
        sa.CheckConstraint("(easting IS NULL) = (northing IS NULL)", name=op.f("ck_offer_easting_and_northing")),
        sa.CheckConstraint("travels_metres >= 0", name=op.f("ck_offer_travels_no_less_than_nothing")),
        sa.CheckConstraint("(source IS NULL) = (source_key IS NULL)", name=op.f("ck_offer_source_and_key")),
        sa.CheckConstraint(
            "status <> 'live' OR description <> '' OR source IS NOT NULL",
            name=op.f("ck_offer_live_says_what_it_is"),
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_offer_provider_id_provider")),
        sa.ForeignKeyConstraint(["category"], ["category.slug"], name=op.f("fk_offer_category_category")),
        sa.ForeignKeyConstraint(["source"], ["source.key"], name=op.f("fk_offer_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_offer_source_source_key")),
    )
    op.create_index(op.f("ix_offer_provider_id"), "offer", ["provider_id"])
    op.create_index(op.f("ix_offer_category"), "offer", ["category"])
    op.create_index(op.f("ix_offer_council"), "offer", ["council"])
    op.create_index(op.f("ix_offer_status_updated_at"), "offer", ["status", "updated_at"])


def downgrade() -> None:
    for table in ("price", "offer_access", "offer", "provider", "source", "category"):
        op.drop_table(table)
