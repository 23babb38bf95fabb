"""What people do while they look for support: keep a shortlist, save a search, hear of what is new."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.counting import count_person
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, SavedSearch, Shortlisted
from marketplace.catalogue.queries.shopping import NewOffers
from marketplace.catalogue.rules import AlertEvery, OfferId, OfferStatus, SavedSearchId
from marketplace.catalogue.services.finding import OfferNotFoundError, WrongDetailError
from marketplace.kit import text
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.facts import FactKind
from marketplace.kit.sentences import worded


class ShortlistFullError(DomainError):
    """A shortlist holds only so many."""


class SavedSearchNotFoundError(NotFoundError):
    """There is no such saved search, or it is somebody else's."""


def shortlist_offer(session: Session, *, offer_id: OfferId, by: PersonId, now: datetime) -> None:
    """
    Put an offer on somebody's shortlist. Idempotent.

    :raises OfferNotFoundError: if it is not on the site.
    :raises ShortlistFullError: if there is no room.
    """
    accounts.take_turns(session, person_id=by)
    chosen = _on_shortlist(session, by)
    if len(shortlist_with(session, offer_id=offer_id, chosen=chosen)) > len(chosen):
        _keep(session, [offer_id], by=by, now=now)


def shortlist_with(session: Session, *, offer_id: OfferId, chosen: Sequence[OfferId]) -> tuple[OfferId, ...]:
    """
    Return a shortlist with one more offer before the others, or as it is if that is on it already.

    :raises OfferNotFoundError: if it is not on the site.
    :raises ShortlistFullError: if there is no room.
    """
    if offer_id in chosen:
        return tuple(chosen)
    if not on_site(session, offer_ids=[offer_id]):
        raise OfferNotFoundError("We could not find that offer.")
    if len(chosen) >= rules.MOST_SHORTLISTED:
        raise ShortlistFullError(
            worded(
                "Your shortlist holds {most_shortlisted} offers. Remove one before you add another.",
                most_shortlisted=rules.MOST_SHORTLISTED,
            )
        )
    return (offer_id, *chosen)


def take_off_shortlist(session: Session, *, offer_id: OfferId, by: PersonId) -> None:
    """Take an offer off somebody's shortlist. Idempotent."""
    session.execute(delete(Shortlisted).where(Shortlisted.person_id == by, Shortlisted.offer_id == offer_id))


def empty_shortlist(session: Session, *, by: PersonId) -> None:
    """Take everything off somebody's shortlist."""
    session.execute(delete(Shortlisted).where(Shortlisted.person_id == by))


def keep_shortlist(session: Session, *, offer_ids: Sequence[OfferId], by: PersonId, now: datetime) -> None:
    """Add to somebody's shortlist what they chose before signing in, as far as there is room and it is still there."""
    accounts.take_turns(session, person_id=by)
    chosen = _on_shortlist(session, by)
    new = [offer_id for offer_id in on_site(session, offer_ids=offer_ids) if offer_id not in chosen]
    _keep(session, new[: max(rules.MOST_SHORTLISTED - len(chosen), 0)], by=by, now=now)


def on_site(session: Session, *, offer_ids: Sequence[OfferId]) -> tuple[OfferId, ...]:
    """Return which of some offers everybody can see, in the same order."""
    live = set(session.scalars(select(Offer.id).where(Offer.id.in_(offer_ids), Offer.status == OfferStatus.LIVE)))
    return tuple(offer_id for offer_id in offer_ids if offer_id in live)


def _keep(session: Session, offer_ids: Sequence[OfferId], *, by: PersonId, now: datetime) -> None:
    session.add_all(Shortlisted(person_id=by, offer_id=offer_id, shortlisted_at=now) for offer_id in offer_ids)
    session.flush()
    kept = select(Offer.category, Offer.provider_id).where(Offer.id.in_(offer_ids)).order_by(Offer.id)
    for category, provider_id in session.execute(kept).all():
        count_person(session, FactKind.SHORTLISTED, person_id=by, category=category, provider_id=provider_id, now=now)


def save_search(
    session: Session, *, name: str, asked: str, every: AlertEvery, by: PersonId, now: datetime
) -> SavedSearchId:
    """
    Save a search, so that its person can ask it again and hear of what is new. Saving it again renames it.

    `asked` is the query of the results page's address, without a page.

    :raises WrongDetailError: if the name will not do, or there are as many as there may be.
    """
    words = _name(name)
    accounts.take_turns(session, person_id=by)
    saved = session.scalars(
        select(SavedSearch).where(SavedSearch.person_id == by, SavedSearch.asked == asked)
    ).one_or_none()
    if saved is not None:
        saved.name, saved.every = words, every
        session.flush()
        return saved.id
    number = session.scalar(select(func.count()).select_from(SavedSearch).where(SavedSearch.person_id == by)) or 0
    if number >= rules.MOST_SAVED_SEARCHES:
        raise WrongDetailError(
            worded(
                "You can save {most_saved_searches} searches. Remove one before you add another.",
                most_saved_searches=rules.MOST_SAVED_SEARCHES,
            ),
            field="name",
        )
    saved = SavedSearch(
        id=SavedSearchId(uuid.uuid4()), person_id=by, name=words, asked=asked, every=every, saved_at=now, told_at=now
    )
    session.add(saved)
    session.flush()
    return saved.id


def change_saved_search(
    session: Session, *, saved_search_id: SavedSearchId, name: str, every: AlertEvery, by: PersonId
) -> None:
    """
    Rename a saved search, or change how often its person hears of it.

    :raises SavedSearchNotFoundError: if it is not theirs.
    :raises WrongDetailError: if the name will not do.
    """
    saved = _own(session, saved_search_id, by)
    saved.name, saved.every = _name(name), every
    session.flush()


def forget_search(session: Session, *, saved_search_id: SavedSearchId, by: PersonId) -> None:
    """
    Remove a saved search.

    :raises SavedSearchNotFoundError: if it is not theirs.
    """
    session.delete(_own(session, saved_search_id, by))
    session.flush()


def tell_of_new_offers(
    session: Session, *, person_id: PersonId, news: Sequence[NewOffers], address: str, now: datetime
) -> int:
    """
    Write one letter about everything new in somebody's searches, and return how many offers it names.

    Searches without news are only marked as looked at. `address` is the page where the searches can be changed.
    """
    for one in news:
        saved = session.get(SavedSearch, one.saved_search_id, with_for_update=True)
        if saved is not None:
            saved.told_at = now
    found = [one for one in news if one.offers]
    if not found:
        session.flush()
        return 0
    number = len({offer.address for one in found for offer in one.offers})
    accounts.write_to_person(
        session,
        person_id=person_id,
        subject="1 new offer for you" if number == 1 else worded("{number} new offers for you", number=number),
        body="\n\n".join(
            [
                "These are new on the site, and fit what you saved:",
                *(_told(one) for one in found),
                worded("Change how often you hear from us, or stop these letters:\n{address}", address=address),
            ]
        ),
        now=now,
    )
    session.flush()
    return number


def _told(new: NewOffers) -> str:
    lines = [f"{offer.title}, {offer.provider_name}\n{offer.address}" for offer in new.offers[: rules.MOST_IN_ALERT]]
    more = len(new.offers) - rules.MOST_IN_ALERT
    rest = (
        [worded("And {more} more:\n{address}", more=more, address=new.address)]
        if more > 0
        else [worded("See them all:\n{address}", address=new.address)]
    )
    return "\n\n".join([worded("For “{name}”:", name=new.name), *lines, *rest])


def _own(session: Session, saved_search_id: SavedSearchId, by: PersonId) -> SavedSearch:
    saved = session.get(SavedSearch, saved_search_id, with_for_update=True)
    if saved is None or saved.person_id != by:
        raise SavedSearchNotFoundError("We could not find that search.")
    return saved


def _name(typed: str) -> str:
    words = text.tidy_line(typed)
    if not words:
        raise WrongDetailError("Give this search a name that you will know it by.", field="name")
    if len(words) > rules.LONGEST_SEARCH_NAME:
        raise WrongDetailError(
            worded("Use at most {longest_search_name} characters.", longest_search_name=rules.LONGEST_SEARCH_NAME),
            field="name",
        )
    return words


def _on_shortlist(session: Session, by: PersonId) -> tuple[OfferId, ...]:
    """Return what somebody sees on their shortlist: what has left the site takes no room."""
    return tuple(
        session.scalars(
            select(Shortlisted.offer_id)
            .join(Offer, Offer.id == Shortlisted.offer_id)
            .where(Shortlisted.person_id == by, Offer.status == OfferStatus.LIVE)
        )
    )
