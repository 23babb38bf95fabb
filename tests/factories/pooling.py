"""The most boring pools there are, and an offer that costs less for a group."""

import uuid
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderKind, Setting, Unit
from marketplace.kit.money import Money
from marketplace.pooling.models import Pledge, Pool, PoolTier
from marketplace.pooling.rules import NewPool, PoolStatus
from marketplace.pooling.rules.pledging import NewPledge
from tests.factories import accounts

OPENED_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
CLOSES_AT = datetime(2026, 5, 31, 23, tzinfo=UTC)
ALONE, TOGETHER = Money(14_50), Money(11_00)


def offer_for_groups(
    session, *, organisation_id=None, people_from=3, together=TOGETHER, is_open_to_all=False, **differences
):
    """Add a live offer of a micro-provider: £14.50 an hour alone and £11 an hour for a group."""
    body = organisation_id or (None if is_open_to_all else accounts.organisation(session)[0].id)
    provider = Provider(
        id=uuid.uuid4(),
        organisation_id=body,
        name="Boring Help",
        kind=ProviderKind.UNIVERSAL_SERVICE if is_open_to_all else ProviderKind.MICRO_PROVIDER,
        staff_fte=None if is_open_to_all else 1,
        about="",
        easting=378_000,
        northing=392_000,
        created_at=OPENED_AT,
    )
    session.add(provider)
    session.flush()
    plain = {
        "category": "sport-and-leisure",
        "title": "Swimming with support",
        "description": "A hand at the pool.",
        "status": OfferStatus.LIVE,
        "setting": Setting.AT_PLACE,
        "address": "",
        "is_free": False,
        "created_at": OPENED_AT,
        "updated_at": OPENED_AT,
        "listed_at": OPENED_AT,
        "confirmed_at": OPENED_AT,
    }
    offer = Offer(id=uuid.uuid4(), provider_id=provider.id, **plain | differences)
    session.add(offer)
    session.flush()
    for amount, people in ((ALONE, 1), (together, people_from)):
        if amount is not None and not offer.is_free:
            session.add(
                OfferPrice(
                    id=uuid.uuid4(),
                    offer_id=offer.id,
                    amount=amount,
                    unit=Unit.HOUR,
                    people_from=people,
                    begins_on=date(2024, 1, 1),
                    edition=1,
                )
            )
    session.flush()
    return offer


def new_pool(**differences):
    """Return what somebody asks for who opens a pool of three people."""
    plain = {
        "title": "Swimming on Saturdays",
        "purpose": "We like the water.",
        "minimum_people": 3,
        "quantity": 6,
        "days": 27,
        "starts_on": date(2026, 6, 6),
    }
    return NewPool(**plain | differences)


def new_pledge(**differences):
    """Return what somebody pledges who takes what everybody gets, at the group price."""
    plain = {"least": 6, "most": 6, "most_price": TOGETHER}
    return NewPledge(**plain | differences)


def pool(session, *, offer=None, people=(), opened_by=None, **differences):
    """Add a forming pool of three with some people in it."""
    offer = offer or offer_for_groups(session)
    opener = opened_by or (people[0] if people else accounts.person(session, name="Opener"))
    plain = {
        "title": "Swimming on Saturdays",
        "purpose": "We like the water.",
        "minimum_people": 3,
        "unit_price": TOGETHER,
        "price_alone": ALONE,
        "unit": Unit.HOUR,
        "quantity": 6,
        "starts_on": date(2026, 6, 6),
        "category": offer.category,
        "status": PoolStatus.OPEN,
        "weeks": 1,
        "opened_at": OPENED_AT,
        "closes_at": CLOSES_AT,
    }
    wanted = plain | differences
    if wanted["status"] in {PoolStatus.CONFIRMED, PoolStatus.RUNNING, PoolStatus.ENDED}:
        wanted.setdefault("confirmed_at", wanted.get("closed_at"))
    it = Pool(id=uuid.uuid4(), offer_id=offer.id, opened_by=opener.id, **wanted)
    session.add(it)
    session.flush()
    session.add(PoolTier(pool_id=it.id, counted_from=it.minimum_people, unit_price=it.unit_price))
    session.flush()
    for member in people:
        pledge(session, it, member)
    return it


def pool_open_now(session, **differences):
    """Add a pool that the clock on the wall still lets people join. For pages, which read that clock."""
    now = datetime.now(UTC)
    times = {
        "opened_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=14),
        "starts_on": (now + timedelta(days=30)).date(),
    }
    return pool(session, **times | differences)


def pledge(session, to, by, *, withdrawn_at=None):
    """Put a person into a pool."""
    it = Pledge(
        id=uuid.uuid4(),
        pool_id=to.id,
        person_id=by.id,
        least=to.quantity,
        most=to.quantity,
        most_price=to.unit_price,
        at_worst=to.unit_price * to.quantity * to.weeks,
        pledged_at=to.opened_at,
        withdrawn_at=withdrawn_at,
    )
    session.add(it)
    session.flush()
    return it


def pledges(session, to):
    """Return the pledges to a pool, the earliest first."""
    return session.scalars(select(Pledge).where(Pledge.pool_id == to.id).order_by(Pledge.pledged_at)).all()
