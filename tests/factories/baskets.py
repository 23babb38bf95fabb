"""The most boring thing in a basket."""

import uuid
from datetime import UTC, datetime, timedelta

from marketplace.catalogue.rules import Rate
from marketplace.kit.days import day_of
from marketplace.purchasing.models import BasketLine
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy


def line(session, *, person, offer, **differences):
    """Put an hour of an offer in somebody's basket, to be paid from nowhere here."""
    now = datetime.now(UTC)
    plain = {
        "kind": ArrangementKind.ONE_OFF,
        "what": "The hedge, please.",
        "quantity": 1,
        "weeks": 1,
        "rate": Rate.STANDARD,
        "starts_on": day_of(now) + timedelta(days=7),
        "trial_weeks": 0,
        "pay_by": PayBy.BANK_TRANSFER,
        "shares": {},
        "added_at": now,
    }
    it = BasketLine(id=uuid.uuid4(), person_id=person.id, offer_id=offer.id, **plain | differences)
    session.add(it)
    session.flush()
    return it
