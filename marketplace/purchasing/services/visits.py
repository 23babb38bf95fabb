"""Visits from the provider's side: plan them, say what took place, put it right."""

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.money import ZERO
from marketplace.kit.said import count, day
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.queries.hours import account_of
from marketplace.purchasing.queries.invoices import TermsOfVisits
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules import visits as rules
from marketplace.purchasing.rules.hours import draws_hours, may_bank
from marketplace.purchasing.rules.nouns import VisitId, VisitStatus
from marketplace.purchasing.rules.visits import NEXT_OF_VISIT, TookPlace, VisitAct
from marketplace.purchasing.services.answering import (
    WHERE_IT_STANDS,
    ArrangementMovedOnError,
    NotYourSideError,
    locked_arrangement,
    side_of,
)
from marketplace.purchasing.services.hours import check_enough
from marketplace.purchasing.services.letters import Address, write_to_person

_LONGEST_NOTE = 500


class VisitNotFoundError(NotFoundError):
    """There is no such visit, or the person may not know of it."""


class VisitMovedOnError(DomainError):
    """The visit no longer stands where this could be done, or does not yet."""


class VisitUnclearError(WrongAnswerError):
    """We could not write that down as it stands."""


class SharedVisitError(DomainError):
    """The visit is one share of a visit to a whole pool, where this is said for all of them at once."""


class VisitThereAlreadyError(DomainError):
    """A visit at that time is planned already."""


def plan_visits(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: PersonId,
    first_on: date,
    starts_at: time | None,
    minutes: int,
    weeks: int = 1,
    from_bank: bool = False,
    link: Address,
    now: datetime,
) -> tuple[VisitId, ...]:
    """
    Plan a visit, or one each week for a number of weeks, for the provider. What is planned already stays as it is.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the person.
    :raises ArrangementMovedOnError: if it is not agreed, or over.
    :raises VisitUnclearError: if the day, the length or the number of weeks will not do.
    :raises NotEnoughHoursError: if it would use banked hours, and there are fewer.
    :raises VisitThereAlreadyError: if each of these visits is planned already.
    """
    it = locked_for_provider(session, arrangement_id, by=by)
    if not rules.may_be_planned(it.status):
        raise ArrangementMovedOnError(
            worded("{where_it_stands} So no more visits can be planned.", where_it_stands=WHERE_IT_STANDS[it.status])
        )
    held = TermsOfVisits(session, it)
    last_on = first_on + timedelta(weeks=max(weeks, 1) - 1)
    _check("weeks", rules.weeks_problem(weeks))
    for one in (first_on, last_on):
        _check("first_on", rules.day_problem(held_on=one, starts_on=held.begins_on, today=day_of(now)))
    _check("minutes", rules.minutes_problem(minutes))
    days = [first_on + timedelta(weeks=n) for n in range(weeks)]
    if from_bank:
        _check("from_bank", _bank_problem(it))
        check_enough(session, it, minutes=minutes * weeks)
    taken = _taken(session, it, starts_at=starts_at)
    planned = [
        new_visit(session, it, held_on=one, starts_at=starts_at, minutes=minutes, from_bank=from_bank, by=by, now=now)
        for one in days
        if one not in taken
    ]
    if not planned:
        raise VisitThereAlreadyError("There is a visit at that time already. Choose another day or time.")
    session.flush()
    audit.record(session, by=by, did="planned visits", to_kind="arrangement", to_id=it.id, now=now)
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded("{visits} planned: {title}", visits=count(len(planned), "visit", "visits"), title=it.title),
        body=worded(
            "{name} has planned {visits} for this:\n\n{title}\n\n"
            "The first is on {held_on}. You can see them, and call one off if it does not suit you, "
            "here:\n{link}",
            name=name,
            visits=count(len(planned), "visit", "visits"),
            title=it.title,
            held_on=day(planned[0].held_on),
            link=link(it.id),
        ),
        now=now,
    )
    return tuple(visit.id for visit in planned)


def claim_visit(
    session: Session, *, visit_id: VisitId, by: PersonId, said: TookPlace, link: Address, now: datetime
) -> None:
    """
    Say that a visit took place, and how, for the provider; or say it anew, until it is confirmed.

    :raises VisitNotFoundError, NotYourSideError, VisitMovedOnError: if there is none that waits for this.
    :raises VisitUnclearError: if the day is to come, or the time, the miles or the rate will not do.
    :raises NotEnoughHoursError: if it uses hours, and there are fewer on the account.
    """
    it, visit = locked_visit(session, visit_id=visit_id)
    check_visit_step(visit, act=VisitAct.CLAIM, side=side_of(session, it, by=by))
    check_not_shared(visit)
    _claim(session, it, visit, said=said, by=by, link=link, now=now)


def write_down_visit(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: PersonId,
    said: TookPlace,
    from_bank: bool = False,
    link: Address,
    now: datetime,
) -> VisitId:
    """
    Say that a visit took place that was never planned, for the provider.

    :raises ArrangementNotFoundError, NotYourSideError: as `plan_visits`.
    :raises ArrangementMovedOnError: if it was never agreed.
    :raises VisitThereAlreadyError: if there is a visit at that time.
    :raises VisitUnclearError, NotEnoughHoursError: as `claim_visit`.
    """
    it = locked_for_provider(session, arrangement_id, by=by)
    if it.status not in {ArrangementStatus.ACCEPTED, ArrangementStatus.DONE, ArrangementStatus.CANCELLED}:
        raise ArrangementMovedOnError(
            worded("{where_it_stands} So no visit can be written down.", where_it_stands=WHERE_IT_STANDS[it.status])
        )
    if from_bank:
        _check("from_bank", _bank_problem(it))
    if said.held_on in _taken(session, it, starts_at=said.starts_at):
        raise VisitThereAlreadyError("There is a visit at that time already. Say what took place on that one.")
    visit = new_visit(
        session, it, held_on=said.held_on, starts_at=said.starts_at, minutes=said.minutes, from_bank=from_bank,
        by=by, now=now,
    )  # fmt: skip
    _claim(session, it, visit, said=said, by=by, link=link, now=now)
    return visit.id


def locked_visit(session: Session, *, visit_id: VisitId) -> tuple[Arrangement, Visit]:
    """
    Return a visit with its arrangement, which nobody else can change until this transaction ends.

    :raises VisitNotFoundError: if there is none.
    """
    arrangement_id = session.scalar(select(Visit.arrangement_id).where(Visit.id == visit_id))
    if arrangement_id is None:
        raise VisitNotFoundError("We could not find that visit.")
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    return it, session.get_one(Visit, visit_id, populate_existing=True)


def check_visit_step(visit: Visit, *, act: VisitAct, side: Side) -> None:
    """
    Check that one side may do something to a visit now.

    :raises NotYourSideError: if only the other side may.
    :raises VisitMovedOnError: if nobody may now.
    """
    step = NEXT_OF_VISIT[visit.status].get(act)
    if step is None:
        raise VisitMovedOnError("This visit has moved on. Open the page again to see what you can do now.")
    if side not in step.by:
        raise NotYourSideError("Only the other side of this arrangement can do that.")


def check_not_shared(visit: Visit) -> None:
    """
    Check that a visit is this person's alone.

    :raises SharedVisitError: if it is one share of a visit to a whole pool.
    """
    if visit.shared_key is not None:
        raise SharedVisitError("A whole pool has this visit together. You say this among the visits of the pool.")


def locked_for_provider(session: Session, arrangement_id: ArrangementId, *, by: PersonId) -> Arrangement:
    """
    Return an arrangement for its provider, which nobody else can change until this transaction ends.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the person.
    """
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    if side_of(session, it, by=by) is not Side.PROVIDER:
        raise NotYourSideError("Only the provider plans visits and says what took place.")
    return it


def _claim(
    session: Session, it: Arrangement, visit: Visit, *, said: TookPlace, by: PersonId, link: Address, now: datetime
) -> None:
    held = TermsOfVisits(session, it)
    terms = held.on(said.held_on)
    if said.held_on > day_of(now):
        raise VisitUnclearError("A visit can be written down once it has taken place.", field="held_on")
    _check("held_on", rules.day_problem(held_on=said.held_on, starts_on=held.begins_on, today=day_of(now)))
    _check("minutes", rules.minutes_problem(said.minutes))
    _check("miles", rules.miles_problem(said.miles, travel_per_mile=terms.travel_per_mile))
    if said.rate is not None and said.rate not in terms.prices:
        raise VisitUnclearError("Choose one of the times that have a price.", field="rate")
    if draws_hours(kind=it.kind, is_from_bank=visit.from_bank, bought=account_of(session, it).bought):
        check_enough(session, it, minutes=said.minutes, besides=visit)
    is_first = not _waits(session, it)
    rate = said.rate or rules.rate_for(held_on=said.held_on, starts_at=said.starts_at, prices=terms.prices)
    visit.status = VisitStatus.CLAIMED
    visit.held_on, visit.starts_at, visit.minutes, visit.miles = said.held_on, said.starts_at, said.minutes, said.miles
    visit.rate, visit.note = rate, text.tidy(said.note)[:_LONGEST_NOTE]
    visit.amount = rules.price_of_time(terms, minutes=said.minutes, rate=rate, is_from_bank=visit.from_bank)
    visit.travel = rules.price_of_miles(terms, miles=said.miles)
    visit.claimed_at, visit.claimed_by = now, by
    session.flush()
    audit.record(session, by=by, did="claimed a visit", to_kind="visit", to_id=visit.id, now=now)
    if is_first or visit.query:
        _ask_for_a_yes(session, it, visit, link=link, now=now)


def _ask_for_a_yes(session: Session, it: Arrangement, visit: Visit, *, link: Address, now: datetime) -> None:
    """Write when the first visit waits for a yes, and when one was put right: not once for each."""
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded("Was this right? {title}", title=it.title),
        body=worded(
            "{name} says that they were with you on {held_on}, for this:\n\n{title}\n\n"
            "What happens next: say whether it is right. One press is enough, and only what you confirm goes onto an "
            "invoice. If something is not right, say what:\n{link}",
            name=name,
            held_on=day(visit.held_on),
            title=it.title,
            link=link(it.id),
        ),
        now=now,
    )


def new_visit(
    session: Session,
    it: Arrangement,
    *,
    held_on: date,
    starts_at: time | None,
    minutes: int,
    from_bank: bool,
    by: PersonId,
    now: datetime,
    shared_key: uuid.UUID | None = None,
) -> Visit:
    """Add a planned visit to an arrangement that is locked. `shared_key` is the visit of a pool it is a share of."""
    visit = Visit(
        id=VisitId(uuid.uuid4()),
        arrangement_id=it.id,
        shared_key=shared_key,
        held_on=held_on,
        starts_at=starts_at,
        minutes=minutes,
        from_bank=from_bank,
        status=VisitStatus.PLANNED,
        planned_by=by,
        planned_at=now,
        miles=Decimal(0),
        amount=ZERO,
        travel=ZERO,
        query="",
    )
    session.add(visit)
    return visit


def _taken(session: Session, it: Arrangement, *, starts_at: time | None) -> set[date]:
    at_that_time = Visit.starts_at.is_(None) if starts_at is None else Visit.starts_at == starts_at
    return set(
        session.scalars(
            select(Visit.held_on).where(
                Visit.arrangement_id == it.id, Visit.status != VisitStatus.CANCELLED, at_that_time
            )
        )
    )


def _waits(session: Session, it: Arrangement) -> bool:
    return bool(
        session.scalar(
            select(Visit.id).where(Visit.arrangement_id == it.id, Visit.status == VisitStatus.CLAIMED).limit(1)
        )
    )


def _bank_problem(it: Arrangement) -> str | None:
    return None if may_bank(kind=it.kind, unit=it.unit) else "Only weekly support by the hour has banked hours."


def _check(field: str, problem: str | None) -> None:
    if problem:
        raise VisitUnclearError(problem, field=field)
