"""The order of the feed, from its index alone: far pages then read no offers on the way."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_index(op.f("ix_offer_status_listed_at_id"), "offer", ["status", "listed_at", "id"])
    op.drop_index(op.f("ix_offer_status_listed_at"), "offer")


def downgrade() -> None:
    op.create_index(op.f("ix_offer_status_listed_at"), "offer", ["status", "listed_at"])
    op.drop_index(op.f("ix_offer_status_listed_at_id"), "offer")
