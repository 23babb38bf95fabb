"""What is owed for an arrangement that was cancelled, apart from its visits: written down when it is."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    # One statement for both databases: rebuilding the table, as SQLite would, is refused while triggers name it.
    op.execute(
        "ALTER TABLE arrangement ADD COLUMN owed_at_end BIGINT "
        "CONSTRAINT ck_arrangement_owed_at_end_not_negative CHECK (owed_at_end >= 0)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE arrangement DROP COLUMN owed_at_end")
