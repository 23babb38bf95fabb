"""Pages about reviews: writing, reading, answering and holding them."""

from marketplace.ratings.views import moderation, reading, replying, writing
from marketplace.ratings.views.blueprint import bp

__all__ = ["bp", "moderation", "reading", "replying", "writing"]
