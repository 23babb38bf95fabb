"""The blueprint of reviews, and the address of one as letters give it."""

from flask import Blueprint, current_app

from marketplace.ratings.rules import ReviewId

bp = Blueprint("ratings", __name__, url_prefix="/reviews", template_folder="../templates")


def review_address(review_id: ReviewId) -> str:
    """Return the full address of a review's page, from the setting: jobs have no request to take it from."""
    path = current_app.url_map.bind("").build("ratings.show", {"review_id": review_id})
    return str(current_app.config["SITE_URL"]).rstrip("/") + path
