"""Everything that is live, for those who take the whole: in batches, by area, and by when it came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, OfferCouncil, Source
from marketplace.catalogue.queries.shared import shared_offers
from marketplace.catalogue.rules import OfferId, OfferStatus
from marketplace.catalogue.rules.sharing import SharedOffer, SharedSource
from marketplace.kit.places import CouncilCode, Gazetteer

BATCH = 500
"""Offers read at a time when everything is read."""

NEWEST = 50
"""Entries of a feed of new offers: who looks once a week should miss none."""

_IS_LIVE = Offer.status == OfferStatus.LIVE


@dataclass(frozen=True, slots=True)
class SitemapPart:
    """One part of the map of the site: how many pages are in it, and when the last of them changed."""

    number: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MappedPage:
    """One page of the site, and when it changed."""

    offer_id: OfferId
    changed_at: datetime


def everything(session: Session, *, gazetteer: Gazetteer, on: date) -> Iterator[tuple[SharedOffer, ...]]:
    """Yield every live offer with all that belongs to it, some hundred at a time, those longest on the site first."""
    ids: Sequence[OfferId] = session.scalars(select(Offer.id).where(_IS_LIVE).order_by(Offer.listed_at, Offer.id)).all()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        yield shared_offers(session, offer_ids=part, gazetteer=gazetteer, on=on, is_full=True)


def newest_in(
    session: Session, *, council: CouncilCode | None, gazetteer: Gazetteer, on: date
) -> tuple[SharedOffer, ...]:
    """Return the offers that came last: those at home in a council's area or that serve all of it, or all of them."""
    wanted = [_IS_LIVE]
    if council is not None:
        serves = select(OfferCouncil.offer_id).where(OfferCouncil.council == council)
        wanted.append(or_(Offer.council == council, Offer.id.in_(serves)))
    ids = session.scalars(
        select(Offer.id).where(*wanted).order_by(Offer.listed_at.desc(), Offer.id).limit(NEWEST)
    ).all()
    return shared_offers(session, offer_ids=ids, gazetteer=gazetteer, on=on, is_full=False)


def sitemap_parts(session: Session, *, size: int) -> tuple[SitemapPart, ...]:
    """Return the parts that the live offers fill, so many to a part, never fewer than one."""
    place = func.row_number().over(order_by=(Offer.listed_at, Offer.id)) - 1
    placed = select((place // size).label("part"), Offer.updated_at).where(_IS_LIVE).subquery()
    rows = session.execute(
        select(placed.c.part, func.max(placed.c.updated_at).label("changed_at"))
        .group_by(placed.c.part)
        .order_by(placed.c.part)
    ).all()
    return tuple(SitemapPart(row.part + 1, row.changed_at) for row in rows) or (SitemapPart(1, None),)


def sitemap_part(session: Session, *, number: int, size: int) -> tuple[MappedPage, ...]:
    """Return one part of the map of the site: the pages of its offers."""
    rows = session.execute(
        select(Offer.id, Offer.updated_at)
        .where(_IS_LIVE)
        .order_by(Offer.listed_at, Offer.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    return tuple(MappedPage(row.id, row.updated_at) for row in rows)


def sources(session: Session) -> tuple[SharedSource, ...]:
    """Return the lists that something live was taken from, by publisher."""
    used = select(Offer.source).where(_IS_LIVE, Offer.source.is_not(None))
    rows = session.scalars(select(Source).where(Source.key.in_(used)).order_by(Source.publisher, Source.key))
    return tuple(
        SharedSource(publisher=row.publisher, licence=row.licence, licence_url=row.licence_url, url=row.url)
        for row in rows
    )
