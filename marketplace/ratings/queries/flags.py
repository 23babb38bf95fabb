"""Questions about reviews that look arranged. What a person is shown never says who wrote them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, ProviderId
from marketplace.kit.days import day_of, midnight
from marketplace.kit.pages import Slice
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Flag, FlaggedReview, Review
from marketplace.ratings.rules import flags as rules
from marketplace.ratings.rules.flags import Proof, Seen
from marketplace.ratings.rules.nouns import Basis, FlagId, FlagKind, FlagOutcome, ReviewId, ReviewStatus
from marketplace.ratings.rules.rings import Visit

PAGE_SIZE = 20
_NEW = timedelta(days=7)
_OTHER = aliased(Review)

_COUNTS = and_(Review.status == ReviewStatus.SHOWN, Review.counts)
_IS_PROVEN = and_(Review.is_verified, Review.basis != Basis.CARD)
_IS_CLEARED = exists().where(
    FlaggedReview.review_id == Review.id, FlaggedReview.flag_id == Flag.id, Flag.decided_at.is_not(None)
)
_DOES_OTHER_THINGS = or_(
    exists().where(_OTHER.person_id == Review.person_id, _OTHER.provider_id != Review.provider_id),
    exists().where(
        Arrangement.person_id == Review.person_id,
        Arrangement.provider_id != Review.provider_id,
        Arrangement.status == ArrangementStatus.DONE,
    ),
)


@dataclass(frozen=True, slots=True)
class Placed:
    """One review whose say in its offer's place can change."""

    id: ReviewId
    offer_id: OfferId
    person_id: PersonId | None
    is_set_aside: bool
    settles_on: date


@dataclass(frozen=True, slots=True)
class Observed:
    """All that the rules look at of one provider: see `rules.suspicions`."""

    recent: tuple[Seen, ...]
    settled: tuple[int, ...]
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One flag in the list of those that wait."""

    id: FlagId
    provider_name: str
    kind: FlagKind
    reviews: int
    since: date
    due_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class FlagList:
    """One page of flags, what is due first at the top."""

    lines: tuple[FlagLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class FlaggedLine:
    """One review under a flag, without who wrote it."""

    id: ReviewId
    offer_title: str
    stars: int
    words: str
    basis: Basis
    on: date
    is_fresh: bool
    is_shown: bool
    is_set_aside: bool


@dataclass(frozen=True, slots=True)
class FlagPage:
    """One flag with its evidence and its reviews."""

    id: FlagId
    provider_id: ProviderId
    provider_name: str
    kind: FlagKind
    since: date
    evidence: dict[str, Any]
    raised_at: datetime
    due_at: datetime
    decided_at: datetime | None
    outcome: FlagOutcome | None
    reason: str
    reviews: tuple[FlaggedLine, ...]


def providers_to_look_at(session: Session, *, now: datetime) -> tuple[ProviderId, ...]:
    """Return the providers of whom something new was said, or something settled, or that have an open flag."""
    settled_before = midnight(day_of(now) - timedelta(days=rules.SETTLING_DAYS - 1))
    is_due = or_(
        Review.written_at < settled_before,
        Review.written_at >= now - _NEW,
        _IS_PROVEN,
    )
    aside = select(Review.provider_id).where(Review.is_set_aside, is_due)
    flagged = select(Flag.provider_id).where(Flag.decided_at.is_(None))
    return tuple(sorted(session.scalars(aside.union(flagged)), key=str))


def observed(session: Session, *, provider_id: ProviderId, today: date) -> Observed:
    """Return what was said of a provider as the rules see it."""
    of_it = (Review.provider_id == provider_id, _COUNTS)
    spread: dict[int, int] = {
        stars: people
        for stars, people in session.execute(select(Review.stars, func.count()).where(*of_it).group_by(Review.stars))
    }
    since = midnight(rules.looks_back_to(today))
    rows = session.execute(
        select(
            Review.id,
            Review.offer_id,
            Review.person_id,
            Review.written_at,
            Review.stars,
            Review.basis,
            Review.is_verified,
            Review.is_set_aside,
            Person.created_at,
            _DOES_OTHER_THINGS.label("does_other_things"),
            _IS_CLEARED.label("is_cleared"),
        )
        .outerjoin(Person, Person.id == Review.person_id)
        .where(*of_it, or_(and_(not_(_IS_PROVEN), Review.written_at >= since), Review.is_set_aside))
        .order_by(Review.id)
    ).all()
    recent, placed = [], []
    for row in rows:
        it = _seen(row)
        settles_on = it.on if row.is_cleared else rules.settles_on(proof=it.proof, on=it.on)
        placed.append(Placed(row.id, row.offer_id, row.person_id, row.is_set_aside, settles_on))
        if it.proof is not Proof.PROVEN and not row.is_cleared and row.written_at >= since:
            recent.append(it)
            spread[it.stars] -= 1
    return Observed(tuple(recent), tuple(spread.get(stars, 0) for stars in range(1, 6)), tuple(placed))


def visits_around(session: Session, *, provider_id: ProviderId, today: date) -> tuple[Visit, ...]:
    """Return what those who reviewed a provider in the last half year, unproven, said so of any provider."""
    since = midnight(today - timedelta(days=rules.SETTLING_DAYS))
    unproven = (Review.status == ReviewStatus.SHOWN, Review.written_at >= since, not_(_IS_PROVEN), not_(_IS_CLEARED))
    people = select(Review.person_id).where(Review.provider_id == provider_id, *unproven)
    rows = session.execute(
        select(Review.person_id, Review.id, Review.provider_id, Review.stars, Review.written_at)
        .where(Review.person_id.in_(people), *unproven)
        .order_by(Review.written_at, Review.id)
    )
    return tuple(Visit(row.person_id, row.id, row.provider_id, row.stars, day_of(row.written_at)) for row in rows)


def open_flags(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> FlagList:
    """Return the flags that wait for a decision, what is due first at the top. For moderators; else nothing."""
    part = Slice.within(total=session.scalar(select(count_of_flags(viewer))) or 0, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(
            Flag.id,
            Provider.name,
            Flag.kind,
            select(func.count()).where(FlaggedReview.flag_id == Flag.id).scalar_subquery().label("reviews"),
            Flag.since,
            Flag.due_at,
        )
        .join(Provider, Provider.id == Flag.provider_id)
        .where(Flag.decided_at.is_(None), *_for_moderators(viewer))
        .order_by(Flag.due_at, Flag.id)
        .offset(part.offset)
        .limit(part.size)
    )
    lines = tuple(
        FlagLine(
            id=row.id,
            provider_name=row.name,
            kind=row.kind,
            reviews=row.reviews,
            since=row.since,
            due_at=row.due_at,
            is_late=row.due_at <= now,
        )
        for row in rows
    )
    return FlagList(lines, part)


def count_of_flags(viewer: Viewer) -> ScalarSelect[int]:
    """Return how to ask how many flags wait for a moderator, alone or within a larger question."""
    return (
        select(func.count(Flag.id))
        .join(Provider, Provider.id == Flag.provider_id)
        .where(Flag.decided_at.is_(None), *_for_moderators(viewer))
        .scalar_subquery()
    )


def flag_page(session: Session, *, flag_id: FlagId, viewer: Viewer) -> FlagPage | None:
    """Return a flag; None for all but moderators, and for those who speak for the provider or wrote one of these."""
    row = session.execute(
        select(Flag, Provider.name)
        .join(Provider, Provider.id == Flag.provider_id)
        .where(Flag.id == flag_id, *_for_moderators(viewer))
    ).one_or_none()
    if row is None:
        return None
    flag, provider_name = row
    return FlagPage(
        id=flag.id,
        provider_id=flag.provider_id,
        provider_name=provider_name,
        kind=flag.kind,
        since=flag.since,
        evidence=flag.evidence,
        raised_at=flag.raised_at,
        due_at=flag.due_at,
        decided_at=flag.decided_at,
        outcome=flag.outcome,
        reason=flag.reason,
        reviews=_flagged_lines(session, flag_id),
    )


def _flagged_lines(session: Session, flag_id: FlagId) -> tuple[FlaggedLine, ...]:
    rows = session.execute(
        select(
            Review.id,
            Offer.title,
            Review.stars,
            Review.words,
            Review.basis,
            Review.is_verified,
            Review.written_at,
            Review.status,
            Review.is_set_aside,
            Person.created_at,
            _DOES_OTHER_THINGS.label("does_other_things"),
        )
        .join(FlaggedReview, FlaggedReview.review_id == Review.id)
        .join(Offer, Offer.id == Review.offer_id)
        .outerjoin(Person, Person.id == Review.person_id)
        .where(FlaggedReview.flag_id == flag_id)
        .order_by(Review.written_at, Review.id)
    ).all()
    return tuple(
        FlaggedLine(
            id=row.id,
            offer_title=row.title,
            stars=row.stars,
            words=row.words,
            basis=row.basis,
            on=day_of(row.written_at),
            is_fresh=_seen(row).is_fresh,
            is_shown=row.status is ReviewStatus.SHOWN,
            is_set_aside=row.is_set_aside,
        )
        for row in rows
    )


def _for_moderators(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    if not viewer.may(Permission.MODERATE):
        return (Flag.id.is_(None),)
    wrote_one = exists().where(
        FlaggedReview.flag_id == Flag.id,
        FlaggedReview.review_id == Review.id,
        or_(Review.person_id == viewer.person_id, Review.typed_by == viewer.person_id),
    )
    return (
        or_(Provider.organisation_id.is_(None), Provider.organisation_id.not_in(viewer.organisations)),
        not_(wrote_one),
    )


def _seen(row: Any) -> Seen:
    on = day_of(row.written_at)
    return Seen(
        id=row.id,
        on=on,
        stars=row.stars,
        proof=rules.proof_of(basis=row.basis, is_verified=row.is_verified),
        is_fresh=not row.does_other_things and rules.is_young(made_at=row.created_at, written_at=row.written_at),
    )
