"""What each table keeps of people, as its model declares: whose it is, why, how long, what goes when they leave."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, LargeBinary, String, Table
from sqlalchemy.sql.schema import Column
from sqlalchemy.types import Enum as EnumType

SIX_YEARS = 2192
"""In days: how long accounts, and what was agreed, can be asked for (Limitation Act 1980, tax law)."""
SIX_YEARS_LASTS = timedelta(days=SIX_YEARS)


class Why(enum.StrEnum):
    """What allows us to keep it (UK GDPR, Articles 6 and 9)."""

    ASKED = "to do what you asked us to do (contract)"
    AGREED = "because you said yes (consent), also where it tells of health or care"
    LAW = "because the law says so (legal obligation)"
    FAIR = "so that the site is safe and fair to all (legitimate interests)"
    NOBODYS = "it is about no one person"


class Leaving(enum.StrEnum):
    """What becomes of a row when its person leaves."""

    GOES = "deleted"
    EMPTIED = "emptied: the row stays, and says nothing of you"
    STAYS = "stays, without your name"


@dataclass(frozen=True, slots=True)
class Lasts:
    """How long a row is kept: so many days from the moment or day in one of its columns."""

    days: int
    after: str


class Moment(enum.Enum):
    """What stands in a column that is emptied with the moment in which its person left."""

    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What one table keeps of people. Every column of text is in `words`, `blanks`, `later`, `plain` or `secrets`."""

    what: str
    # The column that leads to the person: to `person` itself, or to a parent row that is somebody's.
    whose: str | None = None
    # Or it holds their address instead.
    by_email: str | None = None
    # Or rows of another table that are somebody's refer to it: that table, and the column there.
    through: tuple[str, str] | None = None
    # Where this column is set, the row belongs to an organisation or a pool, not to whoever wrote it.
    spares: str | None = None
    why: Why = Why.ASKED
    leaving: Leaving = Leaving.GOES
    # Why it does not simply go: pages say it.
    because: str = ""
    # The columns that tell of the person.
    words: tuple[str, ...] = ()
    # What takes the place of columns when the person leaves, and what six years after that.
    blanks: Mapping[str, Any] = field(default_factory=dict)
    later: Mapping[str, Any] = field(default_factory=dict)
    # Codes, and names of things.
    plain: tuple[str, ...] = ()
    # Keys: never given out.
    secrets: tuple[str, ...] = ()
    # If set: of its columns only these are the person's to take.
    only: tuple[str, ...] = ()
    # Another column with a person in it, and what is emptied when that person leaves. They may take the row too.
    also: str | None = None
    also_blanks: Mapping[str, Any] = field(default_factory=dict)
    # None: until the person leaves.
    lasts: Lasts | None = None
    # A change of it is a change of money, access, moderation or consent: it is in the audit trail.
    audited: bool = False
    # Columns of an audited table that only say when somebody was written to, or is next looked at.
    unaudited: tuple[str, ...] = ()

    @property
    def is_somebodys(self) -> bool:
        """Whether its rows belong to people."""
        return bool(self.whose or self.by_email or self.through)

    @property
    def tells(self) -> frozenset[str]:
        """The columns that tell of the person, other than by numbers and days."""
        return frozenset((*self.words, *self.blanks, *self.later, *self.also_blanks))


def nobodys(what: str, *, audited: bool = False, lasts: Lasts | None = None) -> Kept:
    """Declare a table whose rows are about no one person. Who did something to them is written as a number only."""
    return Kept(what=what, why=Why.NOBODYS, leaving=Leaving.STAYS, audited=audited, lasts=lasts)


def kept_in(table: Table) -> Kept:
    """
    Return what a table was declared to keep.

    :raises LookupError: if nobody has declared it.
    """
    kept: Kept | None = table.info.get("kept")
    if kept is None:
        raise LookupError(f"The table {table.name} does not say what it keeps of people: declare `kept` on its model.")
    return kept


def is_text(column: Column[Any]) -> bool:
    """Test whether a column can hold what people wrote: text, files, answers."""
    if isinstance(column.type, EnumType) or column.foreign_keys:
        return False
    return isinstance(column.type, String | JSON | LargeBinary)


def undeclared(table: Table) -> tuple[str, ...]:
    """Return what is missing or wrong in a table's declaration, as sentences. None: it is whole."""
    kept = table.info.get("kept")
    if not isinstance(kept, Kept):
        return (f"{table.name} does not say what it keeps of people.",)
    ways = filter(None, (kept.whose, kept.by_email, kept.also, kept.spares))
    said = {*kept.tells, *kept.plain, *kept.secrets, *kept.only, *kept.unaudited, *ways}
    problems = [f"{table.name}.{name} is declared and not there." for name in sorted(said - set(table.columns.keys()))]
    if kept.is_somebodys:
        problems += [
            f"{table.name}.{column.name} is text: say whether it is words, plain or a secret."
            for column in table.columns
            if is_text(column) and column.name not in said
        ]
        if kept.leaving is not Leaving.GOES and not kept.because:
            problems.append(f"{table.name} stays when its person leaves: say because of what.")
    if kept.lasts and kept.lasts.after not in table.columns:
        problems.append(f"{table.name} lasts from {kept.lasts.after}, which is not there.")
    return tuple(problems)
