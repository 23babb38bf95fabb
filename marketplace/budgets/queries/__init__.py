"""Questions about budgets and their ledger. Answers are plain frozen data, ready to show."""

from marketplace.budgets.queries.budgets import (
    BudgetPage,
    StreamLine,
    seen_budgets,
)
from marketplace.budgets.queries.checking import Broken, broken_rows, named

__all__ = [
    "Broken",
    "BudgetPage",
    "StreamLine",
    "broken_rows",
    "named",
    "seen_budgets",
]
