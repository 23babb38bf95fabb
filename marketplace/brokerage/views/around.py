"""What packages above this one know about a plan: what outcomes are called, and what pools cost."""

import uuid
from collections.abc import Collection, Mapping

from marketplace.brokerage.queries.contents import Around, PricedElsewhere
from marketplace.brokerage.rules.nouns import OutcomeId
from marketplace.kit.db import db
from marketplace.pooling.queries.prices import pool_prices
from marketplace.ratings.queries import criteria


def around() -> Around:
    """Return what a plan's page asks elsewhere."""
    return Around(outcomes=_outcomes, pools=_pools)


def _outcomes(ids: Collection[OutcomeId]) -> Mapping[OutcomeId, str]:
    return {OutcomeId(key): name for key, name in criteria.outcomes_named(db.session, ids).items()}


def _pools(keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, PricedElsewhere]:
    return {
        key: PricedElsewhere(it.title, it.provider_name, it.unit, it.unit_price, it.is_there)
        for key, it in pool_prices(db.session, pool_ids=keys).items()
    }
