"""Which providers are there in a council? Public facts alone."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderId, ProviderKind
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode
from marketplace.ratings.models import OfferRating
from marketplace.ratings.rules.scoring import summary_of

PAGE_SIZE = 25
_SPREAD = ("ones", "twos", "threes", "fours", "fives")


@dataclass(frozen=True, slots=True)
class ProviderFound:
    """One provider with live offers. `average` is None below three ratings."""

    id: ProviderId
    name: str
    kind: ProviderKind
    offers: int
    ratings: int
    average: Decimal | None
    last_month: date | None


@dataclass(frozen=True, slots=True)
class ProvidersFound:
    """One page of providers, by name."""

    providers: tuple[ProviderFound, ...]
    slice: Slice


def providers_in(session: Session, *, council: CouncilCode, words: str, page: int = 1) -> ProvidersFound:
    """Return whoever sells support in a council, with live offers there, and some words in their name."""
    offers = (
        select(Offer.provider_id, func.count().label("many"), func.max(_is_there(council)).label("is_there"))
        .where(Offer.status == OfferStatus.LIVE)
        .group_by(Offer.provider_id)
        .subquery()
    )
    rated = (
        select(
            OfferRating.provider_id,
            *(func.sum(getattr(OfferRating, name)).label(name) for name in _SPREAD),
            func.max(OfferRating.last_month).label("last_month"),
        )
        .group_by(OfferRating.provider_id)
        .subquery()
    )
    wanted = [
        # What is open to everyone is sold by nobody, so there is no contract to watch over.
        Provider.kind != ProviderKind.UNIVERSAL_SERVICE,
        or_(Provider.council == council, offers.c.is_there == 1),
        func.lower(Provider.name).contains(words.lower(), autoescape=True),
    ]
    joined = select(func.count()).select_from(Provider).join(offers, offers.c.provider_id == Provider.id)
    part = Slice.within(total=session.scalar(joined.where(*wanted)) or 0, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Provider.id, Provider.name, Provider.kind, offers.c.many, rated)
        .join(offers, offers.c.provider_id == Provider.id)
        .outerjoin(rated, rated.c.provider_id == Provider.id)
        .where(*wanted)
        .order_by(func.lower(Provider.name), Provider.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return ProvidersFound(tuple(_found(row) for row in rows), part)


def _is_there(council: CouncilCode) -> ColumnElement[int]:
    return case((Offer.council == council, 1), else_=0)


def _found(row: Row[Any]) -> ProviderFound:
    summary = summary_of([int(getattr(row, name) or 0) for name in _SPREAD])
    return ProviderFound(
        id=row.id,
        name=row.name,
        kind=row.kind,
        offers=row.many,
        ratings=summary.count,
        average=summary.average,
        last_month=row.last_month,
    )
