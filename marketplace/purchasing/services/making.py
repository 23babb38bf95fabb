"""Making an arrangement with its first terms: of one who asks, and of each member of a pool."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.queries import council_of
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.queries import OfferTerms, latest_version
from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.kit.uniqueness import repeats
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, ArrangementRate, ArrangementTerms
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, CheckoutId, PayBy, TermsStatus
from marketplace.purchasing.rules.terms import kinds_open_to, trial_until
from marketplace.purchasing.services.counting import count_asked_and_agreed
from marketplace.purchasing.services.hours import follow_terms


class NobodyToAskError(DomainError):
    """A place open to everyone, with nobody here who could answer."""


class InPoolAlreadyError(DomainError):
    """The person has their arrangement from this pool."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody would have, and how: all that does not come from the offer."""

    person_id: PersonId
    what: str
    quantity: int
    unit_price: Money
    starts_on: date
    kind: ArrangementKind
    rate: Rate = Rate.STANDARD
    weeks: int = 1
    trial_weeks: int = 0
    pay_by: PayBy = PayBy.BANK_TRANSFER
    checkout_id: CheckoutId | None = None


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
    kind: ArrangementKind | None = None,
    weeks: int = 1,
    pay_by: PayBy = PayBy.BANK_TRANSFER,
    waits: bool = False,
) -> ArrangementId:
    """
    Make the arrangement of one member of a pool that has been met, at the pool's price.

    With `waits` the pool is not confirmed yet: only the pool acts on it until then, as in `for_pools`.

    The provider has offered that price to a group of this size, so it is accepted from the start. Sends no letters: the
    pool writes to everybody itself. It has also kept the provider's own people out: whoever has become one since then
    must not stop the pool for everybody else.

    :raises NobodyToAskError: if nobody here answers for the offer.
    :raises InPoolAlreadyError: if the person has their arrangement from this pool.
    """
    if terms.organisation_id is None:
        raise NobodyToAskError("Nobody answers for this offer here, so nothing can be arranged.")
    agreed = Agreed(
        person_id=person_id,
        what=text.tidy(what),
        quantity=quantity,
        unit_price=unit_price,
        starts_on=starts_on,
        kind=kind or kinds_open_to(terms.unit)[0],
        weeks=weeks,
        pay_by=pay_by,
    )
    it = new_arrangement(
        session,
        arrangement_id=ArrangementId(uuid.uuid4()),
        offered=terms,
        organisation_id=terms.organisation_id,
        agreed=agreed,
        status=ArrangementStatus.ACCEPTED,
        now=now,
    )
    it.answered_at, it.pool_key, it.waits_for_pool = now, pool_key, waits
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
    keep_first_terms(session, it, offered=terms, now=now)
    follow_terms(session, it, by=person_id, now=now)
    if not waits:
        count_asked_and_agreed(session, it, now=now)
    audit.record(session, by=person_id, did="arranged by pool", to_kind="arrangement", to_id=it.id, now=now)
    return it.id


def new_arrangement(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    offered: OfferTerms,
    organisation_id: OrganisationId,
    agreed: Agreed,
    status: ArrangementStatus,
    now: datetime,
) -> Arrangement:
    """Return an arrangement on the terms of an offer as they are now. It is not added to the session yet."""
    return Arrangement(
        id=arrangement_id,
        offer_id=offered.offer_id,
        provider_id=offered.provider_id,
        offer_version=latest_version(session, offer_id=offered.offer_id),
        person_id=agreed.person_id,
        organisation_id=organisation_id,
        title=offered.title,
        category=offered.category,
        council=council_of(session, person_id=agreed.person_id),
        what=agreed.what,
        kind=agreed.kind,
        version=1,
        quantity=agreed.quantity,
        weeks=agreed.weeks,
        unit=offered.unit,
        package_hours=offered.hours if offered.unit is Unit.PACKAGE else None,
        rate=agreed.rate,
        unit_price=agreed.unit_price,
        total=rules.total_price(unit_price=agreed.unit_price, quantity=agreed.quantity, weeks=agreed.weeks),
        notice_hours=offered.notice_hours,
        travel_per_mile=offered.travel_per_mile,
        starts_on=agreed.starts_on,
        trial_until=trial_until(starts_on=agreed.starts_on, trial_weeks=agreed.trial_weeks),
        pay_by=agreed.pay_by,
        checkout_id=agreed.checkout_id,
        status=status,
        asked_at=now,
    )


def keep_first_terms(session: Session, it: Arrangement, *, offered: OfferTerms, now: datetime) -> None:
    """Write down version 1 of the terms, and what a unit costs at every other time. The arrangement is flushed."""
    is_agreed = it.status is ArrangementStatus.ACCEPTED
    session.add(
        ArrangementTerms(
            arrangement_id=it.id,
            version=1,
            what=it.what,
            quantity=it.quantity,
            weeks=it.weeks,
            unit_price=it.unit_price,
            total=it.total,
            notice_hours=it.notice_hours,
            travel_per_mile=it.travel_per_mile,
            starts_on=it.starts_on,
            status=TermsStatus.AGREED if is_agreed else TermsStatus.PROPOSED,
            proposed_by=it.person_id,
            proposed_at=now,
            answered_at=now if is_agreed else None,
        )
    )
    session.add_all(
        ArrangementRate(arrangement_id=it.id, rate=price.rate, unit_price=price.amount)
        for price in offered.rates
        if price.rate is not it.rate and it.pool_key is None and len(offered.rates) > 1
    )
    session.flush()
