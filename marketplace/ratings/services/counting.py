"""Keeping what is counted true: who wraps a change to reviews in `counted_anew` never has to think of sums."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.services import take_turns_at
from marketplace.ratings.models import Review
from marketplace.ratings.rules.nouns import ReviewStatus
from marketplace.ratings.services.indexing import keep_rating_found


@contextmanager
def counted_anew(session: Session, *, offer_id: OfferId, person_id: PersonId | None) -> Iterator[None]:
    """
    Count again what a person says of an offer after something about their reviews of it has changed.

    One voice for each person: the latest of their shown reviews of an offer counts. What was written on paper by
    somebody without an account counts for itself. Whoever changes the same offer at once queues here.
    """
    session.flush()
    take_turns_at(session, offer_id=offer_id)
    yield
    session.flush()
    _let_the_latest_count(session, offer_id, person_id)
    keep_rating_found(session, offer_id=offer_id)


def _let_the_latest_count(session: Session, offer_id: OfferId, person_id: PersonId | None) -> None:
    its = (Review.offer_id == offer_id, Review.person_id == person_id)
    if person_id is None:
        session.execute(
            update(Review)
            .where(Review.offer_id == offer_id, Review.person_id.is_(None))
            .values(counts=Review.status == ReviewStatus.SHOWN)
        )
        return
    latest = session.scalar(
        select(Review.id)
        .where(*its, Review.status == ReviewStatus.SHOWN)
        .order_by(Review.written_at.desc(), Review.id)
        .limit(1)
    )
    # First none, then one: a person never counts twice, not even for a moment.
    session.execute(update(Review).where(*its, Review.counts, Review.id != latest).values(counts=False))
    session.execute(update(Review).where(Review.id == latest).values(counts=True))
