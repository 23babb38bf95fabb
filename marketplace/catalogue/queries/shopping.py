"""What is on somebody's shortlist, and what have they saved?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, SavedSearch, Shortlisted
from marketplace.catalogue.rules import AlertEvery, OfferId, OfferStatus, SavedSearchId


@dataclass(frozen=True, slots=True)
class SavedSearchLine:
    """One saved search. `asked` is the query of the results page's address."""

    id: SavedSearchId
    name: str
    asked: str
    every: AlertEvery
    told_at: datetime


@dataclass(frozen=True, slots=True)
class DueSearch:
    """A search that it is time to ask again, and for whom."""

    id: SavedSearchId
    person_id: PersonId
    name: str
    asked: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class NewOffer:
    """An offer as a letter names it."""

    title: str
    provider_name: str
    address: str


@dataclass(frozen=True, slots=True)
class NewOffers:
    """What is new in one saved search. `address` is the whole address of its results."""

    saved_search_id: SavedSearchId
    name: str
    address: str
    offers: tuple[NewOffer, ...]


IS_SHORTLISTED = (
    select(Shortlisted.offer_id)
    .where(
        Shortlisted.offer_id == Offer.id,
        Shortlisted.person_id == bindparam("person_id"),
        Offer.status == OfferStatus.LIVE,
    )
    .correlate(Offer)
    .exists()
    .label("is_shortlisted")
)
"""Whether an offer is on the shortlist of a person, as a column of a question about offers."""


def shortlist(session: Session, *, viewer: Viewer) -> tuple[OfferId, ...]:
    """Return the offers on the viewer's shortlist that are still on the site, the last one added first."""
    if viewer.person_id is None:
        return ()
    return tuple(
        session.scalars(
            select(Shortlisted.offer_id)
            .join(Offer, Offer.id == Shortlisted.offer_id)
            .where(Shortlisted.person_id == viewer.person_id, Offer.status == OfferStatus.LIVE)
            .order_by(Shortlisted.shortlisted_at.desc(), Shortlisted.offer_id)
        )
    )


def saved_searches(session: Session, *, viewer: Viewer) -> tuple[SavedSearchLine, ...]:
    """Return what the viewer saved, the last one first."""
    if viewer.person_id is None:
        return ()
    rows = session.execute(
        select(SavedSearch.id, SavedSearch.name, SavedSearch.asked, SavedSearch.every, SavedSearch.told_at)
        .where(SavedSearch.person_id == viewer.person_id)
        .order_by(SavedSearch.saved_at.desc(), SavedSearch.id)
    )
    return tuple(SavedSearchLine(*row) for row in rows)


def saved_search(session: Session, *, saved_search_id: SavedSearchId, viewer: Viewer) -> SavedSearchLine | None:
    """Return a saved search of the viewer's, or None."""
    return next((each for each in saved_searches(session, viewer=viewer) if each.id == saved_search_id), None)


def due_searches(session: Session, *, now: datetime) -> tuple[DueSearch, ...]:
    """Return every search that it is time to ask again, person by person. For the job that sends the letters."""
    is_due = or_(
        *(
            and_(SavedSearch.every == every, SavedSearch.told_at <= rules.told_before(every=every, now=now))
            for every in (AlertEvery.DAY, AlertEvery.WEEK)
        )
    )
    rows = session.execute(
        select(SavedSearch.id, SavedSearch.person_id, SavedSearch.name, SavedSearch.asked, SavedSearch.told_at)
        .where(is_due)
        .order_by(SavedSearch.person_id, SavedSearch.saved_at, SavedSearch.id)
    )
    return tuple(DueSearch(*row) for row in rows)


def listed_since(session: Session, *, offer_ids: Sequence[OfferId], since: datetime) -> frozenset[OfferId]:
    """Return which of some live offers first came on the site after a moment."""
    return frozenset(
        session.scalars(
            select(Offer.id).where(Offer.id.in_(offer_ids), Offer.status == OfferStatus.LIVE, Offer.listed_at > since)
        )
    )
