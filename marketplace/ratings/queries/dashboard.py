"""
Questions for the page on which a provider sees how it is doing.

It is made of what anybody may read: shown reviews, by month. Nothing waiting, unread or held is in it, nothing says
who wrote, and no figure stands for fewer than three people.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import ProviderId
from marketplace.ratings.models import (
    Change,
    Criterion,
    CriterionAnswer,
    Outcome,
    OutcomeAnswer,
    Point,
    PointVote,
    QualityCheck,
    Reply,
    Review,
)
from marketplace.ratings.queries.changes import ToldPage, told_by_provider
from marketplace.ratings.rules.nouns import ChangeState, PointId, PointKind, ReviewId, ReviewStatus, Verdict
from marketplace.ratings.rules.quarters import Quarter, quarter_of
from marketplace.ratings.rules.trends import Line, Said, Theme, last_quarters, line_of, lines_of, themes_of
from marketplace.search.language import ENGLISH

MOST_POINTS = 5
"""Points of one kind that are shown at once: those that most people say. The file has all."""


@dataclass(frozen=True, slots=True)
class OwnProvider:
    """A provider that the viewer speaks for."""

    id: ProviderId
    name: str


@dataclass(frozen=True, slots=True)
class SaidPoint:
    """One thing that is working, is not working or should change, and what was done about it."""

    id: PointId
    review_id: ReviewId
    kind: PointKind
    words: str
    month: date | None
    votes: int
    state: ChangeState | None
    answer: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ToDo:
    """What a provider has not answered yet."""

    reviews: int
    points: int
    reports: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """How a provider is doing, as far as several people say so."""

    provider: OwnProvider
    quarters: tuple[Quarter, ...]
    to_do: ToDo
    stars: Line
    kinds: tuple[tuple[PointKind, Line], ...]
    criteria: tuple[Line, ...]
    outcomes: tuple[Line, ...]
    themes: tuple[Theme, ...]
    points: tuple[SaidPoint, ...]
    has_more_points: bool
    told: ToldPage


def own_providers(session: Session, *, viewer: Viewer) -> tuple[OwnProvider, ...]:
    """Return the providers that the viewer speaks for."""
    rows = session.execute(
        select(Provider.id, Provider.name)
        .where(Provider.organisation_id.in_(viewer.organisations))
        .order_by(Provider.name, Provider.id)
    )
    return tuple(OwnProvider(row.id, row.name) for row in rows)


def own_provider(session: Session, *, provider_id: ProviderId, viewer: Viewer) -> OwnProvider | None:
    """Return a provider if the viewer speaks for it, or None."""
    return next((one for one in own_providers(session, viewer=viewer) if one.id == provider_id), None)


def dashboard(session: Session, *, provider_id: ProviderId, viewer: Viewer, on: date) -> Dashboard | None:
    """Return how a provider is doing, to those who speak for it. To others there is no such page."""
    provider = own_provider(session, provider_id=provider_id, viewer=viewer)
    if provider is None:
        return None
    quarters = last_quarters(quarter_of(on))
    since = quarters[0].begins_on
    said, words = _said(session, provider_id, since=since)
    points = points_of(session, provider_id=provider_id, viewer=viewer)
    by_kind = {kind: [one for one in points if one.kind is kind] for kind in PointKind}
    return Dashboard(
        provider=provider,
        quarters=quarters,
        to_do=_to_do(session, provider_id),
        stars=line_of("All in all", list(said.values()), quarters),
        kinds=tuple(
            (kind, line_of(kind, [said[one.review_id] for one in those if one.review_id in said], quarters))
            for kind, those in by_kind.items()
        ),
        criteria=lines_of(_about(said, session.execute(_criteria(provider_id, since)).all()), quarters),
        outcomes=lines_of(_about(said, session.execute(_outcomes(provider_id, since)).all()), quarters),
        themes=_themes(session, provider, said, words, points),
        points=tuple(one for those in by_kind.values() for one in those[:MOST_POINTS]),
        has_more_points=any(len(those) > MOST_POINTS for those in by_kind.values()),
        told=told_by_provider(session, provider_id=provider_id),
    )


def points_of(session: Session, *, provider_id: ProviderId, viewer: Viewer) -> tuple[SaidPoint, ...]:
    """Return every shown point about a provider of the viewer's, those that most people say first."""
    votes = select(func.count()).where(PointVote.point_id == Point.id).correlate(Point).scalar_subquery()
    rows = session.execute(
        select(Point, Review.shown_month, votes.label("votes"), Change)
        .join(Review, Review.id == Point.review_id)
        .join(Provider, Provider.id == Review.provider_id)
        .outerjoin(Change, Change.point_id == Point.id)
        .where(_is_shown(provider_id), Provider.organisation_id.in_(viewer.organisations))
        .order_by(votes.desc(), Review.shown_month.desc(), Review.shuffle, Point.id)
    )
    return tuple(
        SaidPoint(
            id=it.id,
            review_id=it.review_id,
            kind=it.kind,
            words=it.words,
            month=month,
            votes=said_by,
            state=change.state if change else None,
            answer=change.words if change else "",
            verdict=change.verdict if change else None,
        )
        for it, month, said_by, change in rows
    )


def _is_shown(provider_id: ProviderId) -> ColumnElement[bool]:
    return and_(Review.provider_id == provider_id, Review.status == ReviewStatus.SHOWN)


def _said(
    session: Session, provider_id: ProviderId, *, since: date
) -> tuple[dict[ReviewId, Said], dict[ReviewId, str]]:
    """Return what people gave since a day, and in which words: for each person and offer what they said last."""
    said, words = {}, {}
    for review_id, person_id, month, stars, written in session.execute(
        select(Review.id, Review.person_id, Review.shown_month, Review.stars, Review.words).where(
            _is_shown(provider_id), Review.counts, Review.shown_month >= since
        )
    ):
        if month is not None:  # A shown review has one: the table promises it.
            # Whoever wrote on paper without an account is somebody of their own.
            said[review_id] = Said(who=person_id or review_id, quarter=quarter_of(month), stars=stars)
            words[review_id] = written
    return said, words


def _to_do(session: Session, provider_id: ProviderId) -> ToDo:
    def how_many(statement: Select[Any]) -> int:
        return session.scalar(statement) or 0

    return ToDo(
        reviews=how_many(
            select(func.count(Review.id))
            .outerjoin(Reply, Reply.review_id == Review.id)
            .where(_is_shown(provider_id), Reply.id.is_(None))
        ),
        points=how_many(
            select(func.count(Point.id))
            .join(Review, Review.id == Point.review_id)
            .outerjoin(Change, Change.point_id == Point.id)
            .where(_is_shown(provider_id), Point.kind != PointKind.WORKING, Change.point_id.is_(None))
        ),
        reports=how_many(
            select(func.count(QualityCheck.id)).where(
                QualityCheck.provider_id == provider_id,
                QualityCheck.published_at.is_not(None),
                QualityCheck.withdrawn_at.is_(None),
                QualityCheck.answered_at.is_(None),
            )
        ),
    )


def _criteria(provider_id: ProviderId, since: date) -> Select[str, ReviewId, int]:
    # What was said about a criterion that was merged is said about the one it became.
    became = aliased(Criterion)
    return (
        select(func.coalesce(became.words, Criterion.words), CriterionAnswer.review_id, CriterionAnswer.stars)
        .join(Review, Review.id == CriterionAnswer.review_id)
        .join(Criterion, Criterion.id == CriterionAnswer.criterion_id)
        .outerjoin(became, became.id == Criterion.merged_into)
        .where(_is_shown(provider_id), Review.shown_month >= since)
    )


def _outcomes(provider_id: ProviderId, since: date) -> Select[str, ReviewId, int]:
    return (
        select(Outcome.name, OutcomeAnswer.review_id, OutcomeAnswer.stars)
        .join(Review, Review.id == OutcomeAnswer.review_id)
        .join(Outcome, Outcome.id == OutcomeAnswer.outcome_id)
        .where(_is_shown(provider_id), Review.shown_month >= since)
    )


def _about(said: Mapping[ReviewId, Said], answers: Iterable[Sequence[Any]]) -> dict[str, list[Said]]:
    """Return who gave what about each thing, for those reviews that were said in the time that is looked at."""
    found: dict[str, list[Said]] = {}
    for about, review_id, stars in answers:
        whole = said.get(review_id)
        if whole is not None:
            found.setdefault(about, []).append(Said(who=whole.who, quarter=whole.quarter, stars=stars))
    return found


def _themes(
    session: Session,
    provider: OwnProvider,
    said: Mapping[ReviewId, Said],
    words: Mapping[ReviewId, str],
    points: Sequence[SaidPoint],
) -> tuple[Theme, ...]:
    texts: dict[uuid.UUID, list[str]] = {review_id: [written] for review_id, written in words.items()}
    for point in points:
        if point.review_id in texts:
            texts[point.review_id].append(point.words)
    titles = session.scalars(select(Offer.title).where(Offer.provider_id == provider.id)).all()
    return themes_of(
        (
            (said[ReviewId(review_id)], {ENGLISH.stem(word): word for word in ENGLISH.of(" ".join(written))})
            for review_id, written in texts.items()
        ),
        but_not=frozenset(ENGLISH.stems(" ".join([provider.name, *titles]))),
    )
