"""What may be reviewed on some other proof than an arrangement made here: a card, or an invoice."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.accounts.queries import council_of
from marketplace.accounts.rules import PersonId
from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import OfferId, OfferStatus
from marketplace.ratings.rules.nouns import Basis, CardId
from marketplace.ratings.services.reviewing import NothingToReviewError, WhatToReview

_TO_BE_SEEN = frozenset({OfferStatus.LIVE, OfferStatus.UNLISTED})


def what_is_offered(
    session: Session,
    *,
    offer_id: OfferId,
    basis: Basis,
    by: PersonId | None,
    today: date,
    card_id: CardId | None = None,
) -> WhatToReview:
    """
    Return an offer as something that can be reviewed. Who may is for the caller to say.

    :raises NothingToReviewError: if there is no such offer to be seen.
    """
    terms = offer_terms(session, offer_id=offer_id, on=today)
    if terms is None or terms.status not in _TO_BE_SEEN:
        raise NothingToReviewError("We could not find that offer. It may have been taken down.")
    return WhatToReview(
        offer_id=offer_id,
        provider_id=terms.provider_id,
        organisation_id=terms.organisation_id,
        title=terms.title,
        provider_name=terms.provider_name,
        basis=basis,
        arrangement_id=None,
        category=terms.category,
        council=terms.council if by is None else council_of(session, person_id=by),
        card_id=card_id,
    )
