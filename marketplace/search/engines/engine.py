"""What every engine can do."""

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.orm import Session

from marketplace.search.language import Entry, Leaf, Node


class Engine(Protocol):
    """
    Keeps the words of documents, and says which documents match.

    `repeats_cheaply` says whether matching twice costs less than keeping what matched.
    """

    repeats_cheaply: bool

    def source(self) -> FromClause:
        """Return the documents, joined to their words."""
        ...

    def matches(self) -> ColumnElement[bool]:
        """Return the test that a document matches what is bound as `match`: see `ask`."""
        ...

    def ask(self, node: Node) -> str:
        """Return what was asked in the engine's own words, to be bound as `match`."""
        ...

    def holds(self, column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
        """Return the test that a column of words has the text bound as `parameter`."""
        ...

    def holds_anywhere(self, parameter: str) -> ColumnElement[bool]:
        """Return the test that a document has the leaf bound as `parameter`: see `leaf`."""
        ...

    def leaf(self, leaf: Leaf) -> str:
        """Return a leaf as `holds_anywhere` takes it."""
        ...

    def write(self, session: Session, *, number: int, entry: Entry) -> None:
        """Keep the words of a document, in place of any it had."""
        ...

    def erase(self, session: Session, *, number: int) -> None:
        """Forget the words of a document."""
        ...

    def counted(self, session: Session) -> Mapping[str, int]:
        """Count in how many documents each stem is. Reads the whole index."""
        ...

    def unsearchable(self, session: Session) -> set[int]:
        """Return the numbers of documents whose words are not kept, and of words kept for no document."""
        ...
