"""
Reads from an Open Referral UK service what leaves no doubt: our own terms and additions, ages, areas and languages.

Whatever is not as we write it ourselves is passed by here, and told in words by `referrals`.
"""

import enum
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from uuid import UUID

from marketplace.catalogue.rules import (
    DEAREST,
    FARTHEST_TRAVEL,
    AccessFact,
    Capacity,
    CategorySlug,
    Day,
    PartOfDay,
    Rate,
    Setting,
    Unit,
    WayToPay,
)
from marketplace.catalogue.rules.facts import PublishedFacts
from marketplace.catalogue.rules.open_referral import TRAVEL
from marketplace.catalogue.rules.sharing import OLDEST, SharedPrice
from marketplace.catalogue.rules.taxonomies import Taxonomy, Term, fixed_terms, term_id
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode

LONGEST_LANGUAGE = 40
MOST_PEOPLE, MOST_HOURS, MOST_NOTICE = 1000, 999, 24 * 365

_COUNCIL = re.compile(r"E(06|08|09|10)\d{6}")
_POSTCODE_PART = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?( [0-9])?")
_TERMS = {term.id: term for term in fixed_terms()}
_DAYS = {day.name[:2]: day for day in Day}

_E = TypeVar("_E", bound=enum.StrEnum)


def facts_of(service: dict[str, Any], *, today: date) -> PublishedFacts:
    """Return what a service says beyond doubt. A price that has ended says nothing."""
    terms = list(_terms(service))
    councils = [extent for extent in _extents(service) if _COUNCIL.fullmatch(extent)]
    capacity = _object(service.get("x_capacity"))
    state, on = _one_of(Capacity, capacity.get("status")), _day(capacity.get("as_of"))
    return PublishedFacts(
        category=next((CategorySlug(term.code) for term in terms if term.taxonomy is Taxonomy.CATEGORY), None),
        setting=_setting(service, terms),
        travels_metres=_whole(service.get("x_travels_metres"), most=FARTHEST_TRAVEL),
        council=CouncilCode(councils[0]) if councils else None,
        serves=frozenset(map(CouncilCode, councils[1:])),
        access=frozenset(AccessFact(term.code) for term in terms if term.taxonomy is Taxonomy.ACCESS),
        prices=_prices(service, today=today) or (),
        travel_per_mile=_travel(service),
        notice_hours=_whole(service.get("x_notice_hours"), most=MOST_NOTICE),
        suits=_words(service.get("eligibility_description")),
        times=frozenset(_times(service)),
        ways=frozenset(WayToPay(term.code) for term in terms if term.taxonomy is Taxonomy.WAY_TO_PAY),
        languages=frozenset(_languages(service)),
        youngest=_whole(service.get("minimum_age"), most=OLDEST),
        oldest=_whole(service.get("maximum_age"), most=OLDEST),
        capacity=state if on else None,
        capacity_on=on if state else None,
    )


def _prices(service: dict[str, Any], *, today: date) -> tuple[SharedPrice, ...] | None:
    """Return the prices of a service, or None if there are some that could only be guessed."""
    options = [_object(item) for item in _list(service.get("cost_options"))]
    prices = []
    for option in options:
        ends_on = _day(option.get("valid_to"))
        if option.get("x_rate") == TRAVEL or (ends_on is not None and ends_on < today):
            continue
        price = _price(option, ends_on=ends_on)
        if price is None:
            return None
        prices.append(price)
    return tuple(prices)


def area_in(service: dict[str, Any]) -> str:
    """Return the part of a postcode that a service goes out from, or nothing."""
    return next((extent for extent in _extents(service) if _POSTCODE_PART.fullmatch(extent)), "")


# ---------------------------------------------------------------- parts of it


def _terms(service: dict[str, Any]) -> Iterator[Term]:
    """Yield those terms that are ours: their ids can only have come from a site like this one."""
    for item in _list(service.get("attributes")):
        written = _object(_object(item).get("taxonomy_term"))
        try:
            known_as = UUID(_words(written.get("id")))
        except ValueError:
            continue
        code = _words(written.get("code"))
        if known_as in _TERMS:
            yield _TERMS[known_as]
        elif code and term_id(Taxonomy.CATEGORY, code) == known_as:
            yield Term(Taxonomy.CATEGORY, code, code)


def _setting(service: dict[str, Any], terms: list[Term]) -> Setting | None:
    said = next((Setting(term.code) for term in terms if term.taxonomy is Taxonomy.SETTING), None)
    if said is not None:
        return said
    places = [_object(_object(item).get("location")) for item in _list(service.get("service_at_locations"))]
    return Setting.ONLINE if places and all(one.get("location_type") == "virtual" for one in places) else None


def _extents(service: dict[str, Any]) -> list[str]:
    areas = [_object(item) for item in _list(service.get("service_areas"))]
    return [_words(area.get("extent")).upper() for area in areas]


def _price(option: dict[str, Any], *, ends_on: date | None) -> SharedPrice | None:
    amount, unit = _money(option.get("amount")), _one_of(Unit, option.get("x_unit"))
    begins_on, rate = _day(option.get("valid_from")), _one_of(Rate, option.get("x_rate"))
    people = _whole(option.get("x_people_from"), most=MOST_PEOPLE)
    hours = _decimal(option.get("x_hours"))
    is_whole = amount is not None and unit is not None and begins_on is not None and rate is not None and people
    is_package = unit is Unit.PACKAGE
    if not is_whole or is_package is (hours is None) or (people and people > 1 and rate is not Rate.STANDARD):
        return None
    assert amount and unit and begins_on and rate and people  # noqa: S101, PT018  (mypy loses sight of it)
    return SharedPrice(
        amount=amount,
        unit=unit,
        begins_on=begins_on,
        people_from=people,
        rate=rate,
        hours=hours,
        ends_on=ends_on,
    )


def _travel(service: dict[str, Any]) -> Money | None:
    options = [_object(item) for item in _list(service.get("cost_options"))]
    return next((_money(one.get("amount")) for one in options if one.get("x_rate") == TRAVEL), None)


def _times(service: dict[str, Any]) -> Iterator[tuple[Day, PartOfDay]]:
    for schedule in map(_object, _list(service.get("schedules"))):
        part = _one_of(PartOfDay, schedule.get("x_part_of_day"))
        if part is not None:
            days = _words(schedule.get("byday")).split(",")
            yield from ((_DAYS[day], part) for day in days if day in _DAYS)


def _languages(service: dict[str, Any]) -> Iterator[str]:
    for language in map(_object, _list(service.get("languages"))):
        name = _words(language.get("name"))
        if name and len(name) <= LONGEST_LANGUAGE:
            yield name


# ---------------------------------------------------------------- values


def _one_of(kind: type[_E], said: object) -> _E | None:
    return kind(said) if isinstance(said, str) and said in {member.value for member in kind} else None


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(_words(said)[:10])
    except ValueError:
        return None


def _whole(said: object, *, most: int) -> int | None:
    if isinstance(said, bool) or not isinstance(said, int | float) or said != said or not 0 <= said <= most:  # noqa: PLR0124
        return None
    return int(said) if int(said) == said else None


def _decimal(said: object) -> Decimal | None:
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        hours = Decimal(str(said)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return hours if 0 < hours <= MOST_HOURS else None


def _money(said: object) -> Money | None:
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        pence = Decimal(str(said)) * 100
        amount = Money(int(pence))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return amount if amount.pence == pence and 0 < amount.pence <= DEAREST.pence else None


def _words(said: object) -> str:
    return said.strip() if isinstance(said, str) else ""


def _object(said: object) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _list(said: object) -> list[Any]:
    return said if isinstance(said, list) else []
