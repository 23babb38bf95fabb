"""What somebody wants of the feed: every filter it has. Those that are set must all hold."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from marketplace.catalogue.rules.nouns import Day, PartOfDay
from marketplace.catalogue.rules.sharing import HOURS
from marketplace.kit.places import CouncilCode, Point

USUAL_PAGE, LONGEST_PAGE = 50, 200
"""Entries to a page, unless asked otherwise, and at most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which live offers, and which page of them. None and nothing mean any.

    `terms` and `taxonomies` are their ids. `near` with `within_metres` means offers at a place no farther than that;
    `council` those that serve its area. `is_full` asks for everything that belongs to each, even in a list.
    """

    page: int = 1
    per_page: int = USUAL_PAGE
    is_full: bool = False
    words: str = ""
    terms: tuple[UUID, ...] = ()
    taxonomies: tuple[UUID, ...] = ()
    provider_id: UUID | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    day: Day | None = None
    starts: time | None = None
    ends: time | None = None
    near: Point | None = None
    within_metres: int | None = None
    council: CouncilCode | None = None
    modified_after: datetime | None = None


def parts_between(starts: time | None, ends: time | None) -> tuple[PartOfDay, ...]:
    """Return the parts of a day that start no earlier, and end no later. The night ends on the next day."""
    return tuple(
        part
        for part, (opens, closes) in HOURS.items()
        if (starts is None or opens >= starts) and (ends is None or opens < closes <= ends)
    )
