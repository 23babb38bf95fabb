"""Who else lists an offer, what is no longer in its list, and when was a list last read?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import AlsoListed, FeedRun, Offer, Sighting, Source
from marketplace.catalogue.rules import OfferId, OfferStatus, SourceKey


@dataclass(frozen=True, slots=True)
class OtherList:
    """A list that has the same offer, and when it last had it."""

    publisher: str
    licence: str
    licence_url: str
    url: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Unseen:
    """A live offer that was not in its list when that was last read."""

    title: str
    seen_at: datetime


def also_listed_by(session: Session, *, offer_id: OfferId) -> tuple[OtherList, ...]:
    """Return the other lists that have an offer, by publisher."""
    rows = session.execute(
        select(
            Source.publisher,
            Source.licence,
            Source.licence_url,
            Source.url,
            func.max(AlsoListed.seen_at).label("seen_at"),
        )
        .join(Source, Source.key == AlsoListed.source)
        .where(AlsoListed.offer_id == offer_id)
        .group_by(Source.key, Source.publisher, Source.licence, Source.licence_url, Source.url)
        .order_by(Source.publisher, Source.key)
    )
    return tuple(OtherList(*row) for row in rows)


def not_seen_since(session: Session, *, source: SourceKey, since: datetime) -> Sequence[Unseen]:
    """Return the live offers of a list that were not in it any more when it was read since a moment."""
    rows = session.execute(
        select(Offer.title, Sighting.seen_at)
        .join(Sighting, Sighting.offer_id == Offer.id)
        .where(Offer.source == source, Offer.status == OfferStatus.LIVE, Sighting.seen_at < since)
        .order_by(Sighting.seen_at, Offer.title, Offer.id)
    )
    return [Unseen(*row) for row in rows]


def last_read_at(session: Session, *, source: SourceKey) -> datetime | None:
    """Return when the last complete reading of a feed began, or None if none is complete."""
    return session.scalar(select(FeedRun.begun_at).where(FeedRun.source == source, FeedRun.ended_at.is_not(None)))
