"""An arrangement that follows from a quote: agreed from the start, on the very terms that the provider quoted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.budgets.rules import StreamId
from marketplace.catalogue.queries import OfferTerms, offer_terms
from marketplace.catalogue.rules import OfferId, OfferStatus, Unit
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy
from marketplace.purchasing.rules.terms import shares_problem, trial_problem
from marketplace.purchasing.services.asking import OwnOfferError, RequestUnclearError
from marketplace.purchasing.services.counting import count_asked_and_agreed
from marketplace.purchasing.services.hours import follow_terms
from marketplace.purchasing.services.letters import Address, terms_of, write_to_person, write_to_provider
from marketplace.purchasing.services.making import Agreed, keep_first_terms, new_arrangement
from marketplace.purchasing.services.promised import promise_shares


class OfferGoneError(DomainError):
    """What the quote was for is not offered any more."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """
    What one provider quoted, as far as an arrangement keeps it. Travel is within the price.

    Of weekly support, `quantity` is how many units in each week.
    """

    offer_id: OfferId
    organisation_id: OrganisationId
    what: str
    kind: ArrangementKind
    unit: Unit
    unit_price: Money
    quantity: int
    weeks: int
    notice_hours: int | None
    trial_weeks: int
    starts_on: date

    @property
    def total(self) -> Money:
        """What it costs altogether."""
        return rules.total_price(unit_price=self.unit_price, quantity=self.quantity, weeks=self.weeks)


def make_arrangement_on_quote(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    quoted: Quoted,
    person_id: PersonId,
    pay_by: PayBy,
    link: Address,
    now: datetime,
    shares: Mapping[StreamId, Money] = MappingProxyType({}),
) -> ArrangementId:
    """
    Make the arrangement that a chosen quote becomes, set the money aside, and write to both sides.

    The provider has offered just this, so it is agreed from the start: no later price of the offer holds here. With the
    same id it is made once.

    :raises OfferGoneError: if the offer is not listed any more, or somebody else answers for it now.
    :raises OwnOfferError: if the person speaks for the provider.
    :raises RequestUnclearError: if the first day has passed, or the shares do not come to the cost.
    :raises StreamNotFoundError, BudgetClosedError, NotEnoughLeftError: if their budgets cannot pay it.
    """
    known = session.get(Arrangement, arrangement_id)
    if known is not None and known.person_id == person_id:
        return arrangement_id
    offered = _offered(session, quoted, person_id=person_id, now=now)
    _check(quoted, shares=shares, now=now)
    it = new_arrangement(
        session,
        arrangement_id=arrangement_id,
        offered=offered,
        organisation_id=quoted.organisation_id,
        agreed=Agreed(
            person_id=person_id,
            what=text.tidy(quoted.what),
            quantity=quoted.quantity,
            unit_price=quoted.unit_price,
            starts_on=quoted.starts_on,
            kind=quoted.kind,
            weeks=quoted.weeks,
            trial_weeks=quoted.trial_weeks,
            pay_by=pay_by,
        ),
        status=ArrangementStatus.ACCEPTED,
        now=now,
    )
    it.answered_at = now
    session.add(it)
    session.flush()
    keep_first_terms(session, it, offered=offered, now=now)
    follow_terms(session, it, by=person_id, now=now)
    promise_shares(session, it, shares=shares, now=now)
    count_asked_and_agreed(session, it, now=now)
    audit.record(session, by=person_id, did="arranged on a quote", to_kind="arrangement", to_id=it.id, now=now)
    _write_to_both(session, it, name=offered.provider_name, link=link, now=now)
    return it.id


def _offered(session: Session, quoted: Quoted, *, person_id: PersonId, now: datetime) -> OfferTerms:
    """Return the offer as it stands, but for what was quoted: its own prices and travel do not count."""
    terms = offer_terms(session, offer_id=quoted.offer_id, on=day_of(now))
    if terms is None or terms.status is not OfferStatus.LIVE or terms.organisation_id != quoted.organisation_id:
        raise OfferGoneError(
            "What they quoted for is not offered here any more, so it cannot be arranged. You can choose another quote."
        )
    if speaks_for(session, person_id=person_id, organisation_id=terms.organisation_id):
        raise OwnOfferError("This is a quote of your own organisation, so you cannot choose it yourself.")
    return replace(
        terms,
        unit=quoted.unit,
        unit_price=quoted.unit_price,
        hours=terms.hours if terms.unit is quoted.unit else None,
        rates=(),
        notice_hours=quoted.notice_hours,
        travel_per_mile=None,
        is_free=quoted.unit_price == ZERO,
    )


def _check(quoted: Quoted, *, shares: Mapping[StreamId, Money], now: datetime) -> None:
    for field, problem in (
        ("what", rules.words_problem(text.tidy(quoted.what))),
        ("starts_on", rules.start_problem(starts_on=quoted.starts_on, today=day_of(now))),
        ("", trial_problem(kind=quoted.kind, weeks=quoted.weeks, trial_weeks=quoted.trial_weeks)),
        ("first", shares_problem(shares=shares, total=quoted.total)),
    ):
        if problem:
            raise RequestUnclearError(problem, field=field)


def _write_to_both(session: Session, it: Arrangement, *, name: str, link: Address, now: datetime) -> None:
    write_to_provider(
        session,
        it,
        subject=worded("Your quote was chosen: {title}", title=it.title),
        body=worded(
            "Somebody has chosen your quote. It is agreed on the terms that you quoted:\n\n{terms_of}\n\n"
            "We leave their name and their words out of this letter, because email is not private. "
            "What happens next: read what they asked for, and plan the first visit with them, here:\n{link}",
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )
    write_to_person(
        session,
        it,
        subject=worded("You have chosen: {title}", title=it.title),
        body=worded(
            "You have chosen the quote of {name}. It is agreed on the terms that they quoted:\n\n{terms_of}\n\n"
            "What happens next: they plan the first visit with you. You can change the terms together, or end this, "
            "here:\n{link}",
            name=name,
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )
