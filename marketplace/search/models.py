"""
What we store to find things by.

The words themselves are kept where each database's own engine wants them, in what the migration calls `search_words`:
a virtual table on SQLite, a column and its index on PostgreSQL. Only `engines` knows them.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.keeping import nobodys
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode
from marketplace.search.rules import DocumentId

WORD_LENGTH = 40
"""Letters in the longest word kept. The longest in English prose are under 30."""

MARK_LENGTH = 80


class Shelf(Model):
    """One kind, category and cost together: what the filters ask, and what is counted for them."""

    __tablename__ = "search_shelf"
    kept = nobodys("The index of offers")
    __table_args__ = (UniqueConstraint("kind", "category", "is_free"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(80))
    is_free: Mapped[bool]


class IndexedDocument(Model):
    """
    A document as it is looked up: small, because every one that matches is read.

    `number` is what the engines know it by. `title_words` and `label_words` hold the words as searched, with a space
    before and after each; in the same way, `names_below` holds what the rest is about, and `councils` the codes of
    those served by name. `marks` has one bit for each mark. `lot` is drawn once for each document and shuffles it.
    `rating` is in hundredths of a star; `worth` orders what is rated. `fingerprint` tells whether the document, or the
    language, has changed since.
    """

    __tablename__ = "search_document"
    kept = nobodys("The index of offers")
    __table_args__ = (
        CheckConstraint("(easting IS NULL) = (northing IS NULL)", name="easting_and_northing"),
        CheckConstraint("travels_metres >= 0", name="travels_metres_not_negative"),
        CheckConstraint("hourly >= 0", name="hourly_not_negative"),
        CheckConstraint("(rating IS NULL) = (ratings = 0)", name="rated_by_somebody"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[DocumentId] = mapped_column(Uuid, unique=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("search_shelf.id"), index=True)
    updated_at: Mapped[datetime]
    easting: Mapped[int | None] = mapped_column(BigInteger)
    northing: Mapped[int | None] = mapped_column(BigInteger)
    travels_metres: Mapped[int | None] = mapped_column(BigInteger)
    is_everywhere: Mapped[bool]
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    provider: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(32))
    title_words: Mapped[str] = mapped_column(Text)
    label_words: Mapped[str] = mapped_column(Text)
    lot: Mapped[int] = mapped_column(Integer, server_default="0")
    marks: Mapped[int] = mapped_column(BigInteger, server_default="0")
    hourly: Mapped[int | None] = mapped_column(BigInteger)
    confirmed_on: Mapped[date | None]
    listed_on: Mapped[date | None]
    rating: Mapped[int | None]
    ratings: Mapped[int] = mapped_column(server_default="0")
    worth: Mapped[int | None]
    councils: Mapped[str] = mapped_column(Text, server_default=" ")
    names_below: Mapped[str] = mapped_column(Text, server_default=" ")


class Mark(Model):
    """A mark that some document has or had, and its bit in the number that holds all of a document's marks."""

    __tablename__ = "search_mark"
    kept = nobodys("The index of offers")
    __table_args__ = (CheckConstraint("bit BETWEEN 0 AND 61", name="fits_in_a_number"),)

    bit: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(MARK_LENGTH), unique=True)


class Rated(Model):
    """How people rate what a document describes, in hundredths of a star. Stays when the document goes."""

    __tablename__ = "search_rating"
    kept = nobodys("The index of offers")
    __table_args__ = (CheckConstraint("ratings > 0", name="by_somebody"),)

    id: Mapped[DocumentId] = mapped_column(Uuid, primary_key=True)
    score: Mapped[int]
    ratings: Mapped[int]
    worth: Mapped[int] = mapped_column(server_default="0")


class Key(Model):
    """
    A key that documents are kept under besides their words, and how many there are under it.

    Keys stand for a kind, a square of the map, a share of all documents and so on: see `keys`. `documents` is as it was
    when words were last counted.
    """

    __tablename__ = "search_key"
    kept = nobodys("The index of offers")

    key: Mapped[str] = mapped_column(String(13), primary_key=True)
    documents: Mapped[int]


class Word(Model):
    """
    A word somebody wrote, the stem it is searched by, and how many documents hold that stem.

    `documents` is as it was when words were last counted. `initial` finds the words to compare a misspelt one with.
    The row whose word and stem are empty holds the number of all documents.
    """

    __tablename__ = "search_word"
    kept = nobodys("The index of offers")

    word: Mapped[str] = mapped_column(String(WORD_LENGTH), primary_key=True)
    stem: Mapped[str] = mapped_column(String(WORD_LENGTH), index=True)
    initial: Mapped[str] = mapped_column(String(1), index=True)
    documents: Mapped[int]
