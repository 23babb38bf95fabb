"""The most boring facts that demand is counted from."""

import uuid

from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.money import Money
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.search.models import Miss
from tests.factories import accounts

COUNCIL, ANOTHER_COUNCIL = "E08000009", "E09000023"


def arrangement(session, offer, by, *, asked_at, council=COUNCIL, **differences):
    """Add an arrangement that its provider has agreed to."""
    provider = session.get_one(Provider, offer.provider_id)
    status = differences.pop("status", ArrangementStatus.ACCEPTED)
    ended = status in {ArrangementStatus.WITHDRAWN, ArrangementStatus.CANCELLED}
    answered = status not in {ArrangementStatus.ASKED, ArrangementStatus.WITHDRAWN}
    plain = {
        "category": offer.category,
        "title": offer.title,
        "what": "As agreed.",
        "quantity": 1,
        "unit": "hour",
        "unit_price": Money(14_50),
        "total": Money(14_50),
        "starts_on": asked_at.date(),
        "answered_at": asked_at if answered else None,
        "decline_reason": "No room." if status is ArrangementStatus.DECLINED else None,
        "ended_at": asked_at if ended else None,
        "ended_by": by.id if ended else None,
    }
    it = Arrangement(
        id=uuid.uuid4(),
        offer_id=offer.id,
        provider_id=provider.id,
        organisation_id=provider.organisation_id,
        person_id=by.id,
        council=council,
        status=status,
        asked_at=asked_at,
        **plain | differences,
    )
    session.add(it)
    session.flush()
    return it


def crowd(session, size):
    """Add so many people."""
    return [accounts.person(session) for _ in range(size)]


def asked_by(session, people, *, offer, asked_at, **differences):
    """Add one arrangement for each of some people."""
    for by in people:
        arrangement(session, offer, by, asked_at=asked_at, **differences)


def misses(session, number, *, on, council=COUNCIL, category="sport-and-leisure"):
    """Add so many searches that found nothing."""
    session.add_all(Miss(council=council, category=category, on=on) for _ in range(number))
    session.flush()


def another_category(session, offer, category):
    """Return a copy of an offer in another category."""
    same = {c.key: getattr(offer, c.key) for c in Offer.__table__.columns if c.key not in {"id", "category"}}
    it = Offer(id=uuid.uuid4(), category=category, **same)
    session.add(it)
    session.flush()
    return it
