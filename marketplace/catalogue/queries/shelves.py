"""Which shelves the catalogue has, and how much stands on each."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Offer
from marketplace.catalogue.rules import CategorySlug, OfferStatus

_BRANCHES = select(Category.parent).where(Category.parent.is_not(None))
_ALL = select(Category.slug, Category.name, Category.parent).order_by(Category.position)
_CATEGORIES = (
    select(Category.slug, Category.name, Category.parent)
    .where(Category.slug.not_in(_BRANCHES))
    .order_by(Category.position)
)


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One shelf, the branch it hangs on, and how many live offers stand on it (0 where nobody counted)."""

    slug: CategorySlug
    name: str
    parent: CategorySlug | None = None
    offers: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """A broad kind of support, with its shelves. Offers stand on shelves only."""

    slug: CategorySlug
    name: str
    shelves: tuple[CategoryLine, ...]


def categories(session: Session) -> tuple[CategoryLine, ...]:
    """Return every category that an offer can stand in, in the order we show them."""
    rows = session.execute(_CATEGORIES).all()
    return tuple(CategoryLine(slug=row.slug, name=row.name, parent=row.parent) for row in rows)


def category_tree(session: Session) -> tuple[Branch, ...]:
    """Return the broad kinds of support, each with its categories, in the order we show them. One query."""
    rows = session.execute(_ALL).all()
    shelves: dict[CategorySlug, list[CategoryLine]] = {}
    for row in rows:
        if row.parent is not None:
            shelves.setdefault(row.parent, []).append(CategoryLine(slug=row.slug, name=row.name, parent=row.parent))
    return tuple(
        Branch(slug=row.slug, name=row.name, shelves=tuple(shelves[row.slug])) for row in rows if row.slug in shelves
    )


def categories_with_counts(session: Session) -> tuple[CategoryLine, ...]:
    """Return every category that an offer can stand in, with its number of live offers, in one query."""
    rows = session.execute(
        select(Category.slug, Category.name, Category.parent, func.count(Offer.id).label("offers"))
        .outerjoin(Offer, (Offer.category == Category.slug) & (Offer.status == OfferStatus.LIVE))
        .where(Category.slug.not_in(_BRANCHES))
        .group_by(Category.slug, Category.name, Category.parent, Category.position)
        .order_by(Category.position)
    )
    return tuple(CategoryLine(slug=row.slug, name=row.name, parent=row.parent, offers=row.offers) for row in rows)
