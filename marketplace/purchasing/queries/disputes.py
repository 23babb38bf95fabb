"""Questions about disputes: what the two sides see of one, and what waits for a moderator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.models import Provider
from marketplace.kit.money import Money
from marketplace.kit.pages import Slice
from marketplace.purchasing.models import Arrangement, Dispute
from marketplace.purchasing.queries.owed import invoiced
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules.disputes import DisputeAct, Standing, acts_on_dispute
from marketplace.purchasing.rules.nouns import DisputeId, DisputeOutcome

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class DisputePage:
    """One dispute, as its two sides and the moderators read it."""

    id: DisputeId
    arrangement_id: ArrangementId
    title: str
    status: ArrangementStatus
    provider_name: str
    person_name: str
    # Which side the viewer is, or None for a moderator.
    side: Side | None
    standing: Standing
    words: str
    wanted: str
    answer: str
    answered_at: datetime | None
    decision: str
    outcome: DisputeOutcome | None
    refund: Money | None
    closed_at: datetime | None
    invoiced: Money
    acts: tuple[DisputeAct, ...]
    may_decide: bool

    @property
    def opener(self) -> str:
        """Who says that something is wrong."""
        return self.person_name if self.standing.opened_by is Side.PERSON else self.provider_name

    @property
    def answerer(self) -> str:
        """Who is to answer."""
        return self.provider_name if self.standing.opened_by is Side.PERSON else self.person_name

    @property
    def is_by_my_side(self) -> bool:
        """Whether the viewer's side opened it."""
        return self.side is self.standing.opened_by


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One dispute in a list."""

    id: DisputeId
    title: str
    provider_name: str
    opened_at: datetime
    due_at: datetime | None
    outcome: DisputeOutcome | None


@dataclass(frozen=True, slots=True)
class DisputeList:
    """One page of disputes."""

    lines: tuple[DisputeLine, ...]
    slice: Slice


def dispute_page(session: Session, *, dispute_id: DisputeId, viewer: Viewer, now: datetime) -> DisputePage | None:
    """Return a dispute to its two sides, and to moderators once one was asked. To anybody else there is none."""
    may_see = _is_between(viewer)
    if viewer.may(Permission.MODERATE):
        may_see = or_(may_see, Dispute.referred_at.is_not(None))
    row = session.execute(
        select(Dispute, Arrangement, Provider.name, Person.name)
        .join(Arrangement, Arrangement.id == Dispute.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(Dispute.id == dispute_id, may_see)
    ).one_or_none()
    if row is None:
        return None
    dispute, it, provider, person = row
    side = _side_of(it, viewer)
    standing = standing_of(dispute)
    return DisputePage(
        id=dispute.id,
        arrangement_id=it.id,
        title=it.title,
        status=it.status,
        provider_name=provider,
        person_name=person,
        side=side,
        standing=standing,
        words=dispute.words,
        wanted=dispute.wanted,
        answer=dispute.answer,
        answered_at=dispute.answered_at,
        decision=dispute.decision,
        outcome=dispute.outcome,
        refund=dispute.refund,
        closed_at=dispute.closed_at,
        invoiced=invoiced(session, it),
        acts=acts_on_dispute(standing, side=side, now=now) if side else (),
        may_decide=side is None and standing.referred_at is not None and not standing.is_closed,
    )


def disputes_of(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer) -> tuple[DisputeLine, ...]:
    """Return the disputes about an arrangement to its two sides, the newest first."""
    rows = session.execute(
        select(Dispute, Arrangement.title, Provider.name)
        .join(Arrangement, Arrangement.id == Dispute.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .where(Dispute.arrangement_id == arrangement_id, _is_between(viewer))
        .order_by(Dispute.opened_at.desc(), Dispute.id)
    )
    return tuple(_line(*row) for row in rows)


_WAITS = (Dispute.referred_at.is_not(None), Dispute.closed_at.is_(None))


def disputes_to_decide(session: Session, *, page: int = 1) -> DisputeList:
    """Return what waits for a moderator, what is due first at the top. For moderators."""
    total = session.scalars(select(count_of_disputes())).one()
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Dispute, Arrangement.title, Provider.name)
        .join(Arrangement, Arrangement.id == Dispute.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .where(*_WAITS)
        .order_by(Dispute.referred_at, Dispute.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return DisputeList(lines=tuple(_line(*row) for row in rows), slice=part)


def count_of_disputes() -> ScalarSelect[int]:
    """Return how to ask how many disputes wait for a moderator, alone or within a larger question."""
    return select(func.count(Dispute.id)).where(*_WAITS).scalar_subquery()


def standing_of(dispute: Dispute) -> Standing:
    """Return how far a dispute has come."""
    return Standing(
        opened_by=dispute.side,
        opened_at=dispute.opened_at,
        is_answered=dispute.answered_at is not None,
        referred_at=dispute.referred_at,
        is_closed=dispute.closed_at is not None,
    )


def is_side_of(session: Session, it: Arrangement, *, person_id: PersonId) -> bool:
    """Test whether somebody is one of the two sides of an arrangement."""
    return it.person_id == person_id or speaks_for(session, person_id=person_id, organisation_id=it.organisation_id)


def _is_between(viewer: Viewer) -> ColumnElement[bool]:
    return or_(Arrangement.person_id == viewer.person_id, Arrangement.organisation_id.in_(viewer.organisations))


def _side_of(it: Arrangement, viewer: Viewer) -> Side | None:
    if it.person_id == viewer.person_id:
        return Side.PERSON
    return Side.PROVIDER if it.organisation_id in viewer.organisations else None


def _line(dispute: Dispute, title: str, provider: str) -> DisputeLine:
    standing = standing_of(dispute)
    return DisputeLine(
        id=dispute.id,
        title=title,
        provider_name=provider,
        opened_at=dispute.opened_at,
        due_at=standing.decision_due_at or standing.answer_due_at,
        outcome=dispute.outcome,
    )
