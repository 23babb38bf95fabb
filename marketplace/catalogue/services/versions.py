"""How every version of an offer is kept: what people could read, whole, as it was saved."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.models import (
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferTime,
    OfferVersion,
    Photo,
)
from marketplace.catalogue.queries import prices_of
from marketplace.catalogue.rules import Price, Setting, VersionId, price_list
from marketplace.kit.days import day_of
from marketplace.moderation.rules import DecisionId


def keep_version(
    session: Session,
    offer: Offer,
    *,
    did: str,
    by: PersonId | None,
    now: datetime,
    decision_id: DecisionId | None = None,
) -> int:
    """
    Keep an offer as it now reads, and return the number of that version. Call it where an offer is changed, locked.

    What reads the same as the version before is that version: nothing is added. A decision always adds one: the frozen
    copy of what was decided about. `did` is a verb in the past.
    """
    session.flush()
    words = _words(session, offer, on=day_of(now))
    last = session.scalars(
        select(OfferVersion).where(OfferVersion.offer_id == offer.id).order_by(OfferVersion.number.desc()).limit(1)
    ).one_or_none()
    if last is not None and decision_id is None and last.words == words:
        return last.number
    version = OfferVersion(
        id=VersionId(uuid.uuid4()),
        offer_id=offer.id,
        number=last.number + 1 if last else 1,
        words=words,
        did=did,
        saved_by=by,
        saved_at=now,
        decision_id=decision_id,
    )
    session.add(version)
    session.flush()
    return version.number


def _words(session: Session, offer: Offer, *, on: date) -> dict[str, Any]:
    """Return everything that the public could read of an offer. Nobody's front door is kept, as it is not shown."""
    shows_address = offer.setting is Setting.AT_PLACE
    postcode = offer.postcode or ""
    prices = () if offer.is_free else prices_of(session, offer_ids=[offer.id]).get(offer.id, ())
    return {
        "title": offer.title,
        "category": offer.category,
        "description": offer.description,
        "setting": str(offer.setting),
        "travels_metres": offer.travels_metres,
        "address": offer.address,
        "postcode": postcode if shows_address else postcode.split(" ")[0],
        "council": offer.council,
        "is_free": offer.is_free,
        "included": offer.included,
        "suits": offer.suits,
        "notice_hours": offer.notice_hours,
        "travel_per_mile": offer.travel_per_mile.pence if offer.travel_per_mile else None,
        "video_url": offer.video_url,
        "video_has_captions": offer.video_has_captions,
        "cqc_standing": str(offer.cqc_standing) if offer.cqc_standing else None,
        "cqc_because": offer.cqc_because,
        "prices": [_price(price) for price in price_list(prices, on=on)],
        "next_prices": [_price(price) for price in prices if price.begins_on > on],
        "photos": [
            [photo.digest, photo.alt]
            for photo in session.execute(
                select(Photo.digest, Photo.alt)
                .where(Photo.offer_id == offer.id, Photo.approved_at.is_not(None))
                .order_by(Photo.position, Photo.digest)
            )
        ],
        **_lists(session, offer),
    }


def _lists(session: Session, offer: Offer) -> dict[str, list[str]]:
    """Return what an offer has several of, in one query."""
    several = {
        "access": select(cast(OfferAccess.fact, String)).where(OfferAccess.offer_id == offer.id),
        "times": select(cast(OfferTime.day, String) + " " + cast(OfferTime.part, String)).where(
            OfferTime.offer_id == offer.id
        ),
        "payments": select(cast(OfferPayment.way, String)).where(OfferPayment.offer_id == offer.id),
        "councils": select(cast(OfferCouncil.council, String)).where(OfferCouncil.offer_id == offer.id),
        "languages": select(OfferLanguage.language).where(OfferLanguage.offer_id == offer.id),
    }
    found: dict[str, list[str]] = {name: [] for name in several}
    parts = [values.add_columns(literal(name)) for name, values in several.items()]
    for value, name in session.execute(union_all(*parts)):
        found[name].append(value)
    return {name: sorted(values) for name, values in found.items()}


def _price(price: Price) -> dict[str, Any]:
    return {
        "amount": price.amount.pence,
        "unit": str(price.unit),
        "people_from": price.people_from,
        "rate": str(price.rate),
        "hours": str(price.hours.normalize()) if price.hours is not None else None,
        "admin": price.admin.pence if price.admin else None,
        "overhead": price.overhead.pence if price.overhead else None,
        "begins_on": price.begins_on.isoformat(),
    }
