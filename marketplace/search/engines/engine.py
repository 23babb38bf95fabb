"""What every engine can do."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Table
from sqlalchemy.orm import Session

from marketplace.search.engines.stored import Kept
from marketplace.search.language import Leaf, Node


class Engine(Protocol):
    """Keeps the words of documents, and says which documents match."""

    def source(self) -> FromClause:
        """Return the documents, joined to their words."""
        ...

    def with_words(self, documents: FromClause) -> FromClause:
        """Return rows that documents are joined to, joined to the words of those documents as well."""
        ...

    def matches(self, parameter: str = "match") -> ColumnElement[bool]:
        """Return the test that a document matches what is bound as `parameter`: see `ask`."""
        ...

    def ask(self, node: Node) -> str:
        """Return what was asked in the engine's own words, to be bound as `match`."""
        ...

    def key(self, key: str) -> str:
        """Return a key in the engine's own words."""
        ...

    def all_of(self, asked: Sequence[str]) -> str:
        """Return what has all of several things, each in the engine's own words."""
        ...

    def any_of(self, asked: Sequence[str]) -> str:
        """Return what has any of several things, each in the engine's own words."""
        ...

    def holds(self, column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
        """Return the test that a column of words has the text bound as `parameter`."""
        ...

    def holds_below(self, parameter: str) -> ColumnElement[bool]:
        """Return the test that a document has the leaf bound as `parameter` below its title and label: see `leaf`."""
        ...

    def leaf(self, leaf: Leaf) -> str:
        """Return a leaf as `holds_below` takes it."""
        ...

    def row(self, *columns: ColumnElement[Any]) -> ColumnElement[str]:
        """Return columns as one JSON list."""
        ...

    def listed(self, column: ColumnElement[Any]) -> ColumnElement[str]:
        """Return all rows of a column as one JSON list. Many small rows cost more to fetch."""
        ...

    def documents(self) -> Table:
        """Return the table of documents with whatever this engine keeps in their own rows."""
        ...

    def in_its_row(self, kept: Kept) -> Mapping[str, str]:
        """Return what is kept of a document's words and keys in its own row, to be written with the rest of it."""
        ...

    def write(self, session: Session, kept: Mapping[int, Kept]) -> None:
        """Keep the words and keys of documents, by their numbers, in place of any they had, unless they are there."""
        ...

    def differing(self, session: Session, kept: Mapping[int, Kept]) -> set[int]:
        """Return which of these documents do not have just these words and keys, by their numbers."""
        ...

    def erase(self, session: Session, numbers: Sequence[int]) -> None:
        """Forget the words of documents."""
        ...

    def settle(self, session: Session) -> None:
        """Put the index in its best order after much has changed."""
        ...

    def counted(self, session: Session) -> Mapping[str, int]:
        """Count in how many documents each stem is, and each key. Reads the whole index."""
        ...

    def unsearchable(self, session: Session) -> set[int]:
        """Return the numbers of documents whose words are not kept, and of words kept for no document."""
        ...
