"""
Questions for the page on which a provider sees how it is doing.

It is made of what anybody may read: shown reviews, by month. Nothing waiting, unread or held is in it, nothing says
who wrote, and no figure stands for fewer than three people.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import ProviderId
from marketplace.ratings.models import (
    Change,
    Point,
    PointVote,
    QualityCheck,
    Reply,
    Review,
)
from marketplace.ratings.queries.changes import Tally, tally_of_provider
from marketplace.ratings.queries.saying import by_criterion, by_outcome, said_of, shown_of
from marketplace.ratings.rules.nouns import ChangeState, PointId, PointKind, ReviewId, Verdict
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
    told: Tally


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
    said, words = said_of(session, provider_id=provider_id, since=since)
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
        criteria=lines_of(by_criterion(session, provider_id=provider_id, said=said), quarters),
        outcomes=lines_of(by_outcome(session, provider_id=provider_id, said=said), quarters),
        themes=_themes(session, provider, said, words, points),
        points=tuple(one for those in by_kind.values() for one in those[:MOST_POINTS]),
        has_more_points=any(len(those) > MOST_POINTS for those in by_kind.values()),
        told=tally_of_provider(session, provider_id=provider_id),
    )


def points_of(session: Session, *, provider_id: ProviderId, viewer: Viewer) -> tuple[SaidPoint, ...]:
    """Return every shown point about a provider of the viewer's, those that most people say first."""
    votes = select(func.count()).where(PointVote.point_id == Point.id).correlate(Point).scalar_subquery()
    rows = session.execute(
        select(Point, Review.shown_month, votes.label("votes"), Change)
        .join(Review, Review.id == Point.review_id)
        .join(Provider, Provider.id == Review.provider_id)
        .outerjoin(Change, Change.point_id == Point.id)
        .where(shown_of(provider_id), Provider.organisation_id.in_(viewer.organisations))
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


def _to_do(session: Session, provider_id: ProviderId) -> ToDo:
    wanted = (
        select(func.count(Review.id))
        .outerjoin(Reply, Reply.review_id == Review.id)
        .where(shown_of(provider_id), Reply.id.is_(None)),
        select(func.count(Point.id))
        .join(Review, Review.id == Point.review_id)
        .outerjoin(Change, Change.point_id == Point.id)
        .where(shown_of(provider_id), Point.kind != PointKind.WORKING, Change.point_id.is_(None)),
        select(func.count(QualityCheck.id)).where(
            QualityCheck.provider_id == provider_id,
            QualityCheck.published_at.is_not(None),
            QualityCheck.withdrawn_at.is_(None),
            QualityCheck.answered_at.is_(None),
        ),
    )
    reviews, points, reports = session.execute(select(*(one.scalar_subquery() for one in wanted))).one()
    return ToDo(reviews=reviews, points=points, reports=reports)


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
