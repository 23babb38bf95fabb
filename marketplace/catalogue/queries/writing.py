"""What providers are still writing, and what an offer would say if its provider were asked again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import (
    Category,
    Listing,
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferTime,
    Provider,
)
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import (
    CqcStanding,
    ListingId,
    OfferId,
    OfferStatus,
    Price,
    ProviderId,
    Rate,
    Setting,
)
from marketplace.catalogue.rules.answers import FREE, NO, PRICED, YES
from marketplace.catalogue.rules.questions import Answer, Answers
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode, Point, miles

MOST_LISTINGS = 50
"""The most offers in writing that are shown: nobody writes so many at once."""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """
    An offer that the viewer is writing: for which provider, and what they have said so far.

    `offer_id` is the offer it changes, or became. Once it was sent, `is_sent`, and there is nothing more to answer.
    """

    id: ListingId
    provider_id: ProviderId
    provider_name: str
    provider_point: Point | None
    provider_council: CouncilCode | None
    offer_id: OfferId | None
    status: OfferStatus | None
    answers: Answers
    saved_at: datetime

    @property
    def is_sent(self) -> bool:
        """Whether nothing in it waits to be sent."""
        return self.offer_id is not None and not self.answers


def listing_page(session: Session, *, listing_id: ListingId, viewer: Viewer) -> ListingPage | None:
    """Return an offer that is being written, if the viewer speaks for its provider."""
    row = session.execute(_own(viewer).where(Listing.id == listing_id)).one_or_none()
    return _page(*row) if row else None


def my_listings(session: Session, *, viewer: Viewer) -> tuple[ListingPage, ...]:
    """Return what the viewer has begun to write and not sent, the last saved first. One query."""
    rows = session.execute(_own(viewer).order_by(Listing.saved_at.desc(), Listing.id).limit(MOST_LISTINGS))
    pages = (_page(listing, provider, status) for listing, provider, status in rows)
    return tuple(page for page in pages if not page.is_sent)


def listing_of(session: Session, *, offer_id: OfferId, viewer: Viewer) -> ListingPage | None:
    """Return the changes to an offer that the viewer has begun and not sent."""
    row = session.execute(_own(viewer).where(Listing.offer_id == offer_id)).one_or_none()
    page = _page(*row) if row else None
    return page if page and not page.is_sent else None


def answers_of(session: Session, *, offer_id: OfferId, on: date) -> Answers:
    """Return what the provider of an offer would say today, if asked every question again. Seven queries."""
    offer = session.get_one(Offer, offer_id)
    answers: dict[str, Answer] = {
        "title": {"title": offer.title},
        "category": {"category": offer.category},
        "description": {"description": offer.description},
        "suits": {"suits": offer.suits},
        "setting": {"setting": offer.setting.value},
        "councils": {"councils": _list(session, OfferCouncil.council, OfferCouncil.offer_id == offer_id)},
        "access": {"access": _list(session, OfferAccess.fact, OfferAccess.offer_id == offer_id)},
        "languages": {"languages": _list(session, OfferLanguage.language, OfferLanguage.offer_id == offer_id)},
        "times": {"times": _times(session, offer_id)},
        "cost": {"cost": FREE if offer.is_free else PRICED},
        "included": {"included": offer.included},
        "ways_to_pay": {"ways_to_pay": _list(session, OfferPayment.way, OfferPayment.offer_id == offer_id)},
        "travel_per_mile": {"travel_per_mile": _pounds(offer.travel_per_mile)},
        "notice_hours": {"notice_hours": "" if offer.notice_hours is None else str(offer.notice_hours)},
        "photos": {},
        "video": _video(offer),
        **_where(offer),
        **_registration(offer),
    }
    if offer.capacity:
        answers["capacity"] = {"capacity": offer.capacity.value}
    if not offer.is_free:
        answers.update(_prices(prices_of(session, offer_ids=[offer_id]).get(offer_id, ()), on=on))
    return answers


def category_names(session: Session) -> dict[str, str]:
    """Return what each category is called, by its slug."""
    return {row.slug: row.name for row in session.execute(select(Category.slug, Category.name))}


def _own(viewer: Viewer) -> Select[Listing, Provider, OfferStatus]:
    return (
        select(Listing, Provider, Offer.status)
        .join(Provider, Provider.id == Listing.provider_id)
        .outerjoin(Offer, Offer.id == Listing.offer_id)
        .where(Provider.organisation_id.in_(viewer.organisations))
    )


def _page(listing: Listing, provider: Provider, status: OfferStatus | None) -> ListingPage:
    has_point = provider.easting is not None and provider.northing is not None
    return ListingPage(
        id=listing.id,
        provider_id=provider.id,
        provider_name=provider.name,
        provider_point=Point(provider.easting or 0, provider.northing or 0) if has_point else None,
        provider_council=provider.council,
        offer_id=listing.offer_id,
        status=status,
        answers=listing.answers,
        saved_at=listing.saved_at,
    )


def _list(session: Session, column: InstrumentedAttribute[Any], of: ColumnElement[bool]) -> list[str]:
    return [str(value) for value in session.scalars(select(column).where(of).order_by(column))]


def _times(session: Session, offer_id: OfferId) -> list[str]:
    rows = session.execute(
        select(OfferTime.day, OfferTime.part)
        .where(OfferTime.offer_id == offer_id)
        .order_by(OfferTime.day, OfferTime.part)
    )
    return [f"{int(row.day)} {row.part}" for row in rows]


def _where(offer: Offer) -> dict[str, Answer]:
    if offer.setting is Setting.AT_PLACE:
        return {"place": {"place": offer.postcode or "", "address": offer.address}}
    if offer.travels_metres:
        return {"travels_miles": {"travels_miles": str(round(miles(offer.travels_metres)))}}
    return {}


def _registration(offer: Offer) -> dict[str, Answer]:
    if offer.cqc_standing is None:
        return {}
    has_care = offer.cqc_standing is not CqcStanding.NOT_PERSONAL_CARE
    return {
        "personal_care": {"personal_care": YES if has_care else NO},
        "registration": {"cqc_standing": offer.cqc_standing.value, "cqc_because": offer.cqc_because},
    }


def _video(offer: Offer) -> Answer:
    if offer.video_url is None:
        return {}
    return {"video_url": offer.video_url, "video_has_captions": YES if offer.video_has_captions else NO}


def _prices(prices: Iterable[Price], *, on: date) -> dict[str, Answer]:
    """Return the prices in force as answers, or the first that will be, if none is yet."""
    prices = tuple(prices)
    listed = rules.price_list(prices, on=on) or rules.price_list(
        prices, on=min((price.begins_on for price in prices), default=on)
    )
    usual = next((price for price in listed if price.people_from == 1 and price.rate is Rate.STANDARD), None)
    if usual is None:
        return {}
    rates = {price.rate.value: _pounds(price.amount) for price in listed if price.rate is not Rate.STANDARD}
    steps: dict[str, str | list[str]] = {}
    for n, price in enumerate((price for price in listed if price.people_from > 1), start=1):
        steps |= {f"group_from_{n}": str(price.people_from), f"group_amount_{n}": _pounds(price.amount)}
    return {
        "price": {"amount": _pounds(usual.amount), "unit": usual.unit.value, "hours": _plain(usual.hours)},
        "rates": dict(rates),
        "ladder": steps,
        "split": {"admin": _pounds(usual.admin), "overhead": _pounds(usual.overhead)},
    }


def _pounds(amount: Money | None) -> str:
    return "" if amount is None else f"{amount.pounds:.2f}"


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
