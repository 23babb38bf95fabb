"""
One person's share of a visit that a whole pool has together: planned, claimed for a fixed amount, or dropped.

The pool says which visits those are and what each share comes to. From there on a share is a visit as any other: the
person confirms or queries it, and it goes onto their own invoice. Only planning and asking write letters.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import Rate
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import count, day
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.queries.invoices import TermsOfVisits
from marketplace.purchasing.queries.needed import needed
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules import visits as rules
from marketplace.purchasing.rules.nouns import VisitId, VisitStatus
from marketplace.purchasing.rules.visits import TookPlace
from marketplace.purchasing.services.answering import WHERE_IT_STANDS, ArrangementMovedOnError
from marketplace.purchasing.services.following import follow_need
from marketplace.purchasing.services.letters import Address, write_to_person
from marketplace.purchasing.services.visits import (
    VisitMovedOnError,
    VisitUnclearError,
    locked_for_provider,
    new_visit,
)


def plan_shares(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: PersonId,
    planned: Sequence[tuple[uuid.UUID, date]],
    starts_at: time | None,
    minutes: int,
    link: Address,
    now: datetime,
) -> int:
    """
    Plan one person's share of visits of their pool, for the provider, and write to the person once.

    `planned` is each visit's key and its day. Return how many were added: what is planned already stays as it is, and a
    visit before the arrangement begins is not theirs.

    :raises ArrangementNotFoundError, NotYourSideError: if `by` is not the provider.
    :raises ArrangementMovedOnError: if it is not agreed, or over.
    :raises VisitUnclearError: if a day or the length will not do.
    """
    it = locked_for_provider(session, arrangement_id, by=by)
    if not rules.may_be_planned(it.status):
        raise ArrangementMovedOnError(
            worded("{where_it_stands} So no more visits can be planned.", where_it_stands=WHERE_IT_STANDS[it.status])
        )
    _check("minutes", rules.minutes_problem(minutes))
    begins_on = TermsOfVisits(session, it).begins_on
    there = set(session.scalars(select(Visit.shared_key).where(Visit.arrangement_id == it.id)))
    theirs = [(key, held_on) for key, held_on in planned if key not in there and held_on >= begins_on]
    for key, held_on in theirs:
        _check("first_on", rules.day_problem(held_on=held_on, starts_on=begins_on, today=day_of(now)))
        new_visit(
            session,
            it,
            shared_key=key,
            held_on=held_on,
            starts_at=starts_at,
            minutes=minutes,
            from_bank=False,
            by=by,
            now=now,
        )
    session.flush()
    if theirs:
        audit.record(session, by=by, did="planned visits", to_kind="arrangement", to_id=it.id, now=now)
        _tell_of_plan(session, it, days=[held_on for _key, held_on in theirs], link=link, now=now)
    return len(theirs)


def claim_share(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    shared_key: uuid.UUID,
    by: PersonId,
    said: TookPlace,
    amount: Money,
    link: Address,
    now: datetime,
) -> VisitId:
    """
    Say that a visit of a pool took place, and what this person's share of it is, for the provider.

    It may be said anew, until the person has confirmed it. Their share is exactly `amount`, whatever their terms say.

    :raises ArrangementNotFoundError, NotYourSideError: if `by` is not the provider.
    :raises ArrangementMovedOnError: if it was never agreed.
    :raises VisitMovedOnError: if the person has confirmed it.
    :raises VisitUnclearError: if the day is to come, or the day or the length will not do.
    """
    it = locked_for_provider(session, arrangement_id, by=by)
    if it.status not in {ArrangementStatus.ACCEPTED, ArrangementStatus.DONE, ArrangementStatus.CANCELLED}:
        raise ArrangementMovedOnError(
            worded("{where_it_stands} So no visit can be written down.", where_it_stands=WHERE_IT_STANDS[it.status])
        )
    _check_what_was(session, it, said=said, now=now)
    visit = _share(session, it, shared_key) or new_visit(
        session,
        it,
        shared_key=shared_key,
        held_on=said.held_on,
        starts_at=said.starts_at,
        minutes=said.minutes,
        from_bank=False,
        by=by,
        now=now,
    )
    _refuse_if_confirmed(visit)
    is_first, was_queried = not _waits(session, it), visit.status is VisitStatus.QUERIED
    visit.status, visit.claimed_at, visit.claimed_by = VisitStatus.CLAIMED, now, by
    visit.held_on, visit.starts_at, visit.minutes = said.held_on, said.starts_at, said.minutes
    visit.miles, visit.rate, visit.note = Decimal(0), Rate.STANDARD, said.note
    visit.amount, visit.travel = amount, ZERO
    session.flush()
    audit.record(session, by=by, did="claimed a visit", to_kind="visit", to_id=visit.id, now=now)
    if is_first or was_queried:
        _ask_for_a_yes(session, it, visit, link=link, now=now)
    return visit.id


def drop_share(
    session: Session, *, arrangement_id: ArrangementId, shared_key: uuid.UUID, by: PersonId, now: datetime
) -> bool:
    """
    Take one person's share of a visit away, for the provider: they owe nothing for it. Return whether there was one.

    :raises ArrangementNotFoundError, NotYourSideError: if `by` is not the provider.
    :raises VisitMovedOnError: if the person has confirmed it.
    """
    it = locked_for_provider(session, arrangement_id, by=by)
    before = needed(session, it, today=day_of(now))
    visit = _share(session, it, shared_key)
    if visit is None:
        return False
    _refuse_if_confirmed(visit)
    visit.status, visit.ended_at, visit.ended_by = VisitStatus.CANCELLED, now, by
    visit.amount, visit.travel = ZERO, ZERO
    session.flush()
    follow_need(session, it, visit, before=before, by=by, now=now)
    audit.record(session, by=by, did="called a visit off", to_kind="visit", to_id=visit.id, now=now)
    return True


def _check_what_was(session: Session, it: Arrangement, *, said: TookPlace, now: datetime) -> None:
    if said.held_on > day_of(now):
        raise VisitUnclearError("A visit can be written down once it has taken place.", field="held_on")
    begins_on = TermsOfVisits(session, it).begins_on
    _check("held_on", rules.day_problem(held_on=said.held_on, starts_on=begins_on, today=day_of(now)))
    _check("minutes", rules.minutes_problem(said.minutes))


def _share(session: Session, it: Arrangement, shared_key: uuid.UUID) -> Visit | None:
    return session.scalars(
        select(Visit)
        .where(Visit.arrangement_id == it.id, Visit.shared_key == shared_key, Visit.status != VisitStatus.CANCELLED)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _refuse_if_confirmed(visit: Visit) -> None:
    if visit.status is VisitStatus.CONFIRMED:
        raise VisitMovedOnError("This share is confirmed already, so it stays as it is.")


def _waits(session: Session, it: Arrangement) -> bool:
    waiting = select(Visit.id).where(Visit.arrangement_id == it.id, Visit.status == VisitStatus.CLAIMED)
    return session.scalar(waiting.limit(1)) is not None


def _tell_of_plan(session: Session, it: Arrangement, *, days: Sequence[date], link: Address, now: datetime) -> None:
    name, how_many = provider_name(session, provider_id=it.provider_id), count(len(days), "visit", "visits")
    write_to_person(
        session,
        it,
        subject=worded("{how_many} planned: {title}", how_many=how_many, title=it.title),
        body=worded(
            "{name} has planned {how_many} for your pool:\n\n{title}\n\nThe first is on {min}. You can "
            "see them here, and say in good time if you cannot come:\n{link}",
            name=name,
            how_many=how_many,
            title=it.title,
            min=day(min(days)),
            link=link(it.id),
        ),
        now=now,
    )


def _ask_for_a_yes(session: Session, it: Arrangement, visit: Visit, *, link: Address, now: datetime) -> None:
    """Write when the first share waits for a yes, and when one was put right: not once for each."""
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded("Was this right? {title}", title=it.title),
        body=worded(
            "{name} says what took place on {held_on}, and what your share of it is:\n\n{title}\n\n"
            "Your share: {amount}\n\nWhat happens next: say whether it is right. One press is enough, and only what "
            "you confirm goes onto an invoice. If something is not right, say what:\n{link}",
            name=name,
            held_on=day(visit.held_on),
            title=it.title,
            amount=visit.amount,
            link=link(it.id),
        ),
        now=now,
    )


def _check(field: str, problem: str | None) -> None:
    if problem:
        raise VisitUnclearError(problem, field=field)
