"""What of the catalogue everybody may have: live offers only, a page at a time, in an order that stays."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import (
    AgeRange,
    Category,
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferPayment,
    OfferTime,
    Provider,
)
from marketplace.catalogue.queries.shared import shared_offers
from marketplace.catalogue.rules import CategorySlug, OfferId, OfferStatus, Setting
from marketplace.catalogue.rules.sharing import SharedOffer
from marketplace.catalogue.rules.taxonomies import Taxonomy, Term, fixed_terms
from marketplace.catalogue.rules.wanted import Wanted, parts_between
from marketplace.kit.places import Gazetteer
from marketplace.search import queries as search

_Columns = Select[Any]


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One page of what was wanted, and how much there is on all pages."""

    offers: tuple[SharedOffer, ...]
    total: int


def services(session: Session, *, wanted: Wanted, gazetteer: Gazetteer, on: date) -> SharedPage:
    """Return one page of the live offers that are wanted, those longest on the site first."""
    return _page(session, _filters(session, wanted), wanted=wanted, gazetteer=gazetteer, on=on)


def services_at_locations(session: Session, *, wanted: Wanted, gazetteer: Gazetteer, on: date) -> SharedPage:
    """Return one page of the live offers that are wanted and have a place. What comes to people's homes has none."""
    has_place = Offer.setting != Setting.AT_HOME
    return _page(session, [has_place, *_filters(session, wanted)], wanted=wanted, gazetteer=gazetteer, on=on)


def service(session: Session, *, offer_id: OfferId, gazetteer: Gazetteer, on: date) -> SharedOffer | None:
    """Return one live offer with everything that belongs to it, or None."""
    found = shared_offers(session, offer_ids=[offer_id], gazetteer=gazetteer, on=on, is_full=True)
    return found[0] if found else None


def terms(session: Session) -> tuple[Term, ...]:
    """Return every term of every taxonomy, categories first, in the order we show them."""
    rows = session.execute(select(Category.slug, Category.name, Category.parent).order_by(Category.position))
    return (*(Term(Taxonomy.CATEGORY, row.slug, row.name, row.parent) for row in rows), *fixed_terms())


def category_parents(session: Session) -> dict[CategorySlug, CategorySlug | None]:
    """Return the wider category that each category belongs to."""
    return dict(session.execute(select(Category.slug, Category.parent)).all())


def _page(
    session: Session, filters: Iterable[ColumnElement[bool]], *, wanted: Wanted, gazetteer: Gazetteer, on: date
) -> SharedPage:
    live: list[ColumnElement[bool]] = [Offer.status == OfferStatus.LIVE, *filters]
    # Counted from the index alone.
    total = session.scalar(select(func.count()).select_from(Offer).where(*live)) or 0
    # Only ids are walked over: what they stand for is read for this page alone. What is new comes last, so that
    # whoever walks from page to page meanwhile misses nothing.
    ids = session.scalars(
        select(Offer.id)
        .where(*live)
        .order_by(Offer.listed_at, Offer.id)
        .offset((wanted.page - 1) * wanted.per_page)
        .limit(wanted.per_page)
    ).all()
    return SharedPage(shared_offers(session, offer_ids=ids, gazetteer=gazetteer, on=on, is_full=wanted.is_full), total)


def _filters(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    known = {term.id: term for term in terms(session)} if wanted.terms else {}
    filters = [_has_term(known.get(one)) for one in wanted.terms]
    filters += [_has_any_term(one) for one in wanted.taxonomies]
    if wanted.provider_id is not None:
        filters.append(Offer.provider_id == wanted.provider_id)
    if wanted.modified_after is not None:
        filters.append(Offer.updated_at >= wanted.modified_after)
    return [*filters, *_worded(session, wanted), *_aged(wanted), *_timed(wanted), *_placed(wanted)]


def _worded(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    documents = search.matching(session, wanted.words) if wanted.words else None
    return [] if documents is None else [Offer.id.in_(documents)]


def _aged(wanted: Wanted) -> list[ColumnElement[bool]]:
    ages = []
    if wanted.minimum_age is not None:
        ages.append(AgeRange.youngest >= wanted.minimum_age)
    if wanted.maximum_age is not None:
        ages.append(AgeRange.oldest <= wanted.maximum_age)
    return [exists().where(AgeRange.offer_id == Offer.id, *ages)] if ages else []


def _timed(wanted: Wanted) -> list[ColumnElement[bool]]:
    times: list[ColumnElement[bool]] = [] if wanted.day is None else [OfferTime.day == wanted.day]
    if wanted.starts is not None or wanted.ends is not None:
        times.append(OfferTime.part.in_(parts_between(wanted.starts, wanted.ends)))
    return [exists().where(OfferTime.offer_id == Offer.id, *times)] if times else []


def _placed(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.near is not None and wanted.within_metres is not None:
        east, north, far = (
            Offer.easting - wanted.near.easting,
            Offer.northing - wanted.near.northing,
            wanted.within_metres,
        )
        # The box is what an index can use; the circle is what was asked. In 64 bits: the square of a hundred miles
        # is more than 32 hold.
        return [
            Offer.setting == Setting.AT_PLACE,
            Offer.easting.between(wanted.near.easting - far, wanted.near.easting + far),
            Offer.northing.between(wanted.near.northing - far, wanted.near.northing + far),
            east * 1.0 * east + north * 1.0 * north <= float(far) ** 2,
        ]
    if wanted.council is not None:
        serves = exists().where(OfferCouncil.offer_id == Offer.id, OfferCouncil.council == wanted.council)
        return [(Offer.council == wanted.council) | serves | (Offer.setting == Setting.ONLINE)]
    return []


_HAS: dict[Taxonomy, Callable[[str], ColumnElement[bool]]] = {
    Taxonomy.CATEGORY: lambda code: Offer.category.in_(
        select(Category.slug).where((Category.slug == code) | (Category.parent == code))
    ),
    Taxonomy.ACCESS: lambda code: exists().where(OfferAccess.offer_id == Offer.id, OfferAccess.fact == code),
    Taxonomy.SETTING: lambda code: Offer.setting == code,
    Taxonomy.PROVIDER_KIND: lambda code: exists().where(Provider.id == Offer.provider_id, Provider.kind == code),
    Taxonomy.WAY_TO_PAY: lambda code: exists().where(OfferPayment.offer_id == Offer.id, OfferPayment.way == code),
}
"""The test that an offer has a term of each taxonomy. Who has a narrow category has the wider one too."""

_HAS_ANY: dict[UUID, Sequence[ColumnElement[bool]]] = {
    # Of these, every offer has one.
    Taxonomy.CATEGORY.id: [],
    Taxonomy.SETTING.id: [],
    Taxonomy.PROVIDER_KIND.id: [],
    Taxonomy.ACCESS.id: [exists().where(OfferAccess.offer_id == Offer.id)],
    Taxonomy.WAY_TO_PAY.id: [exists().where(OfferPayment.offer_id == Offer.id)],
}


def _has_term(term: Term | None) -> ColumnElement[bool]:
    return _HAS[term.taxonomy](term.code) if term else false()


def _has_any_term(taxonomy_id: UUID) -> ColumnElement[bool]:
    if taxonomy_id not in _HAS_ANY:
        return false()
    tests = _HAS_ANY[taxonomy_id]
    return tests[0] if tests else Offer.id.is_not(None)
