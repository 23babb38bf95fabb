"""What is true of the demo town: what is written about it, and when everything in it happens. Pure, given a draw."""

from marketplace.demo.rules.calendar import Calendar
from marketplace.demo.rules.clubbing import PlannedPool, plan_pools
from marketplace.demo.rules.shops import PlannedOffer, PlannedProvider, plan_offers, plan_providers
from marketplace.demo.rules.trade import PlannedArrangement, Reach, plan_first_days, plan_trade
from marketplace.demo.rules.voices import WrittenReview
from marketplace.demo.rules.written import (
    WrittenOffer,
    WrittenPerson,
    WrittenPool,
    WrittenProvider,
    WrittenSignIn,
    WrittenTown,
)

__all__ = [
    "Calendar",
    "PlannedArrangement",
    "PlannedOffer",
    "PlannedPool",
    "PlannedProvider",
    "Reach",
    "WrittenOffer",
    "WrittenPerson",
    "WrittenPool",
    "WrittenProvider",
    "WrittenReview",
    "WrittenSignIn",
    "WrittenTown",
    "plan_first_days",
    "plan_offers",
    "plan_pools",
    "plan_providers",
    "plan_trade",
]
