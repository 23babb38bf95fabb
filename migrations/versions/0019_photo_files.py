"""The photographs themselves, and whether a moderator has looked at them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "photo_file",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_photo_file")),
    )
    with op.batch_alter_table("photo") as table:
        table.add_column(sa.Column("approved_at", MOMENT))
        table.create_foreign_key(op.f("fk_photo_digest_photo_file"), "photo_file", ["digest"], ["digest"])
    op.create_index(op.f("ix_photo_digest"), "photo", ["digest"])
    op.create_index(op.f("ix_photo_approved_at"), "photo", ["approved_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_photo_approved_at"), "photo")
    op.drop_index(op.f("ix_photo_digest"), "photo")
    with op.batch_alter_table("photo") as table:
        table.drop_constraint(op.f("fk_photo_digest_photo_file"), type_="foreignkey")
        table.drop_column("approved_at")
    op.drop_table("photo_file")
