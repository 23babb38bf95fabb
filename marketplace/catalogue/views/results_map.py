"""The results as a small picture: numbered pins, the place asked about, and the council around it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from marketplace.catalogue.queries import OfferCard
from marketplace.catalogue.rules import Setting
from marketplace.catalogue.rules.pins import HEIGHT, WIDTH, Frame, Pin, frame, pins, visible
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.outlines import outline
from marketplace.kit.places import MILE, CouncilCode, Place, Point, UnknownPlaceError
from marketplace.kit.said import count
from marketplace.kit.sentences import worded

_MOST_COUNCILS = 6
_SCALES = (1, 2, 5, 10, 20, 50, 100)
"""Miles that a scale may show."""


_NEAR_ENOUGH = 5 * MILE
"""Metres from a place at which something is on the map whatever was asked: the middle of a postcode area may be far."""


@dataclass(frozen=True, slots=True)
class Area:
    """A council as the picture draws it: the commands of an SVG path."""

    path: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class ResultsMap:
    """What the picture shows. `place_at` is where in it the place asked about is; `away` is how many are not on it."""

    areas: Sequence[Area]
    pins: Sequence[Pin]
    place: str
    place_at: tuple[float, float]
    council: str
    scale_miles: int
    scale_width: float
    has_homes: bool
    away: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def words(self) -> str:
        """What it shows, for somebody who does not see it."""
        shown = count(sum(len(pin.numbers) for pin in self.pins), "result", "results")
        return worded(
            "A map of {council} around {place}, with {shown} of this page on it.",
            council=self.council,
            place=self.place,
            shown=shown,
        )


def drawn(place: Place, numbered: Sequence[tuple[int, OfferCard]], *, within_metres: int | None) -> ResultsMap | None:
    """
    Return the picture of some numbered results around a place, or None if none of them is on it.

    What comes to people from farther than they asked is left out: it would make everything else small.
    """
    districts = {card.district for _number, card in numbered if card.setting is Setting.AT_HOME}
    middles = {district: point for district in districts if (point := _middle_of(district)) is not None}
    placed = [
        (number, card, point)
        for number, card in numbered
        if (point := middles.get(card.district) if card.setting is Setting.AT_HOME else card.point) is not None
        and (within_metres is None or point.distance_to(place.point) <= max(within_metres, _NEAR_ENOUGH))
    ]
    if not placed:
        return None
    points = [point for _number, _card, point in placed]
    around = [point for ring in outline(place.council) for point in ring]
    shown = frame([place.point, *points], around)
    scale_miles = max((far for far in _SCALES if far <= shown.miles / 3), default=_SCALES[0])
    return ResultsMap(
        areas=_areas(shown, place.council, [card.council for _number, card, _point in placed]),
        pins=pins([(number, point) for number, _card, point in placed], shown),
        place=place.name,
        place_at=shown.at(place.point),
        council=gazetteer().council(place.council).name,
        scale_miles=scale_miles,
        scale_width=round(scale_miles / shown.miles * WIDTH, 1),
        has_homes=any(card.setting is Setting.AT_HOME for _number, card, _point in placed),
        away=len(numbered) - len(placed),
    )


def _middle_of(district: str) -> Point | None:
    """Return the middle of a postcode area: where what comes to people stands, because it starts from a home."""
    with suppress(UnknownPlaceError):
        return gazetteer().find(district).point
    return None


def _areas(shown: Frame, asked: CouncilCode, others: Iterable[CouncilCode | None]) -> list[Area]:
    """Return the councils to draw, the one asked about last, so that its line lies on top."""
    codes = list(dict.fromkeys(code for code in others if code and code != asked))[:_MOST_COUNCILS]
    areas = [Area(_path(code, shown), code == asked) for code in (*codes, asked)]
    return [area for area in areas if area.path]


def _path(code: CouncilCode, shown: Frame) -> str:
    """Return a council's outline as the commands of an SVG path, without what lies outside the picture."""
    rings = (visible([shown.at(point) for point in ring]) for ring in outline(code))
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings if ring)
