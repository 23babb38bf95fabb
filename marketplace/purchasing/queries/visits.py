"""Questions about visits. Every one takes the viewer: the two sides, and whoever may confirm for the person."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries.delegations import delegated_to
from marketplace.accounts.rules import PersonId, Scope, Viewer
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import Rate
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.kit.pages import Slice
from marketplace.purchasing.models import Arrangement, InvoiceLine, Visit
from marketplace.purchasing.queries.calling_off import cost_of_calling_off
from marketplace.purchasing.queries.hours import HoursMove, account_of, hours_moves
from marketplace.purchasing.queries.invoices import TermsOfVisits
from marketplace.purchasing.queries.sides import arrangement_between
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules.hours import HoursAccount, in_hours, may_bank
from marketplace.purchasing.rules.invoicing import plain_number
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitId, VisitStatus
from marketplace.purchasing.rules.visits import VisitAct, VisitTerms, acts_on_visit, begins, may_be_planned

PAGE_SIZE = 30
_MOST_WAITING = 100
_AHEAD = timedelta(weeks=4)
"""How far a list of what is coming looks. All visits of an arrangement stand on its own page."""
_WAITS = (VisitStatus.CLAIMED, VisitStatus.QUERIED)


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit in a list, and what the viewer may do to it now."""

    id: VisitId
    arrangement_id: ArrangementId
    title: str
    provider_name: str
    person_name: str
    side: Side
    # Whether the viewer is neither, and acts for the person with their live consent.
    is_for_another: bool
    held_on: date
    starts_at: time | None
    minutes: int
    miles: Decimal
    rate: Rate
    amount: Money
    travel: Money
    status: VisitStatus
    from_bank: bool
    # The visit of a whole pool that it is one share of.
    shared_key: UUID | None
    note: str
    query: str
    is_invoiced: bool
    acts: tuple[VisitAct, ...]

    @property
    def cost(self) -> Money:
        """What it costs altogether, with travel."""
        return self.amount + self.travel

    @property
    def how_long(self) -> str:
        """Its length as people say it."""
        return in_hours(self.minutes)

    @property
    def how_far(self) -> str:
        """Its miles as people say them."""
        return f"{plain_number(self.miles)} {'mile' if self.miles == 1 else 'miles'}"

    @property
    def begins(self) -> datetime:
        """The moment it begins."""
        return begins(held_on=self.held_on, starts_at=self.starts_at)


@dataclass(frozen=True, slots=True)
class VisitsPage:
    """The visits of one arrangement, and its hours account, to one of its two sides."""

    arrangement_id: ArrangementId
    title: str
    provider_name: str
    person_name: str
    side: Side
    kind: ArrangementKind
    terms: VisitTerms
    starts_on: date
    # Waiting for somebody, then to come, then over: the newest first.
    visits: tuple[VisitLine, ...]
    slice: Slice
    waiting: int
    may_plan: bool
    may_write_down: bool
    may_use_bank: bool
    # The pool this comes from.
    pool_key: UUID | None
    # None where no hours were ever on the account.
    account: HoursAccount | None
    moves: tuple[HoursMove, ...]


@dataclass(frozen=True, slots=True)
class VisitLists:
    """What waits for the viewer's yes or for their word, and what comes next."""

    waiting: tuple[VisitLine, ...]
    to_come: tuple[VisitLine, ...]


def my_visits(session: Session, *, viewer: Viewer, now: datetime) -> VisitLists:
    """Return visits that wait for the viewer's yes, with those they may confirm for others; and their own to come."""
    mine = Arrangement.person_id == viewer.person_id
    may_confirm = Arrangement.person_id.in_(delegated_to(viewer, Scope.CONFIRM_VISITS, on=day_of(now)))
    waiting = _visits().where(or_(mine, may_confirm), Visit.status == VisitStatus.CLAIMED)
    return VisitLists(
        waiting=_found(session, waiting.order_by(Visit.held_on, Visit.id).limit(_MOST_WAITING), viewer, now=now),
        to_come=_found(session, _to_come(mine, today=day_of(now)), viewer, now=now),
    )


def visits_for_my_organisations(session: Session, *, viewer: Viewer, now: datetime) -> VisitLists:
    """Return visits of those the viewer speaks for: queried or past and not written down; and what is to come."""
    theirs = Arrangement.organisation_id.in_(viewer.organisations)
    is_past = and_(Visit.status == VisitStatus.PLANNED, Visit.held_on < day_of(now))
    waiting = _visits().where(
        theirs,
        or_(Visit.status == VisitStatus.QUERIED, and_(is_past, Arrangement.status == ArrangementStatus.ACCEPTED)),
    )
    return VisitLists(
        waiting=_found(session, waiting.order_by(Visit.held_on, Visit.id).limit(_MOST_WAITING), viewer, now=now),
        to_come=_found(session, _to_come(theirs, today=day_of(now)), viewer, now=now),
    )


@dataclass(frozen=True, slots=True)
class CallingOff:
    """What calling a visit off costs one side now: money, or minutes of the hours account."""

    owed: Money
    minutes: int
    may_bank: bool
    notice_hours: int | None
    is_trial: bool


def calling_off_costs(session: Session, *, visit_id: VisitId, viewer: Viewer, now: datetime) -> CallingOff | None:
    """Return what calling a visit off costs the viewer's side now. To anybody else there is nothing."""
    row = session.execute(
        select(Visit, Arrangement)
        .join(Arrangement, Arrangement.id == Visit.arrangement_id)
        .where(Visit.id == visit_id, _is_between(viewer))
    ).one_or_none()
    if row is None:
        return None
    visit, it = row
    owed, minutes = cost_of_calling_off(session, it, visit, by=_side(it.person_id, viewer), now=now)
    is_free = owed == ZERO and not minutes and visit.status is VisitStatus.PLANNED
    return CallingOff(
        owed=owed,
        minutes=minutes,
        may_bank=is_free and may_bank(kind=it.kind, unit=it.unit),
        notice_hours=TermsOfVisits(session, it).on(visit.held_on).notice_hours,
        is_trial=it.trial_until is not None and visit.held_on <= it.trial_until,
    )


def visits_waiting(session: Session, *, viewer: Viewer, today: date) -> int:
    """Return how many visits wait for the viewer's yes."""
    mine = Arrangement.person_id == viewer.person_id
    may_confirm = Arrangement.person_id.in_(delegated_to(viewer, Scope.CONFIRM_VISITS, on=today))
    return session.scalars(
        select(func.count())
        .select_from(Visit)
        .join(Arrangement, Arrangement.id == Visit.arrangement_id)
        .where(or_(mine, may_confirm), Visit.status == VisitStatus.CLAIMED)
    ).one()


def visits_page(
    session: Session, *, arrangement_id: ArrangementId, viewer: Viewer, page: int = 1, now: datetime
) -> VisitsPage | None:
    """Return the visits of an arrangement to one of its two sides. To anybody else there are none."""
    row = arrangement_between(session, arrangement_id=arrangement_id, viewer=viewer)
    if row is None:
        return None
    it, of_it = row.arrangement, Visit.arrangement_id == arrangement_id
    total, waiting = session.execute(
        select(func.count(), func.count(case((Visit.status == VisitStatus.CLAIMED, 1)))).select_from(Visit).where(of_it)
    ).one()
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    found = _visits().where(of_it).order_by(*_waiting_first(day_of(now))).offset(part.offset).limit(part.size)
    moves = hours_moves(session, arrangement_id=it.id)
    account = account_of(session, it) if moves else None
    side = _side(it.person_id, viewer)
    is_provider, held = side is Side.PROVIDER, TermsOfVisits(session, it)
    return VisitsPage(
        arrangement_id=it.id,
        title=it.title,
        provider_name=row.provider,
        person_name=row.person.name,
        side=side,
        kind=it.kind,
        terms=held.on(day_of(now)),
        starts_on=held.begins_on,
        visits=_found(session, found, viewer, now=now),
        slice=part,
        waiting=waiting,
        may_plan=is_provider and may_be_planned(it.status),
        may_write_down=is_provider and it.status in _WENT_AHEAD and held.begins_on <= day_of(now),
        may_use_bank=account is not None and account.free > 0 and may_bank(kind=it.kind, unit=it.unit),
        pool_key=it.pool_key,
        account=account,
        moves=moves,
    )


def visit_line(session: Session, *, visit_id: VisitId, viewer: Viewer, now: datetime) -> VisitLine | None:
    """Return a visit to one of its sides, or to whoever may confirm it. To anybody else there is none."""
    may_confirm = Arrangement.person_id.in_(delegated_to(viewer, Scope.CONFIRM_VISITS, on=day_of(now)))
    found = _visits().where(Visit.id == visit_id, or_(_is_between(viewer), may_confirm))
    return next(iter(_found(session, found, viewer, now=now)), None)


_WENT_AHEAD = frozenset({ArrangementStatus.ACCEPTED, ArrangementStatus.DONE, ArrangementStatus.CANCELLED})


def _visits() -> Select[Visit, Arrangement, str, str, bool]:
    is_invoiced = select(InvoiceLine.id).where(InvoiceLine.visit_id == Visit.id).exists()
    return (
        select(Visit, Arrangement, Provider.name, Person.name, is_invoiced)
        .join(Arrangement, Arrangement.id == Visit.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
    )


def _to_come(whose: ColumnElement[bool], *, today: date) -> Select[Visit, Arrangement, str, str, bool]:
    return (
        _visits()
        .where(whose, Visit.status == VisitStatus.PLANNED, Visit.held_on.between(today, today + _AHEAD))
        .order_by(Visit.held_on, Visit.starts_at, Visit.id)
        .limit(PAGE_SIZE)
    )


def _waiting_first(today: date) -> tuple[Any, ...]:
    """Order visits: those that wait for a word, those to come from the next on, and those that are over."""
    is_to_come = and_(Visit.status == VisitStatus.PLANNED, Visit.held_on >= today)
    group = case((Visit.status.in_(_WAITS), 0), (is_to_come, 1), else_=2)
    soonest = case((is_to_come, Visit.held_on))
    return group, soonest, Visit.held_on.desc(), Visit.starts_at.desc(), Visit.id


def _found(
    session: Session,
    wanted: Select[Visit, Arrangement, str, str, bool],
    viewer: Viewer,
    *,
    now: datetime,
) -> tuple[VisitLine, ...]:
    return tuple(
        _line(visit, it, provider, person, viewer=viewer, is_invoiced=is_invoiced, now=now)
        for visit, it, provider, person, is_invoiced in session.execute(wanted)
    )


def _line(
    visit: Visit, it: Arrangement, provider: str, person: str, *, viewer: Viewer, is_invoiced: bool, now: datetime
) -> VisitLine:
    is_for_another = it.person_id != viewer.person_id and it.organisation_id not in viewer.organisations
    side = Side.PERSON if is_for_another else _side(it.person_id, viewer)
    acts = acts_on_visit(
        status=visit.status,
        side=side,
        held_on=visit.held_on,
        starts_at=visit.starts_at,
        now=now,
        is_shared=visit.shared_key is not None,
    )
    return VisitLine(
        id=visit.id,
        arrangement_id=it.id,
        title=it.title,
        provider_name=provider,
        person_name=person,
        side=side,
        is_for_another=is_for_another,
        held_on=visit.held_on,
        starts_at=visit.starts_at,
        minutes=visit.minutes,
        miles=visit.miles,
        rate=visit.rate,
        amount=visit.amount,
        travel=visit.travel,
        status=visit.status,
        from_bank=visit.from_bank,
        shared_key=visit.shared_key,
        note=visit.note,
        query=visit.query,
        is_invoiced=is_invoiced,
        # Whoever acts for somebody confirms and queries; calling off is for the two sides.
        acts=tuple(act for act in acts if not is_for_another or act is not VisitAct.CALL_OFF),
    )


def _is_between(viewer: Viewer) -> ColumnElement[bool]:
    """Hold for the arrangements of which the viewer is one side."""
    return or_(
        Arrangement.person_id == viewer.person_id,
        Arrangement.organisation_id.in_(viewer.organisations),
    )


def _side(person_id: PersonId, viewer: Viewer) -> Side:
    return Side.PERSON if person_id == viewer.person_id else Side.PROVIDER
