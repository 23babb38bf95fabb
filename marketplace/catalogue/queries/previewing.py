"""The page of an offer as it will be, made from what its provider has said so far."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.queries.cards import district_of
from marketplace.catalogue.queries.listed import other_lists, with_other_lists
from marketplace.catalogue.queries.pages import OfferPage, provider_line
from marketplace.catalogue.queries.shopping import IS_SHORTLISTED
from marketplace.catalogue.queries.writing import ListingPage
from marketplace.catalogue.rules import (
    AccessFact,
    Asking,
    OfferDetails,
    OfferId,
    OfferStatus,
    Price,
    Rate,
    Setting,
    WayToPay,
)


def previewed_page(
    session: Session, *, listing: ListingPage, details: OfferDetails, asking: Asking | None, viewer: Viewer, on: date
) -> OfferPage:
    """Return the page that everybody would see if what is written were on the site today. One query."""
    rows = session.execute(
        with_other_lists(
            select(Provider, Category.name.label("category_name"), IS_SHORTLISTED)
            .select_from(Provider)
            .outerjoin(Category, Category.slug == details.category)
            .outerjoin(Offer, Offer.id == listing.offer_id)
            .where(Provider.id == listing.provider_id)
        ),
        {"person_id": viewer.person_id},
    ).all()
    row, provider = rows[0], rows[0].Provider
    prices = _prices(asking, on=on)
    at_home, at_place = (details.setting is setting for setting in (Setting.AT_HOME, Setting.AT_PLACE))
    postcode = details.place.name if details.place and at_place else district_of(provider.postcode)
    return OfferPage(
        id=OfferId(listing.offer_id or listing.id),
        title=details.title,
        description=details.description,
        category=details.category,
        category_name=row.category_name or "",
        status=OfferStatus.LIVE,
        setting=details.setting,
        travels_metres=details.travels_metres if at_home else None,
        address=details.address if at_place else "",
        postcode="" if details.setting is Setting.ONLINE else postcode,
        council=details.place.council if details.place and at_place else provider.council,
        is_free=details.is_free,
        rates=tuple(price for price in prices if price.people_from == 1),
        ladder=tuple(price for price in prices if price.people_from > 1),
        next_prices=(),
        included=details.included,
        notice_hours=details.notice_hours,
        travel_per_mile=details.travel_per_mile if at_home else None,
        suits=details.suits,
        access=tuple(fact for fact in AccessFact if fact in details.access),
        languages=tuple(sorted(details.languages)),
        councils=() if at_place else tuple(sorted(details.councils)),
        times=details.times,
        ways=tuple(way for way in WayToPay if way in details.ways_to_pay),
        capacity=details.capacity,
        capacity_on=on if details.capacity else None,
        video_url=details.video_url,
        video_has_captions=details.video_has_captions,
        cqc_standing=details.cqc_standing,
        cqc_because=details.cqc_because,
        provider=provider_line(provider),
        source=None,
        also_listed=other_lists(rows),
        updated_at=listing.saved_at,
        confirmed_on=on,
        is_own=True,
        is_shortlisted=row.is_shortlisted,
        acts=(),
        refused_because="",
    )


def _prices(asking: Asking | None, *, on: date) -> tuple[Price, ...]:
    if asking is None:
        return ()
    rates = {Rate.STANDARD: asking.amount, **asking.rates}
    usual = tuple(
        Price(
            amount=rates[rate],
            unit=asking.unit,
            people_from=1,
            begins_on=on,
            edition=1,
            rate=rate,
            hours=asking.hours,
            admin=asking.admin if rate is Rate.STANDARD else None,
            overhead=asking.overhead if rate is Rate.STANDARD else None,
        )
        for rate in Rate
        if rate in rates
    )
    steps = tuple(
        Price(amount=step.amount, unit=asking.unit, people_from=step.people_from, begins_on=on, edition=1)
        for step in sorted(asking.ladder, key=lambda step: step.people_from)
    )
    return usual + steps
