"""The blueprints of reviews and of what became of them, and the address of a review as letters give it."""

from flask import Blueprint

from marketplace.kit.addresses import page_address
from marketplace.ratings.rules import ReviewId

bp = Blueprint("ratings", __name__, url_prefix="/reviews", template_folder="../templates")
told = Blueprint("told", __name__, url_prefix="/you-told-us", template_folder="../templates")


def review_address(review_id: ReviewId) -> str:
    """Return the whole address of a review's page, as letters give it."""
    return page_address("ratings.show", {"review_id": review_id})
