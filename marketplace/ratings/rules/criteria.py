"""What people rate by: how many words a criterion has, and whose list of outcomes holds. Pure."""

from marketplace.ratings.rules.nouns import SchemeCode

EVERYBODYS = SchemeCode("care-act")
"""The list of outcomes for a council that has none of its own."""
