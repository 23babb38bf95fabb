"""
Budgets: what somebody has for their support, where it comes from, and the ledger that keeps it.

Owns: budgets, funding streams, transfers, entries.
Promises: the entries of a transfer sum to zero; entries are never changed; a budget is seen by its owner alone.
"""
