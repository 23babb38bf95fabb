"""What we store about budgets and their ledger. Constraints here are the last word."""

from marketplace.budgets.models.ledger import (
    Budget,
    Entry,
    FundingStream,
    Promise,
    Transfer,
)

__all__ = [
    "Budget",
    "Entry",
    "FundingStream",
    "Promise",
    "Transfer",
]
