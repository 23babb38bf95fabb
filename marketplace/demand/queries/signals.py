"""What councils have posted: for everybody, newest first, and for the commissioner who may take it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import CategorySlug
from marketplace.demand.models.signals import MarketSignal
from marketplace.demand.rules.nouns import SignalId, SignalKind
from marketplace.demand.rules.signals import KIND_TITLES
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode

PAGE_SIZE = 12
MOST_IN_A_FEED = 50


@dataclass(frozen=True, slots=True)
class SignalCard:
    """What a council posted, as everybody reads it. Who at the council posted it is nobody's business."""

    id: SignalId
    council: CouncilCode
    kind: SignalKind
    category: CategorySlug | None
    category_name: str | None
    title: str
    words: str
    you_told_us: str
    answers_id: SignalId | None
    answers_title: str | None
    posted_at: datetime
    withdrawn_at: datetime | None

    @property
    def kind_title(self) -> str:
        """What its kind is called on pages."""
        return KIND_TITLES[self.kind]


@dataclass(frozen=True, slots=True)
class SignalList:
    """One page of what was posted."""

    signals: tuple[SignalCard, ...]
    slice: Slice


def signals(
    session: Session, *, councils: Collection[CouncilCode] = (), kind: SignalKind | None = None, page: int = 1
) -> SignalList:
    """Return what is posted and not taken back, newest first: of some councils, or of all."""
    wanted = _live(_cards(), councils=councils, kind=kind)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    return SignalList(_read(session, wanted.limit(part.size).offset(part.offset)), part)


def newest_signals(
    session: Session,
    *,
    councils: Collection[CouncilCode] = (),
    category: CategorySlug | None = None,
    kind: SignalKind | None = None,
    since: datetime | None = None,
    limit: int = MOST_IN_A_FEED,
) -> tuple[SignalCard, ...]:
    """Return the newest of what is posted: of one kind of support (what is about none in particular counts), or any."""
    wanted = _live(_cards(), councils=councils, kind=kind)
    if category is not None:
        wanted = wanted.where(or_(MarketSignal.category == category, MarketSignal.category.is_(None)))
    if since is not None:
        wanted = wanted.where(MarketSignal.posted_at > since)
    return _read(session, wanted.limit(limit))


def signal_page(session: Session, *, signal_id: SignalId) -> SignalCard | None:
    """Return one of them, taken back or not: its page says so and shows none of its words then."""
    return next(iter(_read(session, _cards().where(MarketSignal.id == signal_id))), None)


def answers_to(session: Session, *, signal_id: SignalId) -> tuple[SignalCard, ...]:
    """Return what came of a signal, newest first."""
    return _read(session, _live(_cards()).where(MarketSignal.answers_id == signal_id))


def own_signals(session: Session, *, viewer: Viewer) -> tuple[SignalCard, ...]:
    """Return all that the viewer's own council posted, what it took back too. For its commissioners."""
    if not viewer.may(Permission.READ_DEMAND) or viewer.council is None:
        return ()
    wanted = _cards().where(MarketSignal.council == viewer.council)
    return _read(session, wanted.order_by(MarketSignal.posted_at.desc(), MarketSignal.id))


def _cards() -> Select[MarketSignal, str, str]:
    answered = aliased(MarketSignal)
    return (
        select(MarketSignal, Category.name.label("category_name"), answered.title.label("answers_title"))
        .outerjoin(Category, Category.slug == MarketSignal.category)
        .outerjoin(answered, (answered.id == MarketSignal.answers_id) & answered.withdrawn_at.is_(None))
    )


def _live(
    wanted: Select[MarketSignal, str, str], *, councils: Collection[CouncilCode] = (), kind: SignalKind | None = None
) -> Select[MarketSignal, str, str]:
    wanted = wanted.where(MarketSignal.withdrawn_at.is_(None))
    if councils:
        wanted = wanted.where(MarketSignal.council.in_(councils))
    if kind is not None:
        wanted = wanted.where(MarketSignal.kind == kind)
    return wanted.order_by(MarketSignal.posted_at.desc(), MarketSignal.id)


def _read(session: Session, wanted: Select[MarketSignal, str, str]) -> tuple[SignalCard, ...]:
    rows: Sequence[Any] = session.execute(wanted).all()
    return tuple(
        SignalCard(
            id=row.MarketSignal.id,
            council=row.MarketSignal.council,
            kind=row.MarketSignal.kind,
            category=row.MarketSignal.category,
            category_name=row.category_name,
            title=row.MarketSignal.title,
            words=row.MarketSignal.words,
            you_told_us=row.MarketSignal.you_told_us,
            answers_id=row.MarketSignal.answers_id if row.answers_title is not None else None,
            answers_title=row.answers_title,
            posted_at=row.MarketSignal.posted_at,
            withdrawn_at=row.MarketSignal.withdrawn_at,
        )
        for row in rows
    )
