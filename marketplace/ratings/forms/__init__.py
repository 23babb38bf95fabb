"""What we ask people for about reviews. Shape only; rules live in rules."""

from marketplace.ratings.forms.reviewing import (
    STARS,
    ReviewForm,
)

__all__ = [
    "STARS",
    "ReviewForm",
]
