"""The most boring fake reviewers there are."""

from datetime import timedelta

from sqlalchemy import select

from marketplace.ratings.models import Flag, FlaggedReview, Review
from marketplace.ratings.services import flagging
from tests.factories import accounts, ratings


def address(flag_id):
    return f"https://example.org/reviews/flags/{flag_id}"


def newcomer(session, *, at):
    """Add somebody who signed up that day."""
    person = accounts.person(session)
    person.created_at = at
    session.flush()
    return person


def wave(session, *, offer, now, count=12, stars=5, days_ago=3, **differences):
    """Add reviews that accounts made for it write in their own word, all on one day."""
    at = now - timedelta(days=days_ago)
    return [
        ratings.review(
            session,
            offer=offer,
            stars=stars,
            person=newcomer(session, at=at),
            **{"written_at": at, "is_set_aside": True} | differences,
        )
        for _ in range(count)
    ]


def look_at(session, *, offer, now):
    """Look at the provider of an offer; return how many flags were raised."""
    return flagging.look_at(session, provider_id=offer.provider_id, address=address, now=now)


def flag(session, *, offer, now, **differences):
    """Add a wave of fake reviews, and the flag that is raised on it."""
    wave(session, offer=offer, now=now, **differences)
    assert look_at(session, offer=offer, now=now) == 1
    return session.scalars(select(Flag).where(Flag.provider_id == offer.provider_id)).one()


def under(session, it):
    """Return the reviews under a flag."""
    mine = select(FlaggedReview.review_id).where(FlaggedReview.flag_id == it.id)
    return session.scalars(select(Review).where(Review.id.in_(mine)).order_by(Review.id)).all()
