"""How what a list says of an entry, beyond words and place, is kept: whatever is no longer said is taken out."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.catalogue.models import (
    AgeRange,
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferPrice,
    OfferTime,
)
from marketplace.catalogue.rules import PriceId, UniversalService
from marketplace.catalogue.rules.facts import NO_FACTS, PublishedFacts
from marketplace.catalogue.rules.sharing import SharedPrice, shared_prices

_Columns = tuple[InstrumentedAttribute[Any], ...]


def keep_facts(session: Session, offer: Offer, *, service: UniversalService, is_new: bool, today: date) -> bool:
    """Make what is kept of an entry what its list says, and return whether that changed anything."""
    facts = service.facts
    if facts is NO_FACTS:
        # Most lists are tables, which say nothing else.
        changed = _keep(session, offer, (OfferAccess.fact,), {(fact,) for fact in service.access}, is_new=is_new)
        session.flush()
        return changed
    changes = [
        _keep(session, offer, (OfferAccess.fact,), {(fact,) for fact in service.access}, is_new=is_new),
        _keep(session, offer, (OfferTime.day, OfferTime.part), facts.times, is_new=is_new),
        _keep(session, offer, (OfferPayment.way,), {(way,) for way in facts.ways}, is_new=is_new),
        _keep(session, offer, (OfferLanguage.language,), {(language,) for language in facts.languages}, is_new=is_new),
        _keep(session, offer, (OfferCouncil.council,), {(council,) for council in facts.serves}, is_new=is_new),
        _keep_ages(session, offer, facts),
        _follow_prices(session, offer, facts, today=today),
    ]
    session.flush()
    return any(changes)


def _keep(
    session: Session, offer: Offer, columns: _Columns, wanted: Collection[tuple[object, ...]], *, is_new: bool
) -> bool:
    table: Any = columns[0].class_
    if not is_new:
        stored = {tuple(row) for row in session.execute(select(*columns).where(table.offer_id == offer.id))}
        if stored == set(wanted):
            return False
        session.execute(delete(table).where(table.offer_id == offer.id))
    names = [column.key for column in columns]
    session.add_all(
        table(offer_id=offer.id, **dict(zip(names, values, strict=True))) for values in sorted(wanted, key=str)
    )
    return bool(wanted) or not is_new


def _keep_ages(session: Session, offer: Offer, facts: PublishedFacts) -> bool:
    stored = session.get(AgeRange, offer.id)
    wanted = (facts.youngest, facts.oldest)
    if wanted == ((stored.youngest, stored.oldest) if stored else (None, None)):
        return False
    if stored is not None:
        session.delete(stored)
        session.flush()
    if wanted != (None, None):
        session.add(AgeRange(offer_id=offer.id, youngest=facts.youngest, oldest=facts.oldest))
    return True


def _follow_prices(session: Session, offer: Offer, facts: PublishedFacts, *, today: date) -> bool:
    """Set the prices that are not as stored. A price is never edited: those that begin on its day follow it."""
    if not facts.prices:
        return False
    rows = session.scalars(select(OfferPrice).where(OfferPrice.offer_id == offer.id)).all()
    stored = shared_prices(map(_shared, rows), on=today)
    edition = session.scalar(select(func.max(OfferPrice.edition)).where(OfferPrice.offer_id == offer.id)) or 0
    changed = False
    for begins_on in sorted({price.begins_on for price in facts.prices}):
        wanted = {_said(price): price for price in facts.prices if price.begins_on == begins_on}
        if wanted.keys() == {_said(price) for price in stored if price.begins_on == begins_on}:
            continue
        edition += 1
        session.add_all(_row(offer, price, edition=edition) for price in wanted.values())
        changed = True
    return changed


def _said(price: SharedPrice) -> tuple[object, ...]:
    return price.amount, price.unit, price.people_from, price.rate, price.hours


def _shared(row: OfferPrice) -> SharedPrice:
    return SharedPrice(
        amount=row.amount,
        unit=row.unit,
        begins_on=row.begins_on,
        people_from=row.people_from,
        rate=row.rate,
        hours=row.hours,
        edition=row.edition,
    )


def _row(offer: Offer, price: SharedPrice, *, edition: int) -> OfferPrice:
    return OfferPrice(
        id=PriceId(uuid.uuid4()),
        offer_id=offer.id,
        amount=price.amount,
        unit=price.unit,
        people_from=price.people_from,
        rate=price.rate,
        hours=price.hours,
        begins_on=price.begins_on,
        edition=edition,
    )
