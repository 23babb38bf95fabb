"""Questions about budgets and their ledger. Answers are plain frozen data, ready to show."""

from marketplace.budgets.queries.budgets import (
    Broken,
    BudgetPage,
    StreamLine,
    broken_rows,
    my_budgets,
)

__all__ = [
    "Broken",
    "BudgetPage",
    "StreamLine",
    "broken_rows",
    "my_budgets",
]
