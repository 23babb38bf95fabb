"""Whether what is kept of ratings is what counting anew finds."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketplace.catalogue.rules import OfferId
from marketplace.kit.sentences import worded
from marketplace.ratings.queries.scores import scores_for
from marketplace.ratings.queries.tallies import counted_of_offers, kept_of, mismarked
from marketplace.ratings.rules.counting import NOTHING_KEPT
from marketplace.search.queries import ratings_known
from marketplace.search.rules import DocumentId

_UNRATED = (0, 0, 0)


def wrong_of(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, tuple[str, ...]]:
    """
    Return what is wrong with what is kept of some offers, each as a few words; offers that are right are left out.

    Looks at which reviews are marked as counting, at every number kept, and at what search knows of it.
    """
    marks = mismarked(session, offer_ids=offer_ids)
    kept, counted = kept_of(session, offer_ids=offer_ids), counted_of_offers(session, offer_ids=offer_ids)
    scored = scores_for(session, offer_ids=offer_ids)
    found = ratings_known(session, [DocumentId(offer_id) for offer_id in offer_ids])
    wrong: dict[OfferId, tuple[str, ...]] = {}
    for offer_id in offer_ids:
        mismarks = sum(1 for about, _counts in marks.values() if about == offer_id)
        words = [worded("{mismarks} reviews are not marked as they count", mismarks=mismarks)] if mismarks else []
        words += kept.get(offer_id, NOTHING_KEPT).differences(counted.get(offer_id, NOTHING_KEPT))
        it = scored.get(offer_id)
        expected = (it.hundredths, it.summary.count, it.working.worth) if it and it.is_told else _UNRATED
        known = found.get(DocumentId(offer_id), _UNRATED)
        if known != expected:
            words.append(worded("search knows {known}, and should know {expected}", known=known, expected=expected))
        if words:
            wrong[offer_id] = tuple(words)
    return wrong
