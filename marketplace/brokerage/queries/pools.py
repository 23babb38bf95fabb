"""What a pool asks about its own briefs. For the package of pools, whose members it knows itself."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.models import Award, Brief, Quote
from marketplace.brokerage.rules.briefs import STATUS_WORDS
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus
from marketplace.catalogue.rules import OfferId
from marketplace.purchasing.rules.nouns import ArrangementKind

_LIVE = (BriefStatus.DRAFT, BriefStatus.OPEN, BriefStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class PoolBrief:
    """One brief of a pool, to its members: a draft is only its writer's."""

    id: BriefId
    title: str
    status: BriefStatus
    closes_at: datetime | None
    is_live: bool

    @property
    def status_words(self) -> str:
        """How it stands, in words."""
        return STATUS_WORDS[self.status]


class LiveBrief(NamedTuple):
    """A brief of a pool that is not over, and who looks after it."""

    id: BriefId
    keeper: PersonId


def live_brief_of(session: Session, *, pool_key: uuid.UUID) -> LiveBrief | None:
    """Return the brief of a pool that is not over, if there is one. For services."""
    row = session.execute(
        select(Brief.id, Brief.person_id).where(Brief.pool_key == pool_key, Brief.status.in_(_LIVE)).limit(1)
    ).one_or_none()
    return LiveBrief(row.id, row.person_id) if row else None


def briefs_of(session: Session, *, pool_key: uuid.UUID) -> tuple[PoolBrief, ...]:
    """Return the briefs of a pool, the newest first. Whoever asks has made sure that the viewer is in the pool."""
    rows = session.scalars(select(Brief).where(Brief.pool_key == pool_key).order_by(Brief.began_at.desc(), Brief.id))
    return tuple(PoolBrief(it.id, it.title, it.status, it.closes_at, it.status in _LIVE) for it in rows)


@dataclass(frozen=True, slots=True)
class ChosenTerms:
    """How much of something a pool's chosen quote is for, and from when."""

    kind: ArrangementKind
    quantity: int
    weeks: int
    starts_on: date


def chosen_terms(session: Session, *, pool_key: uuid.UUID, offer_id: OfferId) -> ChosenTerms | None:
    """Return what the quote with an offer is for that a pool chose, if it chose one. For the pool itself."""
    row = session.execute(
        select(Brief.kind, Quote.quantity, Quote.weeks, Brief.starts_on, Quote.can_start_on)
        .join(Award, Award.brief_id == Brief.id)
        .join(Quote, Quote.id == Award.quote_id)
        .where(Brief.pool_key == pool_key, Quote.offer_id == offer_id)
        .order_by(Award.at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return ChosenTerms(row.kind, row.quantity, row.weeks, max(row.starts_on or row.can_start_on, row.can_start_on))
