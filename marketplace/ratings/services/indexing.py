"""What the search knows of what people say: pushed into it in the transaction that changes it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.services import take_turns_at
from marketplace.ratings.models import Review
from marketplace.ratings.queries import summaries_for
from marketplace.ratings.rules import RatingSummary
from marketplace.search.rules import DocumentId
from marketplace.search.services import rate_document

_TOGETHER = 500


def keep_rating_found(session: Session, *, offer_id: OfferId) -> None:
    """Let an offer be found by what people give it now. Call it where a review is written, held, released or gone."""
    session.flush()
    # Two who review one offer at once queue here, so that whoever comes second counts both.
    take_turns_at(session, offer_id=offer_id)
    _rate(session, [offer_id])


def rate_everything(session: Session) -> int:
    """Let every offer that was ever reviewed be found by what people give it; return how many. Safe to run twice."""
    reviewed = session.scalars(select(Review.offer_id).distinct().order_by(Review.offer_id)).all()
    for start in range(0, len(reviewed), _TOGETHER):
        _rate(session, reviewed[start : start + _TOGETHER])
    return len(reviewed)


def _rate(session: Session, offer_ids: Sequence[OfferId]) -> None:
    for offer_id, summary in summaries_for(session, offer_ids=offer_ids).items():
        is_told = summary.average is not None  # Of so few it is told to nobody, and found by nobody either.
        rate_document(
            session,
            DocumentId(offer_id),
            score=_hundredths(summary) if is_told else 0,
            ratings=summary.count if is_told else 0,
        )


def _hundredths(summary: RatingSummary) -> int:
    """Return the average in hundredths of a star, in whole numbers."""
    stars = sum(stars * people for stars, people in enumerate(summary.spread, start=1))
    return stars * 100 // summary.count
