"""What can happen to the lines of a plan: what somebody wants, and what would help."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Plan, PlanLine, WeekItem
from marketplace.brokerage.rules import plans as rules
from marketplace.brokerage.rules.costing import Times
from marketplace.brokerage.rules.marks import mark_of
from marketplace.brokerage.rules.nouns import CostedBy, HowOften, LineId, OutcomeId, PlanId
from marketplace.brokerage.services.plans import PlanNotFoundError, plan_to_write
from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import OfferId, OfferStatus
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded


class LineNotFoundError(NotFoundError):
    """There is no such line in this plan."""


class PlanFullError(DomainError):
    """A plan longer than anyone would read."""


class LineChangedError(DomainError):
    """Somebody else has changed the same line in the meantime."""


class OfferGoneError(DomainError):
    """An offer that cannot be had any more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What says what a line costs. `pool_sold_by` is whose offer a pool is on."""

    costed_by: CostedBy
    offer_id: OfferId | None = None
    pool_key: uuid.UUID | None = None
    pool_sold_by: OrganisationId | None = None
    own_price: Money | None = None


def add_line(
    session: Session,
    *,
    plan_id: PlanId,
    by: PersonId,
    outcome_id: OutcomeId,
    wish: str,
    what_would_help: str,
    now: datetime,
) -> LineId:
    """
    Add something that a person wants to their plan.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises PlanFullError: if the plan has as many lines as it may.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    last, lines = session.execute(
        select(func.coalesce(func.max(PlanLine.position), 0), func.count()).where(PlanLine.plan_id == plan.id)
    ).one()
    if not rules.room_for_another(lines=lines):
        raise PlanFullError(
            worded(
                "A plan has room for {most_lines} lines. Take one out, or put two together.",
                most_lines=rules.MOST_LINES,
            )
        )
    line = PlanLine(
        id=LineId(uuid.uuid4()),
        plan_id=plan.id,
        position=last + 1,
        outcome_id=outcome_id,
        wish=wish,
        what_would_help=what_would_help,
        costed_by=CostedBy.NOTHING_YET,
        quantity=1,
        how_often=HowOften.ONCE,
        weeks=1,
        added_by=by,
    )
    session.add(line)
    _changed(session, plan, by=by, did="added something you want to your plan", now=now)
    session.flush()
    return line.id


def change_line(
    session: Session,
    *,
    plan_id: PlanId,
    line_id: LineId,
    by: PersonId,
    outcome_id: OutcomeId,
    wish: str,
    what_would_help: str,
    seen: str,
    now: datetime,
) -> None:
    """
    Change a line of a plan, as somebody who saw it with this mark.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises LineNotFoundError: if there is no such line in it.
    :raises LineChangedError: if another changed it in the meantime, so that what they wrote is not lost unseen.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    line = _line(session, plan, line_id)
    if seen != mark_of(line.outcome_id, line.wish, line.what_would_help):
        raise LineChangedError(
            "Somebody else changed this while you were writing. What they wrote stands below. Put the two together, "
            "then save again."
        )
    line.outcome_id, line.wish, line.what_would_help = outcome_id, wish, what_would_help
    _changed(session, plan, by=by, did="changed something you want in your plan", now=now)


def remove_line(session: Session, *, plan_id: PlanId, line_id: LineId, by: PersonId, now: datetime) -> None:
    """
    Take a line out of a plan.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises LineNotFoundError: if there is no such line in it.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    line = _line(session, plan, line_id)
    # What it was for stays in the picture of the week: only the line goes.
    session.execute(update(WeekItem).where(WeekItem.line_id == line.id).values(line_id=None))
    session.delete(line)
    _changed(session, plan, by=by, did="took something out of your plan", now=now)
    session.flush()


def cost_line(
    session: Session,
    *,
    plan_id: PlanId,
    line_id: LineId,
    by: Viewer,
    choice: Choice,
    times: Times | None = None,
    now: datetime,
) -> None:
    """
    Say what tells the price of a line, and how much of it a person wants and how often (as before, if None).

    An offer chosen by somebody who speaks for those who sell it is marked so, for the person to see [003].

    :raises PlanNotFoundError: if they may not write in it today.
    :raises LineNotFoundError: if there is no such line in it.
    :raises OfferGoneError: if the offer is not to be had.
    """
    writer = _signed_in(by)
    plan = plan_to_write(session, plan_id=plan_id, by=writer, on=day_of(now))
    line = _line(session, plan, line_id)
    chosen = (choice.costed_by, choice.offer_id, choice.pool_key)
    if chosen != (line.costed_by, line.offer_id, line.pool_key):
        seller = _seller(session, choice, now=now)
        line.costed_by, line.offer_id, line.pool_key = chosen
        line.sold_by = seller if writer != plan.person_id and by.speaks_for(seller) else None
    line.own_price = choice.own_price
    if times is not None:
        _retime(line, times)
    _changed(session, plan, by=writer, did="said what something in your plan costs", now=now)
    session.flush()


def retime_lines(
    session: Session, *, plan_id: PlanId, by: PersonId, times: Mapping[LineId, Times], now: datetime
) -> None:
    """
    Say how much of some things a person wants, and how often. Lines that are gone meanwhile are left out.

    :raises PlanNotFoundError: if they may not write in it today.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    lines = session.scalars(select(PlanLine).where(PlanLine.plan_id == plan.id, PlanLine.id.in_(times))).all()
    changed = [line for line in lines if times[line.id] != Times(line.quantity, line.how_often, line.weeks)]
    for line in changed:
        _retime(line, times[line.id])
    if changed:
        _changed(session, plan, by=by, did="changed how much of something your plan reckons with", now=now)
        session.flush()


def _signed_in(by: Viewer) -> PersonId:
    if by.person_id is None:
        raise PlanNotFoundError("Sign in to write in a plan.")
    return by.person_id


def _line(session: Session, plan: Plan, line_id: LineId) -> PlanLine:
    line = session.scalars(select(PlanLine).where(PlanLine.id == line_id, PlanLine.plan_id == plan.id)).one_or_none()
    if line is None:
        raise LineNotFoundError("That line is not in the plan any more.")
    return line


def _seller(session: Session, choice: Choice, *, now: datetime) -> OrganisationId | None:
    if choice.offer_id is None:
        return choice.pool_sold_by
    terms = offer_terms(session, offer_id=choice.offer_id, on=day_of(now))
    if terms is None or terms.status is not OfferStatus.LIVE:
        raise OfferGoneError("That offer is not on the site any more. Choose another one.")
    return terms.organisation_id


def _retime(line: PlanLine, times: Times) -> None:
    line.quantity, line.how_often, line.weeks = times.quantity, times.how_often, times.weeks


def _changed(session: Session, plan: Plan, *, by: PersonId, did: str, now: datetime) -> None:
    plan.updated_at = now
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
