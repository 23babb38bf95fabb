"""How offers are put to the components that show them: amounts, places and marked words."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol

from flask import url_for
from markupsafe import Markup, escape

from marketplace.catalogue.queries import OfferCard
from marketplace.catalogue.rules import AccessFact, Price, Rate, Setting, Unit, hourly
from marketplace.kit.days import day_of
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.places import CouncilCode, miles
from marketplace.kit.said import distance, pounds
from marketplace.kit.sentences import worded

LONGEST_SUMMARY = 220
"""Characters of a description in a list."""

TELLING = (AccessFact.STEP_FREE, AccessFact.CHANGING_PLACE, AccessFact.HOIST, AccessFact.BSL, AccessFact.EASY_READ)
"""The access facts that decide most often whether somebody can come at all; the others are on the offer's own page."""


class Rating(Protocol):
    """What people gave an offer, as the package of ratings counts it."""

    @property
    def count(self) -> int:
        """How many rated it."""

    @property
    def average(self) -> Decimal | float | None:
        """Their average, None for too few."""


Pieces = list[tuple[str, bool]]
"""A text in pieces, and for each whether somebody searched for it."""


def today() -> date:
    """Return the day it is in England."""
    return day_of(datetime.now(UTC))


def price_shown(
    *, is_free: bool, price: Price | None, group_price: Price | None = None, other_rates: Sequence[Rate] = ()
) -> dict[str, object]:
    """Return the arguments of the price component. `other_rates` are those at which it costs something else."""
    if is_free or price is None:
        return {"is_free": is_free}
    hour = hourly(price)
    notes = (
        [worded("about {hour} an hour", hour=pounds(hour))] if hour is not None and price.unit is not Unit.HOUR else []
    )
    if other_rates:
        times = [rate.at for rate in other_rates]
        notes.append("another price " + " and ".join([", ".join(times[:-1]), times[-1]] if times[1:] else times))
    shown: dict[str, object] = {
        "amount": pounds(price.amount),
        "unit": unit_said(price),
        "note": ", ".join(notes).capitalize(),
    }
    if group_price is not None:
        shown |= {"group_amount": pounds(group_price.amount), "group_people": group_price.people_from}
    return shown


def unit_said(price: Price) -> str:
    """Return what a price is for: `an hour`, `a package of 8 hours`, `each`."""
    if price.unit is Unit.PACKAGE and price.hours:
        number = f"{price.hours.normalize():f}"
        return worded("for a package of {number} {more}", number=number, more="hour" if price.hours == 1 else "hours")
    return price.unit.each


def rating_shown(summary: Rating | None) -> dict[str, object]:
    """Return the arguments of the rating_summary component."""
    if summary is None:
        return {"count": 0}
    return {"count": summary.count, "average": summary.average}


def council_name(code: CouncilCode | None) -> str:
    """Return a council's name, or nothing for none."""
    return gazetteer().council(code).name if code else ""


def area_of(card: OfferCard) -> str:
    """Return where an offer can be had, in a few words."""
    where = card.district or council_name(card.council)
    if card.setting is Setting.ONLINE:
        return card.setting.words
    if card.setting is Setting.AT_HOME:
        return f"{card.setting.words}{reach(card.travels_metres, where)}"
    return ", ".join(part for part in (card.district, council_name(card.council)) if part)


def reach(travels_metres: int | None, where: str) -> str:
    """Return how far somebody travels: `, up to 4 miles from M33`."""
    if travels_metres is None or not where:
        return ""
    far = round(miles(travels_metres))
    return worded(", up to {far} {more} from {where}", far=far, more="mile" if far == 1 else "miles", where=where)


def card_shown(
    card: OfferCard,
    *,
    rating: Rating | None,
    title: Markup | str = "",
    summary: Markup | str = "",
    distance_metres: int | None = None,
) -> dict[str, object]:
    """Return the arguments of the offer_card component."""
    return {
        "href": url_for("catalogue.offer", offer_id=card.id),
        "title": title or card.title,
        "provider": card.provider_name,
        "kind": card.kind.words,
        "summary": summary or marked(beginning([(card.description, False)])),
        "price": price_shown(
            is_free=card.is_free, price=card.price, group_price=card.group_price, other_rates=card.other_rates
        ),
        "rating": rating_shown(rating),
        "area": area_of(card),
        "distance": distance(distance_metres) if distance_metres is not None else "",
        "tags": [fact.words for fact in card.access if fact in TELLING],
    }


def marked(pieces: Pieces) -> Markup:
    """Return a text as safe HTML, with a mark around what somebody searched for."""
    drawn = [f"<mark>{escape(words)}</mark>" if is_asked else escape(words) for words, is_asked in pieces]
    return Markup("".join(drawn))  # noqa: S704  (every part has just been escaped)


def beginning(pieces: Pieces) -> Pieces:
    """Return the part of a text to show in a list: its beginning, or from just before the first marked word."""
    text = "".join(words for words, _ in pieces)
    start = _start(pieces, text)
    end = start + LONGEST_SUMMARY
    if end < len(text):
        end = text.rfind(" ", start, end + 1) if " " in text[start:end] else end
    cut, at = [], 0
    for words, is_asked in pieces:
        kept = words[max(start - at, 0) : max(end - at, 0)]
        if kept:
            cut.append((kept, is_asked))
        at += len(words)
    before = [("…\u00a0", False)] if start else []
    after = [("\u00a0…", False)] if end < len(text) else []
    return [*before, *cut, *after]


def _start(pieces: Pieces, text: str) -> int:
    at = 0
    for words, is_asked in pieces:
        if is_asked:
            break
        at += len(words)
    if at >= len(text) or at < LONGEST_SUMMARY * 3 // 4:
        return 0
    # A few words before the match, so that it makes sense.
    return text.find(" ", max(at - LONGEST_SUMMARY // 3, 0)) + 1
