"""
Reads Open Referral UK 3.0: a page of services, a list of them, or one.

Each service becomes the cells of a row, so that the rest is the same as for a table. Names of people, telephone numbers
and email addresses are not read at all.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

from marketplace.catalogue.gateways.facts import area_in, facts_of
from marketplace.catalogue.gateways.rows import BrokenRow, Row, UnreadableFileError
from marketplace.catalogue.rules import web_address

COLUMNS = (
    "id", "name", "description", "organization", "organization_id", "url", "address", "postcode", "latitude",
    "longitude", "terms", "ages", "cost", "is_free", "access", "also_at",
)  # fmt: skip
"""What a mapping of this format may name."""

DEFAULTS: dict[str, object] = {
    "key": ["id"],
    "title": "{name}",
    "provider": "{organization}",
    "provider_key": ["organization_id"],
    "description": [
        "{description}", "For {ages}.", "Cost, as published: {cost}.", "Access, as published: {access}.",
        "Also at {also_at}.", "More at {url}",
    ],
    "address": "{address}",
    "postcode": "postcode",
    "latitude": "latitude",
    "longitude": "longitude",
    "website": "url",
    "is_free": {"column": "is_free", "values": ["yes"]},
}  # fmt: skip
"""What a mapping of this format need not say."""

_SPACE = re.compile(r"\s*")
_FREE_WORDS = frozenset({"free", "free of charge", "no charge", "no cost", "none", "£0", "£0.00", "0"})


def rows_of(text: str, *, today: date) -> Iterator[Row | BrokenRow]:
    """
    Yield every service with the line it begins on.

    :raises UnreadableFileError: if it is not JSON, or not Open Referral UK.
    """
    whole = _loaded(text)
    if isinstance(whole, dict) and isinstance(whole.get("contents"), list):
        start = _start_of_contents(text)
    elif isinstance(whole, list):
        start = _SPACE.match(text).end()  # type: ignore[union-attr]  # it always matches
    elif isinstance(whole, dict) and "id" in whole and "name" in whole:
        yield row_of(whole, line=1 + text.count("\n", 0, text.index("{")), today=today)
        return
    else:
        raise UnreadableFileError(
            "This is JSON, but not Open Referral UK. It needs a list called “contents”, a list of services, "
            "or one service with “id” and “name”."
        )
    for line, item in _items(text, start):
        yield row_of(item, line=line, today=today)


def _loaded(text: str) -> Any:
    def refuse(name: str) -> NoReturn:
        raise UnreadableFileError(f"The file says {name}, which JSON does not know.")

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise UnreadableFileError(
            f"This is not JSON: it cannot be read at line {error.lineno}, character {error.colno}."
        ) from error
    except RecursionError as error:
        raise UnreadableFileError("This JSON has too many brackets inside each other.") from error
    except ValueError as error:
        raise UnreadableFileError("This JSON has a number that is too long to read.") from error


def _start_of_contents(text: str) -> int:
    """Return where the list called “contents” begins. The text has been read once, so it is known to be there."""
    decode = json.JSONDecoder().raw_decode
    at, start = text.index("{") + 1, 0
    while True:
        at = _skip(text, at)
        if text[at] == "}":
            return start
        name, at = decode(text, at)
        at = _skip(text, _skip(text, at) + 1)  # past the colon
        if name == "contents":
            start = at
        _value, at = decode(text, at)
        at = _skip(text, at)
        at += text[at] == ","


def _items(text: str, start: int) -> Iterator[tuple[int, Any]]:
    """Yield each item of the list that begins at a character, with its line."""
    decode = json.JSONDecoder().raw_decode
    at, line, counted = start + 1, 1, 0
    while text[at := _skip(text, at)] != "]":
        line += text.count("\n", counted, at)
        counted = at
        item, at = decode(text, at)
        yield line, item
        at = _skip(text, at)
        at += text[at] == ","


def _skip(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it always matches


# ---------------------------------------------------------------- one service


def row_of(service: object, *, line: int, today: date) -> Row | BrokenRow:
    """Return one service as a row, or why it is none. Costs that ended before today are left."""
    if not isinstance(service, dict):
        return BrokenRow(line, "This is not a service: it needs to be an object with “id” and “name”.")
    name = _words(service.get("name"))
    status = _words(service.get("status"))
    if status and status.casefold() != "active":
        return BrokenRow(line, f"Its status is “{status[:40]}”, not active.", name=name)
    organization = _object(service.get("organization"))
    places = [_place(_object(_object(item).get("location"))) for item in _list(service.get("service_at_locations"))]
    # A place that can be found comes first; the others are named in words.
    places.sort(key=lambda place: not (place["postcode"] or place["latitude"]))
    first = places[0] if places else {}
    cost, is_free = _cost(service, today=today)
    facts = facts_of(service, today=today)
    # What is known as a fact need not be told in words as well.
    ages, description = _ages(service), _words(service.get("description"))
    cells = {
        "id": _words(service.get("id")),
        "name": name,
        "description": description,
        "organization": _words(organization.get("name")),
        "organization_id": _words(organization.get("id")) or _words(service.get("organization_id")),
        "url": web_address(_words(service.get("url"))) or "",
        "address": first.get("address", ""),
        "postcode": first.get("postcode", "") or area_in(service),
        "latitude": first.get("latitude", ""),
        "longitude": first.get("longitude", ""),
        "terms": "; ".join(_terms(service)),
        "ages": "" if f"For {ages}." in description else ages,
        "cost": "" if facts.prices else cost,
        "is_free": "yes" if is_free else "",
        "access": "" if facts.access else first.get("access", ""),
        "also_at": "; ".join(said for place in places[1:] if (said := _said(place))),
    }
    return Row(line, cells, facts)


def _place(location: dict[str, Any]) -> dict[str, str]:
    addresses = [_object(item) for item in _list(location.get("addresses"))]
    physical = next((a for a in addresses if a.get("address_type") == "physical"), addresses[0] if addresses else {})
    parts = (_words(location.get("name")), _words(physical.get("address_1")), _words(physical.get("city")))
    access = [_object(item) for item in _list(location.get("accessibility"))]
    return {
        "address": ", ".join(dict.fromkeys(part for part in parts if part)),
        "postcode": _words(physical.get("postal_code")),
        "latitude": _words(location.get("latitude")),
        "longitude": _words(location.get("longitude")),
        "access": " ".join(said for item in access if (said := _words(item.get("description")))).rstrip("."),
    }


def _said(place: dict[str, str]) -> str:
    return ", ".join(part for part in (place["address"], place["postcode"]) if part)


def _terms(service: dict[str, Any]) -> Iterator[str]:
    for item in _list(service.get("attributes")):
        term = _object(_object(item).get("taxonomy_term"))
        yield from dict.fromkeys(said for field in ("name", "code", "term") if (said := _words(term.get(field))))


def _ages(service: dict[str, Any]) -> str:
    youngest, oldest = _words(service.get("minimum_age")), _words(service.get("maximum_age"))
    if youngest and oldest:
        return f"ages {youngest} to {oldest}"
    if youngest:
        return f"people of {youngest} and over"
    return f"people of {oldest} and under" if oldest else ""


def _cost(service: dict[str, Any], *, today: date) -> tuple[str, bool]:
    """
    Return what the source says of the cost, in its words, and whether it says that there is none.

    An option that has ended says nothing. Amounts stay words: what one of them buys is free text, and a price we made
    of it would be our guess.
    """
    options = [_object(item) for item in _list(service.get("cost_options"))]
    current = [option for option in options if not _has_ended(option, today)]
    amounts = [option["amount"] for option in current if _is_number(option.get("amount"))]
    fees = _words(service.get("fees"))
    says_free = fees.casefold().rstrip(".") in _FREE_WORDS
    if amounts and len(amounts) == len(current):
        is_free = not any(amounts) and (says_free or not fees)
    else:
        is_free = says_free and not current
    said = [_option(option) for option in current] + [fees.rstrip(".")]
    return ("" if is_free else "; ".join(part for part in said if part)), is_free


def _option(option: dict[str, Any]) -> str:
    amount = option.get("amount")
    figure = f"£{amount:,.2f}".removesuffix(".00") if _is_number(amount) and amount is not None else ""
    parts = (figure, _words(option.get("amount_description")).rstrip("."))
    said = " ".join(part for part in parts if part)
    name = _words(option.get("option"))
    return f"{said} ({name})" if said and name else said or name


def _has_ended(option: dict[str, Any], today: date) -> bool:
    try:
        return date.fromisoformat(_words(option.get("valid_to"))[:10]) < today
    except ValueError:
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _words(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if _is_number(value) else ""


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
