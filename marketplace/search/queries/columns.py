"""What a question asks of each document: how far it is, what it weighs, whether it passes, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from marketplace.search.engines import Engine
from marketplace.search.models import IndexedDocument, Shelf
from marketplace.search.rules import Freshness, Setting, Sort
from marketplace.search.rules.ordering import FAR_BANDS, LOTS

if TYPE_CHECKING:
    from marketplace.search.queries.statement import Shape

_DOCUMENT = IndexedDocument.__table__.c
_SHELF = Shelf.__table__.c

NOWHERE = 10**15
"""Square metres to what has no point, and pence for what has no price: farther and dearer than anything."""

_HEAVIEST = 2**24
"""More than any document can weigh: taken from it, the heaviest has the smallest number, and comes first."""


def far() -> ColumnElement[int]:
    """Return square metres from the point asked about. Whole numbers, so that both databases agree to the metre."""
    east = _DOCUMENT.easting - _big("easting")
    north = _DOCUMENT.northing - _big("northing")
    return func.coalesce(east * east + north * north, _number(NOWHERE))


def score(shape: Shape, engine: Engine) -> ColumnElement[int]:
    """Return what a document weighs: for each sign, how telling it is, times where it was found."""
    weight: ColumnElement[int] = _number(0)
    for n, is_certain in enumerate(shape.signs):
        title, label, body = (bindparam(f"{part}_{n}", type_=Integer()) for part in ("title", "label", "body"))
        places = [
            (engine.holds(_DOCUMENT.title_words, f"word_{n}"), title),
            (engine.holds(_DOCUMENT.label_words, f"word_{n}"), label),
        ]
        if is_certain:  # A document that matches has the word. If not above, then below.
            weight += case(*places, else_=body)
        else:
            weight += case(*places, (_holds_below(shape, engine, n), body), else_=_number(0))
    return weight


def below(shape: Shape, engine: Engine) -> list[ColumnElement[bool]]:
    """Return for each sign that need not be there whether a document has it."""
    return [
        _holds_below(shape, engine, n).label(f"below_{n}") for n, is_certain in enumerate(shape.signs) if not is_certain
    ]


def _holds_below(shape: Shape, engine: Engine, n: int) -> ColumnElement[bool]:
    # Names are kept apart too: all the words of a document take ten times as long to read.
    return engine.holds(_DOCUMENT.names_below, f"word_{n}") if shape.names[n] else engine.holds_below(f"leaf_{n}")


def filters(shape: Shape, engine: Engine, far: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Return what every answer must pass, whatever its shelf."""
    passes: list[ColumnElement[bool]] = []
    if shape.has_marks:
        marks = _big("marks")
        passes.append(_DOCUMENT.marks.bitwise_and(marks) == marks)
    if shape.has_dearest:
        passes.append(_DOCUMENT.hourly <= _big("dearest"))
    if shape.has_rated:
        least, by = (bindparam(name, type_=Integer()) for name in ("rated_at_least", "rated_by"))
        passes.append(and_(_DOCUMENT.rating >= least, _DOCUMENT.ratings >= by))
    if shape.has_listed_since:
        passes.append(_DOCUMENT.listed_on >= bindparam("listed_since", type_=Date()))
    if shape.setting is not None:
        passes.append(_happens(shape.setting))
    if shape.is_ringed:
        passes.append(far <= _big("ring_squared"))
    return [*passes, *_reach(shape, engine, far)]


def _happens(setting: Setting) -> ColumnElement[bool]:
    """Return that something happens there: what comes to people has a distance that it travels."""
    match setting:
        case Setting.ONLINE:
            return _DOCUMENT.is_everywhere.is_(True)
        case Setting.AT_HOME:
            return and_(_DOCUMENT.travels_metres.is_not(None), _DOCUMENT.is_everywhere.is_(False))
        case Setting.AT_PLACE:
            return and_(_DOCUMENT.travels_metres.is_(None), _DOCUMENT.is_everywhere.is_(False))


def _reach(shape: Shape, engine: Engine, far: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Return that it can be had there: near enough, or in that council's area."""
    ways: list[ColumnElement[bool]] = []
    if shape.has_council:
        ways.append(engine.holds(_DOCUMENT.councils, "council_served"))
    if shape.is_near and shape.is_within:
        travels = _DOCUMENT.travels_metres
        ways += [far <= _big("within_squared"), far <= travels * travels]
    elif shape.has_council and not shape.is_near:
        ways.append(_DOCUMENT.council == bindparam("council"))
    elif shape.is_near:
        return []  # At any distance.
    return [or_(*ways, _DOCUMENT.is_everywhere)] if ways else []


def shelves(shape: Shape) -> list[ColumnElement[bool]]:
    """Return which shelves are asked for."""
    asked: list[ColumnElement[bool]] = []
    if shape.kinds:
        asked.append(_SHELF.kind.in_([bindparam(f"kind_{n}") for n in range(shape.kinds)]))
    if shape.categories:
        asked.append(_SHELF.category.in_([bindparam(f"category_{n}") for n in range(shape.categories)]))
    if shape.has_cost:
        asked.append(_SHELF.is_free == bindparam("is_free", type_=Boolean()))
    return asked


def ahead(shape: Shape, far: ColumnElement[int]) -> ColumnElement[int]:
    """Return what comes before fit, smallest first, when somebody asks for another order."""
    match shape.sort:
        case Sort.DISTANCE if shape.is_near:
            return far
        case Sort.PRICE:
            return func.coalesce(_DOCUMENT.hourly, _number(NOWHERE))
        case Sort.RATING:
            return func.coalesce(_number(0) - cast(_DOCUMENT.worth, BigInteger), _number(1))
        case _:
            return literal_column("0", BigInteger())


def standing(shape: Shape, looked_at: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[int]:
    """Return where a document stands, smallest first: fit, freshness, distance in bands, shuffle, in one number."""
    place: ColumnElement[int] = _number(_HEAVIEST) - looked_at.score if shape.signs else _number(0)
    place = place * _number(len(Freshness)) + _freshness(shape, looked_at)
    if shape.is_near:
        bands = [(looked_at.far <= _number(metres**2), _number(band)) for band, metres in enumerate(FAR_BANDS)]
        place = place * _number(len(FAR_BANDS) + 1) + case(*bands, else_=_number(len(FAR_BANDS)))
    lot = (looked_at.lot * _big("step") + _big("start")) % _number(LOTS)
    standing: ColumnElement[int] = cast(place, BigInteger) * _number(LOTS) + lot
    return standing


def freshness_at(standing: int, *, is_near: bool) -> Freshness:
    """Return how fresh what stands there is."""
    return Freshness(standing // LOTS // (len(FAR_BANDS) + 1 if is_near else 1) % len(Freshness))


def _freshness(shape: Shape, looked_at: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[int]:
    if not shape.has_today:
        return _number(Freshness.UNKNOWN)
    day = looked_at.confirmed_on
    bands = [
        (day >= bindparam(f"fresh_{band}", type_=Date()), _number(band))
        for band in (Freshness.MONTH, Freshness.QUARTER)
    ]
    return case(*bands, (day.is_(None), _number(Freshness.UNKNOWN)), else_=_number(Freshness.OLDER))


def _big(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger())


def _number(value: int) -> ColumnElement[int]:
    """Return a number written out in the statement: it is the same for every question."""
    return literal_column(str(int(value)), Integer())
