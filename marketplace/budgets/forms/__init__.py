"""What we ask people for about budgets and their ledger. Shape only; rules live in rules."""

from marketplace.budgets.forms.budgets import (
    HOLDINGS,
    STREAMS,
    BudgetForm,
    TopUpForm,
)

__all__ = [
    "HOLDINGS",
    "STREAMS",
    "BudgetForm",
    "TopUpForm",
]
