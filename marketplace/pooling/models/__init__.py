"""What we store about pools: their people and pledges, getting ready, their own room, and what came of it."""

from marketplace.pooling.models.pools import Pledge, Pool, PoolMember, PoolTier
from marketplace.pooling.models.readiness import Interest, PoolAnswer, PoolCriterion, PoolCriterionVoice, PoolStep
from marketplace.pooling.models.space import (
    PoolAcceptance,
    PoolAgreement,
    PoolBallotPaper,
    PoolDocument,
    PoolMessage,
    PoolProposal,
    PoolTurn,
    PoolTurnout,
    PoolVoice,
)
from marketplace.pooling.models.together import (
    PoolMeasure,
    PoolReading,
    PoolStory,
    PoolStoryYes,
    SharedVisit,
    SharedVisitMember,
)

__all__ = [
    "Interest",
    "Pledge",
    "Pool",
    "PoolAcceptance",
    "PoolAgreement",
    "PoolAnswer",
    "PoolBallotPaper",
    "PoolCriterion",
    "PoolCriterionVoice",
    "PoolDocument",
    "PoolMeasure",
    "PoolMember",
    "PoolMessage",
    "PoolProposal",
    "PoolReading",
    "PoolStep",
    "PoolStory",
    "PoolStoryYes",
    "PoolTier",
    "PoolTurn",
    "PoolTurnout",
    "PoolVoice",
    "SharedVisit",
    "SharedVisitMember",
]
