"""How versions of an offer are put to the pages that show them: each field in words, and what changed in it marked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.catalogue.rules import AccessFact, CqcStanding, Day, PartOfDay, Rate, Setting, Unit, WayToPay
from marketplace.catalogue.rules.versions import FIELDS, Piece, Words, changed_fields, pieces
from marketplace.catalogue.views.shown import council_name
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode, miles
from marketplace.kit.said import day, pounds
from marketplace.kit.sentences import one_word, worded


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an offer that reads otherwise than before: both in one, with what went and what came marked."""

    label: str
    pieces: tuple[Piece, ...]


def changes(before: Words, after: Words, *, categories: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """Return every field that changed, in words."""
    found = []
    for field in changed_fields(before, after):
        was, is_now = (_text(field, words.get(field), categories) for words in (before, after))
        found.append(FieldChange(FIELDS[field], pieces(was, is_now)))
    return tuple(found)


def read_as(words: Words, *, categories: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return every field of a version that says something: what it is called, and what it says."""
    told = (field for field in FIELDS if words.get(field) is not False)
    said = ((FIELDS[field], _text(field, words.get(field), categories)) for field in told)
    return tuple((label, text) for label, text in said if text)


def _text(field: str, value: Any, categories: Mapping[str, str]) -> str:
    """Return one field as people read it. What nobody knows any more how to say is said as it was stored."""
    if value in (None, [], ""):
        return ""
    try:
        return _SAID[field](value) if field in _SAID else categories[value] if field == "category" else str(value)
    except (ValueError, KeyError, TypeError, IndexError):
        return str(value)


def _yes_or_no(value: Any) -> str:
    return one_word("Yes") if value else one_word("No")


def _prices(prices: Any) -> str:
    return "\n".join(_price(price) for price in prices)


def _price(price: Mapping[str, Any]) -> str:
    unit, rate = Unit(price["unit"]), Rate(price["rate"])
    said = f"{pounds(Money(price['amount']))} {unit.each}"
    if unit is Unit.PACKAGE and price.get("hours"):
        said += worded(" of {price} hours", price=price["hours"])
    if price["people_from"] > 1:
        said += worded(" for each of {price} or more", price=price["people_from"])
    if rate is not Rate.STANDARD:
        said += f", {rate.words.lower()}"
    parts = [f"{pounds(Money(price[part]))} {part}" for part in ("admin", "overhead") if price.get(part)]
    return said + (f" ({', '.join(parts)})" if parts else "") + f", from {_day(price['begins_on'])}"


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso)).split(" ", 1)[1]


def _times(times: Any) -> str:
    said = [time.split(" ") for time in times]
    return "\n".join(f"{Day(int(number)).words} {PartOfDay(part).words.lower()}" for number, part in said)


def _lines(words: Any) -> str:
    return "\n".join(str(word) for word in words)


_SAID: Mapping[str, Callable[[Any], str]] = {
    "setting": lambda value: Setting(value).words,
    "travels_metres": lambda value: worded("{round} miles", round=round(miles(value))),
    "council": lambda value: council_name(CouncilCode(value)),
    "councils": lambda value: _lines(council_name(CouncilCode(code)) for code in value),
    "is_free": _yes_or_no,
    "prices": _prices,
    "next_prices": _prices,
    "notice_hours": lambda value: worded("{value} hours", value=value),
    "travel_per_mile": lambda value: worded("{money} a mile", money=pounds(Money(value))),
    "payments": lambda value: _lines(WayToPay(way).words for way in value),
    "times": _times,
    "access": lambda value: _lines(AccessFact(fact).words for fact in value),
    "languages": _lines,
    "cqc_standing": lambda value: CqcStanding(value).words,
    "video_has_captions": _yes_or_no,
    "photos": lambda value: _lines(alt for _digest, alt in value),
}
"""How each field is said that is not words already. Lists have a line for each entry."""
