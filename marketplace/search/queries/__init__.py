"""What can be asked of the index."""

from marketplace.search.queries.checking import check, misses
from marketplace.search.queries.finding import find, highlight
from marketplace.search.queries.matching import matching

__all__ = ["check", "find", "highlight", "matching", "misses"]
