"""What can be found, and the words it is found by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "search_shelf",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("category", sa.String(80), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_shelf")),
        sa.UniqueConstraint("kind", "category", "is_free", name=op.f("uq_search_shelf_kind_category_is_free")),
    )
    op.create_table(
        "search_document",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shelf_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("easting", sa.BigInteger()),
        sa.Column("northing", sa.BigInteger()),
        sa.Column("travels_metres", sa.BigInteger()),
        sa.Column("is_everywhere", sa.Boolean(), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("provider", sa.String(80), nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("label_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(easting IS NULL) = (northing IS NULL)", name=op.f("ck_search_document_easting_and_northing")
        ),
        sa.CheckConstraint("travels_metres >= 0", name=op.f("ck_search_document_travels_metres_not_negative")),
        sa.ForeignKeyConstraint(
            ["shelf_id"], ["search_shelf.id"], name=op.f("fk_search_document_shelf_id_search_shelf")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_document")),
        sa.UniqueConstraint("id", name=op.f("uq_search_document_id")),
    )
    op.create_index(op.f("ix_search_document_shelf_id"), "search_document", ["shelf_id"])
    op.create_index(op.f("ix_search_document_updated_at"), "search_document", ["updated_at"])
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(40), nullable=False),
        sa.Column("stem", sa.String(40), nullable=False),
        sa.Column("initial", sa.String(1), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index(op.f("ix_search_word_stem"), "search_word", ["stem"])
    op.create_index(op.f("ix_search_word_initial"), "search_word", ["initial"])
    op.create_table(
        "search_miss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council", sa.String(9)),
        sa.Column("category", sa.String(80)),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_miss")),
    )
    op.create_index(op.f("ix_search_miss_council"), "search_miss", ["council"])
    if op.get_bind().dialect.name == "sqlite":
        # The words come already cut and stemmed, so the plainest tokenizer is the right one.
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5(title, label, body, tokenize = 'ascii')")
        op.execute("CREATE VIRTUAL TABLE search_words_counted USING fts5vocab('search_words', 'row')")
    else:
        op.execute("ALTER TABLE search_document ADD COLUMN search_words tsvector")
        # Without fastupdate a search never has to read a list of changes that nobody has sorted yet.
        op.execute("CREATE INDEX search_words ON search_document USING gin (search_words) WITH (fastupdate = off)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words_counted")
        op.execute("DROP TABLE search_words")
    for table in ("search_miss", "search_word", "search_document", "search_shelf"):
        op.drop_table(table)
