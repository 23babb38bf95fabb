"""What somebody looks for: the whole of it is in the address of the results page, so that it can be kept and shared."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from marketplace.catalogue.rules import DEAREST, AccessFact, CheckKind, Day, PartOfDay, ProviderKind, Setting, WayToPay
from marketplace.catalogue.rules.aims import Aim
from marketplace.catalogue.rules.marks import (
    GROUP_PRICE,
    SPACE_NOW,
    access_mark,
    check_mark,
    time_mark,
    way_mark,
)
from marketplace.kit import text
from marketplace.kit.money import Money
from marketplace.kit.places import MILE
from marketplace.kit.sentences import worded
from marketplace.search.rules import Cost, Sort

DISTANCES = (1, 2, 5, 10, 25)
"""Miles that the filter offers."""

STARS = (3, 4)
"""Stars that the filter offers, or more."""

RATED_BY = (3, 5, 10, 20)
"""How many people's ratings the filter offers, or more. Under three there is no average to go by."""

USUAL_DISTANCE = 10
ANY = "any"
LONGEST_QUESTION = 200
LONGEST_PLACE = 100
LONGEST_PRICE = 20

_POUNDS = re.compile(r"£? ?(\d{1,9}(?:\.\d{1,2})?)", re.ASCII)
_PRICE_PROBLEM = worded(
    "Enter the most you would pay for an hour, in pounds, like 20 or 14.50. It can be up to {dearest}.", dearest=DEAREST
)

_Choice = TypeVar("_Choice", bound=Enum)


class Space(StrEnum):
    """Whether only what has room is looked for."""

    NOW = "now"


class Group(StrEnum):
    """Whether only what is cheaper for a group is looked for."""

    YES = "yes"


@dataclass(frozen=True, slots=True)
class Looking:
    """
    One look at the catalogue.

    `within` is in miles, None for any distance, and counts only with `near`. All that is named must fit: an offer on
    Tuesday and Thursday is on both. Of a broad category, or an aim, and some of its own, those count. `price` is the
    most for an hour; `price_typed` is what stands in its box, and `price_problem` what is the matter with that. `rated`
    is in stars, from at least `rated_by` people. `is_helped` says that it came of our three questions. `left_out` says
    in words what in the address we could not read.
    """

    q: str = ""
    near: str = ""
    within: int | None = USUAL_DISTANCE
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    aims: tuple[Aim, ...] = ()
    setting: Setting | None = None
    cost: Cost | None = None
    space: Space | None = None
    group: Group | None = None
    access: tuple[AccessFact, ...] = ()
    days: tuple[Day, ...] = ()
    parts: tuple[PartOfDay, ...] = ()
    pay: tuple[WayToPay, ...] = ()
    checks: tuple[CheckKind, ...] = ()
    price: Money | None = None
    price_typed: str = ""
    price_problem: str = ""
    rated: int | None = None
    rated_by: int = RATED_BY[0]
    is_helped: bool = False
    sort: Sort = Sort.FIT
    page: int = 1
    left_out: tuple[str, ...] = ()

    @property
    def within_metres(self) -> int | None:
        """The distance in metres, or None for any."""
        return None if self.within is None else round(self.within * MILE)

    @property
    def filters(self) -> int:
        """How many filters are on."""
        several = (self.kinds, self.categories, self.aims, self.access, self.days, self.parts, self.pay, self.checks)
        single = (self.setting, self.cost, self.space, self.group, self.price, self.rated)
        has_distance = bool(self.near) and self.within != USUAL_DISTANCE
        return sum(map(len, several)) + sum(one is not None for one in single) + has_distance

    @property
    def is_for_nothing(self) -> bool:
        """Whether nothing at all was asked."""
        return not (self.q or self.near or self.filters)

    @property
    def marks(self) -> frozenset[str]:
        """What an offer must be marked with in the index, to fit."""
        marks = {access_mark(fact) for fact in self.access}
        marks |= {way_mark(way) for way in self.pay}
        marks |= {check_mark(kind) for kind in self.checks}
        marks |= {SPACE_NOW} if self.space else set()
        marks |= {GROUP_PRICE} if self.group else set()
        return frozenset(marks | set(self._times()))

    def _times(self) -> Iterable[str]:
        if self.days and self.parts:
            return (time_mark(day, part) for day in self.days for part in self.parts)
        return (*(time_mark(day) for day in self.days), *(time_mark(part) for part in self.parts))

    def without_filters(self) -> Looking:
        """Return the same look with no filter on."""
        return Looking(q=self.q, near=self.near, sort=self.sort)

    def without(self, what: str, one: object) -> Looking:
        """Return the same look without one of several: `without("days", Day.MONDAY)`."""
        return self.but(**{what: tuple(each for each in getattr(self, what) if each != one)})

    def but(self, **changes: object) -> Looking:
        """Return the same look, from its first page, with something changed."""
        return replace(self, **({"page": 1, "left_out": ()} | changes))  # type: ignore[arg-type]

    def address(self) -> dict[str, Any]:
        """Return what to put in the address: only what is not as it is by itself."""
        parts: dict[str, Any] = {
            "q": self.q,
            "near": self.near,
            "within": self._within() if self.near else "",
            "kind": list(self.kinds),
            "category": list(self.categories),
            "aim": list(self.aims),
            "setting": self.setting or "",
            "cost": self.cost or "",
            "space": self.space or "",
            "group": self.group or "",
            "access": list(self.access),
            "day": [day.name.lower() for day in self.days],
            "part": list(self.parts),
            "pay": list(self.pay),
            "check": list(self.checks),
            "price": plain_pounds(self.price) if self.price else "",
            "rated": str(self.rated) if self.rated else "",
            "by": str(self.rated_by) if self.rated and self.rated_by != RATED_BY[0] else "",
            "find": "yes" if self.is_helped else "",
            "sort": "" if self.sort is Sort.FIT else self.sort,
            "page": self.page if self.page > 1 else "",
        }
        return {name: value for name, value in parts.items() if value}

    def _within(self) -> str:
        if self.within is None:
            return ANY
        return "" if self.within == USUAL_DISTANCE else str(self.within)


def plain_pounds(amount: Money) -> str:
    """Return an amount as it stands in an address or a box: `20`, `14.50`."""
    return f"{amount.pounds:.2f}".removesuffix(".00")


def read(args: MultiDict[str, str], *, categories: Collection[str]) -> Looking:
    """Read a look from an address. What cannot be read is left out, and named in a sentence."""
    left_out: list[str] = []

    def several(name: str, known: Iterable[_Choice], what: str) -> tuple[_Choice, ...]:
        return _several(args.getlist(name), {_said(one): one for one in known}, what, left_out)

    price_typed = text.tidy_line(args.get("price"))[:LONGEST_PRICE]
    price = _price(price_typed)
    return Looking(
        q=text.tidy_line(args.get("q"))[:LONGEST_QUESTION],
        near=text.tidy_line(args.get("near"))[:LONGEST_PLACE],
        within=_within(args.get("within", ""), left_out),
        kinds=several("kind", ProviderKind, "kind of provider"),
        categories=_several(args.getlist("category"), {one: one for one in categories}, "category", left_out),
        aims=several("aim", Aim, "thing to be able to do"),
        setting=_one(args.get("setting", ""), Setting, "place where it happens", left_out),
        cost=_one(args.get("cost", ""), Cost, "cost", left_out),
        space=_one(args.get("space", ""), Space, "space", left_out),
        group=_one(args.get("group", ""), Group, "group price", left_out),
        access=several("access", AccessFact, "access fact"),
        days=several("day", Day, "day"),
        parts=several("part", PartOfDay, "part of the day"),
        pay=several("pay", WayToPay, "way to pay"),
        checks=several("check", CheckKind, "check"),
        price=price,
        price_typed=price_typed,
        price_problem=_PRICE_PROBLEM if price_typed and price is None else "",
        rated=_number(args.get("rated", ""), STARS, "number of stars", left_out),
        rated_by=_number(args.get("by", ""), RATED_BY, "number of ratings", left_out) or RATED_BY[0],
        is_helped=args.get("find") == "yes",
        sort=_one(args.get("sort", ""), Sort, "order", left_out) or Sort.FIT,
        page=_page(args.get("page", ""), left_out),
        left_out=tuple(left_out),
    )


def _said(choice: Enum) -> str:
    """Return a choice as an address says it: days by name, though they are numbers."""
    return choice.value if isinstance(choice.value, str) else choice.name.lower()


def _within(typed: str, left_out: list[str]) -> int | None:
    if typed == ANY:
        return None
    return _number(typed, DISTANCES, "distance", left_out) or USUAL_DISTANCE


def _number(typed: str, known: Iterable[int], what: str, left_out: list[str]) -> int | None:
    if typed in {"", ANY}:
        return None
    if typed in {str(number) for number in known}:
        return int(typed)
    left_out.append(_sentence(what, typed))
    return None


_T = TypeVar("_T")


def _several(typed: Iterable[str], known: dict[str, _T], what: str, left_out: list[str]) -> tuple[_T, ...]:
    asked = list(dict.fromkeys(one for one in typed if one))
    left_out += [_sentence(what, one) for one in asked if one not in known]
    return tuple(known[one] for one in asked if one in known)


def _one(typed: str, known: type[_Choice], what: str, left_out: list[str]) -> _Choice | None:
    if typed in {"", ANY}:
        return None
    try:
        return known(typed)
    except ValueError:
        left_out.append(_sentence(what, typed))
        return None


def _price(typed: str) -> Money | None:
    found = _POUNDS.fullmatch(typed)
    amount = Money.from_pounds(Decimal(found[1])) if found else None
    return amount if amount and 0 < amount.pence <= DEAREST.pence else None


def _page(typed: str, left_out: list[str]) -> int:
    if not typed:
        return 1
    if typed.isascii() and typed.isdigit() and int(typed[:9]) >= 1 and len(typed) <= 9:  # noqa: PLR2004
        return int(typed)
    left_out.append(_sentence("page", typed))
    return 1


def _sentence(what: str, typed: str) -> str:
    said = text.tidy_line(typed)[:40]
    return worded("We do not know the {what} “{said}”, so we left it out.", what=what, said=said)
