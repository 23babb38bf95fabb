"""Calling a visit off, for either side: what it costs, what is put by, and who is told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.queries.calling_off import cost_of_calling_off
from marketplace.purchasing.queries.invoices import TermsOfVisits
from marketplace.purchasing.queries.needed import needed
from marketplace.purchasing.rules import Side
from marketplace.purchasing.rules import visits as rules
from marketplace.purchasing.rules.hours import may_bank
from marketplace.purchasing.rules.nouns import VisitId, VisitStatus
from marketplace.purchasing.rules.visits import VisitAct
from marketplace.purchasing.services.answering import side_of
from marketplace.purchasing.services.following import follow_need
from marketplace.purchasing.services.hours import bank_hours, use_hours
from marketplace.purchasing.services.letters import Address, write_to_person, write_to_provider
from marketplace.purchasing.services.visits import VisitMovedOnError, check_not_shared, check_visit_step, locked_visit


class CostChangedError(DomainError):
    """Calling it off costs something else than the person was shown."""


def call_off_visit(
    session: Session,
    *,
    visit_id: VisitId,
    by: PersonId,
    bank: bool = False,
    agreed_owed: Money | None = None,
    link: Address,
    now: datetime,
) -> Money:
    """
    Call a planned visit off, for either side, and return what is owed for it all the same: nothing in good time.

    The provider also takes a visit back that did not take place after all. `bank` puts its hours by for later [003].
    `agreed_owed` is what was shown to be owed; None if nothing was shown.

    :raises VisitNotFoundError, NotYourSideError, VisitMovedOnError: if there is none that waits for this.
    :raises SharedVisitError: if it is one share of a visit to a whole pool.
    :raises CostChangedError: if something else is owed than was shown.
    """
    it, visit = locked_visit(session, visit_id=visit_id)
    check_not_shared(visit)
    side, before = side_of(session, it, by=by), needed(session, it, today=day_of(now))
    has_begun = rules.has_begun(held_on=visit.held_on, starts_at=visit.starts_at, now=now)
    if side is Side.PERSON and has_begun:
        raise VisitMovedOnError("This visit has begun already. The provider says what took place, and you confirm it.")
    was_planned = visit.status is VisitStatus.PLANNED
    owed, _minutes = cost_of_calling_off(session, it, visit, by=side, now=now)
    if agreed_owed is not None and agreed_owed != owed:
        raise CostChangedError(
            worded("The time for notice has passed since you opened this page. It now costs {owed}.", owed=owed)
        )
    minutes = _end(session, it, visit, by=by, side=side, now=now)
    if bank and was_planned and not owed.pence and not minutes and may_bank(kind=it.kind, unit=it.unit):
        bank_hours(session, it, visit, by=by, now=now)
    follow_need(session, it, visit, before=before, by=by, now=now)
    audit.record(session, by=by, did="called a visit off", to_kind="visit", to_id=visit.id, now=now)
    _tell_of_call_off(session, it, visit, side=side, link=link, now=now)
    return owed


def call_off_planned(session: Session, it: Arrangement, *, by: PersonId, side: Side, now: datetime) -> Money:
    """
    Call every planned visit off, as its arrangement ends, and return what is owed for them all the same.

    Those whose time has come stay: they may have taken place, and the provider says so. Writes to nobody and moves no
    money: whoever ends the arrangement does. The arrangement is locked.
    """
    planned = session.scalars(
        select(Visit).where(Visit.arrangement_id == it.id, Visit.status == VisitStatus.PLANNED).order_by(Visit.held_on)
    ).all()
    to_come = [one for one in planned if not rules.has_begun(held_on=one.held_on, starts_at=one.starts_at, now=now)]
    for visit in to_come:
        _end(session, it, visit, by=by, side=side, now=now)
    return sum((visit.amount for visit in to_come), ZERO)


def _end(session: Session, it: Arrangement, visit: Visit, *, by: PersonId, side: Side, now: datetime) -> int:
    """Call one visit off. Return how many minutes it takes off the hours account all the same."""
    owed, minutes = cost_of_calling_off(session, it, visit, by=side, now=now)
    check_visit_step(visit, act=VisitAct.CALL_OFF, side=side)
    prices = TermsOfVisits(session, it).on(visit.held_on).prices
    visit.status, visit.ended_at, visit.ended_by = VisitStatus.CANCELLED, now, by
    visit.amount, visit.travel = owed, ZERO
    visit.rate = rules.rate_for(held_on=visit.held_on, starts_at=visit.starts_at, prices=prices)
    session.flush()
    if minutes:
        use_hours(session, it, visit, minutes=minutes, by=by, now=now)
    return minutes


def _tell_of_call_off(
    session: Session, it: Arrangement, visit: Visit, *, side: Side, link: Address, now: datetime
) -> None:
    subject = worded("Visit on {held_on} called off: {title}", held_on=day(visit.held_on), title=it.title)
    if side is Side.PERSON:
        body = (
            f"The person you agreed this with has called the visit on {day(visit.held_on)} off.\n\n{it.title}\n\n"
            + (
                f"It was later than the notice you agreed, so {visit.amount} is owed for it.\n\n"
                if visit.amount > ZERO
                else ""
            )
            + f"You can see it here:\n{link(it.id)}"
        )
        write_to_provider(session, it, subject=subject, body=body, now=now)
        return
    name = provider_name(session, provider_id=it.provider_id)
    body = worded(
        "{name} has called the visit on {held_on} off.\n\n{title}\n\n"
        "You owe nothing for it. You can see it here:\n{link}",
        name=name,
        held_on=day(visit.held_on),
        title=it.title,
        link=link(it.id),
    )
    write_to_person(session, it, subject=subject, body=body, now=now)
