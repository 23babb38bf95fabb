"""Questions about pools. Answers are plain frozen data, ready to show. None of them says who is in a pool."""

from marketplace.pooling.queries.lists import (
    PoolCard,
    PoolList,
    my_pools,
    pool_titles,
    pools_confirmed,
    pools_forming,
    pools_near,
    pools_on,
)
from marketplace.pooling.queries.opening import GroupOffer, GroupPrice, group_offer
from marketplace.pooling.queries.pages import Plan, PoolPage, lapsed_pools, pool_page

__all__ = [
    "GroupOffer",
    "GroupPrice",
    "Plan",
    "PoolCard",
    "PoolList",
    "PoolPage",
    "group_offer",
    "lapsed_pools",
    "my_pools",
    "pool_page",
    "pool_titles",
    "pools_confirmed",
    "pools_forming",
    "pools_near",
    "pools_on",
]
