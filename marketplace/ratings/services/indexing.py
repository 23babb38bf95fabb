"""What the search knows of what people say: pushed into it in the transaction that changes it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketplace.catalogue.rules import OfferId
from marketplace.ratings.queries.scores import Scored, scores_for
from marketplace.ratings.queries.tallies import next_rated
from marketplace.search.rules import DocumentId
from marketplace.search.services import rate_document

_TOGETHER = 500


def keep_rating_found(session: Session, *, offer_ids: Sequence[OfferId]) -> None:
    """Let offers be found by what people give them, and be put in order by what that is worth, as it is kept now."""
    scored = scores_for(session, offer_ids=offer_ids)
    for offer_id in offer_ids:
        it = scored.get(offer_id)
        if it is None or it.summary.average is None:  # Of so few it is told to nobody, and found by nobody either.
            rate_document(session, DocumentId(offer_id), score=0, ratings=0, worth=0)
        else:
            rate_document(
                session,
                DocumentId(offer_id),
                score=_hundredths(it),
                ratings=it.summary.count,
                worth=it.working.worth,
            )


def rate_everything(session: Session) -> int:
    """Let every offer that was ever reviewed be found by what people give it; return how many. Safe to run twice."""
    rated, offer_ids = 0, next_rated(session, after=None, most=_TOGETHER)
    while offer_ids:
        keep_rating_found(session, offer_ids=offer_ids)
        rated += len(offer_ids)
        offer_ids = next_rated(session, after=offer_ids[-1], most=_TOGETHER)
    return rated


def _hundredths(it: Scored) -> int:
    """Return the average in hundredths of a star, in whole numbers."""
    stars = sum(stars * people for stars, people in enumerate(it.summary.spread, start=1))
    return stars * 100 // it.summary.count
