"""Visits that a pool has together, afterwards: the provider says who was there, and the cost is shared by that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.pooling.models import Pledge, Pool, SharedVisit, SharedVisitMember
from marketplace.pooling.queries.agreement import absence_rule_of
from marketplace.pooling.rules import sharing
from marketplace.pooling.rules.agreement import AbsenceRule
from marketplace.pooling.rules.nouns import Presence, SharedVisitId, SharedVisitStatus
from marketplace.pooling.services import visiting
from marketplace.pooling.services.visiting import SharedVisitMovedOnError, VisitUnclearError
from marketplace.purchasing.queries.sharing import InPool, ShareOfVisit, shares_of_visits
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import VisitStatus
from marketplace.purchasing.rules.visits import TookPlace, minutes_problem
from marketplace.purchasing.services import sharing as arrangements
from marketplace.purchasing.services.letters import Address

_GO_AHEAD = (ArrangementStatus.ACCEPTED, ArrangementStatus.DONE)
_LONGEST_NOTE = 300
_AWAY_NOTE = "You were not there. This is your share, as your pool agreed."


@dataclass(frozen=True, slots=True)
class Overpaid:
    """Somebody has confirmed more than their share is now: the provider takes the rest off their invoice."""

    person_id: PersonId
    too_much: Money


@dataclass(frozen=True, slots=True)
class _Part:
    """One member's part in a visit that is being written down."""

    member: InPool
    row: SharedVisitMember
    presence: Presence
    standing: ShareOfVisit | None


def hold_pool_visit(
    session: Session,
    *,
    shared_visit_id: SharedVisitId,
    by: PersonId,
    minutes: int,
    present: Collection[PersonId],
    note: str,
    link: Address,
    now: datetime,
) -> tuple[Overpaid, ...]:
    """
    Say that a visit was held and who was there, for the provider; or say it anew, as long as shares wait for a yes.

    Everybody's share follows from the agreement's rule for being away. Each is asked whether theirs is right. What
    somebody has confirmed stays as it is: whoever has confirmed more than their share is now is returned.
    `link` leads to where each says yes: whoever has left the pool since then still does.

    :raises PoolNotFoundError: if `by` does not speak for the provider.
    :raises SharedVisitMovedOnError: if it was called off, or its day is to come.
    :raises VisitUnclearError: if nobody was there, or the length will not do.
    """
    visit = visiting.locked_visit(session, shared_visit_id)
    pool, members = visiting.for_provider(
        session, pool_id=visit.pool_id, by=by, held_on=visit.held_on, minutes=minutes, even_over=True
    )
    if visit.status is SharedVisitStatus.CANCELLED:
        raise SharedVisitMovedOnError("This visit was called off. Plan another if it was held after all.")
    if visit.held_on > day_of(now):
        raise SharedVisitMovedOnError("A visit can be written down once its day has come.")
    problem = minutes_problem(minutes)
    if problem:
        raise VisitUnclearError(problem, field="minutes")
    rule = absence_rule_of(session, pool_id=pool.id)
    until = sharing.in_time_until(held_on=visit.held_on, starts_at=visit.starts_at, rule=rule)
    parts = _those_with_a_part(session, visit, members, until=until, present=present)
    if not any(part.presence is Presence.PRESENT for part in parts):
        raise VisitUnclearError("Say who was there. If nobody was, call the visit off instead.", field="present")
    amounts = _amounts(session, pool, parts, rule=rule, minutes=minutes)
    visit.minutes, visit.status, visit.held_at = minutes, SharedVisitStatus.HELD, visit.held_at or now
    said = TookPlace(
        held_on=visit.held_on, starts_at=visit.starts_at, minutes=minutes, note=text.tidy(note)[:_LONGEST_NOTE]
    )
    overpaid = []
    for part, amount in sorted(zip(parts, amounts, strict=True), key=lambda one: one[0].member.arrangement_id):
        share = _settle(session, visit, part, amount=amount, said=said, by=by, link=link, now=now)
        if share > amount:
            overpaid.append(Overpaid(person_id=part.member.person_id, too_much=share - amount))
    session.flush()
    visit.cost = sum((part.row.share or ZERO for part in parts), ZERO)
    session.flush()
    audit.record(session, by=by, did="said who was at", to_kind="shared visit", to_id=visit.id, now=now)
    return tuple(overpaid)


def _those_with_a_part(
    session: Session,
    visit: SharedVisit,
    members: Sequence[InPool],
    *,
    until: datetime,
    present: Collection[PersonId],
) -> list[_Part]:
    """
    Return who has a part in a visit: whose share stands, who was away before and is written down anew, who is new.

    Whoever has ended their own arrangement beforehand has none: what they owe for it stands there.
    """
    standing = {one.person_id: one for one in shares_of_visits(session, shared_keys=[visit.id])}
    rows = {
        row.person_id: row
        for row in session.scalars(select(SharedVisitMember).where(SharedVisitMember.shared_visit_id == visit.id))
    }
    parts = []
    for member in members:
        row, share = rows.get(member.person_id), standing.get(member.person_id)
        is_new = row is None and member.status is ArrangementStatus.ACCEPTED and member.begins_on <= visit.held_on
        was_away = row is not None and row.presence is not None and member.status in _GO_AHEAD
        if not (share or is_new or was_away):
            continue
        if row is None:
            row = SharedVisitMember(shared_visit_id=visit.id, person_id=member.person_id)
            session.add(row)
        presence = sharing.presence_of(is_there=member.person_id in present, away_said_at=row.away_said_at, until=until)
        parts.append(_Part(member=member, row=row, presence=presence, standing=share))
    return parts


def _amounts(
    session: Session, pool: Pool, parts: Sequence[_Part], *, rule: AbsenceRule, minutes: int
) -> tuple[Money, ...]:
    caps = {
        pledge.person_id: pledge.most_price
        for pledge in session.scalars(select(Pledge).where(Pledge.pool_id == pool.id, Pledge.withdrawn_at.is_(None)))
    }
    return sharing.shares(
        [
            sharing.Part(
                alone=part.member.alone,
                most=sharing.most_for_visit(
                    most_price=caps.get(part.member.person_id, ZERO),
                    alone=part.member.alone,
                    kind=part.member.kind,
                    unit=part.member.unit,
                    minutes=minutes,
                ),
                presence=part.presence,
            )
            for part in parts
        ],
        told_in_time=rule.told_in_time,
    )


def _settle(
    session: Session,
    visit: SharedVisit,
    part: _Part,
    *,
    amount: Money,
    said: TookPlace,
    by: PersonId,
    link: Address,
    now: datetime,
) -> Money:
    """Write one member's share down. Return what it is: of one that is confirmed already, what it was."""
    row, is_there = part.row, part.presence is Presence.PRESENT
    row.presence = part.presence
    if part.standing is not None and part.standing.status is VisitStatus.CONFIRMED:
        row.share = part.standing.amount
        return part.standing.amount
    row.share = amount
    if is_there or amount > ZERO:
        note = said.note if is_there else _AWAY_NOTE
        row.visit_id = arrangements.claim_share(
            session,
            arrangement_id=part.member.arrangement_id,
            shared_key=visit.id,
            by=by,
            said=TookPlace(held_on=said.held_on, starts_at=said.starts_at, minutes=said.minutes, note=note),
            amount=amount,
            link=link,
            now=now,
        )
        return amount
    arrangements.drop_share(session, arrangement_id=part.member.arrangement_id, shared_key=visit.id, by=by, now=now)
    return amount
