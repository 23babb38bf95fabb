"""Questions about what people asked for, and what was done about it: “You told us, so together we did” [000]."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode
from marketplace.ratings.models import Change, Point, PointVote, Review
from marketplace.ratings.queries.shown import ShownChange, shown_change
from marketplace.ratings.rules.changing import ASK_FOR_CHANGE
from marketplace.ratings.rules.nouns import ChangeState, PointId, PointKind, ReviewId, ReviewStatus, Verdict

_Columns = TypeVarTuple("_Columns")

PAGE_SIZE = 20
MOST_OPEN = 10

_VOTES: ScalarSelect[int] = (
    select(func.count()).where(PointVote.point_id == Point.id).correlate(Point).scalar_subquery()
)
# A promise to change outlives the offer: it is read also of one taken off the list, or hidden for want of an answer.
_READABLE = (Review.status == ReviewStatus.SHOWN, Point.kind.in_(ASK_FOR_CHANGE), Offer.status != OfferStatus.REFUSED)
_its_council: ColumnElement[CouncilCode | None] = func.coalesce(Offer.council, Provider.council)


@dataclass(frozen=True, slots=True)
class ToldPoint:
    """One thing that somebody asked for, and what the provider does about it, if it has said. Anybody may read it."""

    id: PointId
    kind: PointKind
    words: str
    votes: int
    month: date | None
    review_id: ReviewId
    offer_id: OfferId
    offer_title: str
    provider_id: ProviderId
    provider_name: str
    change: ShownChange | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things people asked for, and what became of them."""

    asked: int
    planned: int
    done: int
    # Of those done: what whoever asked says.
    changed: int
    partly: int
    not_changed: int


@dataclass(frozen=True, slots=True)
class ToldPage:
    """What became of what people asked for, of one provider or in one council."""

    tally: Tally
    changes: tuple[ToldPoint, ...]
    slice: Slice
    # What most people ask for that has no answer yet.
    unanswered: tuple[ToldPoint, ...]


@dataclass(frozen=True, slots=True)
class TellingProvider:
    """Whose page it is."""

    id: ProviderId
    name: str
    council: CouncilCode | None
    is_own: bool


def told_by_provider(session: Session, *, provider_id: ProviderId, page: int = 1) -> ToldPage:
    """Return what became of what people asked of one provider. The same to everybody."""
    return _told(session, Review.provider_id == provider_id, page)


def tally_of_provider(session: Session, *, provider_id: ProviderId) -> Tally:
    """Return how many things people asked of one provider, and what became of them. The same to everybody."""
    return _tally(session, Review.provider_id == provider_id)


def told_in_council(session: Session, *, council: CouncilCode, page: int = 1) -> ToldPage:
    """Return what became of what people asked of the providers in one council. The same to everybody."""
    return _told(session, _its_council == council, page)


def newest_done(session: Session, *, limit: int) -> tuple[ToldPoint, ...]:
    """Return what providers did last about what people asked for, unless whoever asked says that it did not change."""
    rows = session.execute(
        _points()
        .where(*_READABLE, Change.state == ChangeState.DONE, Change.verdict.is_distinct_from(Verdict.NO))
        .order_by(Change.marked_at.desc(), Point.id)
        .limit(limit)
    )
    return _drawn(rows)


def telling_provider(session: Session, *, provider_id: ProviderId, viewer: Viewer) -> TellingProvider | None:
    """Return whose page it is, or None if there is no such provider."""
    row = session.execute(
        select(Provider.name, Provider.council, Provider.organisation_id).where(Provider.id == provider_id)
    ).one_or_none()
    if row is None:
        return None
    return TellingProvider(
        id=provider_id, name=row.name, council=row.council, is_own=viewer.speaks_for(row.organisation_id)
    )


def councils_with_changes(session: Session) -> dict[CouncilCode, int]:
    """Return in which councils something was done about what people asked for, and how often."""
    rows = session.execute(
        _joined(select(_its_council.label("council"), func.count().label("many")))
        .where(*_READABLE, Change.state == ChangeState.DONE, _its_council.is_not(None))
        .group_by(_its_council)
    )
    return {row.council: row.many for row in rows}


def point_to_change(session: Session, *, point_id: PointId, viewer: Viewer) -> ToldPoint | None:
    """Return something that the viewer may answer, because it was asked of a provider they speak for."""
    theirs = and_(
        Provider.organisation_id.in_(viewer.organisations), Review.person_id.is_distinct_from(viewer.person_id)
    )
    return _one(session, Point.id == point_id, theirs)


def point_to_judge(session: Session, *, point_id: PointId, viewer: Viewer) -> ToldPoint | None:
    """Return something that the viewer asked for and that the provider says is done."""
    if viewer.person_id is None:
        return None
    return _one(session, Point.id == point_id, Review.person_id == viewer.person_id, Change.state == ChangeState.DONE)


def change_to_judge(session: Session, *, point_id: PointId, viewer: Viewer) -> ToldPoint | None:
    """Return what a provider says about a point, to a moderator who does not speak for it; None to anybody else."""
    not_theirs = or_(Provider.organisation_id.is_(None), Provider.organisation_id.not_in(viewer.organisations))
    if not viewer.may(Permission.MODERATE):
        return None
    return _one(session, Point.id == point_id, not_theirs, Change.point_id.is_not(None))


def _told(session: Session, whose: ColumnElement[bool], page: int) -> ToldPage:
    tally = _tally(session, whose)
    part = Slice.within(total=tally.planned + tally.done, size=PAGE_SIZE, page=page)
    changes = session.execute(
        _points()
        .where(*_READABLE, whose, Change.point_id.is_not(None))
        # What is done first, then what is planned, the newest first.
        .order_by(Change.state, Change.marked_at.desc(), Point.id)
        .offset(part.offset)
        .limit(PAGE_SIZE)
    )
    unanswered = session.execute(
        _points()
        .where(*_READABLE, whose, Change.point_id.is_(None))
        .order_by(_VOTES.desc(), Review.shown_month.desc(), Review.shuffle, Point.id)
        .limit(MOST_OPEN)
    )
    return ToldPage(tally=tally, changes=_drawn(changes), slice=part, unanswered=_drawn(unanswered))


def _tally(session: Session, whose: ColumnElement[bool]) -> Tally:
    def counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((and_(*conditions), 1)))

    row = session.execute(
        _joined(
            select(
                func.count().label("asked"),
                counted(Change.state == ChangeState.PLANNED).label("planned"),
                counted(Change.state == ChangeState.DONE).label("done"),
                counted(Change.verdict == Verdict.YES).label("changed"),
                counted(Change.verdict == Verdict.PARTLY).label("partly"),
                counted(Change.verdict == Verdict.NO).label("not_changed"),
            )
        ).where(*_READABLE, whose)
    ).one()
    return Tally(
        asked=row.asked,
        planned=row.planned,
        done=row.done,
        changed=row.changed,
        partly=row.partly,
        not_changed=row.not_changed,
    )


def _joined(statement: Select[*_Columns]) -> Select[*_Columns]:
    return (
        statement.select_from(Point)
        .join(Review, Review.id == Point.review_id)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .outerjoin(Change, Change.point_id == Point.id)
    )


def _points() -> Select[Point, Change, int, date | None, OfferId, str, ProviderId, str]:
    return _joined(
        select(
            Point,
            Change,
            _VOTES.label("votes"),
            Review.shown_month,
            Review.offer_id,
            Offer.title,
            Review.provider_id,
            Provider.name,
        )
    )


def _one(session: Session, *conditions: ColumnElement[bool]) -> ToldPoint | None:
    found = _drawn(session.execute(_points().where(*_READABLE, *conditions)))
    return found[0] if found else None


def _drawn(rows: Iterable[Any]) -> tuple[ToldPoint, ...]:
    return tuple(
        ToldPoint(
            id=row.Point.id,
            kind=row.Point.kind,
            words=row.Point.words,
            votes=row.votes,
            month=row.shown_month,
            review_id=row.Point.review_id,
            offer_id=row.offer_id,
            offer_title=row.title,
            provider_id=row.provider_id,
            provider_name=row.name,
            change=shown_change(row.Change),
        )
        for row in rows
    )
