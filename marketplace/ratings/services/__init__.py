"""What can happen to reviews and replies. One public function per thing a person can do."""

from marketplace.ratings.services.amending import withdraw_review
from marketplace.ratings.services.answers import ReviewUnclearError
from marketplace.ratings.services.replying import NotTheirProviderError, ReplyUnclearError, reply_to_review
from marketplace.ratings.services.reviewing import (
    AlreadyReviewedError,
    NotDoneYetError,
    NothingToReviewError,
    NotOpenToEveryoneError,
    OwnProviderError,
    ReviewNotFoundError,
    WhatToReview,
    arrangement_to_review,
    declare_use_and_review,
    offer_to_review,
    review_arrangement,
)

__all__ = [
    "AlreadyReviewedError",
    "NotDoneYetError",
    "NotOpenToEveryoneError",
    "NotTheirProviderError",
    "NothingToReviewError",
    "OwnProviderError",
    "ReplyUnclearError",
    "ReviewNotFoundError",
    "ReviewUnclearError",
    "WhatToReview",
    "arrangement_to_review",
    "declare_use_and_review",
    "offer_to_review",
    "reply_to_review",
    "review_arrangement",
    "withdraw_review",
]
