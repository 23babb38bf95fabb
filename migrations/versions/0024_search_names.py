"""What the description of a document is about, apart: to be read without all of its words."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("search_document", sa.Column("names_below", sa.Text(), nullable=False, server_default=" "))
    op.execute(sa.text("UPDATE search_document SET fingerprint = ''"))


def downgrade() -> None:
    with op.batch_alter_table("search_document") as table:
        table.drop_column("names_below")
