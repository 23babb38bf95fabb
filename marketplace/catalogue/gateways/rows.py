"""What comes out of a published file, whatever it was written in."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.catalogue.rules.facts import NO_FACTS, PublishedFacts
from marketplace.kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class Row:
    """
    One entry: what its cells say, as written, and the line of the file it begins on, from 1.

    `facts` is what it says beyond doubt, where what it is written in can say so.
    """

    line: int
    cells: Mapping[str, str]
    facts: PublishedFacts = NO_FACTS


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One entry that could not be read, and why, as a sentence."""

    line: int
    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file as read. `remarks` are sentences that its reader should see, such as a guess about letters."""

    rows: tuple[Row | BrokenRow, ...]
    remarks: tuple[str, ...] = ()


class UnreadableFileError(DomainError):
    """Nothing of the file can be used. The message says what is the matter, where, and what to do."""
