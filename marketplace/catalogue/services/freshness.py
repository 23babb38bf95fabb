"""How offers stay true: providers are asked, say that all is right or who has room, and silence hides an offer."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import Act, Capacity, OfferId, OfferStatus, ProviderId, Question
from marketplace.catalogue.services.finding import any_offer, move_on, own_offer
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.kit import audit
from marketplace.kit.days import day_of, midnight
from marketplace.kit.errors import DomainError
from marketplace.kit.said import day
from marketplace.kit.sentences import worded

Address = Callable[[Question], str]
"""Turns a question into the address of the page that answers it."""


class QuestionTooOldError(DomainError):
    """The link in the letter has run out."""


class QuestionAnsweredError(DomainError):
    """Somebody has answered, or the offer has changed since we asked."""


class AnswerUnclearError(DomainError):
    """The answer to a letter is none that we asked for."""


def say_capacity(session: Session, *, offer_id: OfferId, capacity: Capacity | None, by: Viewer, now: datetime) -> None:
    """
    Say whether there is room, as of today, and let the search know at once. None takes back what was said.

    It says nothing about the rest of the page, so it does not count as confirming it.

    :raises OfferNotFoundError: if it is not the viewer's to say.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    _say(offer, capacity, now=now)
    offer.updated_at = now
    did = worded("said {capacity}", capacity=capacity) if capacity else "took back what was said of space"
    audit.record(session, by=by.person_id, did=did, to_kind="offer", to_id=offer.id, now=now)
    keep_index_true(session, offer, now=now)


def confirm_offer(
    session: Session, *, offer_id: OfferId, by: Viewer, now: datetime, capacity: Capacity | None = None
) -> None:
    """
    Say that all that people read of an offer is still right, and whether there is room if that is said too.

    An offer that was hidden because nobody said so is found again from this moment.

    :raises OfferNotFoundError: if it is not the viewer's to confirm.
    :raises ActNotPossibleError: if it is neither shown nor hidden for want of this.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    _confirm(session, offer, capacity=capacity, did="confirmed", by=by.person_id, now=now)


def answer_question(session: Session, *, question: Question, capacity: Capacity | None = None, now: datetime) -> None:
    """
    Confirm an offer as `confirm_offer` does, by the link in a letter: whoever has the letter need not sign in.

    :raises QuestionTooOldError: if it was asked too long ago.
    :raises QuestionAnsweredError: if it was confirmed, changed or taken down since we asked.
    :raises OfferNotFoundError: if there is no such offer.
    """
    offer = _asked_about(session, question, now=now)
    _confirm(session, offer, capacity=capacity, did="confirmed by letter", by=None, now=now)


def unlist_by_letter(session: Session, *, question: Question, now: datetime) -> None:
    """
    Take an offer down by the link in a letter. Its provider puts it back whenever they like, signed in.

    :raises QuestionTooOldError, QuestionAnsweredError, OfferNotFoundError: as `answer_question`.
    """
    offer = _asked_about(session, question, now=now)
    move_on(offer, Act.UNLIST)
    offer.updated_at = offer.confirmed_at = now
    audit.record(session, by=None, did="unlisted by letter", to_kind="offer", to_id=offer.id, now=now)
    keep_index_true(session, offer, now=now)


def ask_provider(session: Session, *, provider_id: ProviderId, address: Address, now: datetime) -> int:
    """
    Write one letter to a provider about all of its offers that are due, and return how many those are.

    Safe to do twice, and from two places at once: the second finds nothing to ask.
    """
    offers = [
        offer
        for offer in _locked(session, provider_id, unconfirmed_for=rules.ASKED_AFTER, now=now)
        if rules.asks_now(
            day_of(offer.confirmed_at), day_of(offer.reminded_at) if offer.reminded_at else None, day_of(now)
        )
    ]
    if not offers:
        return 0
    for offer in offers:
        offer.reminded_at = now
    many = len(offers) > 1
    about = worded("your {offers} offers", offers=len(offers)) if many else f"“{offers[0].title}”"
    write_about(
        session,
        offers,
        subject=worded("Is all that people read about {about} still right?", about=about),
        first="Every few months we ask each provider whether what people read is still right. "
        "Nobody likes to ring about something that ended last year.",
        of_each=lambda offer: worded(
            "Last confirmed on {confirmed_at}. If we hear nothing, people no longer find it from {hidden_from}.",
            confirmed_at=day(offer.confirmed_at),
            hidden_from=day(rules.hidden_from(day_of(offer.confirmed_at))),
        ),
        address=address,
        now=now,
    )
    return len(offers)


def hide_unconfirmed(session: Session, *, provider_id: ProviderId, address: Address, now: datetime) -> int:
    """
    Hide the offers of a provider that nobody has confirmed for too long, tell it once, and return how many those are.

    They leave the search in the same moment. Safe to do twice, and from two places at once.
    """
    offers = _locked(session, provider_id, unconfirmed_for=rules.HIDDEN_AFTER, now=now)
    for offer in offers:
        move_on(offer, Act.LAPSE)
        # Others who keep a copy of our list have to see that it has gone.
        offer.updated_at = now
        audit.record(session, by=None, did="lapsed", to_kind="offer", to_id=offer.id, now=now)
        keep_index_true(session, offer, now=now)
    if not offers:
        return 0
    many = len(offers) > 1
    about = (
        worded("{offers} of your offers are", offers=len(offers))
        if many
        else worded("“{title}” is", title=offers[0].title)
    )
    write_about(
        session,
        offers,
        subject=worded("{about} hidden until you confirm", about=about),
        first="Nobody has told us for four months whether what people read is still right, so we do not show it now. "
        "Nothing is lost, and what you have agreed with people stays agreed.",
        of_each=lambda offer: worded("Last confirmed on {confirmed_at}.", confirmed_at=day(offer.confirmed_at)),
        address=address,
        now=now,
    )
    return len(offers)


def write_about(
    session: Session,
    offers: Sequence[Offer],
    *,
    subject: str,
    first: str,
    of_each: Callable[[Offer], str],
    address: Address,
    now: datetime,
) -> None:
    """Put one letter about some offers of one provider in the outbox, with a link for each that answers at once."""
    provider = session.get_one(Provider, offers[0].provider_id)
    each = "\n\n".join(
        worded(
            "“{title}”\n{of_each}\nSay that it is right, or take it down:\n{address}",
            title=offer.title,
            of_each=of_each(offer),
            address=address(Question(offer.id, offer.confirmed_at, now)),
        )
        for offer in offers
    )
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=subject,
        body=worded(
            "{first}\n\n{each}\n\n"
            "You need not sign in: the link opens a page with one button. It works once, for 60 days, "
            "so keep this letter to yourselves.",
            first=first,
            each=each,
        ),
        now=now,
    )


def _asked_about(session: Session, question: Question, *, now: datetime) -> Offer:
    if question.is_too_old(now):
        raise QuestionTooOldError("This link is more than 60 days old. Sign in to confirm your offers.")
    offer = any_offer(session, offer_id=question.offer_id)
    if offer.confirmed_at != question.confirmed_at or offer.status not in {OfferStatus.LIVE, OfferStatus.LAPSED}:
        raise QuestionAnsweredError("This has been answered already, so there is nothing left to do here.")
    return offer


def _confirm(
    session: Session, offer: Offer, *, capacity: Capacity | None, did: str, by: PersonId | None, now: datetime
) -> None:
    was_hidden = offer.status is OfferStatus.LAPSED
    move_on(offer, Act.CONFIRM)
    offer.confirmed_at = now
    if capacity is not None:
        _say(offer, capacity, now=now)
    if was_hidden or capacity is not None:
        offer.updated_at = now
    audit.record(session, by=by, did=did, to_kind="offer", to_id=offer.id, now=now)
    keep_index_true(session, offer, now=now)


def _say(offer: Offer, capacity: Capacity | None, *, now: datetime) -> None:
    offer.capacity, offer.capacity_on = capacity, day_of(now) if capacity else None


def _locked(session: Session, provider_id: ProviderId, *, unconfirmed_for: int, now: datetime) -> Sequence[Offer]:
    """Return the shown offers of a provider that nobody has confirmed for so many days, locked."""
    return session.scalars(
        select(Offer)
        .where(
            Offer.provider_id == provider_id,
            Offer.status == OfferStatus.LIVE,
            Offer.confirmed_at < midnight(day_of(now) - timedelta(days=unconfirmed_for - 1)),
        )
        .order_by(Offer.id)
        .with_for_update()
    ).all()
