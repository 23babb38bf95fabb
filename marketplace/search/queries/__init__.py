"""What can be asked of the index."""

from marketplace.search.queries.checking import check, misses
from marketplace.search.queries.finding import find, highlight

__all__ = ["check", "find", "highlight", "misses"]
