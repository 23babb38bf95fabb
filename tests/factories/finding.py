"""The most boring pools in which people find each other, what matters to them, and what a provider answers."""

import uuid
from datetime import UTC, datetime

from marketplace.catalogue.models import Provider
from marketplace.pooling.models import Pool, PoolAnswer, PoolCriterion, PoolMember
from marketplace.pooling.rules.nouns import MemberRole, PoolOrigin, PoolStatus


def draft(session, by, **differences):
    """Add a wish around Sale that one person has begun, and keeps going."""
    now = datetime.now(UTC)
    plain = {
        "began_from": PoolOrigin.WISH,
        "title": "A minibus to the sea",
        "purpose": "A day out.",
        "interest": "days-out",
        "category": "sport-and-leisure",
        "place_name": "M33",
        "easting": 378_000,
        "northing": 392_000,
        "status": PoolStatus.DRAFT,
        "opened_at": now,
    }
    it = Pool(id=uuid.uuid4(), opened_by=by.id, **plain | differences)
    session.add(it)
    session.flush()
    member(session, it, by, role=MemberRole.CHAMPION)
    return it


def member(session, of, person, *, role=MemberRole.MEMBER, called=""):
    """Let somebody belong to a pool."""
    it = PoolMember(
        id=uuid.uuid4(), pool_id=of.id, person_id=person.id, role=role, called=called, joined_at=of.opened_at
    )
    session.add(it)
    session.flush()
    return it


def criterion(session, of, by, words="A changing place"):
    """Let something matter to a pool."""
    it = PoolCriterion(id=uuid.uuid4(), pool_id=of.id, words=words, said_by=by.id, said_at=of.opened_at)
    session.add(it)
    session.flush()
    return it


def answer(session, to, offer, *, by):
    """Let a provider answer a wish with one of their offers."""
    it = PoolAnswer(
        id=uuid.uuid4(),
        pool_id=to.id,
        offer_id=offer.id,
        organisation_id=session.get_one(Provider, offer.provider_id).organisation_id,
        words="We can.",
        answered_by=by,
        answered_at=to.opened_at,
    )
    session.add(it)
    session.flush()
    return it
