"""Putting offers in order anew as time goes by: what is usual changes, and old experience fades."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.services import take_turns_at
from marketplace.kit.days import day_of
from marketplace.ratings.models import CategoryRating, OfferRating
from marketplace.ratings.queries.scores import THOUSANDTH, category_slugs, moved_elsewhere, weighed_by_category
from marketplace.ratings.rules.scoring import mean_of
from marketplace.ratings.services.counting import count_again
from marketplace.ratings.services.indexing import keep_rating_found


def mend(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, tuple[str, ...]]:
    """Count some offers anew, put right what is kept otherwise, and follow those that changed category."""
    wrong = count_again(session, offer_ids=offer_ids)
    for offer_id, category in moved_elsewhere(session, offer_ids=offer_ids).items():
        session.execute(update(OfferRating).where(OfferRating.offer_id == offer_id).values(category=category))
    return wrong


def work_out_means(session: Session, *, now: datetime) -> int:
    """Work out what is usual in each category, as of the month; return in how many."""
    month = day_of(now).replace(day=1)
    sums = weighed_by_category(session, month=month)
    everywhere = mean_of(sums.values(), month=month)
    slugs = category_slugs(session)
    for slug in slugs:
        row = session.get(CategoryRating, slug) or CategoryRating(category=slug)
        row.mean = mean_of([sums[slug]] if slug in sums else [], month=month, otherwise=everywhere) // THOUSANDTH
        row.worked_out_at = now
        session.add(row)
    session.flush()
    return len(slugs)


def order_anew(session: Session, *, offer_ids: Sequence[OfferId]) -> None:
    """Let some offers stand where they belong by now, as what is usual was last worked out."""
    for offer_id in sorted(offer_ids):  # Who rates one of them at this moment comes before, or after.
        take_turns_at(session, offer_id=offer_id)
    keep_rating_found(session, offer_ids=offer_ids)
