"""The most boring facts that demand is counted from, and releases of them."""

import uuid
from itertools import count

from sqlalchemy import insert

from marketplace.catalogue.models import Offer
from marketplace.demand.services import releasing
from marketplace.kit.facts import Fact, number_of
from marketplace.kit.quarters import Quarter

COUNCIL, ANOTHER_COUNCIL = "E08000009", "E09000023"
CATEGORY = "sport-and-leisure"
QUARTER = Quarter(2026, 1)

_NUMBERS = count(1)


def facts(
    session,
    kind,
    *,
    people,
    quarter=QUARTER,
    council=COUNCIL,
    category=CATEGORY,
    facet="",
    amount=0,
    providers=(),
):
    """
    Add one fact for each of so many people, or of the given ones. Return them.

    The providers take turns. Without any, no fact names one.
    """
    crowd = [next(_NUMBERS) for _ in range(people)] if isinstance(people, int) else list(people)
    rows = [
        {
            "quarter": number_of(quarter),
            "kind": kind,
            "council": council,
            "category": category,
            "facet": facet,
            "who": who,
            "provider": providers[turn % len(providers)] if providers else 0,
            "amount": amount,
        }
        for turn, who in enumerate(crowd)
    ]
    if rows:
        session.execute(insert(Fact), rows)
    return crowd


def offer_like(session, offer):
    """Add another offer just like one."""
    same = {c.key: getattr(offer, c.key) for c in Offer.__table__.columns if c.key != "id"}
    session.add(Offer(id=uuid.uuid4(), **same))
    session.flush()


def release(session, gazetteer, *, quarter=QUARTER, councils=(COUNCIL, ANOTHER_COUNCIL)):
    """Release a quarter for some councils, the moment after it closes."""
    return releasing.build_release(
        session, councils=[gazetteer.council(one) for one in councils], quarter=quarter, now=quarter.ends_at
    )
