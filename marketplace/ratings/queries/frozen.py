"""How offers are rated at a moment, as a decision pack keeps it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import OfferId
from marketplace.purchasing.rules.packs import FrozenRating
from marketplace.ratings.models import OfferRating
from marketplace.ratings.rules.scoring import summary_of


def frozen_ratings(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, FrozenRating]:
    """Return how those of some offers that somebody rated are rated now, in one query. Few have no average."""
    rows = session.scalars(select(OfferRating).where(OfferRating.offer_id.in_(offer_ids)))
    return {row.offer_id: _frozen(row) for row in rows}


def _frozen(row: OfferRating) -> FrozenRating:
    summary = summary_of((row.ones, row.twos, row.threes, row.fours, row.fives))
    return FrozenRating(
        count=summary.count,
        average=None if summary.average is None else str(summary.average),
        spread=summary.spread,
        verified=row.verified,
    )
