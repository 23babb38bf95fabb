"""What is true of budgets and their ledger. Pure: no database, no web, no clock."""

from marketplace.budgets.rules.ledger import (
    LARGEST,
    Account,
    BudgetId,
    Holding,
    Movement,
    PromiseId,
    Purpose,
    Reason,
    Stream,
    StreamId,
    TransferId,
    allocation,
    balances,
    period_is_sound,
    sides_of,
    weeks_in,
)
from marketplace.budgets.rules.sharing import carry_over_most, may_carry, share

__all__ = [
    "LARGEST",
    "Account",
    "BudgetId",
    "Holding",
    "Movement",
    "PromiseId",
    "Purpose",
    "Reason",
    "Stream",
    "StreamId",
    "TransferId",
    "allocation",
    "balances",
    "carry_over_most",
    "may_carry",
    "period_is_sound",
    "share",
    "sides_of",
    "weeks_in",
]
