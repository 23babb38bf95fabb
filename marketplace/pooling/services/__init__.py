"""What can happen to pools. One public function per thing a person can do."""

from marketplace.pooling.services.closing import NotYourPoolError, close_lapsed_pool, withdraw_pool
from marketplace.pooling.services.holding import (
    OwnPoolDecisionError,
    PoolHeldError,
    PoolNotHeldError,
    hold_pool,
    release_pool,
)
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import PoolNotFoundError
from marketplace.pooling.services.opening import (
    AlreadyOpenError,
    OfferNotFoundError,
    PoolDeadlineError,
    PoolPurposeError,
    PoolQuantityError,
    PoolSizeError,
    PoolStartError,
    PoolTitleError,
    open_pool,
)
from marketplace.pooling.services.pledging import (
    AlreadyInError,
    NotInError,
    OfferGoneError,
    OwnOfferError,
    PoolClosedError,
    leave_pool,
    pledge_to_pool,
)

__all__ = [
    "AlreadyInError",
    "AlreadyOpenError",
    "NotInError",
    "NotYourPoolError",
    "OfferGoneError",
    "OfferNotFoundError",
    "OwnOfferError",
    "OwnPoolDecisionError",
    "PoolAddress",
    "PoolClosedError",
    "PoolDeadlineError",
    "PoolHeldError",
    "PoolNotFoundError",
    "PoolNotHeldError",
    "PoolPurposeError",
    "PoolQuantityError",
    "PoolSizeError",
    "PoolStartError",
    "PoolTitleError",
    "close_lapsed_pool",
    "hold_pool",
    "leave_pool",
    "open_pool",
    "pledge_to_pool",
    "release_pool",
    "withdraw_pool",
]
