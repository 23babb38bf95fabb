"""What ratings are worth for order, beside the average that people see."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("search_document", sa.Column("worth", sa.Integer()))
    op.add_column("search_rating", sa.Column("worth", sa.Integer(), nullable=False, server_default="0"))
    # Until it is worked out, the average stands for it: in millionths of a star, where the score is in hundredths.
    op.execute(sa.text("UPDATE search_rating SET worth = score * 10000"))
    op.execute(sa.text("UPDATE search_document SET worth = rating * 10000 WHERE rating IS NOT NULL"))


def downgrade() -> None:
    op.drop_column("search_rating", "worth")
    op.drop_column("search_document", "worth")
