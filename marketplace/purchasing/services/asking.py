"""Asking a provider for an arrangement, and making one for each member of a pool."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.queries import council_of, speaks_for
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.queries import OfferTerms, latest_version, offer_terms
from marketplace.catalogue.rules import OfferId, OfferStatus, Price, Rate, Unit
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.uniqueness import repeats
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.services.letters import Address, terms_of, write_to_person, write_to_provider


class OfferNotFoundError(NotFoundError):
    """There is no such offer, or it is not shown to anybody now."""


class NobodyToAskError(DomainError):
    """A place open to everyone, with nobody here who could answer."""


class OwnOfferError(NotAllowedError):
    """The person speaks for the provider."""


class NoPriceError(DomainError):
    """It is not free, and has no price today."""


class RequestUnclearError(WrongAnswerError):
    """We could not ask for that as it stands."""


class PriceChangedError(DomainError):
    """The price is no longer the one the person was shown."""


class AlreadyAskedError(DomainError):
    """The person waits for an answer about this offer already."""


class InPoolAlreadyError(DomainError):
    """The person has their arrangement from this pool."""


@dataclass(frozen=True, slots=True)
class AskableOffer:
    """An offer that somebody may ask for today, and its terms."""

    terms: OfferTerms
    organisation_id: OrganisationId
    unit_price: Money

    @property
    def rates(self) -> tuple[Price, ...]:
        """What to choose between: the prices at different times, or nothing if it always costs the same."""
        return self.terms.rates if len(self.terms.rates) > 1 else ()

    def price_at(self, rate: Rate) -> Money | None:
        """Return what one unit costs at a rate, or None if the provider has no such rate."""
        if rate is Rate.STANDARD:
            return self.unit_price
        return next((price.amount for price in self.rates if price.rate is rate), None)


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for, and what it costs. `note` warns of a first day on which another rate holds."""

    offer: AskableOffer
    what: str
    quantity: int
    rate: Rate
    unit_price: Money
    note: str
    how_much: str
    starts_on: date
    total: Money


def offer_to_ask(session: Session, *, offer_id: OfferId, by: PersonId, now: datetime) -> AskableOffer:
    """
    Return an offer that this person may ask for. Changes nothing.

    :raises OfferNotFoundError: if there is no such offer, or it is not listed now.
    :raises NobodyToAskError: if nobody here answers for it.
    :raises OwnOfferError: if the person speaks for its provider.
    :raises NoPriceError: if it is not free and has no price today.
    """
    terms = offer_terms(session, offer_id=offer_id, on=day_of(now))
    if terms is None or terms.status is not OfferStatus.LIVE:
        raise OfferNotFoundError("We could not find that offer. It may have been taken down.")
    if terms.organisation_id is None:
        raise NobodyToAskError(
            "This is open to everyone, and nobody answers for it here. Get in touch with the place itself, or just go."
        )
    if speaks_for(session, person_id=by, organisation_id=terms.organisation_id):
        raise OwnOfferError("This is an offer of your own organisation, so you cannot ask for it yourself.")
    unit_price = ZERO if terms.is_free else terms.unit_price
    if unit_price is None:
        raise NoPriceError("The provider has not said yet what this costs, so nobody can ask for it here.")
    return AskableOffer(
        terms=terms,
        organisation_id=terms.organisation_id,
        unit_price=unit_price,
    )


def price_request(
    session: Session,
    *,
    offer_id: OfferId,
    by: PersonId,
    what: str,
    quantity: int,
    starts_on: date,
    now: datetime,
    rate: Rate = Rate.STANDARD,
) -> Request:
    """
    Return what a request would cost on today's terms. Changes nothing.

    :raises OfferNotFoundError, NobodyToAskError, OwnOfferError, NoPriceError: as `offer_to_ask`.
    :raises RequestUnclearError: if the words, the quantity, the day or the rate will not do.
    """
    offer = offer_to_ask(session, offer_id=offer_id, by=by, now=now)
    what = text.tidy(what)
    for field, problem in (
        ("what", rules.words_problem(what)),
        ("quantity", rules.quantity_problem(quantity)),
        ("starts_on", rules.start_problem(starts_on=starts_on, today=day_of(now))),
    ):
        if problem:
            raise RequestUnclearError(problem, field=field)
    unit_price = offer.price_at(rate)
    if unit_price is None:
        raise RequestUnclearError("Choose one of the times that have a price.", field="rate")
    chosen = next((price for price in offer.rates if price.rate is rate), None)
    return Request(
        offer=offer,
        what=what,
        quantity=quantity,
        rate=rate,
        unit_price=unit_price,
        note=rules.day_rate_note(starts_on=starts_on, chosen=chosen, prices=offer.rates) if chosen else "",
        how_much=rules.how_much(
            quantity=quantity, unit=offer.terms.unit, package_hours=_package_hours(offer.terms), rate=rate
        ),
        starts_on=starts_on,
        total=rules.total_price(unit_price=unit_price, quantity=quantity),
    )


def ask_for_arrangement(
    session: Session,
    *,
    offer_id: OfferId,
    by: PersonId,
    what: str,
    quantity: int,
    starts_on: date,
    link: Address,
    now: datetime,
    rate: Rate = Rate.STANDARD,
    agreed_total: Money | None = None,
) -> ArrangementId:
    """
    Ask a provider for something on today's terms, and write to both sides.

    `agreed_total` is what the person was shown that it costs; None if they were shown nothing.

    :raises OfferNotFoundError, NobodyToAskError, OwnOfferError, NoPriceError: as `offer_to_ask`.
    :raises RequestUnclearError: if the words, the quantity, the day or the rate will not do.
    :raises PriceChangedError: if it now costs something else than they were shown.
    :raises AlreadyAskedError: if they wait for an answer about this offer already.
    """
    request = price_request(
        session, offer_id=offer_id, by=by, what=what, quantity=quantity, starts_on=starts_on, rate=rate, now=now
    )
    if agreed_total is not None and agreed_total != request.total:
        raise PriceChangedError(
            f"The price has changed since you opened this page. It now costs {request.total} altogether."
        )
    it = _arrangement(
        session,
        terms=request.offer.terms,
        organisation_id=request.offer.organisation_id,
        unit_price=request.unit_price,
        rate=request.rate,
        quantity=quantity,
        what=request.what,
        starts_on=starts_on,
        person_id=by,
        status=ArrangementStatus.ASKED,
        now=now,
    )
    session.add(it)
    try:
        session.flush()
    except IntegrityError as error:
        if not repeats(
            error, constraint="uq_arrangement_waiting", columns=("arrangement.person_id", "arrangement.offer_id")
        ):
            raise
        raise AlreadyAskedError(
            "You have asked for this already and wait for an answer. You can see it in your arrangements."
        ) from error
    audit.record(session, by=by, did="asked for", to_kind="arrangement", to_id=it.id, now=now)
    write_to_provider(
        session,
        it,
        subject=f"Somebody asks you for: {it.title}",
        body=f"Somebody asks you for this:\n\n{terms_of(it)}\n\n"
        "We leave their name and their words out of this letter, because e-mail is not private. "
        f"Read them, and say yes or no, here:\n{link(it.id)}",
        now=now,
    )
    write_to_person(
        session,
        it,
        subject=f"You have asked for: {it.title}",
        body=f"You have asked {request.offer.terms.provider_name} for this:\n\n{terms_of(it)}\n\n"
        "What happens next: they say yes or no, and we write to you. Nothing is agreed and nothing is owed until they "
        f"say yes. Until then you can withdraw it here:\n{link(it.id)}",
        now=now,
    )
    return it.id


def make_arrangement_for_pool(
    session: Session,
    *,
    terms: OfferTerms,
    unit_price: Money,
    quantity: int,
    person_id: PersonId,
    pool_key: uuid.UUID,
    what: str,
    starts_on: date,
    now: datetime,
) -> ArrangementId:
    """
    Make the arrangement of one member of a pool that has been met, at the pool's price.

    The provider has offered that price to a group of this size, so it is accepted from the start. Sends no letters: the
    pool writes to everybody itself. It has also kept the provider's own people out: whoever has become one since then
    must not stop the pool for everybody else.

    :raises NobodyToAskError: if nobody here answers for the offer.
    :raises InPoolAlreadyError: if the person has their arrangement from this pool.
    """
    if terms.organisation_id is None:
        raise NobodyToAskError("Nobody answers for this offer here, so nothing can be arranged.")
    it = _arrangement(
        session,
        terms=terms,
        organisation_id=terms.organisation_id,
        unit_price=unit_price,
        quantity=quantity,
        what=text.tidy(what),
        starts_on=starts_on,
        person_id=person_id,
        status=ArrangementStatus.ACCEPTED,
        now=now,
    )
    it.answered_at, it.pool_key = now, pool_key
    session.add(it)
    try:
        session.flush()
    except IntegrityError as error:
        if not repeats(
            error,
            constraint="uq_arrangement_pool_key_person_id",
            columns=("arrangement.pool_key", "arrangement.person_id"),
        ):
            raise
        raise InPoolAlreadyError("This person has their arrangement from this pool already.") from error
    audit.record(session, by=person_id, did="arranged by pool", to_kind="arrangement", to_id=it.id, now=now)
    return it.id


def _arrangement(
    session: Session,
    *,
    terms: OfferTerms,
    organisation_id: OrganisationId,
    unit_price: Money,
    quantity: int,
    what: str,
    starts_on: date,
    person_id: PersonId,
    status: ArrangementStatus,
    now: datetime,
    rate: Rate = Rate.STANDARD,
) -> Arrangement:
    return Arrangement(
        id=ArrangementId(uuid.uuid4()),
        offer_id=terms.offer_id,
        provider_id=terms.provider_id,
        offer_version=latest_version(session, offer_id=terms.offer_id),
        person_id=person_id,
        organisation_id=organisation_id,
        title=terms.title,
        category=terms.category,
        council=council_of(session, person_id=person_id),
        what=what,
        quantity=quantity,
        unit=terms.unit,
        package_hours=_package_hours(terms),
        rate=rate,
        unit_price=unit_price,
        total=rules.total_price(unit_price=unit_price, quantity=quantity),
        starts_on=starts_on,
        status=status,
        asked_at=now,
    )


def _package_hours(terms: OfferTerms) -> Decimal | None:
    return terms.hours if terms.unit is Unit.PACKAGE else None
