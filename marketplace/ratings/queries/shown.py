"""What of a review may somebody see? Turns rows into plain frozen data that never says who wrote, or on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Date,
    Row,
    Select,
    String,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Person
from marketplace.accounts.rules import OrganisationId, Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, ProviderId
from marketplace.moderation.queries import latest_decisions
from marketplace.moderation.rules import SubjectKind
from marketplace.ratings.models import (
    Addition,
    Change,
    Criterion,
    CriterionAnswer,
    Outcome,
    OutcomeAnswer,
    Point,
    PointVote,
    Reply,
    Review,
)
from marketplace.ratings.rules.nouns import (
    AdditionId,
    Basis,
    ChangeState,
    Help,
    PointId,
    PointKind,
    ReplyId,
    ReviewId,
    ReviewStatus,
    Subject,
    Telling,
    Verdict,
    WriterRole,
)

Reviews = Select[Review, Reply, str, str, str, OrganisationId | None, int]
ReviewRow = Row[Review, Reply, str, str, str, OrganisationId | None, int]


@dataclass(frozen=True, slots=True)
class ShownReply:
    """What the provider answered, and who answered for it."""

    id: ReplyId
    words: str
    by: str
    written_at: datetime
    was_edited: bool
    status: ReviewStatus
    hold_reason: str

    @property
    def is_held(self) -> bool:
        """Whether it is kept from view, for now or for good."""
        return self.status is not ReviewStatus.SHOWN


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """How it was by one criterion, or for one outcome, from 1 to 5."""

    subject: Subject
    words: str
    picture: str
    stars: int


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What the provider does about a point, and whether its writer says that it happened."""

    state: ChangeState
    words: str
    marked_at: datetime
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """One thing that is working, is not working, or should change, and how many others say the same."""

    id: PointId
    kind: PointKind
    words: str
    votes: int
    is_voted: bool
    change: ShownChange | None


@dataclass(frozen=True, slots=True)
class ShownAddition:
    """What the writer added later."""

    id: AdditionId
    words: str
    month: date
    status: ReviewStatus


@dataclass(frozen=True, slots=True)
class ShownReview:
    """One review as the viewer may see it. It has no date finer than its month, and none before it is shown."""

    id: ReviewId
    offer_id: OfferId
    offer_title: str
    provider_id: ProviderId
    provider_name: str
    basis: Basis
    is_verified: bool
    stars: int
    words: str
    role: WriterRole
    declared_link: str
    help: Help
    told: Telling
    pseudonym: str
    month: date | None
    was_changed: bool
    was_changed_after_reply: bool
    is_set_aside: bool
    status: ReviewStatus
    hold_reason: str
    answers: tuple[ShownAnswer, ...]
    points: tuple[ShownPoint, ...]
    additions: tuple[ShownAddition, ...]
    reply: ShownReply | None
    is_mine: bool
    may_reply: bool
    may_say_same: bool

    @property
    def is_held(self) -> bool:
        """Whether a moderator keeps it from view."""
        return self.status is ReviewStatus.HELD


REVIEWS: Reviews = (
    select(Review, Reply, Person.name, Offer.title, Provider.name, Provider.organisation_id, func.count().over())
    .join(Offer, Offer.id == Review.offer_id)
    .join(Provider, Provider.id == Review.provider_id)
    .outerjoin(Reply, Reply.review_id == Review.id)
    .outerjoin(Person, Person.id == Reply.written_by)
)
"""Reviews with what belongs to them and, last, how many there are with those on the other pages."""

_MERGED_INTO = aliased(Criterion)
_ADDED = "added"
_KINDS = case({kind: place for place, kind in enumerate(PointKind)}, value=Point.kind)


def shown(session: Session, *, rows: Sequence[ReviewRow], viewer: Viewer) -> tuple[ShownReview, ...]:
    """Return reviews as the viewer may see them. The caller has asked only for those that they may see at all."""
    ids = [row[0].id for row in rows]
    if not ids:
        return ()
    reasons = _hold_reasons(session, rows)
    (answers, additions), points = _answers_and_additions(session, ids), _points(session, ids, viewer)
    return tuple(
        _one(
            row,
            viewer,
            reasons=reasons,
            answers=answers.get(row[0].id, ()),
            points=points.get(row[0].id, ()),
            additions=additions.get(row[0].id, ()),
        )
        for row in rows
    )


def sees_all_of(viewer: Viewer, organisation_id: OrganisationId | None) -> bool:
    """Test whether somebody sees also what is not shown of a provider. Nobody does of their own."""
    return viewer.may(Permission.MODERATE) and not viewer.speaks_for(organisation_id)


def is_writer(viewer: Viewer, review: Review) -> bool:
    """Test whether the viewer wrote a review. Nobody in particular wrote none, also not one without an account."""
    return viewer.person_id is not None and review.person_id == viewer.person_id


def _one(
    row: ReviewRow,
    viewer: Viewer,
    *,
    reasons: dict[UUID, str],
    answers: tuple[ShownAnswer, ...],
    points: tuple[ShownPoint, ...],
    additions: tuple[ShownAddition, ...],
) -> ShownReview:
    it, reply, replied_by, title, provider, organisation_id, _total = row
    is_mine, sees_all = is_writer(viewer, it), sees_all_of(viewer, organisation_id)
    is_theirs = viewer.speaks_for(organisation_id)
    is_shown = it.status is ReviewStatus.SHOWN
    # One that is not shown is there only for those who wrote it and those who judge it.
    is_there = reply is not None and (
        reply.status is ReviewStatus.SHOWN or is_theirs or viewer.may(Permission.MODERATE)
    )
    answer = reply if is_there else None
    return ShownReview(
        id=it.id,
        offer_id=it.offer_id,
        offer_title=title,
        provider_id=it.provider_id,
        provider_name=provider,
        basis=it.basis,
        is_verified=it.is_verified,
        stars=it.stars,
        words=it.words,
        role=it.role,
        declared_link=it.declared_link,
        help=it.help,
        told=it.told,
        pseudonym=it.pseudonym,
        month=it.shown_month,
        was_changed=it.edited_at is not None,
        was_changed_after_reply=_was_changed_after(it, answer),
        is_set_aside=it.is_set_aside,
        status=it.status,
        hold_reason=reasons.get(it.id, ""),
        answers=answers,
        points=points,
        additions=tuple(one for one in additions if one.status is ReviewStatus.SHOWN or is_mine or sees_all),
        reply=_shown_reply(answer, replied_by, reasons),
        is_mine=is_mine,
        may_reply=is_theirs and is_shown and not is_mine,
        may_say_same=viewer.may(Permission.BUY) and is_shown and not is_mine and not is_theirs,
    )


def _was_changed_after(review: Review, reply: Reply | None) -> bool:
    if reply is None or review.edited_at is None:
        return False
    return review.edited_at > (reply.edited_at or reply.written_at)


def _shown_reply(reply: Reply | None, by: str, reasons: dict[UUID, str]) -> ShownReply | None:
    if reply is None:
        return None
    return ShownReply(
        id=reply.id,
        words=reply.words,
        by=by,
        written_at=reply.written_at,
        was_edited=reply.edited_at is not None,
        status=reply.status,
        hold_reason=reasons.get(reply.id, ""),
    )


def _hold_reasons(session: Session, rows: Sequence[ReviewRow]) -> dict[UUID, str]:
    held = [row[0].id for row in rows if row[0].status is ReviewStatus.HELD]
    held_replies = [row[1].id for row in rows if row[1] is not None and row[1].status is ReviewStatus.HELD]
    return {
        subject: decision.reason
        for kind, ids in ((SubjectKind.REVIEW, held), (SubjectKind.REPLY, held_replies))
        for subject, decision in latest_decisions(session, subject_kind=kind, subject_ids=ids).items()
    }


_Answers = dict[ReviewId, tuple[ShownAnswer, ...]]
_Additions = dict[ReviewId, tuple[ShownAddition, ...]]


def _answers_and_additions(session: Session, ids: Sequence[ReviewId]) -> tuple[_Answers, _Additions]:
    by_criterion = (
        select(
            CriterionAnswer.review_id.label("review_id"),
            literal(Subject.CRITERION.value).label("subject"),
            # What was merged into another is said in the other's words.
            func.coalesce(_MERGED_INTO.words, Criterion.words).label("words"),
            func.coalesce(_MERGED_INTO.picture, Criterion.picture).label("picture"),
            CriterionAnswer.stars.label("stars"),
            Criterion.position.label("position"),
            cast(null(), Uuid).label("id"),
            cast(null(), Date).label("month"),
            cast(null(), String).label("status"),
        )
        .join(Criterion, Criterion.id == CriterionAnswer.criterion_id)
        .outerjoin(_MERGED_INTO, _MERGED_INTO.id == Criterion.merged_into)
        .where(CriterionAnswer.review_id.in_(ids))
    )
    by_outcome = (
        select(
            OutcomeAnswer.review_id,
            literal(Subject.OUTCOME.value),
            Outcome.name,
            cast(literal(""), String),
            OutcomeAnswer.stars,
            Outcome.position,
            cast(null(), Uuid),
            cast(null(), Date),
            cast(null(), String),
        )
        .join(Outcome, Outcome.id == OutcomeAnswer.outcome_id)
        .where(OutcomeAnswer.review_id.in_(ids))
    )
    added = select(
        Addition.review_id,
        literal(_ADDED),
        Addition.words,
        cast(literal(""), String),
        literal(0),
        func.row_number().over(order_by=(Addition.added_at, Addition.id)),
        Addition.id,
        Addition.added_month,
        cast(Addition.status, String),
    ).where(Addition.review_id.in_(ids))
    answers: _Answers = {}
    additions: _Additions = {}
    every = union_all(by_criterion, by_outcome, added).subquery()
    for row in session.execute(select(every).order_by(every.c.subject, every.c.position, every.c.words)):
        if row.subject == _ADDED:
            later = ShownAddition(id=row.id, words=row.words, month=row.month, status=ReviewStatus(row.status))
            additions[row.review_id] = (*additions.get(row.review_id, ()), later)
        else:
            one = ShownAnswer(subject=Subject(row.subject), words=row.words, picture=row.picture, stars=row.stars)
            answers[row.review_id] = (*answers.get(row.review_id, ()), one)
    return answers, additions


def _points(session: Session, ids: Sequence[ReviewId], viewer: Viewer) -> dict[ReviewId, tuple[ShownPoint, ...]]:
    votes = select(func.count()).where(PointVote.point_id == Point.id).correlate(Point).scalar_subquery()
    is_voted = exists().where(and_(PointVote.point_id == Point.id, PointVote.person_id == viewer.person_id))
    rows = session.execute(
        select(Point, Change, votes.label("votes"), is_voted.label("is_voted"))
        .outerjoin(Change, Change.point_id == Point.id)
        .where(Point.review_id.in_(ids))
        .order_by(Point.review_id, _KINDS)
    )
    found: dict[ReviewId, tuple[ShownPoint, ...]] = {}
    for point, change, count, mine in rows:
        one = ShownPoint(
            id=point.id,
            kind=point.kind,
            words=point.words,
            votes=count,
            is_voted=mine,
            change=shown_change(change),
        )
        found[point.review_id] = (*found.get(point.review_id, ()), one)
    return found


def shown_change(change: Change | None) -> ShownChange | None:
    """Return what a provider does about a point, if it has said so."""
    if change is None:
        return None
    return ShownChange(state=change.state, words=change.words, marked_at=change.marked_at, verdict=change.verdict)
