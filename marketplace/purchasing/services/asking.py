"""Asking a provider for an arrangement."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.budgets.rules import StreamId
from marketplace.catalogue.queries import OfferTerms, offer_terms
from marketplace.catalogue.rules import OfferId, OfferStatus, Price, Rate, Unit
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, CheckoutId, PayBy
from marketplace.purchasing.rules.terms import (
    kind_problem,
    kinds_open_to,
    shares_problem,
    trial_problem,
    trial_until,
    weekly_problem,
    weeks_problem,
)
from marketplace.purchasing.services.counting import count_asked
from marketplace.purchasing.services.letters import Address, terms_of, write_to_person, write_to_provider
from marketplace.purchasing.services.making import Agreed, NobodyToAskError, keep_first_terms, new_arrangement
from marketplace.purchasing.services.promised import promise_shares


class OfferNotFoundError(NotFoundError):
    """There is no such offer, or it is not shown to anybody now."""


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
    kind: ArrangementKind
    quantity: int
    weeks: int
    trial_weeks: int
    rate: Rate
    unit_price: Money
    note: str
    how_much: str
    starts_on: date
    trial_until: date | None
    total: Money

    @property
    def travel_per_mile(self) -> Money | None:
        """What travel costs on top."""
        return self.offer.terms.travel_per_mile

    @property
    def notice_hours(self) -> int | None:
        """Until how many hours before it can be cancelled at no cost, or None if nobody says."""
        return self.offer.terms.notice_hours


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
    kind: ArrangementKind | None = None,
    weeks: int = 1,
    trial_weeks: int = 0,
) -> Request:
    """
    Return what a request would cost on today's terms. Changes nothing.

    Of weekly support, `quantity` is how many units in each week. With no `kind` it is the most usual one for its unit.

    :raises OfferNotFoundError, NobodyToAskError, OwnOfferError, NoPriceError: as `offer_to_ask`.
    :raises RequestUnclearError: if the words, the quantity, the day, the rate, the kind, the weeks or the trial will
        not do; `field` says which.
    """
    offer = offer_to_ask(session, offer_id=offer_id, by=by, now=now)
    what = text.tidy(what)
    unit = offer.terms.unit
    kind = kind or kinds_open_to(unit)[0]
    for field, problem in (
        ("what", rules.words_problem(what)),
        ("kind", kind_problem(kind=kind, unit=unit)),
        ("quantity", rules.quantity_problem(quantity) or weekly_problem(kind=kind, unit=unit, quantity=quantity)),
        ("weeks", weeks_problem(kind=kind, weeks=weeks)),
        ("starts_on", rules.start_problem(starts_on=starts_on, today=day_of(now))),
        ("trial_weeks", trial_problem(kind=kind, weeks=weeks, trial_weeks=trial_weeks)),
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
        kind=kind,
        quantity=quantity,
        weeks=weeks,
        trial_weeks=trial_weeks,
        rate=rate,
        unit_price=unit_price,
        note=rules.day_rate_note(starts_on=starts_on, chosen=chosen, prices=offer.rates) if chosen else "",
        how_much=rules.how_much(
            quantity=quantity,
            unit=unit,
            package_hours=offer.terms.hours if unit is Unit.PACKAGE else None,
            rate=rate,
            kind=kind,
            weeks=weeks,
        ),
        starts_on=starts_on,
        trial_until=trial_until(starts_on=starts_on, trial_weeks=trial_weeks),
        total=rules.total_price(unit_price=unit_price, quantity=quantity, weeks=weeks),
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
    kind: ArrangementKind | None = None,
    weeks: int = 1,
    trial_weeks: int = 0,
    pay_by: PayBy = PayBy.BANK_TRANSFER,
    shares: Mapping[StreamId, Money] = MappingProxyType({}),
    arrangement_id: ArrangementId | None = None,
    checkout_id: CheckoutId | None = None,
) -> ArrangementId:
    """
    Ask a provider for something on today's terms, promise the money for it, and write to both sides.

    `agreed_total` is what the person was shown that it costs; None if they were shown nothing. `shares` says how much
    of it which of their funding streams pay; with none, no budget here pays. With an `arrangement_id`, whoever asks
    twice has asked once.

    :raises OfferNotFoundError, NobodyToAskError, OwnOfferError, NoPriceError: as `offer_to_ask`.
    :raises RequestUnclearError: if an answer will not do; `field` says which.
    :raises PriceChangedError: if it now costs something else than they were shown.
    :raises AlreadyAskedError: if they wait for an answer about this offer already.
    :raises StreamNotFoundError, BudgetClosedError, NotEnoughLeftError: if their budgets cannot pay it.
    """
    if arrangement_id is not None and _is_asked(session, arrangement_id, by=by):
        return arrangement_id
    request = price_request(
        session, offer_id=offer_id, by=by, what=what, quantity=quantity, starts_on=starts_on, rate=rate, kind=kind,
        weeks=weeks, trial_weeks=trial_weeks, now=now,
    )  # fmt: skip
    if agreed_total is not None and agreed_total != request.total:
        raise PriceChangedError(
            worded(
                "The price has changed since you opened this page. It now costs {total} altogether.",
                total=request.total,
            )
        )
    problem = shares_problem(shares=shares, total=request.total)
    if problem:
        raise RequestUnclearError(problem, field="shares")
    it = new_arrangement(
        session,
        arrangement_id=arrangement_id or ArrangementId(uuid.uuid4()),
        offered=request.offer.terms,
        organisation_id=request.offer.organisation_id,
        agreed=Agreed(
            person_id=by,
            what=request.what,
            quantity=quantity,
            unit_price=request.unit_price,
            starts_on=starts_on,
            kind=request.kind,
            rate=rate,
            weeks=weeks,
            trial_weeks=trial_weeks,
            pay_by=pay_by,
            checkout_id=checkout_id,
        ),
        status=ArrangementStatus.ASKED,
        now=now,
    )
    _add_once(session, it)
    keep_first_terms(session, it, offered=request.offer.terms, now=now)
    promise_shares(session, it, shares=shares, now=now)
    count_asked(session, it, now=now)
    audit.record(session, by=by, did="asked for", to_kind="arrangement", to_id=it.id, now=now)
    _write_to_both(session, it, name=request.offer.terms.provider_name, link=link, now=now)
    return it.id


def _is_asked(session: Session, arrangement_id: ArrangementId, *, by: PersonId) -> bool:
    asked = select(Arrangement.id).where(Arrangement.id == arrangement_id, Arrangement.person_id == by)
    return session.scalar(asked) is not None


def _add_once(session: Session, it: Arrangement) -> None:
    session.add(it)
    try:
        session.flush()
    except IntegrityError as error:
        waiting = ("arrangement.person_id", "arrangement.offer_id")
        if not (
            repeats(error, constraint="uq_arrangement_waiting", columns=waiting)
            or repeats(error, constraint="pk_arrangement", columns=("arrangement.id",))
        ):
            raise
        raise AlreadyAskedError(
            "You have asked for this already and wait for an answer. You can see it in your arrangements."
        ) from error


def _write_to_both(session: Session, it: Arrangement, *, name: str, link: Address, now: datetime) -> None:
    write_to_provider(
        session,
        it,
        subject=worded("Somebody asks you for: {title}", title=it.title),
        body=worded(
            "Somebody asks you for this:\n\n{terms_of}\n\n"
            "We leave their name and their words out of this letter, because email is not private. "
            "Read them, and say yes or no, here:\n{link}",
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )
    write_to_person(
        session,
        it,
        subject=worded("You have asked for: {title}", title=it.title),
        body=worded(
            "You have asked {name} for this:\n\n{terms_of}\n\n"
            "What happens next: they say yes or no, and we write to you. Nothing is agreed and nothing is "
            "owed until they "
            "say yes. Until then you can withdraw it here:\n{link}",
            name=name,
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )
