"""The most boring reviews there are."""

import uuid
from datetime import UTC, datetime

from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Addition, Change, LedgerLine, Point, Reply, Review
from marketplace.ratings.rules.nouns import Basis, ChangeState, PointKind, ReviewStatus
from marketplace.ratings.services.counting import counted_anew
from tests.factories import accounts, purchasing

WRITTEN_AT = datetime(2026, 5, 20, 9, tzinfo=UTC)


def review(session, *, offer, stars, person=None, arrangement=None, **differences):
    """Add a shown review by somebody who says they used it or, given one, of their arrangement."""
    plain = {
        "words": "They came when they said.",
        "written_at": WRITTEN_AT,
        "status": ReviewStatus.SHOWN,
        "basis": Basis.ARRANGEMENT if arrangement else Basis.SAID_USED,
        "arrangement_id": arrangement.id if arrangement else None,
        "is_verified": arrangement is not None,
    }
    plain |= differences
    if plain["status"] is not ReviewStatus.WAITING:
        plain.setdefault("shown_month", plain["written_at"].date().replace(day=1))
    it = Review(
        id=uuid.uuid4(),
        offer_id=offer.id,
        provider_id=offer.provider_id,
        person_id=(person or accounts.person(session)).id,
        stars=stars,
        **plain,
    )
    session.add(it)
    session.add(LedgerLine(review_id=it.id, stars=stars, received_at=it.written_at))
    with counted_anew(session, offer_id=it.offer_id, person_id=it.person_id):
        pass
    return it


def review_of_done(session, *, offer, organisation_id, stars, person=None, **differences):
    """Add an arrangement that is done, and its review."""
    person = person or accounts.person(session)
    done = purchasing.arrangement(
        session, person=person, organisation_id=organisation_id, about=offer, status=ArrangementStatus.DONE
    )
    return review(session, offer=offer, stars=stars, person=person, arrangement=done, **differences)


def reply(session, *, to, by, words="Thank you.", **differences):
    """Add the provider's answer."""
    plain = {"written_at": WRITTEN_AT, "status": ReviewStatus.SHOWN}
    it = Reply(id=uuid.uuid4(), review_id=to.id, words=words, written_by=by.id, **plain | differences)
    session.add(it)
    session.flush()
    return it


def addition(session, *, to, words="Since then they came on time.", **differences):
    """Add what its writer added to a review later."""
    plain = {"added_at": WRITTEN_AT, "added_month": WRITTEN_AT.date().replace(day=1), "status": ReviewStatus.SHOWN}
    it = Addition(id=uuid.uuid4(), review_id=to.id, words=words, **plain | differences)
    session.add(it)
    session.flush()
    return it


def point(session, *, of, kind=PointKind.SHOULD_CHANGE, words="Open on Saturdays."):
    """Add one thing that a review says is working, is not working or should change."""
    it = Point(id=uuid.uuid4(), review_id=of.id, kind=kind, words=words)
    session.add(it)
    session.flush()
    return it


def change(session, *, about, by, state=ChangeState.DONE, **differences):
    """Add what the provider says about a point."""
    plain = {"words": "We open on Saturdays from June.", "marked_at": WRITTEN_AT, "asked_at": WRITTEN_AT}
    it = Change(point_id=about.id, state=state, marked_by=by.id, **plain | differences)
    session.add(it)
    session.flush()
    return it
