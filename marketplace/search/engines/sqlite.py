"""SQLite: words in an FTS5 table, one row for each document."""

from collections.abc import Mapping

from sqlalchemy import Boolean, ColumnElement, FromClause, bindparam, column, func, literal_column, or_, table, text
from sqlalchemy.orm import Session

from marketplace.search.language import All, Either, Entry, Leaf, Node, Phrase, Start, Without, Word
from marketplace.search.models import IndexedDocument

WORDS = table("search_words", column("rowid"), column("title"), column("label"), column("body"))

_ERASE = text("DELETE FROM search_words WHERE rowid = :number")
_WRITE = text("INSERT INTO search_words (rowid, title, label, body) VALUES (:number, :title, :label, :body)")
_COUNT = text("SELECT term, doc FROM search_words_counted")
_UNSEARCHABLE = text(
    "SELECT number FROM search_document WHERE number NOT IN (SELECT rowid FROM search_words)"
    " UNION SELECT rowid FROM search_words WHERE rowid NOT IN (SELECT number FROM search_document)"
)


class SQLite:
    """FTS5, told in its own query language."""

    repeats_cheaply = True

    def source(self) -> FromClause:
        document = IndexedDocument.__table__
        return WORDS.join(document, document.c.number == WORDS.c.rowid)

    def matches(self) -> ColumnElement[bool]:
        # The hidden column named as its table stands for all of a row's words.
        return literal_column("search_words.search_words").op("MATCH", return_type=Boolean())(bindparam("match"))

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

    def holds(self, column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
        return func.instr(column, bindparam(parameter)) > 0

    def holds_anywhere(self, parameter: str) -> ColumnElement[bool]:
        return or_(*(self.holds(column, parameter) for column in (WORDS.c.title, WORDS.c.label, WORDS.c.body)))

    def leaf(self, leaf: Leaf) -> str:
        return f" {leaf.stem} " if isinstance(leaf, Word) else f" {leaf.letters}"

    def write(self, session: Session, *, number: int, entry: Entry) -> None:
        self.erase(session, number=number)
        words = {"title": entry.title, "label": entry.label, "body": entry.body}
        spaced = {name: f" {' '.join(stems)} " for name, stems in words.items()}
        session.execute(_WRITE, {"number": number, **spaced})

    def erase(self, session: Session, *, number: int) -> None:
        session.execute(_ERASE, {"number": number})

    def counted(self, session: Session) -> Mapping[str, int]:
        return dict(session.execute(_COUNT).all())

    def unsearchable(self, session: Session) -> set[int]:
        return set(session.scalars(_UNSEARCHABLE))
