"""What somebody looks for: the whole of it is in the address of the results page, so that it can be kept and shared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from marketplace.catalogue.rules import ProviderKind
from marketplace.kit import text
from marketplace.kit.places import MILE
from marketplace.search.rules import Cost, Sort

DISTANCES = (1, 2, 5, 10, 25)
"""Miles that the filter offers."""

USUAL_DISTANCE = 10
ANY = "any"
LONGEST_QUESTION = 200
LONGEST_PLACE = 100

_Choice = TypeVar("_Choice", Cost, Sort)


@dataclass(frozen=True, slots=True)
class Looking:
    """
    One look at the catalogue.

    `within` is in miles, None for any distance, and counts only with `near`. `left_out` says in words what in the
    address we could not read.
    """

    q: str = ""
    near: str = ""
    within: int | None = USUAL_DISTANCE
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    cost: Cost | None = None
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
        has_distance = bool(self.near) and self.within != USUAL_DISTANCE
        return len(self.kinds) + len(self.categories) + (self.cost is not None) + has_distance

    @property
    def is_for_nothing(self) -> bool:
        """Whether nothing at all was asked."""
        return not (self.q or self.near or self.kinds or self.categories or self.cost)

    def without_filters(self) -> Looking:
        """Return the same look with no filter on."""
        return Looking(q=self.q, near=self.near)

    def without_kind(self, kind: str) -> Looking:
        """Return the same look without one kind of provider."""
        return self.but(kinds=tuple(one for one in self.kinds if one != kind))

    def without_category(self, category: str) -> Looking:
        """Return the same look without one category."""
        return self.but(categories=tuple(one for one in self.categories if one != category))

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
            "cost": self.cost or "",
            "sort": "" if self.sort is Sort.FIT else self.sort,
            "page": self.page if self.page > 1 else "",
        }
        return {name: value for name, value in parts.items() if value}

    def _within(self) -> str:
        if self.within is None:
            return ANY
        return "" if self.within == USUAL_DISTANCE else str(self.within)


def read(args: MultiDict[str, str], *, categories: Collection[str]) -> Looking:
    """Read a look from an address. What cannot be read is left out, and named in a sentence."""
    left_out: list[str] = []
    return Looking(
        q=text.tidy_line(args.get("q"))[:LONGEST_QUESTION],
        near=text.tidy_line(args.get("near"))[:LONGEST_PLACE],
        within=_within(args.get("within", ""), left_out),
        kinds=_several(args.getlist("kind"), set(ProviderKind), "kind of provider", left_out),
        categories=_several(args.getlist("category"), categories, "category", left_out),
        cost=_one(args.get("cost", ""), Cost, "cost", left_out),
        sort=_one(args.get("sort", ""), Sort, "order", left_out) or Sort.FIT,
        page=_page(args.get("page", ""), left_out),
        left_out=tuple(left_out),
    )


def _within(typed: str, left_out: list[str]) -> int | None:
    if typed == ANY:
        return None
    if typed in {str(miles) for miles in DISTANCES}:
        return int(typed)
    if typed:
        left_out.append(_sentence("distance", typed))
    return USUAL_DISTANCE


def _several(typed: Iterable[str], known: Collection[str], what: str, left_out: list[str]) -> tuple[str, ...]:
    asked = list(dict.fromkeys(one for one in typed if one))
    left_out += [_sentence(what, one) for one in asked if one not in known]
    return tuple(one for one in asked if one in known)


def _one(typed: str, known: type[_Choice], what: str, left_out: list[str]) -> _Choice | None:
    if typed in {"", ANY}:
        return None
    try:
        return known(typed)
    except ValueError:
        left_out.append(_sentence(what, typed))
        return None


def _page(typed: str, left_out: list[str]) -> int:
    if not typed:
        return 1
    if typed.isascii() and typed.isdigit() and int(typed[:9]) >= 1 and len(typed) <= 9:  # noqa: PLR2004
        return int(typed)
    left_out.append(_sentence("page", typed))
    return 1


def _sentence(what: str, typed: str) -> str:
    said = text.tidy_line(typed)[:40]
    return f"We do not know the {what} “{said}”, so we left it out."
