"""What the search knows of the catalogue: an offer that is live has exactly one document, anything else has none."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, Setting
from marketplace.kit.places import Point
from marketplace.search import services as search
from marketplace.search.rules import Document, DocumentId

MANY = 500
"""Offers read at a time when everything is read."""


def keep_index_true(session: Session, offer: Offer, *, now: datetime) -> None:
    """Make the search know this offer as it now is, or not at all. Call it where the offer is changed."""
    session.flush()
    if offer.status is not OfferStatus.LIVE:
        search.remove_document(session, DocumentId(offer.id))
        return
    live, provider, category_name = session.execute(_live().where(Offer.id == offer.id)).one()
    search.put_document(session, _document(live, provider, category_name))


def documents(session: Session) -> Iterator[Document]:
    """Return a document for every live offer, in order of id. For building the index again, and for checking it."""
    last: OfferId | None = None
    while True:
        page = _live().order_by(Offer.id).limit(MANY)
        rows = session.execute(page if last is None else page.where(Offer.id > last)).all()
        if not rows:
            return
        for offer, provider, category_name in rows:
            yield _document(offer, provider, category_name)
            last = offer.id


def _live() -> Select[Offer, Provider, str]:
    return (
        select(Offer, Provider, Category.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(Offer.status == OfferStatus.LIVE)
    )


def _document(offer: Offer, provider: Provider, category_name: str) -> Document:
    has_point = offer.easting is not None and offer.northing is not None
    return Document(
        id=DocumentId(offer.id),
        kind=provider.kind,
        category=offer.category,
        is_free=offer.is_free,
        provider=str(provider.id),
        updated_at=offer.updated_at,
        title=offer.title,
        category_name=category_name,
        provider_name=provider.name,
        description=offer.description,
        place=f"{offer.address} {offer.postcode or ''}".strip(),
        council=offer.council,
        point=Point(offer.easting or 0, offer.northing or 0) if has_point else None,
        travels_metres=offer.travels_metres,
        is_everywhere=offer.setting is Setting.ONLINE,
    )
