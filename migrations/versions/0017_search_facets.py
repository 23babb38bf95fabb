"""What can be filtered and ordered by: marks, prices, ratings, days, councils; and keys that bound a search."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "search_mark",
        sa.Column("bit", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.CheckConstraint("bit BETWEEN 0 AND 61", name=op.f("ck_search_mark_fits_in_a_number")),
        sa.PrimaryKeyConstraint("bit", name=op.f("pk_search_mark")),
        sa.UniqueConstraint("name", name=op.f("uq_search_mark_name")),
    )
    op.create_table(
        "search_rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.Integer(), nullable=False),
        sa.CheckConstraint("ratings > 0", name=op.f("ck_search_rating_by_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_rating")),
    )
    op.create_table(
        "search_key",
        sa.Column("key", sa.String(13), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_key")),
    )
    with op.batch_alter_table("search_document") as table:
        table.add_column(sa.Column("lot", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("marks", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("hourly", sa.BigInteger()))
        table.add_column(sa.Column("confirmed_on", sa.Date()))
        table.add_column(sa.Column("listed_on", sa.Date()))
        table.add_column(sa.Column("rating", sa.Integer()))
        table.add_column(sa.Column("ratings", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("councils", sa.Text(), nullable=False, server_default=" "))
        table.create_check_constraint(op.f("ck_search_document_hourly_not_negative"), "hourly >= 0")
        table.create_check_constraint(op.f("ck_search_document_rated_by_somebody"), "(rating IS NULL) = (ratings = 0)")
    op.drop_index(op.f("ix_search_document_updated_at"), "search_document")
    # Everything is written again by the next rebuild; until then it is found by its words as before.
    op.execute(sa.text("UPDATE search_document SET fingerprint = ''"))
    if op.get_bind().dialect.name == "sqlite":
        _remake_words("title, label, body, keys", "ascii tokenchars ''=''", "title, label, body, ' '")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _remake_words("title, label, body", "ascii", "title, label, body")
    op.execute(sa.text("UPDATE search_document SET fingerprint = ''"))
    op.create_index(op.f("ix_search_document_updated_at"), "search_document", ["updated_at"])
    with op.batch_alter_table("search_document") as table:
        table.drop_constraint(op.f("ck_search_document_rated_by_somebody"), type_="check")
        table.drop_constraint(op.f("ck_search_document_hourly_not_negative"), type_="check")
        for name in ("councils", "ratings", "rating", "listed_on", "confirmed_on", "hourly", "marks", "lot"):
            table.drop_column(name)
    for table_name in ("search_key", "search_rating", "search_mark"):
        op.drop_table(table_name)


def _remake_words(columns: str, tokenizer: str, values: str) -> None:
    """Make the table of words again with other columns: a virtual table cannot be altered."""
    op.execute("DROP TABLE search_words_counted")
    op.execute("ALTER TABLE search_words RENAME TO search_words_before")
    op.execute(f"CREATE VIRTUAL TABLE search_words USING fts5({columns}, tokenize = '{tokenizer}')")
    op.execute(f"INSERT INTO search_words (rowid, {columns}) SELECT rowid, {values} FROM search_words_before")
    op.execute("DROP TABLE search_words_before")
    op.execute("CREATE VIRTUAL TABLE search_words_counted USING fts5vocab('search_words', 'row')")
