"""What a provider tells us about an offer, put where it is kept."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.catalogue import rules
from marketplace.catalogue.models import (
    Category,
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferTime,
    Provider,
)
from marketplace.catalogue.rules import OfferDetails, Setting
from marketplace.catalogue.rules.details import facts_problem
from marketplace.catalogue.services.finding import WrongDetailError
from marketplace.kit import text
from marketplace.kit.days import day_of
from marketplace.kit.places import Precision

_LISTS = (OfferAccess, OfferTime, OfferPayment, OfferCouncil, OfferLanguage)


def put_details(session: Session, offer: Offer, details: OfferDetails, provider: Provider, *, now: datetime) -> None:
    """
    Make an offer say what its provider tells us, and nothing of what it said before. All but the price.

    :raises WrongDetailError: if a detail will not do.
    """
    _put_words(session, offer, details)
    _put_place(offer, details, provider)
    _put_facts(offer, details, now=now)
    session.add(offer)
    session.flush()
    _put_lists(session, offer, details)


def words_of(offer: Offer) -> tuple[object, ...]:
    """Return what a moderator has to have read before everybody sees it."""
    return (
        offer.title,
        offer.description,
        offer.category,
        offer.suits,
        offer.included,
        offer.video_url,
        offer.cqc_because,
    )


def _put_words(session: Session, offer: Offer, details: OfferDetails) -> None:
    title, description = text.tidy_line(details.title), text.tidy(details.description)
    problem = rules.words_problem(title=title, description=description)
    if problem:
        raise WrongDetailError(problem[1], field=problem[0])
    # Offers stand on shelves, not on the broad kinds that shelves hang on.
    hung = select(Category.slug).where(Category.parent == details.category).limit(1)
    if session.get(Category, details.category) is None or session.scalar(hung) is not None:
        raise WrongDetailError("Choose one of the categories.", field="category")
    offer.title, offer.description, offer.category = title, description, details.category
    offer.setting, offer.is_free = details.setting, details.is_free


def _put_place(offer: Offer, details: OfferDetails, provider: Provider) -> None:
    is_exact = details.place is not None and details.place.precision is Precision.POSTCODE
    if details.setting is Setting.AT_PLACE and not is_exact:
        raise WrongDetailError("Enter the whole postcode of the place, like M33 7ZF.", field="place")
    if details.setting is Setting.AT_HOME and details.travels_metres is None:
        raise WrongDetailError("Say how many miles you travel.", field="travels_miles")
    if details.travels_metres is not None and not 0 < details.travels_metres <= rules.FARTHEST_TRAVEL:
        raise WrongDetailError("Enter from 1 to 99 miles.", field="travels_miles")
    offer.travels_metres = details.travels_metres if details.setting is Setting.AT_HOME else None
    offer.address = text.tidy_line(details.address)[:300] if details.setting is Setting.AT_PLACE else ""
    if details.setting is Setting.ONLINE:
        offer.postcode = offer.easting = offer.northing = None
        offer.council = provider.council
    elif details.place is not None:
        offer.postcode, offer.council = rules.postcode_of(details.place), details.place.council
        offer.easting, offer.northing = details.place.point.easting, details.place.point.northing
    else:
        # People who come to your home start from where they are.
        offer.postcode, offer.council = provider.postcode, provider.council
        offer.easting, offer.northing = provider.easting, provider.northing


def _put_facts(offer: Offer, details: OfferDetails, *, now: datetime) -> None:
    problem = facts_problem(details)
    if problem:
        raise WrongDetailError(problem[1], field=problem[0])
    offer.included, offer.suits = text.tidy(details.included), text.tidy(details.suits)
    offer.notice_hours = details.notice_hours
    # Where nobody travels, there is no mile to pay for.
    offer.travel_per_mile = details.travel_per_mile if details.setting is Setting.AT_HOME else None
    offer.video_url = details.video_url
    offer.video_has_captions = details.video_has_captions and details.video_url is not None
    offer.capacity = details.capacity
    offer.capacity_on = day_of(now) if details.capacity else None
    offer.cqc_standing, offer.cqc_because = details.cqc_standing, text.tidy(details.cqc_because)


def _put_lists(session: Session, offer: Offer, details: OfferDetails) -> None:
    for model in _LISTS:
        session.execute(delete(model).where(model.offer_id == offer.id))
    session.add_all(OfferAccess(offer_id=offer.id, fact=fact) for fact in sorted(details.access))
    session.add_all(OfferTime(offer_id=offer.id, day=day, part=part) for day, part in sorted(details.times))
    session.add_all(OfferPayment(offer_id=offer.id, way=way) for way in sorted(details.ways_to_pay))
    # Everybody who goes to a place goes there, from wherever they live.
    councils = () if details.setting is Setting.AT_PLACE else sorted(details.councils)
    session.add_all(OfferCouncil(offer_id=offer.id, council=council) for council in councils)
    session.add_all(
        OfferLanguage(offer_id=offer.id, language=language) for language in _each_once(sorted(details.languages))
    )
    session.flush()


def _each_once(languages: Iterable[str]) -> Iterable[str]:
    """Return each language in one line, once, however it was capitalised."""
    tidied = (text.tidy_line(language) for language in languages)
    return {language.casefold(): language for language in tidied if language}.values()
