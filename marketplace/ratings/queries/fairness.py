"""Questions about what waits for a moderator. Answers never say who wrote something, nor how many stars it gives."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select, union
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportReason, SubjectKind
from marketplace.ratings.models import Addition, Appeal, Point, Reply, Review, Screening
from marketplace.ratings.rules import screening as rules
from marketplace.ratings.rules.nouns import Ground, PointKind, ReviewId, ReviewStatus, Screened, ScreeningOutcome

PAGE_SIZE = 20
_KINDS = {SubjectKind.REVIEW: Screened.REVIEW, SubjectKind.REPLY: Screened.REPLY}
_UNSAFE = (Ground.SAFEGUARDING,)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that a person must read: a screen stopped it, or somebody reported it."""

    kind: Screened
    id: uuid.UUID
    offer_title: str
    suspected: tuple[Ground, ...]
    reported: tuple[ReportReason, ...]
    since: datetime
    due_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of what waits, what is due first at the top."""

    lines: tuple[Waiting, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody reported, without who."""

    reason: ReportReason
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about it before."""

    outcome: ScreeningOutcome
    ground: Ground | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What a moderator reads before deciding. The stars are left out: they must not matter."""

    kind: Screened
    id: uuid.UUID
    review_id: ReviewId
    offer_id: OfferId
    offer_title: str
    provider_name: str
    council: CouncilCode | None
    words: str
    points: tuple[tuple[PointKind, str], ...]
    declared_link: str
    status: ReviewStatus
    suspected: tuple[Ground, ...]
    due_at: datetime | None
    reports: tuple[Reported, ...]
    before: tuple[Decided, ...]
    is_appealed: bool


def queue(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> Queue:
    """Return what waits to be read and what is reported, what is due first at the top. For moderators; else nothing."""
    if not viewer.may(Permission.MODERATE):
        return Queue((), Slice(1, PAGE_SIZE, 0))
    lines = {(line.kind, line.id): line for line in _stopped(session, viewer, now)}
    for line in _reported(session, viewer, now):
        stopped = lines.get((line.kind, line.id))
        lines[line.kind, line.id] = replace(stopped, reported=line.reported) if stopped else line
    ordered = sorted(lines.values(), key=lambda line: (line.due_at, line.since, line.id))
    part = Slice.within(total=len(ordered), size=PAGE_SIZE, page=page)
    return Queue(tuple(ordered[part.offset : part.offset + part.size]), part)


def count_of_queue(viewer: Viewer) -> ScalarSelect[int]:
    """Return how to ask how much `queue` lists to a moderator, alone or within a larger question."""
    # What a screen stopped and somebody reported as well stands there once.
    found = union(_screenings(viewer, Screening.subject_id), _reports_of(viewer, Report.subject_id))
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def to_decide(session: Session, *, kind: Screened, subject_id: uuid.UUID, viewer: Viewer) -> ToDecide | None:
    """Return what a moderator decides about; None for anybody else, and for their own words and organisation."""
    if not viewer.may(Permission.MODERATE):
        return None
    found = _subject(session, kind, subject_id)
    if found is None:
        return None
    review_id, words, status = found
    row = session.execute(
        select(Review.offer_id, Offer.title, Offer.council, Provider.name, Review.declared_link)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .where(Review.id == review_id, *_not_own(viewer))
    ).one_or_none()
    if row is None:
        return None
    is_review = kind is Screened.REVIEW
    screenings = session.scalars(
        select(Screening)
        .where(Screening.subject_kind == kind, Screening.subject_id == subject_id)
        .order_by(Screening.opened_at, Screening.id)
    ).all()
    waiting = next((one for one in screenings if one.decided_at is None), None)
    return ToDecide(
        kind=kind,
        id=subject_id,
        review_id=review_id,
        offer_id=row.offer_id,
        offer_title=row.title,
        provider_name=row.name,
        council=row.council,
        words=words,
        points=_points(session, review_id) if is_review else (),
        declared_link=row.declared_link if is_review else "",
        status=status,
        suspected=_grounds(waiting.suspected) if waiting else (),
        due_at=waiting.due_at if waiting else None,
        reports=_reports(session, kind, subject_id),
        before=tuple(
            Decided(outcome=one.outcome, ground=one.ground, reason=one.reason, at=one.decided_at)
            for one in screenings
            if one.outcome is not None and one.decided_at is not None
        ),
        is_appealed=_is_appealed(session, [one.id for one in screenings]),
    )


def words_of(session: Session, *, kind: Screened, subject_id: uuid.UUID) -> str:
    """Return what was written, for those who judge it. Callers know who may read it."""
    found = _subject(session, kind, subject_id)
    return found[1] if found else ""


def _stopped(session: Session, viewer: Viewer, now: datetime) -> Iterable[Waiting]:
    for one, title in session.execute(_screenings(viewer, Screening, Offer.title)):
        yield Waiting(
            kind=one.subject_kind,
            id=one.subject_id,
            offer_title=title,
            suspected=_grounds(one.suspected),
            reported=(),
            since=one.opened_at,
            due_at=one.due_at,
            is_late=now >= one.due_at,
        )


def _reported(session: Session, viewer: Viewer, now: datetime) -> Iterable[Waiting]:
    asked = _reports_of(viewer, Report.subject_kind, Report.subject_id, Report.reason, Report.at, Offer.title)
    rows = session.execute(asked.order_by(Report.at, Report.id))
    found: dict[tuple[SubjectKind, uuid.UUID], Waiting] = {}
    for kind, subject_id, reason, at, title in rows:
        earlier = found.get((kind, subject_id))
        due_at = rules.read_by(_UNSAFE if reason is ReportReason.UNSAFE else (), since=at)
        due_at = min(due_at, earlier.due_at) if earlier else due_at
        found[kind, subject_id] = Waiting(
            kind=_KINDS[kind],
            id=subject_id,
            offer_title=title,
            suspected=(),
            reported=tuple(dict.fromkeys((*(earlier.reported if earlier else ()), reason))),
            since=earlier.since if earlier else at,
            due_at=due_at,
            is_late=now >= due_at,
        )
    return found.values()


def _screenings(viewer: Viewer, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Screening)
        .join(Review, Review.id == Screening.review_id)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .where(Screening.decided_at.is_(None), *_not_own(viewer))
    )


def _reports_of(viewer: Viewer, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Report)
        .outerjoin(Reply, (Report.subject_kind == SubjectKind.REPLY) & (Reply.id == Report.subject_id))
        .join(Review, Review.id == func.coalesce(Reply.review_id, Report.subject_id))
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .where(Report.subject_kind.in_(_KINDS), Report.closed_at.is_(None), *_not_own(viewer))
    )


def _not_own(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(Provider.organisation_id.is_(None), Provider.organisation_id.not_in(viewer.organisations)),
        or_(Review.person_id.is_(None), Review.person_id != viewer.person_id),
        or_(Review.typed_by.is_(None), Review.typed_by != viewer.person_id),
    )


def _subject(session: Session, kind: Screened, subject_id: uuid.UUID) -> tuple[ReviewId, str, ReviewStatus] | None:
    asked = {
        Screened.REVIEW: select(Review.id, Review.words, Review.status).where(Review.id == subject_id),
        Screened.REPLY: select(Reply.review_id, Reply.words, Reply.status).where(Reply.id == subject_id),
        Screened.ADDITION: select(Addition.review_id, Addition.words, Addition.status).where(Addition.id == subject_id),
    }[kind]
    row = session.execute(asked).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def _points(session: Session, review_id: ReviewId) -> tuple[tuple[PointKind, str], ...]:
    rows = {row.kind: row.words for row in session.execute(select(Point).where(Point.review_id == review_id)).scalars()}
    return tuple((kind, rows[kind]) for kind in PointKind if kind in rows)


def _reports(session: Session, kind: Screened, subject_id: uuid.UUID) -> tuple[Reported, ...]:
    rows = session.execute(
        select(Report.reason, Report.words, Report.at)
        .where(
            Report.subject_id == subject_id,
            Report.subject_kind.in_([one for one, screened in _KINDS.items() if screened is kind]),
            Report.closed_at.is_(None),
        )
        .order_by(Report.at, Report.id)
    )
    return tuple(Reported(reason=row.reason, words=row.words, at=row.at) for row in rows)


def _is_appealed(session: Session, screening_ids: Iterable[uuid.UUID]) -> bool:
    asked = select(Appeal.id).where(Appeal.screening_id.in_(list(screening_ids)), Appeal.decided_at.is_(None))
    return session.scalar(asked.limit(1)) is not None


def _grounds(kept: Iterable[str]) -> tuple[Ground, ...]:
    return tuple(Ground(one) for one in kept)
