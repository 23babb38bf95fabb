"""What can be found, what somebody asks, and what they are answered."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import NewType

from marketplace.kit.places import CouncilCode, Point

DocumentId = NewType("DocumentId", uuid.UUID)

PAGE_SIZE = 20

MOST_MARKS = 62
"""Different marks that one index holds: each is a bit of one whole number, which both databases keep in 64."""


class Cost(StrEnum):
    """Whether one pays. What has no price yet, and has to be asked for, is not free."""

    FREE = "free"
    PAID = "paid"


class Sort(StrEnum):
    """What comes first: what fits the words best, is nearest, costs least, or is liked best. Unknowns come last."""

    FIT = "fit"
    DISTANCE = "distance"
    PRICE = "price"
    RATING = "rating"


class Setting(StrEnum):
    """Where it happens: it comes to people, they go to it, or it is had from anywhere."""

    AT_HOME = "at_home"
    AT_PLACE = "at_place"
    ONLINE = "online"


class Freshness(IntEnum):
    """How long ago somebody last said that all of a document is so, in bands: nobody gains by a day."""

    MONTH = 0
    QUARTER = 1
    OLDER = 2
    UNKNOWN = 3


class Part(StrEnum):
    """Where in a document a word was found: see `TITLE`, `LABEL` and `BODY`."""

    TITLE = "title"
    LABEL = "label"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Document:
    """
    One thing that can be found.

    `marks` are facts that it can be filtered by, as short strings the writer of documents makes up; an index holds
    `MOST_MARKS` different ones. `hourly` is a price to compare by, in pence: 0 is free, None is unknown. `confirmed_on`
    is when somebody last said that all of this is so, `listed_on` when it first came. `councils` are those it serves by
    name, besides what `travels_metres` says.

    `travels_metres` is how far the provider goes from the point to reach people. `is_everywhere` is for what is online,
    or comes to anyone in England. `title` to `place` are the words it is found by: a word in the title says most about
    it, then the category and the provider, then the description and the place.
    """

    id: DocumentId
    kind: str
    category: str
    is_free: bool
    provider: str
    updated_at: datetime
    title: str
    category_name: str = ""
    provider_name: str = ""
    description: str = ""
    place: str = ""
    council: CouncilCode | None = None
    point: Point | None = None
    travels_metres: int | None = None
    is_everywhere: bool = False
    marks: frozenset[str] = frozenset()
    hourly: int | None = None
    confirmed_on: date | None = None
    listed_on: date | None = None
    councils: frozenset[CouncilCode] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """
    What somebody asks. Empty sets and None mean any. A distance without `near` is ignored.

    All of `marks` must be there. What comes to people says how far it travels: `setting` goes by that. `dearest` is
    the most it may cost an hour, in pence: what has no known price does not fit. `rated_at_least` is in hundredths of a
    star (400 is four stars), by at least `rated_by` people. With `council`, what serves it by name fits besides what is
    near enough; without `near` as well, so does what stands in it or is everywhere, and nothing else. `listed_since` is
    the first day on which it may have come. `today` is for freshness, new documents, and the shuffle of the day.
    """

    words: str = ""
    near: Point | None = None
    within_metres: int | None = None
    kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    cost: Cost | None = None
    setting: Setting | None = None
    marks: frozenset[str] = frozenset()
    dearest: int | None = None
    rated_at_least: int | None = None
    rated_by: int = 1
    council: CouncilCode | None = None
    listed_since: date | None = None
    today: date | None = None
    sort: Sort = Sort.FIT
    page: int = 1
    page_size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Why:
    """
    Why an answer stands where it stands.

    `words` are the words asked for that it has, as they were written in the question, each with the best part it was
    found in. `is_new` means that it stands in the place kept for what is new here. `is_shuffled` means that it stands
    before or after a neighbour on the page by today's shuffle alone: in everything else they are alike.
    """

    words: tuple[tuple[str, Part], ...] = ()
    distance_metres: int | None = None
    freshness: Freshness = Freshness.UNKNOWN
    is_new: bool = False
    is_shuffled: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. The distance is None when nobody asked from anywhere, or the document has no point."""

    id: DocumentId
    distance_metres: int | None
    why: Why = Why()


@dataclass(frozen=True, slots=True)
class Found:
    """
    One page of answers.

    `counts` says how many there would be for each value of a filter ("kind", "category", "cost", "mark"), all other
    filters applied; of a mark, if it were asked for as well. `is_counted` tells whether the total is exact. When it is
    not, so many fit that only a part of them was looked at: there are more than `total`, and the pages end with what
    was looked at. `at_least` names the counts that are not exact either: there are at least so many.
    `is_loosened` means that nothing had all of the words, so these have the most telling of them; `is_widened` that
    hardly anything had, so those that have it are joined by others.
    `correction` is the question as it may have been meant; `is_corrected` that it was looked for in place of what was
    typed, because some of that is nowhere.
    """

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    correction: str | None = None
    is_corrected: bool = False
    is_loosened: bool = False
    is_widened: bool = False
    is_counted: bool = True
    at_least: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """How the index differs from what should be in it. Nothing in any of them: they are equal."""

    missing: tuple[DocumentId, ...]
    extra: tuple[DocumentId, ...]
    outdated: tuple[DocumentId, ...]
    unsearchable: tuple[DocumentId, ...]

    @property
    def is_none(self) -> bool:
        return not (self.missing or self.extra or self.outdated or self.unsearchable)
