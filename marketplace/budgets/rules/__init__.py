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
    weeks_in,
)

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
    "period_is_sound",
    "weeks_in",
]
