"""PostgreSQL: words in a tsvector beside each document, under a GIN index."""

import typing
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from marketplace.search.engines.stored import Kept
from marketplace.search.language import All, Either, Leaf, Node, Phrase, Start, Without, Word
from marketplace.search.models import IndexedDocument

# Positions end at 16,383 and a phrase needs them, so each part has a stretch of its own, with a gap before the next.
_TITLE_AT, _LABEL_AT, _BODY_AT = 1, 3_000, 6_000

# With their words, which come in one go: a second UPDATE would leave a dead row and its index entries for each.
_DOCUMENTS = typing.cast("Table", IndexedDocument.__table__).to_metadata(MetaData())
_DOCUMENTS.append_column(Column("search_words", TSVECTOR))

_DIFFERING = text(
    "SELECT number FROM search_document JOIN unnest(CAST(:numbers AS integer[]), CAST(:words AS text[]))"
    " AS kept(number, words) USING (number) WHERE search_words IS DISTINCT FROM CAST(kept.words AS tsvector)"
)
_ANALYZE = text("ANALYZE search_document, search_shelf, search_word, search_key")
_COUNT = text("SELECT word, ndoc FROM ts_stat('SELECT search_words FROM search_document')")
_UNSEARCHABLE = text("SELECT number FROM search_document WHERE search_words IS NULL")


class PostgreSQL:
    """
    A tsvector and a tsquery, written out by ourselves.

    PostgreSQL's own parser and dictionaries never see a word, so what it matches is what the language said.
    """

    def source(self) -> FromClause:
        return IndexedDocument.__table__

    def with_words(self, documents: FromClause) -> FromClause:
        return documents

    def matches(self, parameter: str = "match") -> ColumnElement[bool]:
        return self.holds_below(parameter)

    def ask(self, node: Node) -> str:
        match node:
            case Word(stem):
                return _quoted(stem)
            case Start(letters):
                return f"{_quoted(letters)}:*"
            case Phrase(stems):
                return f"({' <-> '.join(map(_quoted, stems))})"
            case Without(part, banned):
                return f"({self.ask(part)} & !{self.ask(banned)})"
            case All(parts):
                return f"({' & '.join(map(self.ask, parts))})"
            case Either(parts):
                return f"({' | '.join(map(self.ask, parts))})"

    def key(self, key: str) -> str:
        return _quoted(key)

    def all_of(self, asked: Sequence[str]) -> str:
        return f"({' & '.join(asked)})"

    def any_of(self, asked: Sequence[str]) -> str:
        return f"({' | '.join(asked)})"

    def holds(self, column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
        return func.strpos(column, bindparam(parameter)) > 0

    def holds_below(self, parameter: str) -> ColumnElement[bool]:
        words: ColumnElement[str] = literal_column("search_document.search_words")
        return words.op("@@", return_type=Boolean())(cast(bindparam(parameter), TSQUERY))

    def leaf(self, leaf: Leaf) -> str:
        return self.ask(leaf)

    def row(self, *columns: ColumnElement[Any]) -> ColumnElement[str]:
        return func.json_build_array(*columns)

    def listed(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        return cast(func.json_agg(column), Text())

    def documents(self) -> Table:
        return _DOCUMENTS

    def in_its_row(self, kept: Kept) -> Mapping[str, str]:
        return {"search_words": _vector(kept)}

    def write(self, session: Session, kept: Mapping[int, Kept]) -> None:
        """Do nothing: the words came with the document's own row."""

    def differing(self, session: Session, kept: Mapping[int, Kept]) -> set[int]:
        asked = {"numbers": list(kept), "words": [_vector(each) for each in kept.values()]}
        return set(session.scalars(_DIFFERING, asked))

    def erase(self, session: Session, numbers: Sequence[int]) -> None:
        """Do nothing: the words are in the document's own row."""

    def settle(self, session: Session) -> None:
        # Without this the planner goes by what it saw when the tables were empty.
        session.execute(_ANALYZE)

    def counted(self, session: Session) -> Mapping[str, int]:
        return dict(session.execute(_COUNT).all())

    def unsearchable(self, session: Session) -> set[int]:
        return set(session.scalars(_UNSEARCHABLE))


def _quoted(stem: str) -> str:
    return f"'{stem}'"


def _vector(kept: Kept) -> str:
    entry = kept.entry
    parts = ((entry.title, _TITLE_AT), (entry.label, _LABEL_AT), (entry.body, _BODY_AT))
    return " ".join((*(_placed(stems, start) for stems, start in parts), *map(_quoted, kept.keys)))


def _placed(stems: Sequence[str], start: int) -> str:
    return " ".join(f"{_quoted(stem)}:{at}" for stem, at in zip(stems, count(start), strict=False))
