"""Pages for those who report something, and for those who look at what is reported."""

from marketplace.moderation.views import queue, reporting
from marketplace.moderation.views.blueprint import bp

__all__ = ["bp", "queue", "reporting"]
