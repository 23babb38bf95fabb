"""What can happen to budgets and their ledger. One public function per thing a person can do."""

from marketplace.budgets.services.budgets import (
    BudgetClosedError,
    BudgetNotFoundError,
    NoMoneyError,
    TooMuchMoneyError,
    UnsoundPeriodError,
    set_up_budget,
    top_up,
)

__all__ = [
    "BudgetClosedError",
    "BudgetNotFoundError",
    "NoMoneyError",
    "TooMuchMoneyError",
    "UnsoundPeriodError",
    "set_up_budget",
    "top_up",
]
