"""What one person says of one offer, found at once however much others say of it."""

from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_index(op.f("ix_review_person_id_offer_id"), "review", ["person_id", "offer_id"])
    op.drop_index(op.f("ix_review_person_id"), "review")


def downgrade() -> None:
    op.create_index(op.f("ix_review_person_id"), "review", ["person_id"])
    op.drop_index(op.f("ix_review_person_id_offer_id"), "review")
