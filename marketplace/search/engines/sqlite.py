"""SQLite: words in an FTS5 table, one row for each document."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Table,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from marketplace.search.engines.stored import Kept
from marketplace.search.language import All, Either, Leaf, Node, Phrase, Start, Without, Word
from marketplace.search.models import IndexedDocument

WORDS = table("search_words", column("rowid"), column("title"), column("label"), column("body"), column("keys"))

_ERASE = text("DELETE FROM search_words WHERE rowid = :number")
_WRITE = text(
    "INSERT INTO search_words (rowid, title, label, body, keys) VALUES (:number, :title, :label, :body, :keys)"
)
_KEPT = select(WORDS).where(WORDS.c.rowid.in_(bindparam("numbers", expanding=True)))
_MERGE = text("INSERT INTO search_words (search_words) VALUES ('optimize')")
_COUNT = text("SELECT term, doc FROM search_words_counted")
_UNSEARCHABLE = text(
    "SELECT number FROM search_document WHERE number NOT IN (SELECT rowid FROM search_words)"
    " UNION SELECT rowid FROM search_words WHERE rowid NOT IN (SELECT number FROM search_document)"
)


class SQLite:
    """FTS5, told in its own query language."""

    def source(self) -> FromClause:
        document = IndexedDocument.__table__
        return WORDS.join(document, document.c.number == WORDS.c.rowid)

    def with_words(self, documents: FromClause) -> FromClause:
        return documents.outerjoin(WORDS, WORDS.c.rowid == IndexedDocument.__table__.c.number)

    def matches(self, parameter: str = "match") -> ColumnElement[bool]:
        # The hidden column named as its table stands for all of a row's words.
        return literal_column("search_words.search_words").op("MATCH", return_type=Boolean())(bindparam(parameter))

    def ask(self, node: Node) -> str:
        match node:
            case Word(stem):
                return f'"{stem}"'
            case Start(letters):
                return f'"{letters}"*'
            case Phrase(stems):
                return f'"{" ".join(stems)}"'
            case Without(part, banned):
                return f"({self.ask(part)} NOT {self.ask(banned)})"
            case All(parts):
                return f"({' AND '.join(map(self.ask, parts))})"
            case Either(parts):
                return f"({' OR '.join(map(self.ask, parts))})"

    def key(self, key: str) -> str:
        return f'"{key}"'

    def all_of(self, asked: Sequence[str]) -> str:
        return f"({' AND '.join(asked)})"

    def any_of(self, asked: Sequence[str]) -> str:
        return f"({' OR '.join(asked)})"

    def holds(self, column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
        return func.instr(column, bindparam(parameter)) > 0

    def holds_below(self, parameter: str) -> ColumnElement[bool]:
        return self.holds(WORDS.c.body, parameter)

    def leaf(self, leaf: Leaf) -> str:
        return f" {leaf.stem} " if isinstance(leaf, Word) else f" {leaf.letters}"

    def row(self, *columns: ColumnElement[Any]) -> ColumnElement[str]:
        return func.json_array(*columns)

    def listed(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        return func.json_group_array(column)

    def documents(self) -> Table:
        return cast("Table", IndexedDocument.__table__)

    def in_its_row(self, kept: Kept) -> Mapping[str, str]:
        return {}

    def write(self, session: Session, kept: Mapping[int, Kept]) -> None:
        self.erase(session, list(kept))
        session.execute(_WRITE, [_row(number, each) for number, each in kept.items()])

    def differing(self, session: Session, kept: Mapping[int, Kept]) -> set[int]:
        rows = {row.rowid: row for row in session.execute(_KEPT, {"numbers": list(kept)})}
        return {
            number
            for number, each in kept.items()
            if number not in rows or tuple(rows[number]) != tuple(_row(number, each).values())
        }

    def erase(self, session: Session, numbers: Sequence[int]) -> None:
        if numbers:
            session.execute(_ERASE, [{"number": number} for number in numbers])

    def settle(self, session: Session) -> None:
        session.execute(_MERGE)

    def counted(self, session: Session) -> Mapping[str, int]:
        return dict(session.execute(_COUNT).all())

    def unsearchable(self, session: Session) -> set[int]:
        return set(session.scalars(_UNSEARCHABLE))


def _row(number: int, kept: Kept) -> dict[str, object]:
    entry = kept.entry
    parts = {"title": entry.title, "label": entry.label, "body": entry.body, "keys": kept.keys}
    return {"number": number} | {name: f" {' '.join(stems)} " for name, stems in parts.items()}
