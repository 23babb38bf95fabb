"""Once a night: count what should be counted, work out what is usual, and put offers in order anew."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from marketplace.catalogue.rules import OfferId
from marketplace.kit.db import db, transaction
from marketplace.ratings.queries.tallies import next_rated
from marketplace.ratings.services import ordering

_TOGETHER = 200
"""How many offers are done in one transaction: those who write meanwhile wait for no longer."""


def put_in_order(now: datetime) -> int:
    """
    Count every offer anew, then order all of them as of this month; return how many are rated.

    Safe to run at any time, and twice. A site that kept nothing before it was upgraded is put right by it.
    """
    for offer_ids in rated_together():
        with transaction() as session:
            ordering.mend(session, offer_ids=offer_ids)
    with transaction() as session:
        ordering.work_out_means(session, now=now)
    rated = 0
    for offer_ids in rated_together():
        with transaction() as session:
            ordering.order_anew(session, offer_ids=offer_ids)
        rated += len(offer_ids)
    return rated


def rated_together() -> Iterator[Sequence[OfferId]]:
    """Yield the offers that were ever rated, some at a time, each some read after the last were done with."""
    offer_ids = next_rated(db.session, after=None, most=_TOGETHER)
    while offer_ids:
        yield offer_ids
        offer_ids = next_rated(db.session, after=offer_ids[-1], most=_TOGETHER)
