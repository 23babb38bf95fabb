"""What the search knows of what people say: pushed into it in the transaction that changes it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketplace.catalogue.rules import OfferId
from marketplace.ratings.queries.scores import scores_for
from marketplace.search.rules import DocumentId
from marketplace.search.services import rate_document


def keep_rating_found(session: Session, *, offer_ids: Sequence[OfferId]) -> None:
    """Let offers be found by what people give them, and be put in order by what that is worth, as it is kept now."""
    scored = scores_for(session, offer_ids=offer_ids)
    for offer_id in offer_ids:
        it = scored.get(offer_id)
        if it is not None and it.is_told:
            rate_document(
                session,
                DocumentId(offer_id),
                score=it.hundredths,
                ratings=it.summary.count,
                worth=it.working.worth,
            )
        else:
            rate_document(session, DocumentId(offer_id), score=0, ratings=0, worth=0)
