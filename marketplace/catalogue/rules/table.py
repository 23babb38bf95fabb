"""Which columns has the catalogue as a table, and what stands in each? Told to readers from the same place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from marketplace.catalogue.rules.sharing import SharedOffer, SharedRating
from marketplace.kit.grid import to_lat_lon
from marketplace.kit.sentences import worded

OPEN_LICENCE: Final = "Open Government Licence v3.0"
OPEN_LICENCE_URL: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One offer, what people gave it, and where its page is."""

    offer: SharedOffer
    rating: SharedRating | None
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it says, and what stands in it. Nothing stands where nothing is known."""

    name: str
    sentence: str
    value: Callable[[TableRow], object]


def _prices(row: TableRow) -> str:
    return "; ".join(
        " ".join(
            part
            for part in (
                f"{price.amount.pounds:.2f}",
                worded("per {unit}", unit=price.unit),
                worded("of {normalize:f} hours", normalize=price.hours.normalize()) if price.hours is not None else "",
                worded("for each of {people_from} or more", people_from=price.people_from)
                if price.people_from > 1
                else "",
                f"({price.rate.words.lower()})" if price.rate != "standard" else "",
                worded("from {begins_on}", begins_on=price.begins_on),
                worded("to {ends_on}", ends_on=price.ends_on) if price.ends_on else "",
            )
            if part
        )
        for price in row.offer.prices
    )


def _degrees(row: TableRow, which: int) -> float | str:
    # A number, not its figures: words that begin with a minus are kept from spreadsheets.
    return round(to_lat_lon(row.offer.point)[which], 5) if row.offer.point else ""


def _average(row: TableRow) -> str:
    return f"{row.rating.average:.1f}" if row.rating and row.rating.average is not None else ""


COLUMNS: tuple[Column, ...] = (
    Column("id", "The offer’s id, a UUID that never changes", lambda row: row.offer.id),
    Column("title", "What it is called", lambda row: row.offer.title),
    Column("description", "What it is, in its provider’s or its list’s words", lambda row: row.offer.description),
    Column("category", "The code of the kind of support", lambda row: row.offer.category),
    Column("category_name", "The kind of support, in words", lambda row: row.offer.category_name),
    Column("provider_id", "The provider’s id", lambda row: row.offer.provider.id),
    Column("provider", "Who offers it", lambda row: row.offer.provider.name),
    Column(
        "provider_kind",
        "micro_provider, user_led_organisation, other_provider or universal_service",
        lambda row: row.offer.provider.kind,
    ),
    Column("website", "The provider’s website", lambda row: row.offer.provider.website or ""),
    Column("setting", "at_home, at_place or online", lambda row: row.offer.setting),
    Column("address", "Where to go. Nothing for what comes to people’s homes", lambda row: row.offer.address),
    Column(
        "postcode",
        "Where to go. Only the first part for what comes to people’s homes",
        lambda row: row.offer.postcode,
    ),
    Column("latitude", "In degrees (WGS84), of a place to go to", lambda row: _degrees(row, 0)),
    Column("longitude", "In degrees (WGS84), of a place to go to", lambda row: _degrees(row, 1)),
    Column("council_code", "The council’s code", lambda row: row.offer.council.code if row.offer.council else ""),
    Column("council", "The council", lambda row: row.offer.council.name if row.offer.council else ""),
    Column(
        "also_serves",
        "Codes of other councils it serves, parted by semicolons",
        lambda row: "; ".join(council.code for council in row.offer.serves),
    ),
    Column(
        "travels_metres",
        "How far somebody who comes to people’s homes travels",
        lambda row: "" if row.offer.travels_metres is None else row.offer.travels_metres,
    ),
    Column("is_free", "yes, or no: then look at the price, or ask", lambda row: "yes" if row.offer.is_free else "no"),
    Column("prices", "In pounds, parted by semicolons. Nothing when nobody has told us", _prices),
    Column("access", "Codes of access facts, parted by semicolons", lambda row: "; ".join(row.offer.access)),
    Column(
        "times",
        "Days and parts of day, such as monday morning, parted by semicolons",
        lambda row: "; ".join(f"{day.name.lower()} {part}" for day, part in row.offer.times),
    ),
    Column("ways_to_pay", "Which money it takes, parted by semicolons", lambda row: "; ".join(row.offer.ways)),
    Column("languages", "Besides English, parted by semicolons", lambda row: "; ".join(row.offer.languages)),
    Column("capacity", "space_now, waiting_list or full", lambda row: row.offer.capacity or ""),
    Column("capacity_on", "The day the provider said so", lambda row: row.offer.capacity_on or ""),
    Column("people_who_rated", "How many people rated it", lambda row: row.rating.count if row.rating else 0),
    Column("average_rating", "Of 5, once three people rated it", _average),
    Column("listed_on", "The day it came on the site", lambda row: row.offer.listed_at.date()),
    Column("changed_at", "When it last changed", lambda row: row.offer.updated_at.isoformat()),
    Column(
        "confirmed_on",
        "The day its provider last said that it is right. Nothing for what came from another list",
        lambda row: "" if row.offer.source else row.offer.confirmed_on,
    ),
    Column("url", "Its page here", lambda row: row.url),
    Column(
        "publisher",
        "Whose list it came from. Nothing when its provider listed it here",
        lambda row: row.offer.source.publisher if row.offer.source else "",
    ),
    Column(
        "licence",
        "On what terms you may use this row",
        lambda row: row.offer.source.licence if row.offer.source else OPEN_LICENCE,
    ),
    Column(
        "licence_url",
        "Where those terms are",
        lambda row: row.offer.source.licence_url if row.offer.source else OPEN_LICENCE_URL,
    ),
)


def header() -> list[str]:
    """Return the names of the columns."""
    return [column.name for column in COLUMNS]


def cells(row: TableRow) -> list[object]:
    """Return what stands in the row of an offer."""
    return [column.value(row) for column in COLUMNS]
