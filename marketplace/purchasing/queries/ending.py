"""What would it cost to cancel an arrangement now? Asked before anybody does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Viewer
from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.hours import account_of
from marketplace.purchasing.queries.invoices import TermsOfVisits, lines_due
from marketplace.purchasing.queries.owed import invoiced
from marketplace.purchasing.queries.sides import is_between
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules import visits as visit_rules
from marketplace.purchasing.rules.ending import CancelCost, part_done, part_used
from marketplace.purchasing.rules.hours import HoursAccount, draws_hours
from marketplace.purchasing.rules.invoicing import altogether, charged_by_visit
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitStatus

_TOOK_PLACE = frozenset({VisitStatus.CLAIMED, VisitStatus.QUERIED, VisitStatus.CONFIRMED})


@dataclass(frozen=True, slots=True)
class CancelPage:
    """What one side is told before they cancel."""

    id: ArrangementId
    title: str
    side: Side
    other: str
    status: ArrangementStatus
    notice_hours: int | None
    cost: CancelCost


@dataclass(frozen=True, slots=True)
class _Visits:
    took_place: list[Visit]
    to_come: list[Visit]
    unsaid: int
    late: list[Visit]


def cancel_page(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer, now: datetime) -> CancelPage | None:
    """Return what cancelling costs to one of the two sides. To anybody else there is nothing."""
    row = session.execute(
        select(Arrangement, Provider.name, Person.name)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(
            Arrangement.id == arrangement_id,
            is_between(viewer),
        )
    ).one_or_none()
    if row is None:
        return None
    it, provider, person = row
    side = Side.PERSON if it.person_id == viewer.person_id else Side.PROVIDER
    cost = cost_of_cancelling(session, it, side=side, now=now)
    if side is Side.PERSON:
        behind = set_aside(session, purpose=Purpose(it.id))
        keep = max(max(cost.owed, cost.invoiced) - behind.spent, ZERO)
        cost = replace(cost, let_go=max(behind.promised - keep, ZERO))
    return CancelPage(
        id=it.id,
        title=it.title,
        side=side,
        other=provider if side is Side.PERSON else person,
        status=it.status,
        notice_hours=it.notice_hours,
        cost=cost,
    )


def cost_of_cancelling(session: Session, it: Arrangement, *, side: Side, now: datetime) -> CancelCost:
    """Return what it costs if this side cancels now. Says nothing of budgets, and asks for no viewer: for services."""
    held = TermsOfVisits(session, it)
    is_trial = it.trial_until is not None and day_of(now) <= it.trial_until
    pays_late = side is Side.PERSON and not is_trial
    visits = _sorted(session, it, held, pays_late=pays_late, now=now)
    if it.kind is ArrangementKind.WEEKLY:
        done, late, apart = _by_the_week(session, it, held, visits, now=now)
    else:
        done, late = _as_agreed(session, it, held, visits, pays_late=pays_late, now=now)
        apart = done + late
    return CancelCost(
        done=done,
        late=late,
        visits=len(visits.to_come),
        late_visits=len(visits.late),
        unsaid_visits=visits.unsaid,
        is_trial=is_trial,
        apart_from_visits=apart,
        invoiced=invoiced(session, it),
    )


def _sorted(session: Session, it: Arrangement, held: TermsOfVisits, *, pays_late: bool, now: datetime) -> _Visits:
    visits = session.scalars(select(Visit).where(Visit.arrangement_id == it.id)).all()
    planned = [one for one in visits if one.status is VisitStatus.PLANNED]
    to_come = [
        one for one in planned if not visit_rules.has_begun(held_on=one.held_on, starts_at=one.starts_at, now=now)
    ]
    return _Visits(
        took_place=[one for one in visits if one.status in _TOOK_PLACE],
        to_come=to_come,
        unsaid=len(planned) - len(to_come),
        late=[one for one in to_come if pays_late and _is_late(held, one, now=now)],
    )


def _by_the_week(
    session: Session, it: Arrangement, held: TermsOfVisits, visits: _Visits, *, now: datetime
) -> tuple[Money, Money, Money | None]:
    if not charged_by_visit(kind=it.kind, unit=it.unit):
        # Each week that has passed is owed; none that is to come.
        passed = invoiced(session, it) + altogether(lines_due(session, it, today=day_of(now)))
        return passed, ZERO, None
    done = sum((one.amount + one.travel for one in visits.took_place), ZERO)
    late = (
        visit_rules.price_of_time(
            held.on(one.held_on),
            minutes=one.minutes,
            rate=visit_rules.rate_for(held_on=one.held_on, starts_at=one.starts_at, prices=held.on(one.held_on).prices),
            is_from_bank=one.from_bank,
        )
        for one in visits.late
    )
    return done, sum(late, ZERO), None


def _as_agreed(
    session: Session, it: Arrangement, held: TermsOfVisits, visits: _Visits, *, pays_late: bool, now: datetime
) -> tuple[Money, Money]:
    account = account_of(session, it)
    if draws_hours(kind=it.kind, is_from_bank=False, bought=account.bought):
        return _of_package(it, account, visits.late)
    done = part_done(
        unit=it.unit, unit_price=it.unit_price, total=it.total, minutes=[one.minutes for one in visits.took_place]
    )
    is_late = pays_late and (bool(visits.late) or (not visits.to_come and _begins_late(it, held, now=now)))
    return (done, it.total - done) if is_late else (done, ZERO)


def _of_package(it: Arrangement, account: HoursAccount, late: Sequence[Visit]) -> tuple[Money, Money]:
    """Return what the hours used cost, with those that wait for a yes, and what those called off too late do."""
    used = account.used + account.waiting
    all_used = min(used + sum(one.minutes for one in late), account.bought)
    done = part_used(total=it.total, used=used, bought=account.bought)
    return done, part_used(total=it.total, used=all_used, bought=account.bought) - done


def _is_late(held: TermsOfVisits, visit: Visit, *, now: datetime) -> bool:
    return visit_rules.is_late(held.on(visit.held_on), held_on=visit.held_on, starts_at=visit.starts_at, now=now)


def _begins_late(it: Arrangement, held: TermsOfVisits, *, now: datetime) -> bool:
    return visit_rules.is_late(held.on(it.starts_on), held_on=it.starts_on, starts_at=None, now=now)
