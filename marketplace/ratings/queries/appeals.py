"""Questions about what is kept from view: for whoever wrote it, and for the panel that judges it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode
from marketplace.ratings.models import Addition, Appeal, AppealVote, Reply, Review, Screening
from marketplace.ratings.queries.fairness import words_of
from marketplace.ratings.rules.nouns import (
    AppealId,
    AppealOutcome,
    Ground,
    ReviewId,
    ReviewStatus,
    Screened,
    ScreeningId,
    ScreeningOutcome,
)
from marketplace.ratings.rules.screening import PANEL_SIZE

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class KeptBack:
    """Something of the viewer's that others cannot read: it waits to be read, or was refused."""

    kind: Screened
    screening_id: ScreeningId
    is_refused: bool
    grounds: tuple[Ground, ...]
    reason: str
    due_at: datetime
    council: CouncilCode | None
    appeal_id: AppealId | None
    appeal_due_at: datetime | None
    appeal_outcome: AppealOutcome | None

    @property
    def may_appeal(self) -> bool:
        """Whether the viewer can ask the panel about it."""
        return self.is_refused and self.appeal_id is None

    @property
    def is_about_harm(self) -> bool:
        """Whether it sounds as if somebody is being harmed, so that the page says whom to tell."""
        return Ground.SAFEGUARDING in self.grounds


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal in the list of the panel."""

    id: AppealId
    kind: Screened
    offer_title: str
    made_at: datetime
    due_at: datetime
    votes: int
    has_voted: bool


@dataclass(frozen=True, slots=True)
class AppealList:
    """One page of the appeals that wait for the panel."""

    appeals: tuple[AppealLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class Vote:
    """What one member of the panel said, without who."""

    outcome: AppealOutcome
    reason: str


@dataclass(frozen=True, slots=True)
class AppealPage:
    """One appeal. The votes are there only once all are cast, so that nobody follows another's."""

    id: AppealId
    kind: Screened
    review_id: ReviewId
    offer_title: str
    provider_name: str
    text: str
    ground: Ground
    refusal: str
    words: str
    due_at: datetime
    outcome: AppealOutcome | None
    votes_cast: int
    votes_needed: int
    votes: tuple[Vote, ...]
    is_mine: bool
    has_voted: bool

    @property
    def may_vote(self) -> bool:
        """Whether the viewer votes about it."""
        return not self.is_mine and not self.has_voted and self.outcome is None


def kept_back(session: Session, *, review_id: ReviewId, viewer: Viewer) -> tuple[KeptBack, ...]:
    """Return what of a review, or around it, is kept from others, to whoever wrote it. Nothing to anybody else."""
    if viewer.person_id is None:
        return ()
    rows = session.execute(
        select(Screening, Appeal, Offer.council, func.coalesce(Reply.status, Addition.status, Review.status))
        .join(Review, Review.id == Screening.review_id)
        .join(Offer, Offer.id == Review.offer_id)
        .outerjoin(Reply, and_(Screening.subject_kind == Screened.REPLY, Reply.id == Screening.subject_id))
        .outerjoin(Addition, and_(Screening.subject_kind == Screened.ADDITION, Addition.id == Screening.subject_id))
        .outerjoin(Appeal, Appeal.screening_id == Screening.id)
        .where(Screening.review_id == review_id, _is_writer(viewer))
        .order_by(Screening.opened_at, Screening.id)
    )
    # The latest about each thing says where it stands.
    latest = {(row[0].subject_kind, row[0].subject_id): row for row in rows}
    return tuple(
        _kept_back(screening, appeal, council)
        for screening, appeal, council, status in latest.values()
        # What is shown while somebody looks at a report is no news to whoever wrote it.
        if (screening.decided_at is None and status == ReviewStatus.UNREAD)
        or (screening.outcome is ScreeningOutcome.REFUSED and status == ReviewStatus.HELD)
    )


def refusal_to_appeal(session: Session, *, screening_id: ScreeningId, viewer: Viewer) -> KeptBack | None:
    """Return a refusal of something the viewer wrote, or None. The page of the form asks for it."""
    review_id = session.scalar(select(Screening.review_id).where(Screening.id == screening_id))
    if review_id is None:
        return None
    found = kept_back(session, review_id=review_id, viewer=viewer)
    return next((one for one in found if one.screening_id == screening_id and one.is_refused), None)


def open_appeals(session: Session, *, viewer: Viewer, page: int = 1) -> AppealList:
    """Return the appeals that wait for the panel and that the viewer may judge, what is due first at the top."""
    if not viewer.may(Permission.SIT_ON_PANEL):
        return AppealList((), Slice(1, PAGE_SIZE, 0))
    wanted = (Appeal.decided_at.is_(None), *_impartial(viewer))
    part = Slice.within(total=session.scalar(_appeals(func.count()).where(*wanted)) or 0, size=PAGE_SIZE, page=page)
    votes = select(func.count()).where(AppealVote.appeal_id == Appeal.id).scalar_subquery()
    mine = (
        select(func.count())
        .where(AppealVote.appeal_id == Appeal.id, AppealVote.person_id == viewer.person_id)
        .scalar_subquery()
    )
    rows = session.execute(
        _appeals(Appeal, Screening.subject_kind, Offer.title, votes, mine)
        .where(*wanted)
        .order_by(Appeal.due_at, Appeal.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return AppealList(
        tuple(
            AppealLine(
                id=it.id, kind=kind, offer_title=title, made_at=it.made_at, due_at=it.due_at, votes=cast,
                has_voted=bool(own),
            )
            for it, kind, title, cast, own in rows
        ),
        part,
    )  # fmt: skip


def appeal_page(session: Session, *, appeal_id: AppealId, viewer: Viewer) -> AppealPage | None:
    """Return one appeal, to whoever made it and to the members of the panel who may judge it."""
    if viewer.person_id is None:
        return None
    is_theirs = _is_writer(viewer)
    may_see = or_(is_theirs, and_(*_impartial(viewer))) if viewer.may(Permission.SIT_ON_PANEL) else is_theirs
    row = session.execute(
        _appeals(Appeal, Screening, Offer.title, Provider.name, is_theirs).where(Appeal.id == appeal_id, may_see)
    ).one_or_none()
    if row is None:
        return None
    it, screening, title, provider, is_mine = row
    votes = session.scalars(
        # In no order that tells who said what.
        select(AppealVote).where(AppealVote.appeal_id == appeal_id).order_by(AppealVote.outcome, AppealVote.reason)
    ).all()
    return AppealPage(
        id=it.id,
        kind=screening.subject_kind,
        review_id=screening.review_id,
        offer_title=title,
        provider_name=provider,
        text=words_of(session, kind=screening.subject_kind, subject_id=screening.subject_id),
        ground=screening.ground,
        refusal=screening.reason,
        words=it.words,
        due_at=it.due_at,
        outcome=it.outcome,
        votes_cast=len(votes),
        votes_needed=PANEL_SIZE,
        votes=tuple(Vote(one.outcome, one.reason) for one in votes) if it.outcome else (),
        is_mine=bool(is_mine),
        has_voted=any(one.person_id == viewer.person_id for one in votes),
    )


def _kept_back(screening: Screening, appeal: Appeal | None, council: CouncilCode | None) -> KeptBack:
    is_refused = screening.outcome is ScreeningOutcome.REFUSED
    return KeptBack(
        kind=screening.subject_kind,
        screening_id=screening.id,
        is_refused=is_refused,
        grounds=(screening.ground,) if screening.ground else tuple(Ground(one) for one in screening.suspected),
        reason=screening.reason,
        due_at=screening.due_at,
        council=council,
        appeal_id=appeal.id if appeal else None,
        appeal_due_at=appeal.due_at if appeal else None,
        appeal_outcome=appeal.outcome if appeal else None,
    )


def _appeals(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Appeal)
        .join(Screening, Screening.id == Appeal.screening_id)
        .join(Review, Review.id == Screening.review_id)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .outerjoin(Reply, and_(Screening.subject_kind == Screened.REPLY, Reply.id == Screening.subject_id))
    )


def _is_writer(viewer: Viewer) -> ColumnElement[bool]:
    return or_(
        and_(Screening.subject_kind != Screened.REPLY, Review.person_id == viewer.person_id),
        and_(Screening.subject_kind == Screened.REPLY, Reply.written_by == viewer.person_id),
    )


def _impartial(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Nobody judges their own words, their own organisation or their own refusal."""
    return (
        or_(Provider.organisation_id.is_(None), Provider.organisation_id.not_in(viewer.organisations)),
        or_(Review.person_id.is_(None), Review.person_id != viewer.person_id),
        or_(Review.typed_by.is_(None), Review.typed_by != viewer.person_id),
        or_(Screening.decided_by.is_(None), Screening.decided_by != viewer.person_id),
    )
