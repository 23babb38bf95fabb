"""
How much may a brief tell of where? Never less than an area in which about 10,000 people live. Pure.

No open list says how many people live in a district of postcodes, so it is estimated from its postcodes: England has
57 million people and our file 2.26 million postcodes, 25 people each, offices and ended ones among them. We count on a
fifth of that, for in the middle of a city most postcodes are offices, and on nothing in the districts of central London
that are split by a letter ("EC1V", "W1S"). Whoever lives in a district that is then too small is told by their council.
"""

from dataclasses import dataclass

from marketplace.brokerage.rules.nouns import AreaKind
from marketplace.kit.places import Council, CouncilCode, Place, Point
from marketplace.kit.sentences import worded

FEWEST_PEOPLE = 10_000
PEOPLE_PER_POSTCODE = 5
_TAKES_IN = {
    # 8,600 people at the 2021 census; its neighbour has 310,000.
    CouncilCode("E09000001"): CouncilCode("E09000030"),
    # 2,100 people; Cornwall has 570,000.
    CouncilCode("E06000053"): CouncilCode("E06000052"),
}
"""The only two councils with fewer people, and the neighbour that each is told together with."""


@dataclass(frozen=True, slots=True)
class Area:
    """What a brief tells of where, and the middle of it."""

    kind: AreaKind
    name: str
    point: Point
    council: CouncilCode


def people_in(*, outward: str, postcodes: int) -> int:
    """Return how many people live in a district of postcodes, counted on with care."""
    return 0 if outward[-1:].isalpha() else postcodes * PEOPLE_PER_POSTCODE


def is_large_enough(*, outward: str, postcodes: int, council: CouncilCode) -> bool:
    """Test whether a district of postcodes may be told."""
    return council not in _TAKES_IN and people_in(outward=outward, postcodes=postcodes) >= FEWEST_PEOPLE


def told_as(code: CouncilCode) -> CouncilCode:
    """Return the council as whose area a council's is told: its own, but for the two that are too small."""
    return _TAKES_IN.get(code, code)


def district(place: Place, *, outward: str, council: Council) -> Area:
    """Return a district of postcodes as an area: `place` is the middle of all of it."""
    return Area(AreaKind.DISTRICT, f"{outward} ({council.name})", place.point, council.code)


def whole_council(own: Council, told: Council, *, middle: Point) -> Area:
    """Return a council's area. One that is too small is told together with its neighbour."""
    name = told.name if own.code == told.code else worded("{name} and {name_2}", name=own.name, name_2=told.name)
    return Area(AreaKind.COUNCIL, name, middle, told.code)
