"""Questions about ratings. Answers are plain frozen data, ready to show, and never say who wrote what."""

from marketplace.ratings.queries.reading import (
    PAGE_SIZE,
    OfferReviews,
    Reviewed,
    ReviewList,
    ToReview,
    has_reviewed,
    my_review_of_arrangement,
    my_reviews,
    offer_reviews,
    review_page,
    reviewed,
    reviews_of,
    reviews_of_my_organisations,
    titles_reviewed,
    to_review,
)
from marketplace.ratings.queries.scores import summaries_for
from marketplace.ratings.queries.shown import ShownReply, ShownReview

__all__ = [
    "PAGE_SIZE",
    "OfferReviews",
    "ReviewList",
    "Reviewed",
    "ShownReply",
    "ShownReview",
    "ToReview",
    "has_reviewed",
    "my_review_of_arrangement",
    "my_reviews",
    "offer_reviews",
    "review_page",
    "reviewed",
    "reviews_of",
    "reviews_of_my_organisations",
    "summaries_for",
    "titles_reviewed",
    "to_review",
]
