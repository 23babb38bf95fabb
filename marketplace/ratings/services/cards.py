"""Review cards: making them, taking them back, and saying what something was like with the code of one."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import council_of, speaks_for
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.services import take_turns_at
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.ratings.models import Card, CardBatch
from marketplace.ratings.queries.cards import attesting_organisation, has_reviewed_by_card
from marketplace.ratings.rules import cards as rules
from marketplace.ratings.rules.nouns import Basis, CardBatchId, CardId, ReviewId, Telling
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services.proving import what_is_offered
from marketplace.ratings.services.publishing import Address
from marketplace.ratings.services.reviewing import (
    AlreadyReviewedError,
    OwnProviderError,
    WhatToReview,
    write_review,
)

_NOT_KNOWN = (
    "We do not know this code, or it was used, taken back or has run out. Look at the card again, or ask for another."
)


class CardUnclearError(WrongAnswerError):
    """There is no such code, or it cannot be used."""


class CardNumberError(WrongAnswerError):
    """Nobody makes so many cards."""


class CardsMadeAlreadyError(DomainError):
    """The same form came twice. Its codes were shown once."""


class NoCardsForOfferError(NotAllowedError):
    """The person speaks neither for the provider nor for a user-led organisation."""


class CardsNotFoundError(NotFoundError):
    """There are no such cards, or they are somebody else's."""


@dataclass(frozen=True, slots=True)
class CardsToMake:
    """For what somebody may make cards, and on whose behalf."""

    offer_id: OfferId
    title: str
    provider_name: str
    organisation_id: OrganisationId
    is_word: bool


@dataclass(frozen=True, slots=True)
class DrawnCode:
    """A code that stands on no card yet, and what we keep of it."""

    code: str
    code_hash: str


@dataclass(frozen=True, slots=True)
class MadeCards:
    """Cards just made. Their codes are nowhere else: we keep what cannot be turned back."""

    batch_id: CardBatchId
    codes: tuple[str, ...]


def cards_to_make(session: Session, *, offer_id: OfferId, by: Viewer, today: date) -> CardsToMake:
    """
    Return for what the viewer may make cards: an offer of their own, or, for a user-led organisation, of another.

    :raises NothingToReviewError: if there is no such offer to be seen.
    :raises NoCardsForOfferError: if they speak neither for the provider nor for a user-led organisation.
    """
    what = what_is_offered(session, offer_id=offer_id, basis=Basis.CARD, by=None, today=today)
    is_word = not by.speaks_for(what.organisation_id)
    giver = attesting_organisation(session, viewer=by) if is_word else what.organisation_id
    if giver is None:
        raise NoCardsForOfferError(
            "Only the provider of this can make cards for it, or a user-led organisation that has an offer here."
        )
    return CardsToMake(
        offer_id=offer_id,
        title=what.title,
        provider_name=what.provider_name,
        organisation_id=giver,
        is_word=is_word,
    )


def draw_codes(number: int) -> tuple[DrawnCode, ...]:
    """
    Draw codes for new cards. Call it before the transaction: hashing is slow, and others need not wait for it.

    :raises CardNumberError: if those are too many at once, or none.
    """
    problem = rules.number_problem(number)
    if problem:
        raise CardNumberError(problem, field="number")
    codes = (rules.new_code(secrets.randbelow) for _ in range(number))
    return tuple(DrawnCode(code, rules.code_hash(code)) for code in codes)


def make_cards(
    session: Session,
    *,
    offer_id: OfferId,
    codes: Sequence[DrawnCode],
    batch_id: CardBatchId,
    by: Viewer,
    now: datetime,
) -> MadeCards:
    """
    Make cards with codes that `draw_codes` drew.

    `batch_id` was drawn with the form, so that a form sent twice makes its cards once.

    :raises NothingToReviewError, NoCardsForOfferError: as `cards_to_make`.
    :raises CardNumberError: if those are too many in a year.
    :raises CardsMadeAlreadyError: if this form was sent before.
    """
    today = day_of(now)
    to_make = cards_to_make(session, offer_id=offer_id, by=by, today=today)
    # Two who make cards at once queue here, so that together they do not make too many.
    take_turns_at(session, offer_id=offer_id)
    if session.get(CardBatch, batch_id) is not None:
        raise CardsMadeAlreadyError(
            "These cards were made already, and their codes are shown only once. "
            "If you did not keep them, take them back below and make new ones."
        )
    problem = rules.year_problem(wanted=len(codes), made_this_year=_made_this_year(session, offer_id, today))
    if problem:
        raise CardNumberError(problem, field="number")
    session.add(
        CardBatch(
            id=batch_id,
            offer_id=offer_id,
            organisation_id=to_make.organisation_id,
            is_word=to_make.is_word,
            made_by=by.person_id,
            made_at=now,
            expires_on=rules.last_day(today),
        )
    )
    session.flush()
    session.add_all(Card(id=CardId(uuid.uuid4()), batch_id=batch_id, code_hash=drawn.code_hash) for drawn in codes)
    audit.record(session, by=by.person_id, did="made", to_kind="card_batch", to_id=batch_id, now=now)
    session.flush()
    return MadeCards(batch_id, tuple(drawn.code for drawn in codes))


def revoke_cards(session: Session, *, batch_id: CardBatchId, by: Viewer, now: datetime) -> None:
    """
    Take back a batch of cards, so that none can be used any more. Reviews that were written with one stay.

    :raises CardsNotFoundError: if the viewer does not speak for who made them.
    """
    batch = session.get(CardBatch, batch_id)
    if batch is None or not by.speaks_for(batch.organisation_id):
        raise CardsNotFoundError("We could not find those cards among yours.")
    # Those that were used too: which are left would say how many were.
    session.execute(update(Card).where(Card.batch_id == batch_id, Card.revoked_at.is_(None)).values(revoked_at=now))
    audit.record(session, by=by.person_id, did="revoked", to_kind="card_batch", to_id=batch_id, now=now)
    session.flush()


def card_with_code(session: Session, *, code: str, by: PersonId, today: date) -> CardId:
    """
    Return the card that a code stands on, if it can be used now. Changes nothing.

    :raises CardUnclearError: if there is no such code, or it cannot be used.
    :raises OwnProviderError: if the person speaks for the provider: they learn nothing about who used which.
    """
    read = rules.code_of(code)
    if read is None:
        raise CardUnclearError(
            "That is not quite a code of ours. It has 12 letters and figures, like 2345 CDFH 67KM.", field="code"
        )
    return _usable(session, Card.code_hash == rules.code_hash(read), by=by, today=today).card.id


def what_card_is_for(session: Session, *, card_id: CardId, by: PersonId, today: date) -> WhatToReview:
    """
    Return what this person may review with a card. Changes nothing.

    :raises CardUnclearError: if it cannot be used.
    :raises OwnProviderError: if they speak for the provider.
    :raises AlreadyReviewedError: if they have reviewed this with another card.
    :raises NothingToReviewError: if the offer is gone.
    """
    what = _usable(session, Card.id == card_id, by=by, today=today).what
    if has_reviewed_by_card(session, person_id=by, offer_id=what.offer_id):
        raise AlreadyReviewedError(
            "You have reviewed this with another card. You can change that review, or add to it, in your reviews."
        )
    return replace(what, council=council_of(session, person_id=by))


def review_with_card(
    session: Session, *, card_id: CardId, by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    """
    Say what something was like with the code of a card, which is used up by it.

    :raises CardUnclearError, OwnProviderError, AlreadyReviewedError, NothingToReviewError: as `what_card_is_for`.
    :raises ReviewUnclearError: if something about it will not do.
    """
    what = what_card_is_for(session, card_id=card_id, by=by, today=day_of(now))
    _use_up(session, card_id, now)
    return write_review(session, what, by=by, written=written, link=link, now=now)


def paper_to_type_in(session: Session, *, card_id: CardId, typed_by: PersonId, today: date) -> WhatToReview:
    """
    Return what somebody wrote about on a paper card. Changes nothing.

    :raises CardUnclearError: if it cannot be used.
    :raises OwnProviderError: if who types it in speaks for the provider.
    :raises NothingToReviewError: if the offer is gone.
    """
    return _usable(session, Card.id == card_id, by=typed_by, today=today).what


def type_in_paper(
    session: Session, *, card_id: CardId, typed_by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    """
    Write down what somebody without an account wrote on a paper card. The same record, and the same way from there.

    :raises CardUnclearError, OwnProviderError, NothingToReviewError: as `paper_to_type_in`.
    :raises ReviewUnclearError: if something about it will not do.
    """
    what = paper_to_type_in(session, card_id=card_id, typed_by=typed_by, today=day_of(now))
    _use_up(session, card_id, now)
    told = replace(written, told=Telling.PAPER)
    return write_review(session, what, by=None, typed_by=typed_by, written=told, link=link, now=now)


@dataclass(frozen=True, slots=True)
class _Usable:
    """A card that can be used now, and for what."""

    card: Card
    what: WhatToReview


def _usable(session: Session, wanted: ColumnElement[bool], *, by: PersonId, today: date) -> _Usable:
    row = session.execute(select(Card, CardBatch).join(CardBatch, CardBatch.id == Card.batch_id).where(wanted)).first()
    if row is None:
        raise CardUnclearError(_NOT_KNOWN, field="code")
    card, batch = row
    basis = Basis.ATTESTED if batch.is_word else Basis.CARD
    what = what_is_offered(session, offer_id=batch.offer_id, basis=basis, by=None, card_id=card.id, today=today)
    # First of all: a provider tries no codes to see who has written.
    if speaks_for(session, person_id=by, organisation_id=what.organisation_id):
        raise OwnProviderError("You speak for this provider, so you cannot review it.")
    if card.used_at is not None or card.revoked_at is not None or batch.expires_on < today:
        raise CardUnclearError(_NOT_KNOWN, field="code")
    return _Usable(card, what)


def _use_up(session: Session, card_id: CardId, now: datetime) -> None:
    # Of two who use one card at once, the second finds it used.
    used = session.execute(
        update(Card)
        .where(Card.id == card_id, Card.used_at.is_(None), Card.revoked_at.is_(None))
        .values(used_at=now)
        .returning(Card.id)
    ).first()
    if used is None:
        raise CardUnclearError(_NOT_KNOWN, field="code")


def _made_this_year(session: Session, offer_id: OfferId, today: date) -> int:
    counted = select(func.count()).select_from(Card).join(CardBatch, CardBatch.id == Card.batch_id)
    return session.scalar(counted.where(CardBatch.offer_id == offer_id, CardBatch.expires_on > today)) or 0
