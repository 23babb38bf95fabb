"""What can happen to the index. Call these in the transaction that changes what a document describes."""

from marketplace.search.services.counting import count_words
from marketplace.search.services.learning import TooManyMarksError
from marketplace.search.services.missing import Searcher, count_need, count_search_in_vain
from marketplace.search.services.rating import rate_document
from marketplace.search.services.writing import (
    is_put_off,
    put_document,
    put_documents,
    put_off,
    rebuild,
    remove_document,
)

__all__ = [
    "Searcher",
    "TooManyMarksError",
    "count_need",
    "count_search_in_vain",
    "count_words",
    "is_put_off",
    "put_document",
    "put_documents",
    "put_off",
    "rate_document",
    "rebuild",
    "remove_document",
]
