"""What can be asked of the index."""

from marketplace.search.queries.checking import check
from marketplace.search.queries.completing import MOST as MOST_COMPLETIONS
from marketplace.search.queries.completing import Completions, completions
from marketplace.search.queries.finding import find, highlight
from marketplace.search.queries.matching import matching
from marketplace.search.queries.rated import ratings_known

__all__ = [
    "MOST_COMPLETIONS",
    "Completions",
    "check",
    "completions",
    "find",
    "highlight",
    "matching",
    "ratings_known",
]
