"""
Brokerage: what a good life looks like to somebody, and what would help.

Owns: support plans and their lines.
Promises: a plan starts from outcomes, not from services; it is seen by its owner alone.
"""
