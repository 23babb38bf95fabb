"""Who else lists an offer, what is no longer in its list, and when was a list last read?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from marketplace.catalogue.models import AlsoListed, FeedRun, Offer, Sighting, Source
from marketplace.catalogue.rules import OfferStatus, SourceKey

_Other = aliased(Source, name="other")


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


def with_other_lists(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return a question about offers with a row for each list that has the same besides: see `other_lists`."""
    return (
        asked.add_columns(_Other, AlsoListed.seen_at.label("seen_there_at"))
        .outerjoin(AlsoListed, AlsoListed.offer_id == Offer.id)
        .outerjoin(_Other, _Other.key == AlsoListed.source)
        .order_by(_Other.publisher, _Other.key, AlsoListed.seen_at.desc())
    )


def other_lists(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[OtherList, ...]:
    """Return the other lists that have an offer, by publisher. A list that has it twice had it last the later time."""
    found: dict[SourceKey, OtherList] = {}
    for row in rows:
        other: Source | None = row.other
        if other is not None:
            line = OtherList(other.publisher, other.licence, other.licence_url, other.url, row.seen_there_at)
            found.setdefault(other.key, line)
    return tuple(found.values())


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
