"""Which shelves the catalogue has, and how much stands on each."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Offer
from marketplace.catalogue.rules import CategorySlug, OfferStatus

_CATEGORIES = select(Category.slug, Category.name).order_by(Category.position)


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One shelf, and how many live offers stand on it (0 where nobody counted)."""

    slug: CategorySlug
    name: str
    offers: int = 0


def categories(session: Session) -> tuple[CategoryLine, ...]:
    """Return every category, in the order we show them."""
    rows = session.execute(_CATEGORIES).all()
    return tuple(CategoryLine(slug=row.slug, name=row.name) for row in rows)


def categories_with_counts(session: Session) -> tuple[CategoryLine, ...]:
    """Return every category with its number of live offers, in one query."""
    rows = session.execute(
        select(Category.slug, Category.name, func.count(Offer.id).label("offers"))
        .outerjoin(Offer, (Offer.category == Category.slug) & (Offer.status == OfferStatus.LIVE))
        .group_by(Category.slug, Category.name, Category.position)
        .order_by(Category.position)
    )
    return tuple(CategoryLine(slug=row.slug, name=row.name, offers=row.offers) for row in rows)
